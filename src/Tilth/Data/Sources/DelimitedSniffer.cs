using System.Text;
using Tilth.Kernels;

namespace Tilth.Data.Sources;

/// <summary>Finds out by looking at the first rows how a delimited file is written.</summary>
internal static class DelimitedSniffer
{
    const int SampleRows = 200;

    /// <summary>A tie goes to the first: the others seldom stand in every row by chance, a comma does (decimals, text).</summary>
    static readonly char[] Candidates = ['\t', ';', '|', ','];

    /// <summary>The format; <paramref name="complete"/> says that the head is all there is.</summary>
    public static DelimitedFormat Look(ReadOnlySpan<byte> head, bool complete, ReadOptions options, string file)
    {
        byte newline = head.Contains((byte)'\n') || !head.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        string text = Decode(head);
        char quote = options.Quote ?? FindQuote(text);
        List<List<Cell>> rows = [];
        char delimiter = options.Delimiter ?? '\0';
        if (options.Delimiter is { } given) rows = Rows(text, given, quote, (char)newline, complete);
        else
        {
            double best = 0;
            foreach (char candidate in Candidates)
            {
                var split = Rows(text, candidate, quote, (char)newline, complete);
                double score = split.Count == 0 || split[0].Count < 2 ? 0 : (double)split.Count(row => row.Count == split[0].Count) / split.Count;
                if (score > best || delimiter == '\0') (best, delimiter, rows) = (score, candidate, split);
            }
            if (best == 0) (delimiter, rows) = (',', Rows(text, ',', quote, (char)newline, complete));
        }
        if (rows.Count == 0) throw new SourceException("empty", $"{file} holds no row, only blank lines");
        bool comma = options.DecimalComma ?? FindDecimalComma(rows, delimiter);
        byte point = comma ? (byte)',' : (byte)'.';
        bool header = options.Header ?? FindHeader(rows, point);
        var (names, renamed) = DelimitedFormat.MakeDifferent(
            header ? [.. rows[0].Select(cell => cell.Text)] : [.. rows[0].Select((_, i) => $"column{i + 1}")], file);
        return new DelimitedFormat(Ascii(delimiter, "delimiter"), Ascii(quote, "quote"), newline, point, header, names, renamed);
    }

    /// <summary>Rows of the sample; the last is left out where the head may have cut it.</summary>
    static List<List<Cell>> Rows(string text, char delimiter, char quote, char newline, bool complete)
    {
        var rows = new List<List<Cell>>();
        for (int at = 0; at < text.Length && rows.Count < SampleRows;)
        {
            var row = new List<Cell>();
            bool ended = false;
            while (!ended)
            {
                bool quoted = at < text.Length && text[at] == quote;
                var cell = new StringBuilder();
                if (quoted)
                    for (at++; at < text.Length; at++)
                    {
                        if (text[at] != quote) cell.Append(text[at]);
                        else if (at + 1 < text.Length && text[at + 1] == quote) cell.Append(text[at++]);
                        else { at++; break; }
                    }
                int start = at;
                while (at < text.Length && text[at] != delimiter && text[at] != newline) at++;
                bool last = at == text.Length || text[at] == newline;
                cell.Append(text.AsSpan(start, at - start - (last && at > start && text[at - 1] == '\r' ? 1 : 0)));
                row.Add(new Cell(cell.ToString(), quoted));
                if (at == text.Length && !complete) return rows;
                ended = last;
                at++;
            }
            if (row is not [{ Text.Length: 0, Quoted: false }]) rows.Add(row);
        }
        return rows;
    }

    static char FindQuote(string text)
    {
        if (text.Contains('"')) return '"';
        int around = 0, within = 0;
        foreach (string cell in text.Split([',', ';', '\t', '|', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (cell.Length > 1 && cell[0] == '\'' && cell[^1] == '\'') around++;
            else if (cell.Contains('\'')) within++;
        }
        return around > 2 * within ? '\'' : '"';
    }

    static bool FindDecimalComma(List<List<Cell>> rows, char delimiter)
    {
        int commas = 0, points = 0, notThree = 0;
        foreach (var cell in rows.Skip(1).SelectMany(row => row))
        {
            var text = cell.Text.AsSpan().Trim();
            int at = text.IndexOfAny(',', '.');
            if (at < 0 || text.Length > 30 || !DecimalText.TryRead(Encoding.UTF8.GetBytes(cell.Text.Trim()), (byte)text[at], out _)) continue;
            if (text[at] == '.') points++;
            else commas++;
            if (text[at] == ',' && text.Length - at - 1 != 3) notThree++;
        }
        // Between commas "1,234" is more likely a thousand with its separator.
        return commas > 0 && points == 0 && (delimiter != ',' || notThree > 0);
    }

    static bool FindHeader(List<List<Cell>> rows, byte point)
    {
        int votes = 0;
        for (int column = 0; column < rows[0].Count; column++)
        {
            string first = rows[0][column].Text.Trim();
            var rest = rows.Skip(1).Where(row => column < row.Count).Select(row => row[column].Text.Trim())
                .Where(text => text.Length > 0 && !MissingWords.IsStandard(text)).ToList();
            if (first.Length == 0) continue;
            bool number = IsNumber(first, point);
            if (number) votes -= rest.Count == 0 || rest.All(text => IsNumber(text, point)) ? 1 : 0;
            else if (rest.Count > 0 && rest.All(text => IsNumber(text, point))) votes++;
            else if (rest.Contains(first, StringComparer.Ordinal)) votes--;
        }
        return votes >= 0;
    }

    static bool IsNumber(string text, byte point) => DecimalText.TryRead(Encoding.UTF8.GetBytes(text), point, out _);

    static string Decode(ReadOnlySpan<byte> head)
    {
        var output = new byte[3 * head.Length];
        return Encoding.UTF8.GetString(output.AsSpan(0, Windows1252.Mend(head, output)));
    }

    static byte Ascii(char c, string what) => c is > '\0' and < '\x7f' and not '\n' and not '\r'
        ? (byte)c : throw new ArgumentException($"the {what} must be an ASCII character, but it is U+{(int)c:X4}");

    readonly record struct Cell(string Text, bool Quoted);
}
