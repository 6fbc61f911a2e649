using Tilth.Fitting;
using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// Chooses the strength of a penalty by cross-validation along a path from strong to weak, each solution starting at the last
/// (Friedman, Hastie and Tibshirani 2010). Rows that are equal always fall in the same fold, and folds depend on what rows hold
/// and not on where they stand: a copy of a row cannot vouch for it, and a weight of 2 is the row twice. Where there are many
/// rows, a part of them chooses.
/// </summary>
internal sealed class PenaltyPath(Design design, Func<LinearLoss> lossOf, bool classes, double l1Ratio, bool intercept, int folds,
    int mostRows = 20_000)
{
    const int MostPoints = 20;

    static readonly Precision Rough = new(1e-4, 25);

    double growth = 1; // weight of all rows over that of the rows that choose

    /// <summary>The mean held-out loss under the chosen penalty, once it is chosen.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>For several classes, the coefficients without the first fold under the best penalty of the path; else null.</summary>
    public double[]? Nearby { get; private set; }

    /// <summary>The penalty with the least held-out loss.</summary>
    public Penalty Choose(FitContext context)
    {
        var (sample, fold, foldCount) = Deal();
        double step = l1Ratio > 0 ? 0.25 : 0.5; // of a power of ten
        bool several = lossOf().Outputs > 1;
        int patience = several && l1Ratio == 0 ? 2 : 3; // several classes take ever longer at weak penalties
        if (foldCount < 2) return OnAllRows(1);
        var runs = new NewtonRun[foldCount];
        var held = new double[foldCount][];
        var nearby = ClassCurvature.For(sample, lossOf(), intercept, l1Ratio > 0, shared: true);
        sample.Workers.For(foldCount, f =>
        {
            held[f] = Weights(sample, fold, row => row == f);
            runs[f] = new NewtonRun(sample, lossOf(), Weights(sample, fold, row => row != f), intercept, l1Ratio > 0, nearby);
        });
        double start = StrongestUseful(sample, runs);
        var losses = new List<double>();
        int best = 0;
        for (int point = 0; point < MostPoints; point++)
        {
            if (context.ShouldFinish && point > 0) break;
            double strength = start * Elementary.Pow(10, -point * step);
            var penalty = new Penalty(l1Ratio * strength, (1 - l1Ratio) * strength);
            nearby?.RenewWherePaid(runs[0].Rows, penalty);
            var sums = new double[foldCount];
            sample.Workers.For(foldCount, f =>
            {
                runs[f].Solve(penalty, Rough, context);
                sums[f] = HeldOutLoss(sample, runs[f], held[f]);
            });
            losses.Add(Design.Total(sums));
            if (point == 0 || losses[point] < losses[best])
            {
                best = point;
                if (several) Nearby = (double[])runs[0].Coefficients.Clone();
            }
            context.Progress?.Report(new FitProgress("choosing the penalty", point + 1, MostPoints, "held-out loss", losses[point] / sample.TotalWeight));
            if (point - best >= patience) break;
        }
        BestLoss = losses[best] / sample.TotalWeight;
        return OnAllRows(start * Elementary.Pow(10, -(best + Vertex(losses, best)) * step));
    }

    /// <summary>
    /// The penalty on all rows of the strength that a part of them chose. L2 strengths carry over to more rows as they are (the prior does not
    /// know how many rows there are); L1 strengths grow with the square root of their number, as the noise in a slope does.
    /// </summary>
    Penalty OnAllRows(double strength) => new(l1Ratio * strength * Math.Sqrt(growth), (1 - l1Ratio) * strength);

    /// <summary>The rows that choose, the fold of each, and how many folds there are.</summary>
    (Design Sample, int[] Fold, int Count) Deal()
    {
        var hashes = new ulong[design.Rows];
        design.Workers.ForChunks(design.Rows, Design.ChunkRows, (_, start, end) =>
        {
            for (int i = start; i < end; i++) hashes[i] = design.HashOf(i);
        });
        var sample = design;
        if (design.Rows > mostRows)
        {
            var sorted = (ulong[])hashes.Clone();
            Array.Sort(sorted);
            int[] chosen = [.. Enumerable.Range(0, design.Rows).Where(i => hashes[i] < sorted[mostRows])];
            if (chosen.Length > mostRows / 2)
            {
                sample = design.Take(chosen);
                hashes = Array.ConvertAll(chosen, i => hashes[i]);
                growth = design.TotalWeight / sample.TotalWeight;
            }
        }
        int[] order = [.. Enumerable.Range(0, sample.Rows)
            .OrderBy(i => classes ? sample.Target[i] : 0).ThenBy(i => hashes[i])];
        var fold = new int[sample.Rows];
        int group = -1;
        for (int at = 0; at < order.Length; at++)
        {
            if (at == 0 || hashes[order[at]] != hashes[order[at - 1]]) group++;
            fold[order[at]] = group % folds;
        }
        return (sample, fold, Math.Min(folds, (group + 1) / 2));
    }

    static double[] Weights(Design sample, int[] fold, Func<int, bool> counts)
    {
        var weights = new double[sample.Rows];
        for (int i = 0; i < weights.Length; i++) weights[i] = counts(fold[i]) ? sample.Weights[i] : 0;
        return weights;
    }

    /// <summary>Where the path starts: with L1, where the first weight leaves 0; else where every weight is nearly 0.</summary>
    double StrongestUseful(Design sample, NewtonRun[] runs)
    {
        if (l1Ratio > 0) return runs.Max(run => run.LargestUsefulL1) / l1Ratio;
        var bends = new double[sample.Columns + 1];
        sample.SquaredNorms(runs[0].Rows.Curvature, 0, bends);
        double largest = 0;
        for (int j = 0; j < sample.Columns; j++) largest = Math.Max(largest, bends[j]);
        return 10 * Math.Max(largest, 1e-10);
    }

    static double HeldOutLoss(Design sample, NewtonRun run, double[] held)
    {
        var rows = run.Rows with { Weights = held, Gradient = new double[run.Scores.Length], Curvature = new double[run.Scores.Length] };
        double loss = 0;
        for (int chunk = 0; chunk < sample.Chunks; chunk++)
            loss += run.Loss.Evaluate(rows, chunk * Design.ChunkRows, Math.Min(sample.Rows, (chunk + 1) * Design.ChunkRows));
        return double.IsNaN(loss) ? double.PositiveInfinity : loss;
    }

    /// <summary>The lowest point of the parabola through the best loss and its neighbours, as an offset from the best.</summary>
    static double Vertex(List<double> losses, int best)
    {
        if (best == 0 || best == losses.Count - 1) return 0;
        double left = losses[best - 1] - losses[best], right = losses[best + 1] - losses[best];
        return left + right > 0 && double.IsFinite(left + right) ? 0.5 * (left - right) / (left + right) : 0;
    }
}
