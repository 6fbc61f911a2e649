using System.IO.Compression;
using Tilth.Data;

namespace Tilth.Tests.Data;

/// <summary>Raw tables as a source would give them, from plain comma-separated text; independent of the library's own reader.</summary>
static class RawTables
{
    public static Table Parse(string csv)
    {
        var records = Records(csv).ToList();
        return new([.. records[0].Select((name, i) => RawColumn(name, [.. records.Skip(1).Select(record => record[i])]))]);
    }

    /// <summary>A Number column if all cells are numbers, else a dictionary.</summary>
    public static Column RawColumn(string name, string[] cells)
    {
        var numbers = new double[cells.Length];
        bool plain = true;
        for (int i = 0; i < cells.Length && plain; i++)
        {
            numbers[i] = double.NaN;
            plain = cells[i].Length == 0 || double.TryParse(cells[i], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out numbers[i]);
        }
        return plain ? new NumberColumn(name, numbers) : Dictionary(name, cells);
    }

    public static CategoryColumn Dictionary(string name, params string[] cells)
    {
        var levels = cells.Where(cell => cell.Length > 0).Distinct().ToArray();
        var codes = levels.Index().ToDictionary(level => level.Item, level => level.Index);
        return new(name, Array.ConvertAll(cells, cell => cell.Length == 0 ? -1 : codes[cell]), new LevelSet(levels));
    }

    public static string? DataFolder()
    {
        if (Environment.GetEnvironmentVariable("TILTH_DATA") is { Length: > 0 } given && Directory.Exists(given)) return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "data"))) return Path.Combine(folder.FullName, "shared", "data");
        return null;
    }

    public static Table Load(string folder)
    {
        string plain = Path.Combine(folder, "train.csv");
        if (File.Exists(plain)) return Parse(File.ReadAllText(plain));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress));
        return Parse(reader.ReadToEnd());
    }

    static IEnumerable<string[]> Records(string csv)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < csv.Length; i++)
        {
            char c = csv[i];
            if (quoted && c == '"' && i + 1 < csv.Length && csv[i + 1] == '"') { field.Append('"'); i++; }
            else if (c == '"') quoted = !quoted;
            else if (quoted || c is not (',' or '\n' or '\r')) field.Append(c);
            else if (c == ',') { fields.Add(field.ToString()); field.Clear(); }
            else if (c == '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                yield return [.. fields];
                fields.Clear();
            }
        }
        if (fields.Count > 0) yield return [.. fields, field.ToString()];
    }
}
