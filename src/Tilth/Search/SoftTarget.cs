using Tilth.Data;
using Tilth.Learners;

namespace Tilth.Search;

/// <summary>
/// A training set whose rows are to be foreseen as another model foresees them (soft targets; Hinton, Vinyals and Dean, 2015). A
/// number, or the share of the positive class, stands in the target itself; a row of more classes is learned from once a class,
/// with the class's share as its weight.
/// </summary>
internal static class SoftTarget
{
    /// <summary>Smaller shares of a class are no row worth.</summary>
    const double LeastShare = 0.01;

    /// <summary>The rows with what they are to be foreseen as.</summary>
    /// <param name="set">Features and weights of the whole table.</param>
    /// <param name="rows">To learn from, ascending.</param>
    /// <param name="taught">Rows x outputs, in the order of <paramref name="rows"/>.</param>
    public static TrainingSet Of(TrainingSet set, int[] rows, double[] taught)
        => set.Target.Schema.OutputCount == 1 ? Values(set, rows, taught) : Copies(set, rows, taught, set.Target.Schema.OutputCount);

    static TrainingSet Values(TrainingSet set, int[] rows, double[] taught)
    {
        double[] values = [.. set.Target.Values];
        for (int i = 0; i < rows.Length; i++) values[rows[i]] = taught[i];
        return set.WithTarget(new Target(set.Target.Schema, values)).View(rows);
    }

    static TrainingSet Copies(TrainingSet set, int[] rows, double[] taught, int classes)
    {
        var (copied, codes, weights) = (new List<int>(), new List<double>(), new List<double>());
        for (int i = 0; i < rows.Length; i++)
        {
            var shares = taught.AsSpan(i * classes, classes);
            double counted = 0;
            foreach (double share in shares) counted += share >= LeastShare ? share : 0;
            for (int k = 0; k < classes; k++)
            {
                if (shares[k] < LeastShare) continue;
                copied.Add(rows[i]);
                codes.Add(k);
                weights.Add(shares[k] / counted * (set.Weights.IsEmpty ? 1 : set.Weights.Span[rows[i]]));
            }
        }
        return new TrainingSet(set.Features.Take([.. copied]), new Target(set.Target.Schema, [.. codes]), weights.ToArray());
    }
}
