namespace Tilth.Learners.Solvers;

/// <summary>
/// Minimises the quadratic model plus an L1 penalty one weight at a time on the columns of the data, going round the weights
/// that are not 0 until they rest before it looks at all of them again (Friedman, Hastie and Tibshirani 2010). The outputs of
/// a multinomial model are independent of each other in the bound of its curvature that is used here.
/// </summary>
internal sealed class ColumnCoordinateDescent(bool intercept) : IStepFinder
{
    const int MostRounds = 100, MostPasses = 200;

    public double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy)
    {
        int size = design.Columns + 1;
        var step = new double[run.Coefficients.Length];
        design.Workers.For(loss.Outputs, k => Descend(run, design, penalty, accuracy, k, step.AsSpan(k * size, size)));
        return step;
    }

    void Descend(NewtonRun run, Design design, Penalty penalty, double accuracy, int output, Span<double> step)
    {
        int p = design.Columns, n = design.Rows;
        var bends = new double[p + 1];
        var moved = new double[n]; // X step
        design.SquaredNorms(run.Rows.Curvature, output * n, bends);
        var weights = run.Coefficients.AsSpan(output * (p + 1), p + 1);
        var slope = run.Slope.AsSpan(output * (p + 1), p + 1);
        double largest = 0;
        foreach (double value in slope) largest = Math.Max(largest, Math.Abs(value));
        double enough = 0.1 * accuracy * largest;
        for (int round = 0; round < MostRounds; round++)
        {
            if (Pass(all: true, step, weights, slope) <= enough) return;
            for (int pass = 0; pass < MostPasses && Pass(all: false, step, weights, slope) > enough; pass++) { }
        }

        double Pass(bool all, Span<double> step, Span<double> weights, Span<double> slope)
        {
            double furthest = 0;
            var h = run.Rows.Curvature.AsSpan(output * n, n);
            for (int j = 0; j <= p; j++)
            {
                bool free = j == p;
                if (bends[j] <= 0 || (free && !intercept) || (!all && !free && weights[j] + step[j] == 0)) continue;
                double bend = bends[j] + (free ? 0 : penalty.L2);
                double now = slope[j] + design.Dot(j, h, moved) + (free ? 0 : penalty.L2 * step[j]);
                double change = SoftThreshold.Change(weights[j] + step[j], now, bend, free ? 0 : penalty.L1);
                if (change == 0) continue;
                step[j] += change;
                design.AddColumn(j, change, moved);
                furthest = Math.Max(furthest, Math.Abs(change) * bend);
            }
            return furthest;
        }
    }
}
