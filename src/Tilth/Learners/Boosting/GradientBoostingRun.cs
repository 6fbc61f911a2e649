using System.Collections.Concurrent;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners.Losses;
using Tilth.Learners.Trees;
using Tilth.Models.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Boosting;

/// <summary>One fit of <see cref="GradientBoosting"/>: all that changes while it runs.</summary>
internal sealed class GradientBoostingRun : IDisposable
{
    const long MostLaneBytes = 1 << 30;

    readonly GradientBoosting learner;
    readonly IBoostingLoss loss;
    readonly FitContext context;
    readonly WorkerPool workers;
    readonly BinnedMatrix matrix;
    readonly ConcurrentBag<BoostingLane> lanes = [];
    readonly BoostedRows learn, stop;
    readonly BoostedGradients gradients;
    readonly TreeEnsemble? start;
    readonly double[] bases;
    readonly List<GrownTree> trees = [];
    readonly RandomSource random;

    public GradientBoostingRun(GradientBoosting learner, IBoostingLoss loss, TrainingSet data, FitContext context, TreeEnsemble? start)
    {
        (this.learner, this.loss, this.context, this.start) = (learner, loss, context, start);
        (workers, random) = (context.Workers, context.NewRandom());
        int[] present = TreeTarget.Present(data, data.Rows), aside = [];
        if (learner.EarlyStoppingRounds > 0)
        {
            aside = TreeTarget.Present(data, data.ValidationRows);
            if (aside.Length == 0) (present, aside) = ValidationSplit.Of(data.Target, present, random.Child(-1));
        }
        learn = new BoostedRows(data, present, loss.Outputs);
        stop = new BoostedRows(data, aside, loss.Outputs);
        if (loss.Check(learn.Values) is { } problem) throw new LearningException([problem]);
        matrix = LargeCategories.AddTo(data.Bins.Of(data, workers), data, learn, random.Child(-2), workers);
        AddLanes(new TrainingRows(matrix, present, workers));
        gradients = new BoostedGradients(loss, learn, workers);
        bases = new double[loss.Outputs];
        StartScores(data);
    }

    public void Dispose()
    {
        foreach (var lane in lanes) lane.Dispose();
    }

    /// <summary>One lane whose loops are shared by all threads, or for many outputs a lane a thread.</summary>
    void AddLanes(TrainingRows rows)
    {
        var rules = learner.Rules with { MinDataInLeaf = Math.Min(learner.MinDataInLeaf, learn.TotalWeight / 20) };
        long laneBytes = rows.Bytes + 2L * sizeof(long) * learner.NumLeaves * matrix.Columns.Sum(column => column.Bins);
        bool many = loss.Outputs >= workers.Threads && workers.Threads > 1 && laneBytes * workers.Threads <= Math.Min(MostLaneBytes, context.MemoryLimit / 8);
        for (int at = 0; at < (many ? workers.Threads : 1); at++)
            lanes.Add(new BoostingLane(at == 0 ? rows : new TrainingRows(rows), learn, loss, rules, learner.LearningRate, many ? WorkerPool.Single : workers));
    }

    /// <summary>Rounds until the limit, no better score, no cut, or the wish to finish; then the rounds up to the best score.</summary>
    public TreeEnsemble Fit() => ModelAfter(Boost());

    /// <summary>The same, with the number of rounds left open.</summary>
    public RoundsFit FitRounds() => new(Boost(), ModelAfter);

    TreeEnsemble ModelAfter(int rounds) => BoostedEnsemble.Of(trees.Take(Math.Max(1, rounds) * loss.Outputs), matrix.Columns, bases, loss, start);

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
        GC.KeepAlive(matrix);
        return stop.Count > 0 && bestRound > 0 ? bestRound : trees.Count / loss.Outputs;
    }

    void StartScores(TrainingSet data)
    {
        if (start is null)
        {
            loss.Start(learn.Values, learn.WeightsOrOnes, bases);
            learn.Fill(bases);
            stop.Fill(bases);
            return;
        }
        if (start.OutputCount != loss.Outputs || start.Link != loss.Link)
            throw new LearningException("start-model", $"the model to continue has {start.OutputCount} outputs and the link {start.Link}, but this target needs {loss.Outputs} and {loss.Link}");
        learn.Fill(start, data.Features, workers);
        stop.Fill(start, data.Features, workers);
    }

    /// <summary>A tree an output; false if none of them could cut anything.</summary>
    bool AddRound(int round)
    {
        var chance = random.Child(round);
        int[]? bag = learner.BaggingFraction < 1 ? chance.Choose(learn.Count, Math.Max(1, (int)(learner.BaggingFraction * learn.Count))) : null;
        var grown = new GrownTree[loss.Outputs];
        // A lane is free for every thread; with one lane the loop is left to what is inside.
        (lanes.Count > 1 ? workers : WorkerPool.Single).For(grown.Length, output =>
        {
            if (!lanes.TryTake(out var lane)) throw new InvalidOperationException("more threads than lanes");
            var tree = grown[output] = lane.Grow(gradients, output, bag, chance.Child(output));
            lanes.Add(lane);
            if (bag is not null) learn.Add(tree, matrix, output, workers, bag);
            stop.Add(tree, matrix, output, workers);
        });
        trees.AddRange(grown);
        return Array.Exists(grown, tree => tree.Nodes.Count > 0);
    }
}
