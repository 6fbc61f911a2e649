using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Honesty.Heads;

/// <summary>Rows with predictions of models that did not learn from them: what everything above a model is fitted on.</summary>
/// <param name="Target">What happened.</param>
/// <param name="Predictions">Rows x outputs.</param>
/// <param name="Weights">One a row, or null.</param>
/// <param name="Groups">Rows of equal number stay on one side of every split; null if rows are independent.</param>
public sealed record HeldRows(Target Target, double[] Predictions, double[]? Weights = null, int[]? Groups = null)
{
    /// <summary>Number of rows.</summary>
    public int Count => Target.Values.Length;

    internal int Outputs => Target.Schema.OutputCount;

    internal double WeightOf(int row) => Weights?[row] ?? 1;

    /// <summary>The stated probability of class <paramref name="k"/>.</summary>
    internal double ProbabilityOf(int row, int k) => Outputs > 1 ? Predictions[row * Outputs + k] : k == 1 ? Predictions[row] : 1 - Predictions[row];

    /// <summary>The named rows.</summary>
    internal HeldRows Take(int[] rows)
    {
        var predictions = new double[rows.Length * Outputs];
        for (int i = 0; i < rows.Length; i++) Predictions.AsSpan(rows[i] * Outputs, Outputs).CopyTo(predictions.AsSpan(i * Outputs));
        return new(Target.Take(rows), predictions, Weights is { } w ? Array.ConvertAll(rows, row => w[row]) : null, Groups is { } g ? Array.ConvertAll(rows, row => g[row]) : null);
    }

    /// <summary>At most that many rows, drawn by the seed, in their order.</summary>
    internal HeldRows Sample(int most, ulong seed)
    {
        if (Count <= most) return this;
        int[] rows = [.. new RandomSource(seed).Choose(Count, most)];
        Array.Sort(rows);
        return Take(rows);
    }

    /// <summary>The fold of each row; rows of one group share theirs.</summary>
    internal int[] Folds(int folds, ulong seed)
    {
        var random = new RandomSource(seed);
        if (Groups is { } groups) return Array.ConvertAll(groups, group => (int)(random.ChildSeed(group) % (ulong)folds));
        var fold = new int[Count];
        for (int i = 0; i < fold.Length; i++) fold[i] = i % folds;
        random.Shuffle<int>(fold);
        return fold;
    }

    /// <summary>Row numbers of a fold, or of all others.</summary>
    internal static int[] RowsOf(int[] fold, int which, bool others) => [.. Enumerable.Range(0, fold.Length).Where(row => fold[row] == which != others)];
}
