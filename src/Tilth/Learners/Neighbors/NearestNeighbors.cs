using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Neighbors;
using Tilth.Prepare;

namespace Tilth.Learners.Neighbors;

/// <summary>
/// The mean target, or the class shares, of the nearest training rows (Cover and Hart, 1967), by brute force. Differs from
/// scikit-learn in that the number of neighbours is chosen by leaving rows out one by one unless it is given, and in that the
/// class shares have a vote of their own (prior_weight 0 gives scikit-learn's predictions). A weight is how often a row stands there.
/// </summary>
public sealed record NearestNeighbors : ISupervisedLearner
{
    const int MostQueries = 1000;

    static readonly int[] Candidates = [1, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200];

    /// <summary>How many neighbours vote; 0 lets the data choose.</summary>
    public int NeighborCount { get; init; }

    /// <summary>How much each counts.</summary>
    public NeighborWeights Weights { get; init; }

    /// <summary>How many votes the training mean (or the class shares) has, at least 0.</summary>
    public double PriorWeight { get; init; } = 1;

    /// <inheritdoc/>
    public PreparationNeeds Needs => new()
    {
        Numbers = NumberForm.Standard, FillMissing = true, Categories = CategoryForm.TargetEncoded, Text = TextForm.Dense,
    };

    internal static LearnerEntry Entry { get; } = new("k_nearest_neighbors", "Nearest neighbours", new NearestNeighbors(),
    [
        Parameter.Integer<NearestNeighbors>("n_neighbors", l => l.NeighborCount, (l, v) => l with { NeighborCount = v }, 0, NeighborsModel.MostNeighbors,
            "How many of the nearest training rows vote; 0 chooses by leaving rows out one by one.", (1, 200), ParameterScale.Log),
        Parameter.Choice<NearestNeighbors, NeighborWeights>("weights", l => l.Weights, (l, v) => l with { Weights = v },
            "Whether all neighbours count alike (uniform) or by the inverse of their distance (distance).", search: true),
        Parameter.Real<NearestNeighbors>("prior_weight", l => l.PriorWeight, (l, v) => l with { PriorWeight = v }, 0, 1e6,
            "Votes of the training mean or the class shares beside the neighbours'; 0 is the textbook's method."),
    ], new());

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        context.ThrowIfCancelled();
        if (data.Features.Map.Count != data.Features.Map.Dense.Count) throw new ArgumentException("nearest neighbours take dense numbers only; prepare them with the learner's needs");
        int[] rows = data.Weights.IsEmpty ? data.Rows : [.. data.Rows.Where(row => data.Weights.Span[row] > 0)];
        if (rows.Length == 0) throw new LearningException("rows-none", "there are no rows to learn from");
        var target = Array.ConvertAll(rows, row => data.Target.Values[row]);
        if (data.Target.Task != TaskKind.Regression && Array.TrueForAll(target, y => y == target[0]))
            throw new LearningException("target-single-class", $"every row has the class '{data.Target.Schema.Classes[(int)target[0]]}'; at least two classes are needed");
        double[] weights = data.Weights.IsEmpty ? [] : Array.ConvertAll(rows, row => data.Weights.Span[row]);
        var nearest = NearestRows.Of([.. data.Features.Dense.Select(column => Array.ConvertAll(rows, row => float.IsNaN(column[row]) ? 0 : column[row]))], rows.Length);
        var prior = PriorOf(target, weights, data.Target.ClassCount);
        int count = NeighborCount > 0 ? NeighborCount : Choose(nearest, target, weights, prior, data.Target.ClassCount, context);
        return new NeighborsModel(nearest, target, weights, prior, new(count, Weights, PriorWeight), data.Target.ClassCount);
    }

    static double[] PriorOf(double[] target, double[] weights, int classes)
    {
        var prior = new double[classes <= 2 ? 1 : classes];
        double total = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double weight = weights.Length == 0 ? 1 : weights[i];
            total += weight;
            if (classes <= 2) prior[0] += weight * target[i];
            else prior[(int)target[i]] += weight;
        }
        for (int k = 0; k < prior.Length; k++) prior[k] /= total;
        return prior;
    }

    /// <summary>The candidate with the least loss over rows that are foreseen from the others; copies of a row are left out with it.</summary>
    int Choose(NearestRows nearest, double[] target, double[] weights, double[] prior, int classes, FitContext context)
    {
        int[] queries = context.NewRandom().Choose(target.Length, Math.Min(MostQueries, target.Length));
        int[] candidates = [.. Candidates.Where(k => k == 1 || k <= target.Length / 3)];
        var losses = new double[queries.Length][];
        context.Workers.For(queries.Length, q =>
        {
            context.ThrowIfCancelled();
            if (q > 0 && context.ShouldFinish) return;
            losses[q] = LossesOf(queries[q], nearest, target, weights, prior, classes, candidates);
        });
        double Total(int candidate) => losses.Sum(loss => loss?[candidate] ?? 0);
        return candidates[Enumerable.Range(0, candidates.Length).MinBy(Total)];
    }

    double[] LossesOf(int row, NearestRows nearest, double[] target, double[] weights, double[] prior, int classes, int[] candidates)
    {
        var point = new float[nearest.Width];
        nearest.CopyRow(row, point);
        var distances = new float[Math.Min(nearest.Rows, candidates[^1] + 64)];
        var found = new int[distances.Length];
        int count = nearest.Find(point, distances, found), kept = 0;
        for (int i = 0; i < count; i++)
            if (found[i] != row && (distances[i] > 0 || target[found[i]] != target[row])) (distances[kept], found[kept++]) = (distances[i], found[i]);
        var losses = new double[candidates.Length];
        var scores = new double[prior.Length];
        double weight = weights.Length == 0 ? 1 : weights[row];
        for (int c = 0; c < candidates.Length; c++)
        {
            int nearby = Math.Min(kept, candidates[c]);
            NeighborsModel.Vote(distances.AsSpan(0, nearby), found.AsSpan(0, nearby), target, weights, prior, new(candidates[c], Weights, PriorWeight), classes, scores);
            losses[c] = weight * (classes == 0 ? (scores[0] - target[row]) * (scores[0] - target[row])
                : -Elementary.Log(Math.Max(1e-9, classes > 2 ? scores[(int)target[row]] : target[row] == 1 ? scores[0] : 1 - scores[0])));
        }
        return losses;
    }
}
