using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tilth.Evaluation;
using Tilth.Statistics;

namespace Tilth.Honesty.Ledger;

/// <summary>One look at rows that a score comes from.</summary>
/// <param name="When">As the app says it.</param>
/// <param name="Who">As the app says it.</param>
/// <param name="Package">The version of the package that was scored.</param>
/// <param name="RowsHash">SHA-256 of the table.</param>
/// <param name="Metric">The metric that was told first.</param>
/// <param name="Score">Its value.</param>
public sealed record Opening(string When, string Who, string Package, string RowsHash, string Metric, double Score);

/// <summary>
/// Who opened held-out rows, when and how often: a file of JSON lines, each of which holds the hash of the line before it, so
/// that a line that is changed or taken away shows. A score is honest the first time; whoever picks the best of many on the same
/// rows picks luck with it.
/// </summary>
public sealed class OpeningLedger
{
    const int HashDigits = 16;

    readonly string path;
    readonly List<Opening> openings = [];
    string last = "";

    OpeningLedger(string path) => this.path = path;

    /// <summary>Every opening, the earliest first.</summary>
    public IReadOnlyList<Opening> Openings => openings;

    /// <summary>The first line that does not follow from the one before it or cannot be read, from 1; null if all do.</summary>
    public int? BrokenLine { get; private set; }

    /// <summary>Reads a ledger; a file that is not there is an empty one.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OpeningLedger Read(string path)
    {
        var ledger = new OpeningLedger(path);
        if (!File.Exists(path)) return ledger;
        int number = 0;
        foreach (string line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            if (line.Length == 0) continue;
            var read = Parse(line);
            if (read?.Previous != ledger.last) ledger.BrokenLine ??= number;
            if (read is var (opening, _)) ledger.openings.Add(opening);
            ledger.last = HashOf(line);
        }
        return ledger;
    }

    /// <summary>Adds a line at the end of the file; others may have added some since it was read.</summary>
    /// <exception cref="IOException">The file cannot be written, or somebody else is writing to it.</exception>
    public void Add(Opening opening)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using var reader = new StreamReader(file, Encoding.UTF8, false, 4096, leaveOpen: true);
        while (reader.ReadLine() is { } before)
            if (before.Length > 0) last = HashOf(before);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("when", opening.When);
            json.WriteString("who", opening.Who);
            json.WriteString("package", opening.Package);
            json.WriteString("rows", opening.RowsHash);
            json.WriteString("metric", opening.Metric);
            if (double.IsFinite(opening.Score)) json.WriteNumber("score", opening.Score);
            json.WriteString("previous", last);
            json.WriteEndObject();
        }
        string line = Encoding.UTF8.GetString(stream.ToArray());
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
        openings.Add(opening);
        last = HashOf(line);
    }

    /// <summary>What to tell about rows before a package is scored on them; null the first time.</summary>
    /// <param name="rowsHash">Of the rows.</param>
    /// <param name="package">The version of the package that is scored now.</param>
    /// <param name="score">With its interval.</param>
    public string? Warning(string rowsHash, string package, Interval score)
    {
        var before = openings.Where(opening => opening.RowsHash == rowsHash).ToList();
        int packages = before.Select(opening => opening.Package).Append(package).Distinct().Count();
        if (before.Count == 0) return BrokenLine is { } first ? Broken(first) : null;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"these rows were opened {(before.Count == 1 ? "once" : $"{before.Count:N0} times")} before, last by {before[^1].Who} on {before[^1].When}"));
        double error = (score.Upper - score.Lower) / 2 / ProportionInterval.Z95;
        if (packages > 1)
            text.Append(string.Create(CultureInfo.InvariantCulture, $"; {packages:N0} packages were scored on them: the best of so many looks better than it is, by luck alone up to about {LargestOf(packages) * error:0.####}"));
        if (BrokenLine is { } line) text.Append($"; {Broken(line)}");
        return text.ToString();
    }

    string Broken(int line) => $"line {line} of the ledger '{path}' was changed, or lines before it were taken away";

    /// <summary>About what the largest of so many standard normals is (Blom 1958).</summary>
    static double LargestOf(int count) => NormalDistribution.Quantile((count - 0.375) / (count + 0.25));

    static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)))[..HashDigits];

    static (Opening Opening, string Previous)? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            string Text(string name) => json.GetProperty(name).GetString() ?? "";
            double score = json.TryGetProperty("score", out var value) ? value.GetDouble() : double.NaN;
            return (new(Text("when"), Text("who"), Text("package"), Text("rows"), Text("metric"), score), Text("previous"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
