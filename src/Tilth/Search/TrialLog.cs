using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tilth.Search;

/// <summary>What a log says of the run that it belongs to; two runs with equal heads give equal trials.</summary>
/// <param name="Data">SHA-256 of the table.</param>
/// <param name="Rows">Rows that the search may read.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Folds">Of the run.</param>
/// <param name="Metric">That is searched for.</param>
internal sealed record LogHead(string Data, int Rows, ulong Seed, int Folds, string Metric);

/// <summary>A trial as the log has it: without models and predictions, which the seed gives again.</summary>
internal sealed record LoggedTrial(int Number, Candidate Candidate, int Repeat, TrialStatus Status, double Error, double Seconds, string Reason)
{
    public Trial Bare() => new(Number, Candidate, Repeat, Status, Error, Seconds, Reason);
}

/// <summary>
/// The trials of a run as JSON lines, append-only: a head, then a line a trial, each on the disk before the next begins. A torn
/// last line is passed over and written over.
/// </summary>
internal sealed class TrialLog : IDisposable
{
    const int Version = 1;

    readonly FileStream? file;

    TrialLog(FileStream? file, LogHead? head, IReadOnlyList<LoggedTrial> trials) => (this.file, Head, Trials) = (file, head, trials);

    /// <summary>What was in the file, or null if it was new.</summary>
    public LogHead? Head { get; private set; }

    /// <summary>What was in the file.</summary>
    public IReadOnlyList<LoggedTrial> Trials { get; }

    /// <summary>Opens or begins a log; without a path nothing is kept.</summary>
    /// <exception cref="LearningException">There is a log where none may be, none where one must be, or it is damaged.</exception>
    public static TrialLog Open(string? path, LogUse use)
    {
        if (path is null) return new(null, null, []);
        bool exists = File.Exists(path) && new FileInfo(path).Length > 0;
        if (exists && use == LogUse.Begin) throw new LearningException("search-log", $"the log '{path}' exists already; resume or replay it, or name another file");
        if (!exists && use == LogUse.Replay) throw new LearningException("search-log", $"there is no log '{path}' to replay");
        if (!exists && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        byte[] bytes = exists ? File.ReadAllBytes(path) : [];
        int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var (head, trials) = Parse(Encoding.UTF8.GetString(bytes, 0, whole), path);
        if (use == LogUse.Replay) return new(null, head, trials);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(whole);
        file.Seek(0, SeekOrigin.End);
        return new(file, head, trials);
    }

    /// <summary>Writes the head of a new log; compares it with that of an old one.</summary>
    /// <exception cref="LearningException">The log is of another run; says in what.</exception>
    public void Begin(LogHead head)
    {
        if (Head is null)
        {
            Head = head;
            Write(writer =>
            {
                writer.WriteString("kind", "run");
                writer.WriteNumber("version", Version);
                writer.WriteString("data_sha256", head.Data);
                writer.WriteNumber("rows", head.Rows);
                writer.WriteNumber("seed", head.Seed);
                writer.WriteNumber("folds", head.Folds);
                writer.WriteString("metric", head.Metric);
            });
            return;
        }
        if (Head == head) return;
        string what = Head.Data != head.Data ? "its table has other values" : Head.Rows != head.Rows ? $"it read {Head.Rows} rows, not {head.Rows}"
            : Head.Seed != head.Seed ? $"its seed is {Head.Seed}, not {head.Seed}" : Head.Folds != head.Folds ? $"it has {Head.Folds} folds, not {head.Folds}" : $"its metric is {Head.Metric}, not {head.Metric}";
        throw new LearningException("search-log", $"the log belongs to another run: {what}");
    }

    public void Add(Trial trial) => Write(writer =>
    {
        writer.WriteString("kind", "trial");
        writer.WriteNumber("number", trial.Number);
        writer.WriteString("learner", trial.Candidate.Entry.Name);
        writer.WriteStartObject("settings");
        foreach (var (name, value) in trial.Candidate.Settings) writer.WriteString(name, value);
        writer.WriteEndObject();
        if (trial.Candidate.StatisticsAbove is { } above) writer.WriteNumber("target_statistics_above", above);
        writer.WriteNumber("repeat", trial.Repeat);
        writer.WriteString("status", trial.Status.ToString().ToLowerInvariant());
        if (double.IsFinite(trial.Error)) writer.WriteNumber("error", trial.Error);
        writer.WriteNumber("seconds", Math.Round(trial.Seconds, 3));
        if (trial.Reason.Length > 0) writer.WriteString("reason", trial.Reason);
    });

    public void Dispose() => file?.Dispose();

    void Write(Action<Utf8JsonWriter> write)
    {
        if (file is null) return;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        file.Write(buffer.WrittenSpan);
        file.Write("\n"u8);
        file.Flush(flushToDisk: true);
    }

    static (LogHead?, IReadOnlyList<LoggedTrial>) Parse(string text, string path)
    {
        LogHead? head = null;
        var trials = new List<LoggedTrial>();
        int line = 0;
        try
        {
            foreach (string record in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                line++;
                using var document = JsonDocument.Parse(record);
                if (head is null) head = ReadHead(document.RootElement);
                else trials.Add(ReadTrial(document.RootElement));
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new LearningException("search-log", $"line {line} of the log '{path}' is not a record of a search: {exception.Message}", exception);
        }
        return (head, trials);
    }

    static LogHead ReadHead(JsonElement e)
    {
        if (e.GetProperty("kind").GetString() != "run" || e.GetProperty("version").GetInt32() != Version)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"it must begin with a head of version {Version}"));
        return new(e.GetProperty("data_sha256").GetString()!, e.GetProperty("rows").GetInt32(), e.GetProperty("seed").GetUInt64(), e.GetProperty("folds").GetInt32(), e.GetProperty("metric").GetString()!);
    }

    static LoggedTrial ReadTrial(JsonElement e)
    {
        var candidate = Candidate.Parse(e.GetProperty("learner").GetString()!, e.GetProperty("settings").EnumerateObject().Select(setting => (setting.Name, setting.Value.GetString()!)),
            e.TryGetProperty("target_statistics_above", out var above) ? above.GetInt32() : null);
        return new(e.GetProperty("number").GetInt32(), candidate, e.GetProperty("repeat").GetInt32(), Enum.Parse<TrialStatus>(e.GetProperty("status").GetString()!, ignoreCase: true),
            e.TryGetProperty("error", out var error) ? error.GetDouble() : double.PositiveInfinity, e.GetProperty("seconds").GetDouble(),
            e.TryGetProperty("reason", out var reason) ? reason.GetString()! : "");
    }
}
