using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;
using Tilth.Parts;

namespace Tilth.Search;

/// <summary>One candidate of a search.</summary>
/// <param name="Model">The learner and the settings that differ from its defaults, as they are typed.</param>
/// <param name="Title">The learner's name for people.</param>
/// <param name="Score">The metric out of fold with its 95 % interval; NaN limits where a resample cannot say.</param>
/// <param name="Difference">Its score minus the simplest model's on the same resampled rows, with the 95 % interval.</param>
/// <param name="Weight">Its share in the blend; 0 if it did not join.</param>
/// <param name="FitSeconds">All folds and repeats together, by the clock; 0 without one.</param>
/// <param name="Bytes">Of its models in a package, roughly.</param>
/// <param name="Models">Fold models, all repeats together.</param>
public sealed record LeaderboardRow(string Model, string Title, Interval Score, Interval Difference, double Weight, double FitSeconds, long Bytes, int Models);

/// <summary>Every candidate that a search finished, the best first, beside the simplest one; and how the rest ended.</summary>
/// <param name="Metric">The name of the metric of all scores.</param>
/// <param name="Simplest">The model that the differences are from.</param>
/// <param name="Rows">The best first.</param>
/// <param name="Blend">Of the blend, on rows that its choice did not see.</param>
/// <param name="BlendDifference">Of the blend from the simplest model, on the same rows.</param>
/// <param name="Recommendation">In words: whether the simplest model is as good within the noise.</param>
/// <param name="Others">Trials that were dropped, cut, skipped or failed: the model and why.</param>
public sealed record Leaderboard(string Metric, string Simplest, IReadOnlyList<LeaderboardRow> Rows, Interval Blend, Interval BlendDifference, string Recommendation, IReadOnlyList<(string Model, string Why)> Others)
{
    const int MostRows = 30;

    internal static Leaderboard Of(IReadOnlyList<Member> members, FinalBlend blend, IReadOnlyList<Trial> trials, SearchData search, FitContext context)
    {
        int[] at = Array.ConvertAll(blend.OutOfFold.Rows, search.PositionOf);
        var ranked = members.Select((member, m) => (Member: member, Weight: blend.Weights[m])).OrderBy(pair => pair.Member.Error).Take(MostRows).ToList();
        var simplest = members.MinBy(member => (SimplicityOf(member), member.Error))!;
        double[] constant = [.. Enumerable.Range(0, at.Length * search.Outputs).Select(i => blend.OutOfFold.Baseline[i % search.Outputs])];
        double[][] compared = [search.Take(simplest.OutOfFold, at), constant, blend.OutOfFold.Predictions, .. ranked.Select(pair => search.Take(pair.Member.OutOfFold, at))];
        var intervals = new PairedScores(compared, at, search, context);
        var rows = ranked.Select((pair, r) => new LeaderboardRow(pair.Member.Key, pair.Member.Candidate.Entry.Title, intervals.Score(3 + r), intervals.Difference(3 + r, 0), pair.Weight,
            pair.Member.Seconds, BytesOf(pair.Member.Node), pair.Member.Trials.Sum(trial => trial.Models.Count))).ToList();
        var (blended, gain, overTrivial) = (intervals.Score(2), intervals.Difference(2, 0), intervals.Difference(2, 1));
        var others = trials.Where(trial => trial.Status != TrialStatus.Done).Select(trial => (trial.Candidate.Key, trial.Reason)).ToList();
        return new(search.Metric.Name, simplest.Key, rows, blended, gain, Advice(simplest, blend, gain, overTrivial, search.Metric), others);
    }

    static string Advice(Member simplest, FinalBlend blend, Interval gain, Interval overTrivial, Metric metric)
    {
        bool IsSure(Interval difference) => metric.HigherIsBetter ? difference.Lower > 0 : difference.Upper < 0;
        if (!IsSure(overTrivial)) return "no model foresees the target beyond the noise";
        bool better = IsSure(gain);
        string name = simplest.Candidate.Entry.Title.ToLowerInvariant();
        if (better) return $"the blend is better than {name} beyond the noise";
        double smaller = (double)blend.Node.Pipelines.Sum(BytesOf) / Math.Max(1, BytesOf(simplest.Node));
        return smaller > 1.5 ? $"{name} is as good within the noise and {smaller:F0} times smaller" : $"{name} is as good within the noise";
    }

    /// <summary>Lower is simpler: linear models first.</summary>
    static int SimplicityOf(Member member) => member.Candidate.Entry.Name == "linear" ? 0 : 1;

    /// <summary>Of all models of a trial in a file, roughly.</summary>
    internal static long BytesOf(Trial trial) => trial.Models.Sum(BytesOf);

    /// <summary>Trees by their nodes, without packing them; others by their arrays.</summary>
    internal static long BytesOf(Node node) => node.Pipelines.Sum(BytesOf);

    static long BytesOf(Pipeline pipeline)
    {
        if (pipeline.Model is TreeEnsemble ensemble) return ensemble.Trees.Sum(tree => tree.Feature.Length * 17L + tree.LeafCount * 8L + tree.LeafValues.Length * 4L);
        var arrays = new ArrayStore();
        using var json = new System.Text.Json.Utf8JsonWriter(Stream.Null);
        json.WriteStartObject();
        pipeline.Model.Pack(new PartWriter(json, arrays));
        json.WriteEndObject();
        return arrays.Entries.Sum(entry => (long)entry.Bytes.Length);
    }
}
