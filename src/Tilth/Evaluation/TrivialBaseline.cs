using Tilth.Data;
using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>What somebody foresees who looks at no column: the mean, or the class shares.</summary>
public static class TrivialBaseline
{
    /// <summary>The weighted mean of numbers; class shares (binary: the positive share), one an output.</summary>
    public static double[] From(EvaluationData data)
    {
        if (data.Task != TaskKind.Multiclass) return [data.MeanOf(row => data.Targets[row])];
        var shares = new double[data.ClassCount];
        for (int row = 0; row < data.RowCount; row++) shares[(int)data.Targets[row]] += data.WeightOf(row);
        double total = data.WeightSum;
        for (int k = 0; k < shares.Length; k++) shares[k] /= total;
        return shares;
    }

    /// <summary>The same for a target's named rows: what the training rows give.</summary>
    public static double[] From(Target target, ReadOnlySpan<int> rows, double[]? weights = null)
    {
        var taken = target.Take(rows);
        var ones = new double[rows.Length * target.Schema.OutputCount];
        return From(new EvaluationData(target.Schema, taken.Values, ones, weights));
    }

    /// <summary>The rows with the constant as every row's prediction.</summary>
    internal static EvaluationData Foresee(EvaluationData data, double[] constant)
    {
        int outputs = data.Schema.OutputCount;
        if (constant.Length != outputs) throw new ArgumentException($"the baseline has {constant.Length} numbers, but there are {outputs} outputs");
        var predictions = new double[data.RowCount * outputs];
        for (int i = 0; i < predictions.Length; i++) predictions[i] = constant[i % outputs];
        return new(data.Schema, data.Targets, predictions, data.Weights, data.Threshold, data.Costs);
    }
}
