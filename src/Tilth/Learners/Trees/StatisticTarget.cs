using Tilth.Data;

namespace Tilth.Learners.Trees;

/// <summary>What statistics are means of: the target itself, or a 0 or 1 for each of many classes.</summary>
internal sealed class StatisticTarget
{
    public StatisticTarget(Target target, int[] rows, double[]? weights)
    {
        Weights = weights;
        int outputs = target.Task == TaskKind.Multiclass ? target.ClassCount : 1;
        Values = [.. Enumerable.Range(0, outputs).Select(k => Array.ConvertAll(rows, row => outputs == 1 ? target.Values[row] : target.Values[row] == k ? 1 : 0))];
        Means = Array.ConvertAll(Values, MeanOf);
    }

    /// <summary>A column an output, numbered by position.</summary>
    public double[][] Values { get; }

    /// <summary>The mean of each output.</summary>
    public double[] Means { get; }

    /// <summary>Null if every row counts 1.</summary>
    public double[]? Weights { get; }

    public int Outputs => Values.Length;

    public double WeightOf(int position) => Weights is null ? 1 : Weights[position];

    double MeanOf(double[] values)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += WeightOf(i) * values[i];
            total += WeightOf(i);
        }
        return total > 0 ? sum / total : 0;
    }
}
