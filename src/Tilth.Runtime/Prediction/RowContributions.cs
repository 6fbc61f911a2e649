using Tilth.Explanation;
using Tilth.Models;
using Tilth.Models.Nodes;

namespace Tilth.Prediction;

/// <summary>How far a source column moved a row's raw score from its average.</summary>
/// <param name="Column">The source column.</param>
/// <param name="Amount">On the model's raw scale (log odds for classes).</param>
public readonly record struct Contribution(string Column, double Amount);

/// <summary>
/// Attributions of a whole tree of nodes on source columns: a pipeline's own, and for means and blends their weighted sum.
/// That is exact for the weighted sum of raw scores. Stacks, and blends of members on different scales, have none.
/// </summary>
internal sealed class RowContributions
{
    readonly List<(Pipeline Pipeline, SourceAttribution Sources, double Share)> members = [];

    RowContributions(int outputs) => OutputCount = outputs;

    public int OutputCount { get; }

    /// <summary>The tree's attributions, or null where it has none.</summary>
    public static RowContributions? Of(Node root)
    {
        var contributions = new RowContributions(root.OutputCount);
        if (!contributions.Add(root, 1)) return null;
        Link link = contributions.members[0].Pipeline.Model.Link;
        return contributions.members.TrueForAll(member => member.Pipeline.Model.Link == link) ? contributions : null;
    }

    /// <summary>One output's contributions, the largest first; equal ones by name.</summary>
    public List<Contribution> Explain(PreparedRow row, int output)
    {
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        row.Begin();
        foreach (var (pipeline, sources, share) in members)
        {
            var byFeature = new double[sources.FeatureCount * OutputCount];
            var bySource = new double[sources.Sources.Count * OutputCount];
            RowAttribution.Explain(pipeline.Model, row.FeaturesOf(pipeline.Preparation), byFeature, new double[OutputCount]);
            sources.Sum(byFeature, OutputCount, bySource);
            for (int s = 0; s < sources.Sources.Count; s++)
                sums[sources.Sources[s]] = sums.GetValueOrDefault(sources.Sources[s]) + share * bySource[s * OutputCount + output];
        }
        return [.. sums.Select(pair => new Contribution(pair.Key, pair.Value))
            .OrderByDescending(c => Math.Abs(c.Amount)).ThenBy(c => c.Column, StringComparer.Ordinal)];
    }

    bool Add(Node node, double share)
    {
        switch (node)
        {
            case Pipeline pipeline when RowAttribution.CanExplain(pipeline.Model):
                members.Add((pipeline, new SourceAttribution(pipeline.Preparation.Map), share));
                return true;
            case Mean mean:
                return mean.Children.All(child => Add(child, share / mean.Children.Count));
            case Blend blend:
                for (int c = 0; c < blend.Children.Count; c++)
                    if (!Add(blend.Children[c], share * blend.Shares[c])) return false;
                return true;
            default:
                return false;
        }
    }
}
