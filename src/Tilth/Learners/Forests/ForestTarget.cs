using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Trees;

namespace Tilth.Learners.Forests;

/// <summary>
/// The target of a forest as whole numbers, by matrix row, so that all sums are exact: the class, or the value on a
/// power-of-two scale of 20 bits around the mean. Weights are whole numbers of 15 bits.
/// </summary>
internal sealed class ForestTarget
{
    public ForestTarget(TrainingSet data, int[] rows)
    {
        Rows = rows;
        Task = data.Target.Task;
        Outputs = data.Target.Schema.OutputCount;
        Channels = Task == TaskKind.Multiclass ? Outputs : 2;
        Exact = data.Target.Values;
        Values = new int[Exact.Length];
        Weights = new int[Exact.Length];
        SetWeights(data);
        SetValues();
    }

    /// <summary>The rows to learn from.</summary>
    public int[] Rows { get; }

    public TaskKind Task { get; }

    /// <summary>Values a leaf.</summary>
    public int Outputs { get; }

    /// <summary>Sums a bin: weight and weighted value, or the weight of each class.</summary>
    public int Channels { get; }

    public bool ByClass => Task == TaskKind.Multiclass;

    public double[] Exact { get; }

    public int[] Values { get; }

    public int[] Weights { get; }

    /// <summary>What one unit of weight stands for.</summary>
    public double WeightUnit { get; private set; } = 1;

    /// <summary>The largest leaf.</summary>
    public double Largest { get; private set; } = 1;

    void SetWeights(TrainingSet data)
    {
        double largest = 1;
        if (TreeTarget.WeightsOf(data, Rows) is not { } weights)
        {
            foreach (int row in Rows) Weights[row] = 1;
            return;
        }
        largest = weights.Max();
        WeightUnit = Elementary.PowerOfTwo(Math.ILogB(largest) - 14);
        for (int i = 0; i < Rows.Length; i++) Weights[Rows[i]] = Math.Max(1, (int)Math.Round(weights[i] / WeightUnit));
    }

    void SetValues()
    {
        if (Task != TaskKind.Regression)
        {
            foreach (int row in Rows) Values[row] = (int)Exact[row];
            return;
        }
        double mean = 0, spread = 0, total = 0;
        foreach (int row in Rows) (mean, total) = (mean + Weights[row] * Exact[row], total + Weights[row]);
        mean /= total;
        Largest = 0;
        foreach (int row in Rows)
        {
            spread = Math.Max(spread, Math.Abs(Exact[row] - mean));
            Largest = Math.Max(Largest, Math.Abs(Exact[row]));
        }
        double unit = spread > 0 ? Elementary.PowerOfTwo(Math.Max(-1000, Math.ILogB(spread) - 19)) : 1;
        foreach (int row in Rows) Values[row] = (int)Math.Round((Exact[row] - mean) / unit);
    }
}
