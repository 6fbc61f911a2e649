using System.Text.Unicode;
using Tilth.Kernels;

namespace Tilth.Data.Sources;

/// <summary>
/// Some whole rows of a delimited file and what is parsed from them. Its buffers are used again for later rows, so that reading
/// allocates little beside the columns.
/// </summary>
internal sealed class Block
{
    public const int Start = NumberCells.FrontPadding;

    readonly SeparatorScan scan = new();
    byte[] side = [];
    bool validUtf8;

    /// <summary>The rows lie from <see cref="Start"/> to <see cref="End"/> - 1; the last byte ends a row.</summary>
    public byte[] Bytes { get; set; } = [];

    public int End { get; set; }

    /// <summary>The first row holds the names.</summary>
    public bool SkipsHeader { get; set; }

    public int Rows { get; private set; }

    /// <summary>A row has Columns + 1 places: the byte before its first cell, then the end of each cell.</summary>
    public int[] Cells { get; private set; } = [];

    public int Columns { get; private set; }

    /// <summary>Line ends in the block, those inside quotes too.</summary>
    public int Lines { get; private set; }

    /// <summary>Rows that are too short or too long: their first line (from 0), and how many cells they have.</summary>
    public List<(int Line, int Cells)> Ragged { get; } = [];

    public bool HasQuotes { get; private set; }

    /// <summary>Per column its numbers, where it was read so.</summary>
    public double[][] Numbers { get; private set; } = [];

    /// <summary>Per column the words for "no value" among its numbers.</summary>
    public Dictionary<string, long>?[] Markers { get; private set; } = [];

    /// <summary>Per column: a cell is no number and no such word.</summary>
    public bool[] Textual { get; private set; } = [];

    /// <summary>Per column: a cell is a number.</summary>
    public bool[] AnyNumber { get; private set; } = [];

    int[] others = [];

    /// <summary>Finds rows and cells; blank lines are no rows.</summary>
    public void Split(DelimitedFormat format, int columns)
    {
        Columns = columns;
        Rows = 0;
        Ragged.Clear();
        var text = Bytes.AsSpan(Start, End - Start);
        HasQuotes = text.Contains(format.Quote);
        validUtf8 = Utf8.IsValid(text);
        Lines = text.Count(format.Newline);
        scan.Start(text.Length);
        if (!HasQuotes) scan.Add(Bytes, Start, End, format.Delimiter, format.Newline);
        else
            foreach (var (from, to) in QuoteScan.Outside(Bytes, Start, End, format)) scan.Add(Bytes, from, to, format.Delimiter, format.Newline);

        int needed = scan.Lines * (columns + 1);
        if (Cells.Length < needed) Cells = new int[needed];
        int first = 0, before = Start - 1;
        for (int line = 0; line < scan.Lines; line++)
        {
            int last = scan.LineEnds[line];
            if (line > 0 || !SkipsHeader || IsBlank(first, last, before)) AddRow(first, last, before, format);
            else SkipsHeader = false;
            before = scan.Positions[last];
            first = last + 1;
        }
        if (Numbers.Length != columns)
        {
            Numbers = new double[columns][];
            (Markers, Textual, AnyNumber) = (new Dictionary<string, long>?[columns], new bool[columns], new bool[columns]);
        }
        if (others.Length < Rows) others = new int[Rows];
    }

    bool IsBlank(int first, int last, int before)
        => first == last && scan.Positions[last] - before <= (scan.Positions[last] > Start && Bytes[scan.Positions[last] - 1] == '\r' ? 2 : 1);

    void AddRow(int first, int last, int before, DelimitedFormat format)
    {
        if (IsBlank(first, last, before)) return;
        var row = Cells.AsSpan(Rows * (Columns + 1), Columns + 1);
        int count = last - first + 1, end = scan.Positions[last];
        if (end > Start && Bytes[end - 1] == '\r' && format.Newline == '\n') end--;
        row[0] = before;
        int kept = Math.Min(count, Columns);
        scan.Positions.AsSpan(first, kept).CopyTo(row[1..]);
        if (count <= Columns) row[count] = end;
        // A cell that is not there ends before it starts.
        for (int i = count; i < Columns; i++) row[i + 1] = end;
        if (count < Columns || (count > Columns && HasMore(first + Columns - 1, end)))
            Ragged.Add((Bytes.AsSpan(Start, before + 1 - Start).Count(format.Newline), count));
        Rows++;
    }

    /// <summary>Whether anything but delimiters and blanks follows the last column.</summary>
    bool HasMore(int lastColumn, int end)
    {
        byte delimiter = Bytes[scan.Positions[lastColumn]];
        foreach (byte b in Bytes.AsSpan(scan.Positions[lastColumn]..end))
            if (b != delimiter && b != ' ') return true;
        return false;
    }

    /// <summary>Reads a column as numbers.</summary>
    public void ReadNumbers(int column, DelimitedFormat format)
    {
        if (Numbers[column] is not { } numbers || numbers.Length < Rows) Numbers[column] = numbers = new double[Rows + Rows / 8];
        Textual[column] = AnyNumber[column] = false;
        Markers[column] = null;
        int stride = Columns + 1;
        int found = NumberCells.Read(Bytes, Cells.AsSpan(column), stride, format.Point, numbers.AsSpan(0, Rows), others);
        int missing = 0;
        for (int i = 0; i < found; i++)
        {
            int row = others[i];
            var text = Cell(row, column, format.Quote, ref side);
            if (text.Length == 0) missing++;
            else if (HasQuotes && DecimalText.TryRead(text.Trim((byte)' '), format.Point, out double value)) numbers[row] = value;
            else if (MissingCells.Find(text) is { } word)
            {
                missing++;
                var markers = Markers[column] ??= new(StringComparer.Ordinal);
                markers[word] = markers.GetValueOrDefault(word) + 1;
            }
            else
            {
                Textual[column] = true;
                return;
            }
        }
        AnyNumber[column] = numbers.AsSpan(0, Rows).ContainsAnyExcept(double.NaN);
    }

    /// <summary>Adds a column's texts to a collector; the number of cells that were not UTF-8.</summary>
    public int AddTexts(int column, DelimitedFormat format, TextCollector collector, ref byte[] scratch)
    {
        int mended = 0;
        for (int row = 0; row < Rows; row++)
        {
            var text = Cell(row, column, format.Quote, ref scratch);
            if (!validUtf8 && !Utf8.IsValid(text))
            {
                mended++;
                var output = new byte[3 * text.Length];
                text = output.AsSpan(0, Windows1252.Mend(text, output));
            }
            collector.Add(text);
        }
        return mended;
    }

    /// <summary>The text of a cell without its quotes; <paramref name="scratch"/> holds it where it had doubled ones.</summary>
    ReadOnlySpan<byte> Cell(int row, int column, byte quote, ref byte[] scratch)
    {
        int at = row * (Columns + 1) + column, start = Cells[at] + 1, length = Cells[at + 1] - start;
        if (length <= 0) return default;
        var raw = Bytes.AsSpan(start, length);
        if (!HasQuotes || raw[0] != quote) return raw;
        var inner = raw[1..];
        int close = inner.IndexOf(quote);
        if (close == inner.Length - 1) return inner[..close];
        return QuoteScan.Unquote(inner, quote, ref scratch);
    }
}
