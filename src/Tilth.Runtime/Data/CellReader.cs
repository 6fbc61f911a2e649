using System.Globalization;
using System.Text;

namespace Tilth.Data;

/// <summary>What became of a cell.</summary>
internal enum CellOutcome
{
    /// <summary>It has a value.</summary>
    Value,
    /// <summary>It is empty or a missing marker.</summary>
    Missing,
    /// <summary>It is a level that training did not see; it counts as missing.</summary>
    Unseen,
    /// <summary>It is not of the column's kind; it counts as missing.</summary>
    Unreadable,
}

/// <summary>One raw value on its way into a column: a text, a number, a truth value or a moment. NaN is missing.</summary>
internal readonly ref struct Cell
{
    public Cell(ReadOnlySpan<char> text)
    {
        Kind = ColumnKind.Text;
        Text = text;
    }

    public Cell(double number) => (Kind, Number) = (ColumnKind.Number, number);

    public Cell(bool flag) => (Kind, Number) = (ColumnKind.Boolean, flag ? 1 : 0);

    public Cell(DateTime moment) => (Kind, Ticks) = (ColumnKind.DateTime, moment.Ticks);

    public ColumnKind Kind { get; }

    public ReadOnlySpan<char> Text { get; }

    public double Number { get; }

    public long Ticks { get; }

    /// <summary>Writes the value as text: numbers in their shortest round-trip form, "true" or "false", ISO dates.</summary>
    public ReadOnlySpan<char> AsText(Span<char> buffer)
    {
        int written;
        switch (Kind)
        {
            case ColumnKind.Number:
                if (double.IsNaN(Number)) return default;
                Number.TryFormat(buffer, out written, "R", CultureInfo.InvariantCulture);
                return buffer[..written];
            case ColumnKind.Boolean:
                return Number > 0 ? "true" : "false";
            case ColumnKind.DateTime:
                var moment = new DateTime(Ticks);
                moment.TryFormat(buffer, out written,
                    moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
                return buffer[..written];
            default:
                return Text;
        }
    }
}

/// <summary>
/// Reads raw cells into one column's kind, by its <see cref="ValueFormat"/>. Tables and single rows go through the same
/// calls, so both give the same value. Thread-safe; allocates nothing.
/// </summary>
internal sealed class CellReader(ColumnSchema column)
{
    /// <summary>Long enough for any formatted number or date.</summary>
    public const int TextBuffer = 64;

    readonly string[] markers = [.. column.Format.MissingMarkers];

    public ColumnSchema Column => column;

    /// <summary>A number for a Number column, 1 or 0 for a Boolean one, ticks for a DateTime one; NaN where there is no value.</summary>
    public CellOutcome ReadNumber(Cell cell, out double value)
    {
        CellOutcome outcome;
        if (column.Kind == ColumnKind.DateTime)
        {
            outcome = ReadTicks(cell, out long ticks);
            value = ticks;
        }
        else
        {
            outcome = column.Kind == ColumnKind.Boolean ? ReadFlag(cell, out value) : ReadPlainNumber(cell, out value);
        }
        if (outcome != CellOutcome.Value) value = double.NaN;
        return outcome;
    }

    /// <summary>Ticks of a moment, or <see cref="DateTimeColumn.Missing"/>.</summary>
    public CellOutcome ReadTicks(Cell cell, out long ticks)
    {
        ticks = cell.Ticks;
        if (cell.Kind == ColumnKind.DateTime) return CellOutcome.Value;
        ticks = DateTimeColumn.Missing;
        Span<char> buffer = stackalloc char[TextBuffer];
        var text = cell.AsText(buffer).Trim();
        if (IsMarker(text) || MissingWords.IsStandard(text)) return CellOutcome.Missing;
        if (DateText.TryRead(text, column.Format.DatePattern, out long read) || DateText.TryRead(text, null, out read))
        {
            ticks = read;
            return CellOutcome.Value;
        }
        return CellOutcome.Unreadable;
    }

    /// <summary>The level's code, or -1.</summary>
    public CellOutcome ReadCode(Cell cell, out int code)
    {
        code = -1;
        Span<char> buffer = stackalloc char[TextBuffer];
        var text = cell.AsText(buffer).Trim();
        if (IsMarker(text)) return CellOutcome.Missing;
        code = column.Levels.IndexOf(text);
        if (code < 0 && cell.Kind == ColumnKind.Text && double.TryParse(text, CultureInfo.InvariantCulture, out double number))
            code = column.Levels.IndexOf(new Cell(number).AsText(buffer));
        return code < 0 ? CellOutcome.Unseen : CellOutcome.Value;
    }

    /// <summary>True if the text is empty or a missing marker of a Text column.</summary>
    public bool IsMissingText(ReadOnlySpan<char> text) => IsMarker(text.Trim());

    /// <summary>As the other, for UTF-8.</summary>
    public bool IsMissingText(ReadOnlySpan<byte> utf8)
    {
        Span<char> buffer = stackalloc char[TextBuffer];
        return utf8.Length <= TextBuffer && IsMarker(buffer[..Encoding.UTF8.GetChars(utf8, buffer)].Trim());
    }

    CellOutcome ReadPlainNumber(Cell cell, out double value)
    {
        value = cell.Kind == ColumnKind.DateTime ? cell.Ticks : cell.Number;
        if (cell.Kind != ColumnKind.Text) return double.IsNaN(value) ? CellOutcome.Missing : CellOutcome.Value;
        var text = cell.Text.Trim();
        if (IsMarker(text)) return CellOutcome.Missing;
        if (NumberText.TryRead(text, column.Format, out value)) return CellOutcome.Value;
        return MissingWords.IsStandard(text) ? CellOutcome.Missing : CellOutcome.Unreadable;
    }

    CellOutcome ReadFlag(Cell cell, out double value)
    {
        value = cell.Number;
        if (cell.Kind == ColumnKind.Boolean) return CellOutcome.Value;
        if (cell.Kind == ColumnKind.Number && double.IsNaN(value)) return CellOutcome.Missing;
        Span<char> buffer = stackalloc char[TextBuffer];
        var text = cell.AsText(buffer).Trim();
        if (IsMarker(text)) return CellOutcome.Missing;
        if (Says(text, column.Format.TrueWord, "true", "1")) value = 1;
        else if (Says(text, column.Format.FalseWord, "false", "0")) value = 0;
        else return MissingWords.IsStandard(text) ? CellOutcome.Missing : CellOutcome.Unreadable;
        return CellOutcome.Value;
    }

    static bool Says(ReadOnlySpan<char> text, string? word, string usual, string digit)
        => (word is not null && text.Equals(word, StringComparison.OrdinalIgnoreCase))
            || text.Equals(usual, StringComparison.OrdinalIgnoreCase) || text.SequenceEqual(digit);

    bool IsMarker(ReadOnlySpan<char> text)
    {
        if (text.Length == 0) return true;
        foreach (string marker in markers)
            if (text.SequenceEqual(marker)) return true;
        return false;
    }
}

/// <summary>The usual ways to write that there is no value.</summary>
internal static class MissingWords
{
    /// <summary>Markers in any column. "none" counts only where numbers, dates or truth values stand: else it is often a level.</summary>
    public static bool IsCommon(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 7) return text.Length == 0;
        Span<char> lower = stackalloc char[7];
        return lower[..text.ToLowerInvariant(lower)] is "?" or "na" or "n/a" or "n.a." or "#n/a" or "-" or "--" or "." or "null" or "nan" or "-nan" or "---"
            or "nil" or "<na>" or "\\n" or "missing" or "#null!" or "(null)";
    }

    /// <summary>Markers where numbers, dates or truth values are expected.</summary>
    public static bool IsStandard(ReadOnlySpan<char> text)
        => IsCommon(text) || text.Equals("none", StringComparison.OrdinalIgnoreCase) || text.Equals("unknown", StringComparison.OrdinalIgnoreCase);
}
