using System.Text;
using Tilth.Data;

namespace Tilth.Models.Nodes;

/// <summary>The values of one row of a conforming table, column by column of the schema. Reused; one thread at a time.</summary>
internal sealed class RowValues
{
    readonly double[] numbers;
    readonly int[] codes;
    readonly byte[][] texts;
    readonly int[] lengths;

    public RowValues(int columns)
    {
        (numbers, codes, texts, lengths) = (new double[columns], new int[columns], new byte[columns][], new int[columns]);
        Array.Fill(texts, []);
        Clear();
    }

    /// <summary>Makes every value missing.</summary>
    public void Clear()
    {
        numbers.AsSpan().Fill(double.NaN);
        codes.AsSpan().Fill(-1);
        lengths.AsSpan().Fill(-1);
    }

    /// <summary>A number; ticks of a date; 1 or 0 of a truth value. NaN is missing.</summary>
    public ref double Number(int column) => ref numbers[column];

    /// <summary>A level's code; -1 is missing or unseen.</summary>
    public ref int Code(int column) => ref codes[column];

    public byte[] Text(int column) => texts[column];

    /// <summary>Bytes of the text; -1 is missing.</summary>
    public int TextLength(int column) => lengths[column];

    public void ClearText(int column) => lengths[column] = -1;

    public void SetText(int column, ReadOnlySpan<char> text)
    {
        Reserve(column, Encoding.UTF8.GetMaxByteCount(text.Length));
        lengths[column] = Encoding.UTF8.GetBytes(text, texts[column]);
    }

    public void SetText(int column, ReadOnlySpan<byte> utf8)
    {
        Reserve(column, utf8.Length);
        utf8.CopyTo(texts[column]);
        lengths[column] = utf8.Length;
    }

    /// <summary>Copies the value that a conforming column has in a row.</summary>
    public void Load(int column, Column from, int row)
    {
        switch (from)
        {
            case NumberColumn values: numbers[column] = values.Values.Span[row]; break;
            case DateTimeColumn moments: numbers[column] = moments.IsMissing(row) ? double.NaN : moments.Ticks.Span[row]; break;
            case BooleanColumn flags: numbers[column] = flags.IsMissing(row) ? double.NaN : flags.Values.Span[row]; break;
            case CategoryColumn levels: codes[column] = levels.Codes.Span[row]; break;
            case TextColumn text when text.IsMissing(row): ClearText(column); break;
            case TextColumn text: SetText(column, text.GetUtf8(row)); break;
        }
    }

    void Reserve(int column, int bytes)
    {
        if (texts[column].Length < bytes) texts[column] = new byte[Math.Max(64, bytes)];
    }
}
