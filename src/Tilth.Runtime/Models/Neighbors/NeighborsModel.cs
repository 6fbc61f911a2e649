using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Neighbors;

/// <summary>How much the nearest rows count.</summary>
public enum NeighborWeights
{
    /// <summary>All alike.</summary>
    Uniform,
    /// <summary>By the inverse of their distance; rows at distance 0 alone, where there are any.</summary>
    Distance,
}

/// <summary>How the nearest rows vote.</summary>
/// <param name="Count">How many rows (or how much weight of rows) vote.</param>
/// <param name="Weights">How much each counts.</param>
/// <param name="PriorWeight">How many votes the training mean (or the class shares) has beside them.</param>
internal readonly record struct NeighborVote(int Count, NeighborWeights Weights, double PriorWeight);

/// <summary>
/// The mean target (or the class shares) of the training rows that are nearest by Euclidean distance (Fix and Hodges, 1951).
/// Keeps all training rows. Scores are the predictions themselves. A row's weight is how often it stands there.
/// </summary>
public sealed class NeighborsModel : Model
{
    /// <summary>More neighbours than this are not taken.</summary>
    internal const int MostNeighbors = 512;

    const int MostOnStack = 1024;

    readonly NearestRows rows;
    readonly double[] target, weights, prior;
    readonly NeighborVote vote;

    /// <param name="rows">The training rows.</param>
    /// <param name="target">Their values or classes.</param>
    /// <param name="weights">Their weights, above 0; empty if all are 1.</param>
    /// <param name="prior">The mean target, or the share of each class (of class 1, if there are two).</param>
    /// <param name="vote">How the nearest vote.</param>
    /// <param name="classes">0 for numbers, 2 or more for classes.</param>
    internal NeighborsModel(NearestRows rows, double[] target, double[] weights, double[] prior, NeighborVote vote, int classes)
        => (this.rows, this.target, this.weights, this.prior, this.vote, Classes) = (rows, target, weights, prior, vote, classes);

    /// <inheritdoc/>
    public override int OutputCount => prior.Length;

    /// <inheritdoc/>
    public override Link Link => Link.Identity;

    /// <summary>How many neighbours vote.</summary>
    public int NeighborCount => vote.Count;

    internal int Classes { get; }

    internal override string PartKind => "neighbors";

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        Span<float> point = rows.Width <= MostOnStack ? stackalloc float[rows.Width] : new float[rows.Width];
        Span<float> distances = stackalloc float[vote.Count];
        Span<int> found = stackalloc int[vote.Count];
        for (int j = 0; j < point.Length; j++) point[j] = float.IsNaN(row.Dense[j]) ? 0 : row.Dense[j];
        int count = rows.Find(point, distances, found);
        Vote(distances[..count], found[..count], target, weights, prior, vote, Classes, scores);
    }

    /// <summary>The prediction from the nearest rows, nearest first; squared distances.</summary>
    internal static void Vote(ReadOnlySpan<float> distances, ReadOnlySpan<int> found, double[] target, double[] weights, double[] prior,
        NeighborVote vote, int classes, Span<double> scores)
    {
        for (int k = 0; k < prior.Length; k++) scores[k] = vote.PriorWeight * prior[k];
        bool near = vote.Weights == NeighborWeights.Distance && distances.Length > 0 && distances[0] < float.PositiveInfinity, exact = near && distances[0] == 0;
        double left = vote.Count, total = vote.PriorWeight;
        // Inverse distances are relative to the nearest one, so that the prior's votes mean the same everywhere.
        double unit = near && !exact ? Math.Sqrt(distances[0]) : 1;
        for (int i = 0; i < found.Length && left > 0; i++)
        {
            double copies = Math.Min(left, weights.Length == 0 ? 1 : weights[found[i]]);
            left -= copies;
            double counts = copies * (exact ? (distances[i] == 0 ? 1 : 0) : near ? unit / Math.Sqrt(distances[i]) : 1);
            total += counts;
            double y = target[found[i]];
            if (classes == 0) scores[0] += counts * y;
            else if (classes == 2) scores[0] += counts * y;
            else scores[(int)y] += counts;
        }
        for (int k = 0; k < prior.Length; k++) scores[k] = total > 0 ? scores[k] / total : prior[k];
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Int("rows", rows.Rows);
        writer.Int("classes", Classes);
        writer.Int("neighbors", vote.Count);
        writer.Choice("weighting", vote.Weights);
        writer.Real("prior_weight", vote.PriorWeight);
        writer.Array<double>("prior", prior);
        writer.Array<float>("blocks", rows.Blocks);
        writer.Array<double>("target", target);
        writer.Array<double>("weights", weights);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote for features of that map.</summary>
    internal static NeighborsModel Unpack(PartReader reader, FeatureMap map)
    {
        int count = reader.Int("rows", 1, Array.MaxLength), classes = reader.Int("classes", 0, 1 << 20), outputs = classes <= 2 ? 1 : classes;
        if (classes == 1) throw reader.Wrong("classes", "is 1, but a choice has at least 2");
        long size = NearestRows.SizeOf(count, map.Dense.Count);
        if (size > Array.MaxLength) throw reader.Wrong("rows", $"is {count}, too many for {map.Dense.Count} features");
        var vote = new NeighborVote(reader.Int("neighbors", 1, MostNeighbors), reader.Choice<NeighborWeights>("weighting"), reader.FiniteReal("prior_weight"));
        if (vote.PriorWeight < 0) throw reader.Wrong("prior_weight", $"is {vote.PriorWeight}, below 0");
        var prior = Checked(reader, "prior", outputs, outputs, value => true);
        var target = Checked(reader, "target", count, count, value => classes == 0 || (value >= 0 && value < classes && value == Math.Floor(value)));
        var weights = Checked(reader, "weights", 0, count, value => value > 0);
        if (weights.Length != 0 && weights.Length != count) throw reader.Wrong("weights", $"has {weights.Length} numbers, but there are {count} rows");
        var blocks = reader.Array<float>("blocks", (int)size, (int)size);
        foreach (float value in blocks)
            if (!float.IsFinite(value)) throw reader.Wrong("blocks", $"holds {value}, not a finite number");
        return new(new NearestRows(blocks, count, map.Dense.Count), target, weights, prior, vote, classes);
    }

    static double[] Checked(PartReader reader, string name, int min, int max, Func<double, bool> allowed)
    {
        var values = reader.Array<double>(name, min, max);
        foreach (double value in values)
            if (!double.IsFinite(value) || !allowed(value)) throw reader.Wrong(name, $"holds {value}");
        return values;
    }
}
