using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Search;

/// <summary>
/// Scores of several sets of predictions of the same rows, all on the same resamples: each with its interval, and any two with
/// the interval of their difference, in which what both find hard cancels out.
/// </summary>
internal sealed class PairedScores
{
    readonly double[] values;
    readonly double[][] replicates;

    /// <param name="predictions">Each for the rows at <paramref name="positions"/>.</param>
    /// <param name="positions">Among the scored rows.</param>
    /// <param name="search">Target, weights, groups and metric.</param>
    /// <param name="context">Seed and threads.</param>
    public PairedScores(IReadOnlyList<double[]> predictions, int[] positions, SearchData search, FitContext context)
    {
        var target = search.Scored.Take(positions);
        double[]? weights = search.Weights is { } all ? Array.ConvertAll(positions, position => all[position]) : null;
        int[]? groups = search.Keys.Groups is { } known ? Array.ConvertAll(positions, position => known[position]) : null;
        EvaluationData[] data = [.. predictions.Select(one => new EvaluationData(target.Schema, target.Values, one, weights))];
        values = new double[data.Length];
        context.Workers.For(data.Length, i => values[i] = search.Metric.Compute(data[i]));
        var sample = new BootstrapSample(positions.Length, weights, groups, context.Seed);
        replicates = new double[positions.Length switch { <= 5000 => 200, <= 20_000 => 100, _ => 40 }][];
        context.Workers.For(replicates.Length, r =>
        {
            double[] drawn = sample.Weights(r);
            replicates[r] = drawn.Any(w => w > 0) ? Array.ConvertAll(data, one => search.Metric.Compute(one.WithWeights(drawn))) : [.. values.Select(_ => double.NaN)];
        });
    }

    /// <summary>A score with its 95 % interval.</summary>
    public Interval Score(int index) => IntervalOf(values[index], replicates.Select(replicate => replicate[index]));

    /// <summary>The score of one minus that of another, with its 95 % interval.</summary>
    public Interval Difference(int one, int other) => IntervalOf(values[one] - values[other], replicates.Select(replicate => replicate[one] - replicate[other]));

    static Interval IntervalOf(double value, IEnumerable<double> drawn)
    {
        var (lower, upper) = BootstrapSample.Limits(value, drawn);
        return new(value, lower, upper);
    }
}
