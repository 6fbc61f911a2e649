using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners.Losses;
using Tilth.Learners.Trees;
using Tilth.Models;
using Tilth.Parallelism;

namespace Tilth.Learners.Oblivious;

/// <summary>One fit of <see cref="ObliviousBoosting"/>: all that changes while it runs.</summary>
internal sealed class ObliviousRun : IDisposable
{
    readonly ObliviousBoosting learner;
    readonly IBoostingLoss loss;
    readonly FitContext context;
    readonly WorkerPool workers;
    readonly BoostedRows learn, stop;
    readonly BoostedGradients gradients;
    readonly StatisticColumns columns;
    readonly TrainingRows[] rows;
    readonly ObliviousGrower[] growers;
    readonly LeafFitter[] leaves;
    readonly int[][] allowed;
    readonly GradientPack pack = new();
    readonly double[] bases;
    readonly List<GrownTree> trees = [];
    readonly RandomSource random;

    public ObliviousRun(ObliviousBoosting learner, TrainingSet data, FitContext context)
    {
        (this.learner, this.context) = (learner, context);
        (workers, random) = (context.Workers, context.NewRandom());
        loss = TargetLoss.Of(data.Target, learner.Objective);
        int[] present = TreeTarget.Present(data, data.Rows), aside = [];
        if (learner.EarlyStoppingRounds > 0)
        {
            aside = TreeTarget.Present(data, data.ValidationRows);
            if (aside.Length == 0) (present, aside) = ValidationSplit.Of(data.Target, present, random.Child(-1));
        }
        learn = new BoostedRows(data, present, loss.Outputs);
        stop = new BoostedRows(data, aside, loss.Outputs);
        if (loss.Check(learn.Values) is { } problem) throw new LearningException([problem]);
        columns = StatisticColumns.Of(learner, data, learn, stop, random.Child(-2), workers);
        allowed = [.. Enumerable.Range(0, loss.Outputs).Select(columns.ColumnsFor)];
        var rules = learner.Rules with { MinDataInLeaf = Math.Min(learner.MinDataInLeaf, learn.TotalWeight / 20) };
        rows = [.. columns.Matrices.Select(matrix => new TrainingRows(matrix, present, workers))];
        growers = [.. rows.Select(own => new ObliviousGrower(own, learn.Weights, rules, workers))];
        leaves = [.. growers.Select(grower => new LeafFitter(rules, learner.LearningRate, loss, learn, grower.Partition, workers))];
        gradients = new BoostedGradients(loss, learn, workers);
        bases = new double[loss.Outputs];
        loss.Start(learn.Values, learn.WeightsOrOnes, bases);
        learn.Fill(bases);
        stop.Fill(bases);
    }

    public void Dispose()
    {
        foreach (var grower in growers) grower.Dispose();
        foreach (var own in rows) own.Dispose();
    }

    /// <summary>Rounds until the limit, no better score, no cut, or the wish to finish; then the rounds up to the best score.</summary>
    public Model Fit() => ModelAfter(Boost());

    /// <summary>The same, with the number of rounds left open.</summary>
    public RoundsFit FitRounds() => new(Boost(), ModelAfter);

    Model ModelAfter(int rounds) => columns.ModelOf([.. trees.Take(Math.Max(1, rounds) * loss.Outputs)], bases, loss);

    /// <summary>Adds rounds; gives how many of them were best.</summary>
    int Boost()
    {
        double best = double.PositiveInfinity;
        int bestRound = 0;
        for (int round = 0; round < learner.NEstimators; round++)
        {
            context.ThrowIfCancelled();
            gradients.Compute();
            if (!AddRound(round)) break;
            double? score = stop.Count > 0 ? stop.MeanLoss(loss, workers) : null;
            context.Progress?.Report(new FitProgress("boosting", round + 1, learner.NEstimators, score is null ? null : loss.Name, score));
            if (score < best) (best, bestRound) = (score.Value, round + 1);
            if (context.ShouldFinish) break;
            if (score is not null && round + 1 - bestRound >= learner.EarlyStoppingRounds) break;
        }
        GC.KeepAlive(columns);
        return stop.Count > 0 && bestRound > 0 ? bestRound : trees.Count / loss.Outputs;
    }

    /// <summary>A tree an output, each grown in one of the random orders; false if none of them could cut anything.</summary>
    bool AddRound(int round)
    {
        var chance = random.Child(round);
        int[]? bag = learner.BaggingFraction < 1 ? chance.Choose(learn.Count, Math.Max(1, (int)(learner.BaggingFraction * learn.Count))) : null;
        int order = chance.NextInt(growers.Length);
        bool grown = false;
        for (int output = 0; output < loss.Outputs; output++)
        {
            pack.Prepare(gradients.First[output], gradients.Second[output], learn.Weights, gradients.Largest[output]);
            var tree = growers[order].Grow(pack, bag, allowed[output], NoiseAt(round, output), chance.Child(output));
            leaves[order].Fit(tree, gradients.First[output], gradients.Second[output], output);
            if (bag is not null) learn.Add(tree, columns.Matrices[order], output, workers, bag);
            stop.Add(tree, columns.Matrices[order], output, workers);
            trees.Add(tree);
            grown |= tree.Nodes.Count > 0;
        }
        return grown;
    }

    /// <summary>CatBoost's fading noise: relative to the gradients' size, and halved when rounds x step reach the log of the rows.</summary>
    double NoiseAt(int round, int output)
    {
        if (learner.RandomStrength == 0) return 0;
        double squares = 0, hessians = 0;
        foreach (float g in gradients.First[output]) squares += (double)g * g;
        foreach (float h in gradients.Second[output]) hessians += h;
        if (hessians <= 0) return 0;
        double left = Elementary.Exp(Elementary.Log(learn.Count) - round * learner.LearningRate);
        return learner.RandomStrength * Math.Sqrt(squares / hessians) * left / (1 + left);
    }
}
