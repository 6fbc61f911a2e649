using Tilth.Data;

namespace Tilth.Learners.Trees;

/// <summary>Whether trees can learn from a training set, and which of its rows count.</summary>
internal static class TreeTarget
{
    /// <exception cref="LearningException">No row, one class only, or a target that is not finite.</exception>
    public static void Check(TrainingSet data)
    {
        int[] rows = Present(data, data.Rows);
        if (rows.Length == 0) throw new LearningException("no-rows", $"there is nothing to learn from: {data.Rows.Length} rows were given and none of them has a weight above 0");
        double[] values = data.Target.Values;
        foreach (int row in rows)
            if (!double.IsFinite(values[row])) throw new LearningException("target-not-finite", $"the target of row {row + 1} is {values[row]}, but must be a finite number");
        if (data.Target.Task == TaskKind.Regression || Array.Exists(rows, row => values[row] != values[rows[0]])) return;
        throw new LearningException("single-class", $"all {rows.Length} rows are of one class, '{data.Target.Schema.Classes[(int)values[rows[0]]]}'; at least two classes are needed");
    }

    /// <summary>The rows of weight above 0: one of weight 0 is as good as absent.</summary>
    public static int[] Present(TrainingSet data, int[] rows)
    {
        var weights = data.Weights;
        return weights.IsEmpty ? rows : Array.FindAll(rows, row => weights.Span[row] > 0);
    }

    /// <summary>
    /// The rows' weights, or null if they all count 1. Weights below 1 on average are scaled up to 1: leaf sizes count weight,
    /// and weights that sum to 1 must not forbid every cut.
    /// </summary>
    public static double[]? WeightsOf(TrainingSet data, int[] rows)
    {
        if (data.Weights.IsEmpty) return null;
        var weights = new double[rows.Length];
        double sum = 0;
        for (int i = 0; i < rows.Length; i++) sum += weights[i] = data.Weights.Span[rows[i]];
        if (sum < rows.Length)
            for (int i = 0; i < rows.Length; i++) weights[i] *= rows.Length / sum;
        return weights;
    }
}
