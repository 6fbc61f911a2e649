using System.Text;

namespace Tilth.AspNetCore.Rows;

/// <summary>Reads CSV (RFC 4180, commas, UTF-8, first line has the names) row by row into a slot's row.</summary>
internal ref struct CsvRows
{
    readonly RowSlot slot;
    readonly int[] columns;
    ReadOnlySpan<byte> rest;
    byte[] unquoted = [];
    int lines;

    /// <summary>Reads the header; what it does wrong is in the slot's problems.</summary>
    public CsvRows(ReadOnlySpan<byte> body, RowSlot slot)
    {
        this.slot = slot;
        rest = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var found = new List<int>();
        bool more = rest.Length > 0;
        if (!more) slot.Problems.Add(new Problem("body-empty", "the body is empty; the first line of CSV has the columns' names"));
        while (more)
        {
            var name = Next(out more);
            int column = slot.Names.Find(name);
            if (column < 0) JsonRows.RefuseName(Encoding.UTF8.GetString(name), slot, null);
            else if (found.Contains(column)) slot.Problems.Add(new Problem("column-repeated", $"column '{slot.Predictor.Columns[column].Name}' stands twice in the header", slot.Predictor.Columns[column].Name));
            found.Add(column);
            if (slot.Problems.Count >= RowSlot.MostProblems) break;
        }
        columns = [.. found];
    }

    /// <summary>Reads the next row; false at the end.</summary>
    public bool Read()
    {
        while (rest.Length > 0 && rest[0] is (byte)'\r' or (byte)'\n') rest = rest[1..];
        if (rest.Length == 0) return false;
        lines++;
        slot.BeginRow();
        int cells = 0;
        for (bool more = true; more; cells++)
        {
            var text = Next(out more);
            if (cells >= columns.Length) continue;
            slot.Claim(columns[cells]);
            var chars = slot.Chars(text.Length);
            slot.SetText(columns[cells], chars[..Encoding.UTF8.GetChars(text, chars)], lines);
        }
        if (cells != columns.Length)
            slot.Problems.Add(new Problem("row-width", $"row {lines} has {cells} cells, but the header has {columns.Length}", Row: lines));
        return true;
    }

    /// <summary>The next cell; <paramref name="more"/> says whether another follows on the line.</summary>
    ReadOnlySpan<byte> Next(out bool more)
    {
        if (rest.Length > 0 && rest[0] == '"') return Quoted(out more);
        int end = rest.IndexOfAny((byte)',', (byte)'\n');
        var cell = end < 0 ? rest : rest[..end];
        more = end >= 0 && rest[end] == ',';
        rest = end < 0 ? default : rest[(end + 1)..];
        return !more && cell.EndsWith("\r"u8) ? cell[..^1] : cell;
    }

    ReadOnlySpan<byte> Quoted(out bool more)
    {
        if (unquoted.Length < rest.Length) unquoted = new byte[rest.Length];
        int used = 0, at = 1;
        for (; at < rest.Length; at++)
        {
            if (rest[at] != '"') unquoted[used++] = rest[at];
            else if (at + 1 < rest.Length && rest[at + 1] == '"') unquoted[used++] = rest[at++];
            else break;
        }
        at++;
        if (at < rest.Length && rest[at] == '\r') at++;
        more = at < rest.Length && rest[at] == ',';
        if (at < rest.Length && rest[at] is not ((byte)',' or (byte)'\n'))
            slot.Problems.Add(new Problem("csv-quote", $"row {lines} has something between a closing quote and the next comma", Row: lines));
        rest = at + 1 < rest.Length ? rest[(at + 1)..] : default;
        return unquoted.AsSpan(0, used);
    }
}
