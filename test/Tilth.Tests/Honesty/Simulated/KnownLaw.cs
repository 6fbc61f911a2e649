using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Tests.Honesty.Simulated;

/// <summary>
/// A law from which tables are drawn: mixed columns, a third of which matter (lines, bends, levels, one interaction), and a
/// target whose true probability or mean is known for every row. A cell without a value does not move the target, so that
/// nobody who sees the table can do better than the law.
/// </summary>
sealed class KnownLaw
{
    const int ScaleRows = 4000;

    readonly int columns, informative;
    readonly int[] kinds;
    readonly double[] weights;
    readonly double[][] effects;
    readonly double middle, scale, offset, noise;

    /// <summary>Draws a law.</summary>
    /// <param name="task">Binary or regression.</param>
    /// <param name="columns">Number of columns beside the target.</param>
    /// <param name="skill">Binary: the AUC of the true probabilities. Regression: the share of the variance that the true mean explains.</param>
    /// <param name="positives">Binary: the share of positive rows.</param>
    /// <param name="seed">Decides everything.</param>
    public KnownLaw(TaskKind task, int columns, double skill, double positives, ulong seed)
    {
        (Task, this.columns, informative) = (task, columns, Math.Max(3, columns / 3));
        var random = new RandomSource(seed);
        kinds = [.. Enumerable.Range(0, columns).Select(c => c < informative ? c % 4 : random.NextInt(4))];
        weights = [.. Enumerable.Range(0, columns).Select(c => c < informative ? (random.NextInt(2) == 0 ? -1 : 1) * (0.5 + random.NextDouble()) : 0)];
        effects = [.. Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, 8).Select(_ => random.NextGaussian()).ToArray())];
        double[] scores = Draw(ScaleRows, random.Child(0), scored: true).Truth;
        Array.Sort(scores);
        middle = scores.Average();
        double spread = Math.Sqrt(scores.Average(s => (s - middle) * (s - middle)));
        scores = Array.ConvertAll(scores, s => (s - middle) / spread);
        (scale, offset) = (1 / spread, 0);
        if (task == TaskKind.Regression)
        {
            noise = Math.Sqrt((1 - skill) / skill);
            return;
        }
        double slope = Bisect(0, 20, a => AucOf(scores, a, Bisect(-30, 30, b => RateOf(scores, a, b) - positives)) - skill);
        (scale, offset) = (slope / spread, Bisect(-30, 30, b => RateOf(scores, slope, b) - positives));
    }

    /// <summary>Binary or regression.</summary>
    public TaskKind Task { get; }

    /// <summary>Draws a table with the target "y", and each row's true probability of "yes" or true mean.</summary>
    public (Table Table, double[] Truth) Draw(int rows, ulong seed) => Draw(rows, new RandomSource(seed), scored: false);

    (Table Table, double[] Truth) Draw(int rows, RandomSource random, bool scored)
    {
        var latent = new double[columns][];
        var drawn = new List<Column>();
        for (int c = 0; c < columns; c++)
        {
            var source = random.Child(c);
            var values = latent[c] = new double[rows];
            bool holes = c % 5 == 4;
            int kind = kinds[c];
            for (int row = 0; row < rows; row++)
                values[row] = holes && source.NextDouble() < 0.05 ? double.NaN : kind switch
                {
                    2 => source.NextInt(2 + c % 6),
                    3 => source.NextDouble() < 0.4 ? 1 : 0,
                    _ => source.NextGaussian(),
                };
            drawn.Add(kind >= 2
                ? new CategoryColumn($"x{c}", Array.ConvertAll(values, v => double.IsNaN(v) ? -1 : (int)v), new LevelSet([.. Enumerable.Range(0, 8).Select(level => $"level {level}")]))
                : new NumberColumn($"x{c}", kind == 0 ? values : Array.ConvertAll(values, v => Elementary.Exp(v))));
        }
        var truth = new double[rows];
        var targets = random.Child(-1);
        var y = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double score = Score(latent, row);
            if (scored) truth[row] = score;
            else if (Task == TaskKind.Regression) y[row] = (truth[row] = scale * (score - middle)) + noise * targets.NextGaussian();
            else y[row] = targets.NextDouble() < (truth[row] = Elementary.Sigmoid(scale * (score - middle) + offset)) ? 1 : 0;
        }
        if (scored) return (new Table(drawn), truth);
        drawn.Add(Task == TaskKind.Regression ? new NumberColumn("y", y) : new CategoryColumn("y", Array.ConvertAll(y, v => (int)v), new LevelSet(["no", "yes"])));
        return (new Table(drawn), truth);
    }

    double Score(double[][] latent, int row)
    {
        double score = 0;
        for (int c = 0; c < informative; c++)
        {
            double value = latent[c][row];
            if (double.IsNaN(value)) continue;
            score += kinds[c] >= 2 ? weights[c] * effects[c][(int)value] : weights[c] * (c % 3 == 1 ? Math.Abs(value) : value);
        }
        double product = latent[0][row] * latent[1][row];
        return score + (double.IsNaN(product) ? 0 : 0.5 * product);
    }

    static double RateOf(double[] scores, double slope, double offset) => scores.Average(s => Elementary.Sigmoid(slope * s + offset));

    /// <summary>The expected AUC of true probabilities that ascend: pairs (negative below, positive above) over all pairs.</summary>
    static double AucOf(double[] ascending, double slope, double offset)
    {
        double below = 0, wins = 0, positives = 0;
        foreach (double s in ascending)
        {
            double p = Elementary.Sigmoid(slope * s + offset);
            wins += p * (below + (1 - p) / 2);
            below += 1 - p;
            positives += p;
        }
        return wins / (positives * below);
    }

    static double Bisect(double low, double high, Func<double, double> rising)
    {
        for (int step = 0; step < 40; step++)
        {
            double at = (low + high) / 2;
            if (rising(at) < 0) low = at;
            else high = at;
        }
        return (low + high) / 2;
    }
}
