using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>The members with weights above 0, and a score of the blend that its choice did not make better than it is.</summary>
/// <param name="Node">Predicts from conformed tables.</param>
/// <param name="Weights">One a member; they sum to 1.</param>
/// <param name="Error">Of the blend on the rows that the weights were chosen on: too good.</param>
/// <param name="OutOfFold">Predictions of rows by blends that did not see them, neither in learning nor in choosing.</param>
internal sealed record FinalBlend(Node Node, double[] Weights, double Error, OutOfFold OutOfFold)
{
    const int Parts = 4, PartsOfMany = 2, ManyRows = 5000;

    /// <summary>A smaller share of repeated members does not speak for the blend.</summary>
    const double LeastRepeated = 0.25;

    /// <summary>Shares below this are not worth a model.</summary>
    const double LeastShare = 0.02;

    /// <summary>
    /// Chooses weights on all scored rows for the package; and for the score once more without each part of them, so that the rows
    /// of a part are foreseen by a choice (of members and weights) that never saw them.
    /// </summary>
    public static FinalBlend Of(IReadOnlyList<Member> members, SearchData search, FitContext context)
    {
        if (members is [{ Trials: [{ Foreseen: { } foreseen }] } cut]) return Alone(cut, foreseen, search);
        var greedy = new GreedyBlend(search, [.. members.Select(member => member.OutOfFold)], context.Workers);
        int[] all = [.. Enumerable.Range(0, search.ScoredRows.Length)];
        double[] weights = Trimmed(greedy, greedy.Weights(all, context.Child(-1).Seed), all, search);
        double[] honest = CrossFitted(greedy, search, context);
        return new(NodeOf(members, weights), weights, search.Error(greedy.Predict(weights, all)), new OutOfFold(search.ScoredRows, honest, [], BaselineOf(search)) { Divisions = DivisionsOf(members, weights, honest, search) });
    }

    /// <summary>
    /// What the blend would have foreseen under each division into folds. Only some members are repeated, but all learn from the same
    /// rows and deviate with them: the blend is taken to deviate as its repeated share does, or as all repeated members if that share is small.
    /// </summary>
    static Divisions DivisionsOf(IReadOnlyList<Member> members, double[] weights, double[] honest, SearchData search)
    {
        int[] repeated = [.. Enumerable.Range(0, members.Count).Where(m => members[m].Trials.Count > 1)];
        if (repeated.Length == 0) return Divisions.None;
        double share = repeated.Sum(m => weights[m]);
        var divisions = new double[repeated.Max(m => members[m].Trials.Count)][];
        for (int r = 0; r < divisions.Length; r++)
        {
            divisions[r] = [.. honest];
            foreach (int m in repeated)
            {
                double counts = share >= LeastRepeated ? weights[m] / share : 1.0 / repeated.Length;
                double[] one = members[m].Trials[r % members[m].Trials.Count].OutOfFold, mean = members[m].OutOfFold;
                for (int i = 0; i < honest.Length; i++) divisions[r][i] += counts * (one[i] - mean[i]);
            }
            divisions[r] = Bounded(divisions[r], search);
        }
        double Mean(Func<int, double> of) => Enumerable.Range(0, members.Count).Sum(m => weights[m] * of(members[m].Trials.Count));
        return new(divisions, search.Folds, (int)Math.Round(search.Folds * Mean(count => count))) { MeanOf = 1 / Mean(count => 1.0 / count) };
    }

    /// <summary>Divisions of a model that learned from the blend: it deviates with it, and is one model, not a mean.</summary>
    /// <param name="predictions">Its own of the scored rows x outputs.</param>
    /// <param name="search">Whose rows they are.</param>
    public Divisions DeviationsAround(double[] predictions, SearchData search)
    {
        if (OutOfFold.Divisions.Predictions.Count == 0) return Divisions.None;
        return new([.. OutOfFold.Divisions.Predictions.Select(division => Bounded([.. predictions.Select((own, i) => own + division[i] - OutOfFold.Predictions[i])], search))], search.Folds, 1);
    }

    /// <summary>Shares of classes stay such.</summary>
    static double[] Bounded(double[] predictions, SearchData search)
        => search.Data.Target.Task == TaskKind.Regression ? predictions : Array.ConvertAll(predictions, share => Math.Clamp(share, 0, 1));

    static FinalBlend Alone(Member member, int[] foreseen, SearchData search)
        => new(member.Node, [1], member.Error, new OutOfFold(Array.ConvertAll(foreseen, at => search.ScoredRows[at]), search.Take(member.OutOfFold, foreseen), [], BaselineOf(search)));

    static double[] CrossFitted(GreedyBlend blend, SearchData search, FitContext context)
    {
        int parts = search.ScoredRows.Length < ManyRows ? Parts : PartsOfMany;
        var honest = new double[search.ScoredRows.Length * search.Outputs];
        int part = 0;
        foreach (var (choose, foresee) in PartsOf(search, parts, context))
        {
            double[] predicted = blend.Predict(blend.Weights(choose, context.Child(part++).Seed), foresee);
            for (int i = 0; i < foresee.Length; i++) predicted.AsSpan(i * search.Outputs, search.Outputs).CopyTo(honest.AsSpan(foresee[i] * search.Outputs));
        }
        return honest;
    }

    static Fold[] PartsOf(SearchData search, int parts, FitContext context)
    {
        int most = search.Keys.Groups?.Distinct().Count() ?? search.ScoredRows.Length;
        return most < 2 ? [new Fold([0], [.. Enumerable.Range(0, search.ScoredRows.Length)])] : Splits.KFold(search.Keys, Math.Min(parts, most), context.Child(-2).Seed);
    }

    /// <summary>Without members of a tiny share, if that does not cost anything against the best single member.</summary>
    static double[] Trimmed(GreedyBlend greedy, double[] weights, int[] all, SearchData search)
    {
        double kept = weights.Where(weight => weight >= LeastShare).Sum();
        if (kept is 0 or 1) return weights;
        double[] trimmed = [.. weights.Select(weight => weight >= LeastShare ? weight / kept : 0)];
        double before = search.Error(greedy.Predict(weights, all));
        return search.Error(greedy.Predict(trimmed, all)) <= before + 1e-4 * Math.Abs(before) ? trimmed : weights;
    }

    /// <summary>The members with weights above 0 as one node.</summary>
    public static Node NodeOf(IReadOnlyList<Member> members, double[] weights)
    {
        int[] kept = [.. Enumerable.Range(0, members.Count).Where(m => weights[m] > 0)];
        return kept.Length == 1 ? members[kept[0]].Node : new Blend([.. kept.Select(m => weights[m])], [.. kept.Select(m => members[m].Node)]);
    }

    static double[] BaselineOf(SearchData search) => TrivialBaseline.From(search.Data.Target, search.Rows, search.Data.WeightsOf(search.Rows));
}
