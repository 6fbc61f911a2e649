using Tilth.Fitting;
using Tilth.Models.Additive;

namespace Tilth.Learners.Additive;

/// <summary>One fit of <see cref="AdditiveBoosting"/>: all that changes while it runs.</summary>
internal sealed class AdditiveRun
{
    /// <summary>The stage of the progress while the pairs are learned.</summary>
    public const string Pairs = "pairs";

    /// <summary>Row visits that the search for pairs may take; beyond it looks at every second row, every third, ...</summary>
    const long MostPairVisits = 2_000_000_000;

    /// <summary>Less than this share of the loss, over all rounds of patience, is no better score.</summary>
    const double LeastGain = 1e-4;

    readonly AdditiveBoosting learner;
    readonly AdditiveLoss loss;
    readonly FitContext context;
    readonly TrainingSet data;
    readonly AdditiveRows rows;
    readonly LineTerm[] lines;
    readonly List<BoostedTerm> terms = [];
    readonly Bag[] bags;

    public AdditiveRun(AdditiveBoosting learner, AdditiveLoss loss, TrainingSet data, FitContext context)
    {
        (this.learner, this.loss, this.data, this.context) = (learner, loss, data, context);
        rows = new AdditiveRows(data, data.Bins.Of(data, context.Workers));
        lines = rows.Lines(learner.DirectionOf, context.Workers);
        // Bags that leave nothing out would all be the same one.
        bags = new Bag[learner.EarlyStoppingRounds > 0 ? learner.OuterBags : 1];
        var random = context.NewRandom();
        context.Workers.For(bags.Length, bag => bags[bag] = new Bag(rows, loss,
            learner.EarlyStoppingRounds > 0 ? Bag.LeaveOut(rows.Values, rows.LearnCount, learner.ValidationSize, random.Child(bag)) : []));
    }

    /// <summary>GA2M (Lou et al., 2013, algorithm 1): curves, then pairs on what they leave, then the mean over the bags.</summary>
    public AdditiveModel Fit()
    {
        Boost("curves", lines, learner.MaxRounds);
        if (loss.Outputs == 1 && !context.ShouldFinish) Boost(Pairs, FindPairs(), learner.MaxPairRounds < 0 ? learner.MaxRounds : learner.MaxPairRounds);
        return new ShapeAverage(rows, lines, terms, bags, loss).Model(data.Features.Map);
    }

    /// <summary>Rounds over the new terms until the limit or no better score; then back to the best round, the same for all bags.</summary>
    void Boost(string stage, IReadOnlyList<BoostedTerm> added, int most)
    {
        if (added.Count == 0) return;
        int first = terms.Count, lastGain = 0;
        terms.AddRange(added);
        context.Workers.For(bags.Length, bag => { foreach (var term in added) bags[bag].Add(term); });
        bool stops = learner.EarlyStoppingRounds > 0 && bags[0].CanStop;
        double best = stops ? StopLoss() : double.PositiveInfinity, mark = best;
        for (int round = 0; round < most; round++)
        {
            context.ThrowIfCancelled();
            context.Workers.For(bags.Length, bag => bags[bag].Round(terms, first, learner.Rules));
            double? score = stops ? StopLoss() : null;
            context.Progress?.Report(new FitProgress(stage, round + 1, most, stops ? loss.Name : null, score));
            if (score < best)
            {
                best = score.Value;
                if (best < mark - LeastGain * Math.Abs(mark)) (mark, lastGain) = (best, round + 1);
                context.Workers.For(bags.Length, bag => bags[bag].Keep());
            }
            if (context.ShouldFinish || (stops && round + 1 - lastGain >= learner.EarlyStoppingRounds)) break;
        }
        if (stops) context.Workers.For(bags.Length, bag => bags[bag].Return(terms));
    }

    /// <summary>The mean loss of all bags on the rows that they stop by.</summary>
    double StopLoss()
    {
        var losses = new (double Loss, double Weight)[bags.Length];
        context.Workers.For(bags.Length, bag => losses[bag] = bags[bag].StopLoss());
        return losses.Sum(part => part.Loss) / losses.Sum(part => part.Weight);
    }

    GridTerm[] FindPairs()
    {
        PairAxis[] axes = [.. lines.Where(line => line.Direction == 0).Select(AxisOf).Where(axis => axis.Count > 1)];
        int count = learner.PairsAmong(axes.Length);
        if (count == 0) return [];
        var pairs = (from a in Enumerable.Range(0, axes.Length) from b in Enumerable.Range(a + 1, axes.Length - a - 1) select (A: axes[a], B: axes[b])).ToArray();
        context.Workers.For(bags.Length, bag => bags[bag].ComputeGradients());
        int rowStep = (int)Math.Min(rows.Count, 1 + (long)pairs.Length * bags.Length * rows.Count / MostPairVisits);
        var scores = new double[pairs.Length];
        context.Workers.For(pairs.Length, at =>
        {
            context.ThrowIfCancelled();
            if (!context.ShouldFinish) scores[at] = PairScores.Of(pairs[at].A, pairs[at].B, bags, rows.Weights, rowStep, learner.Rules);
        });
        if (context.ShouldFinish) return [];
        return [.. Enumerable.Range(0, pairs.Length).Where(at => scores[at] > 0).OrderByDescending(at => scores[at]).ThenBy(at => at).Take(count)
            .Select(at => PairAxis.Pair(pairs[at].A, pairs[at].B))];
    }

    PairAxis AxisOf(LineTerm line)
    {
        var curve = new double[line.CellCount];
        foreach (var bag in bags)
            for (int cell = 0; cell < curve.Length; cell++) curve[cell] += bag.ValuesOf(line.Column)[cell];
        return PairAxis.Of(line, rows.CellWeights(line), curve, learner.MaxInteractionBins);
    }
}
