using System.Buffers;
using System.Text;

namespace Tilth.Data.Sources;

/// <summary>
/// Writes tables as CSV, chunk after chunk: a header, UTF-8, rows ended by a line feed, numbers with the digits that read back to
/// the same value. Missing is an empty cell. What <see cref="TableReader"/> reads from it is the same table again.
/// </summary>
public sealed class CsvWriter(Stream stream, char delimiter = ',') : IDisposable
{
    static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t|\"'\r\n");

    readonly StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
    bool begun;

    /// <summary>Writes a whole table to a file.</summary>
    public static void Write(string path, Table table)
    {
        using var file = File.Create(path);
        using var csv = new CsvWriter(file);
        csv.Write(table);
    }

    /// <summary>Adds the rows of a table; the first one gives the header, and later ones have the same columns.</summary>
    public void Write(Table table)
    {
        if (!begun) WriteRow(table.Columns.Count, i => table.Columns[i].Name);
        begun = true;
        for (int row = 0; row < table.RowCount; row++) WriteRow(table.Columns.Count, i => table.Columns[i].Format(row));
    }

    /// <summary>Writes what is left; the stream stays open.</summary>
    public void Dispose() => writer.Dispose();

    void WriteRow(int count, Func<int, string?> cell)
    {
        for (int i = 0; i < count; i++)
        {
            if (i > 0) writer.Write(delimiter);
            WriteCell(cell(i), alone: count == 1);
        }
        writer.Write('\n');
    }

    void WriteCell(string? text, bool alone)
    {
        // A blank line would be no row at all.
        if (string.IsNullOrEmpty(text)) writer.Write(alone ? "\"\"" : "");
        else if (text.AsSpan().ContainsAny(Quoted) || text[0] == ' ' || text[^1] == ' ' || text.Contains(delimiter))
            writer.Write($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        else writer.Write(text);
    }
}
