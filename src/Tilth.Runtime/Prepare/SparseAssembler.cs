using Tilth.Data;

namespace Tilth.Prepare;

/// <summary>Joins the segments of a table's blocks into compressed sparse rows; blocks may come in any order.</summary>
internal sealed class SparseAssembler(int rows, int blocks, FeatureMap map, int[] segments)
{
    readonly (int[] Columns, float[] Values)[] parts = new (int[], float[])[blocks];
    readonly int[] starts = new int[rows + 1];

    /// <summary>Takes the rows that a frame holds, the first of which is row <paramref name="start"/>.</summary>
    public void Put(int block, PreparationFrame frame, int start)
    {
        int count = 0;
        foreach (int segment in segments) count += frame.Sparse[segment].Count;
        var columns = new int[count];
        var values = new float[count];
        int at = 0;
        for (int row = 0; row < frame.Rows; row++)
        {
            int before = at;
            for (int s = 0; s < segments.Length; s++)
            {
                var segment = frame.Sparse[segments[s]];
                segment.ValuesOf(row).CopyTo(values.AsSpan(at));
                foreach (int column in segment.ColumnsOf(row)) columns[at++] = column + map.Sparse[s].Start;
            }
            starts[start + row + 1] = at - before;
        }
        parts[block] = (columns, values);
    }

    /// <exception cref="SchemaException">The texts are too many for one matrix.</exception>
    public SparseRows Build()
    {
        long all = parts.Sum(part => (long)part.Columns.Length);
        if (all > Array.MaxLength)
            throw new SchemaException("text-size", $"the texts of {rows} rows have {all} terms, more than {Array.MaxLength}; use fewer rows or leave a text column out");
        var columns = new int[all];
        var values = new float[all];
        int at = 0;
        foreach (var part in parts)
        {
            part.Columns.CopyTo(columns, at);
            part.Values.CopyTo(values, at);
            at += part.Columns.Length;
        }
        for (int row = 0; row < rows; row++) starts[row + 1] += starts[row];
        return new(starts, columns, values, map.SparseWidth);
    }
}

/// <summary>Frames that the threads of a loop use one after the other.</summary>
internal sealed class FramePool(Preparation preparation, int capacity)
{
    readonly Stack<PreparationFrame> free = [];

    public PreparationFrame Rent()
    {
        lock (free)
            if (free.TryPop(out var frame)) return frame;
        return preparation.NewFrame(capacity);
    }

    public void Return(PreparationFrame frame)
    {
        lock (free) free.Push(frame);
    }
}
