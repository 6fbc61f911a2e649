using Tilth.Learners.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Additive;

/// <summary>The rows that count, numbered by position: first those to learn from, then those given to stop by.</summary>
internal sealed class AdditiveRows
{
    readonly BinnedMatrix matrix;
    readonly int[] rows;

    public AdditiveRows(TrainingSet data, BinnedMatrix matrix)
    {
        this.matrix = matrix;
        int[] learn = TreeTarget.Present(data, data.Rows), stop = TreeTarget.Present(data, data.ValidationRows);
        LearnCount = learn.Length;
        rows = [.. learn, .. stop];
        Values = data.Target.Take(rows).Values;
        Weights = TreeTarget.WeightsOf(data, rows) ?? [.. Enumerable.Repeat(1.0, rows.Length)];
    }

    public int Count => rows.Length;

    /// <summary>Positions from here on are given to stop by.</summary>
    public int LearnCount { get; }

    public double[] Values { get; }

    public double[] Weights { get; }

    public BinColumn[] Columns => matrix.Columns;

    /// <summary>A curve for every feature.</summary>
    public LineTerm[] Lines(Func<int, int> directionOf, WorkerPool workers)
    {
        var lines = new LineTerm[Columns.Length];
        workers.For(lines.Length, at => lines[at] = new LineTerm
        {
            Column = at, Bins = Columns[at], CellCount = Columns[at].Bins + 1, Cells = CellsOf(at), Direction = directionOf(Columns[at].Feature),
        });
        return lines;
    }

    /// <summary>The weight of the rows to learn from in each cell.</summary>
    public double[] CellWeights(BoostedTerm term)
    {
        var weights = new double[term.CellCount];
        for (int i = 0; i < LearnCount; i++) weights[term.Cells[i]] += Weights[i];
        return weights;
    }

    unsafe ushort[] CellsOf(int column)
    {
        var cells = new ushort[rows.Length];
        byte* bins = matrix.Bins(column);
        for (int i = 0; i < cells.Length; i++) cells[i] = bins[rows[i]];
        GC.KeepAlive(matrix);
        return cells;
    }
}
