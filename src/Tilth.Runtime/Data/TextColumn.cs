using System.Text;

namespace Tilth.Data;

/// <summary>
/// A column of free text as UTF-8. The bytes lie in segments of <see cref="SegmentRows"/> rows, so that 100 million rows
/// need no array above 2 GB and no object a row.
/// </summary>
public sealed class TextColumn : Column
{
    /// <summary>Rows in every segment but the last.</summary>
    public const int SegmentRows = 1 << SegmentShift;

    const int SegmentShift = 16;

    readonly TextSegment[] segments;
    readonly int start;

    /// <summary>Wraps finished segments; all but the last hold exactly <see cref="SegmentRows"/> rows.</summary>
    internal TextColumn(string name, TextSegment[] segments) : this(name, segments, 0, segments.Sum(s => s.Rows)) { }

    TextColumn(string name, TextSegment[] segments, int start, int count) : base(name, count)
        => (this.segments, this.start) = (segments, start);

    /// <summary>Copies texts; null is missing.</summary>
    public static TextColumn From(string name, IEnumerable<string?> texts)
    {
        var builder = new TextColumnBuilder();
        foreach (string? text in texts)
            if (text is null) builder.AddMissing();
            else builder.Add(text);
        return builder.Build(name);
    }

    /// <inheritdoc/>
    public override ColumnKind Kind => ColumnKind.Text;

    /// <summary>The text's bytes; empty where it is missing.</summary>
    public ReadOnlySpan<byte> GetUtf8(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
        int at = start + row;
        return segments[at >> SegmentShift].Get(at & (SegmentRows - 1));
    }

    /// <inheritdoc/>
    public override bool IsMissing(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count);
        int at = start + row;
        return segments[at >> SegmentShift].IsMissing(at & (SegmentRows - 1));
    }

    /// <inheritdoc/>
    public override string? Format(int row) => IsMissing(row) ? null : Encoding.UTF8.GetString(GetUtf8(row));

    /// <inheritdoc/>
    public override TextColumn Rename(string name) => new(name, segments, start, Count);

    /// <inheritdoc/>
    public override TextColumn Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)count, (uint)Count);
        return new(Name, segments, this.start + start, count);
    }

    /// <inheritdoc/>
    public override TextColumn Take(ReadOnlySpan<int> rows)
    {
        var builder = new TextColumnBuilder();
        foreach (int row in rows)
            if (IsMissing(row)) builder.AddMissing();
            else builder.Add(GetUtf8(row));
        return builder.Build(Name);
    }
}

/// <summary>Up to <see cref="TextColumn.SegmentRows"/> texts: row i is the bytes from ends[i - 1] to ends[i].</summary>
/// <param name="bytes">All texts, one after the other.</param>
/// <param name="ends">Where each ends; the complement (~end) marks a missing text, which has no bytes.</param>
internal sealed class TextSegment(byte[] bytes, int[] ends)
{
    public int Rows => ends.Length;

    public bool IsMissing(int row) => ends[row] < 0;

    public ReadOnlySpan<byte> Get(int row)
    {
        int from = row == 0 ? 0 : End(row - 1);
        return bytes.AsSpan(from, End(row) - from);
    }

    int End(int row) => ends[row] is var end && end < 0 ? ~end : end;
}

/// <summary>Collects texts row by row into segments.</summary>
internal sealed class TextColumnBuilder
{
    readonly List<TextSegment> segments = [];
    byte[] bytes = new byte[1024];
    readonly List<int> ends = [];
    int used;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(bytes.AsSpan(used));
        used += utf8.Length;
        Close(used);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        used += Encoding.UTF8.GetBytes(text, bytes.AsSpan(used));
        Close(used);
    }

    public void AddMissing() => Close(~used);

    public TextColumn Build(string name)
    {
        if (ends.Count > 0) Seal();
        return new TextColumn(name, [.. segments]);
    }

    void Reserve(int more)
    {
        if (bytes.Length - used < more)
            Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)used + more, bytes.Length * 2L)));
    }

    void Close(int end)
    {
        ends.Add(end);
        if (ends.Count == TextColumn.SegmentRows) Seal();
    }

    void Seal()
    {
        segments.Add(new TextSegment(bytes[..used], [.. ends]));
        ends.Clear();
        used = 0;
    }
}
