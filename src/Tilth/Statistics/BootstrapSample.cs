using Tilth.Kernels;

namespace Tilth.Statistics;

/// <summary>
/// Bootstrap resamples as weights of rows (Efron, 1979). Whole groups are drawn where rows belong together. Class shares are
/// left free: fixing them would hide the part of the error that comes from not knowing them.
/// </summary>
internal sealed class BootstrapSample
{
    /// <summary>Above this many rows fewer resamples are drawn: their spread then comes close to the normal's.</summary>
    const int ManyRows = 50_000;

    const int Fewest = 40;

    readonly int rows, groupCount;
    readonly int[]? groupOf;
    readonly double[]? weights;
    readonly RandomSource random;

    /// <summary>Prepares resamples of rows.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="weights">The rows' own weights, which multiply the draws; null for 1.</param>
    /// <param name="groups">Rows of equal number are drawn together; null if rows are independent.</param>
    /// <param name="seed">Resample i depends on it and on i alone.</param>
    public BootstrapSample(int rows, double[]? weights, int[]? groups, ulong seed)
    {
        (this.rows, this.weights, random) = (rows, weights, new(seed));
        if (groups is null) return;
        var numbers = new Dictionary<int, int>();
        groupOf = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            if (!numbers.TryGetValue(groups[row], out int number)) numbers.Add(groups[row], number = numbers.Count);
            groupOf[row] = number;
        }
        groupCount = numbers.Count;
    }

    /// <summary>How many resamples to draw when up to <paramref name="wanted"/> are asked for.</summary>
    public static int Count(int rows, int wanted)
        => rows <= ManyRows ? wanted : Math.Min(wanted, Math.Max(Fewest, (int)((long)wanted * ManyRows / rows)));

    /// <summary>The weights of resample <paramref name="index"/>: how often each row was drawn, times its own weight.</summary>
    public double[] Weights(int index)
    {
        var source = random.Child(index);
        var drawn = new double[rows];
        if (groupOf is null)
            for (int i = 0; i < rows; i++) drawn[source.NextInt(rows)]++;
        else
        {
            var times = new int[groupCount];
            for (int i = 0; i < groupCount; i++) times[source.NextInt(groupCount)]++;
            for (int row = 0; row < rows; row++) drawn[row] = times[groupOf[row]];
        }
        if (weights is not null)
            for (int row = 0; row < rows; row++) drawn[row] *= weights[row];
        return drawn;
    }

    /// <summary>
    /// How many standard errors 95 % limits lie out: Student's quantile, and a little more because resamples of n rows (or groups)
    /// spread by the root of (n - 1) / n too little (Hesterberg, 2015).
    /// </summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="groups">Their groups, or null.</param>
    public static double Reach(int rows, int[]? groups)
    {
        int drawn = Math.Max(2, groups?.Distinct().Count() ?? rows);
        return drawn > 10_000 ? ProportionInterval.Z95 : Math.Sqrt(drawn / (drawn - 1.0)) * StudentDistribution.Quantile(0.975, drawn - 1);
    }

    /// <summary>95 % limits from the replicates of a statistic: bias-corrected percentiles (Efron, 1987) where there are enough
    /// of them, the normal's otherwise. Where resampling itself moves the statistic (its value lies outside nearly all of them),
    /// they are mirrored at it. Replicates that are not numbers are left out; NaN if most are not.</summary>
    /// <param name="value">Of the rows themselves.</param>
    /// <param name="replicates">Of the resamples.</param>
    /// <param name="reach">Standard errors that the limits lie out.</param>
    public static (double Lower, double Upper) Limits(double value, IEnumerable<double> replicates, double reach = ProportionInterval.Z95)
    {
        double[] all = [.. replicates];
        double[] known = [.. all.Where(double.IsFinite).Order()];
        if (!double.IsFinite(value) || known.Length < 20 || known.Length * 2 < all.Length) return (double.NaN, double.NaN);
        if (known.Length < 150)
        {
            double mean = known.Average(), spread = Math.Sqrt(known.Sum(v => (v - mean) * (v - mean)) / (known.Length - 1));
            return (value - reach * spread, value + reach * spread);
        }
        double below = known.Count(v => v < value) + 0.5 * known.Count(v => v == value);
        double share = below / known.Length;
        if (share is < 0.05 or > 0.95) return (2 * value - At(known, NormalDistribution.Cdf(reach)), 2 * value - At(known, NormalDistribution.Cdf(-reach)));
        double shift = NormalDistribution.Quantile(share);
        double low = NormalDistribution.Cdf(2 * shift - reach), high = NormalDistribution.Cdf(2 * shift + reach);
        return (At(known, low), At(known, high));
    }

    /// <summary>The middle 95 % of the replicates that are numbers; NaN where there is none.</summary>
    public static (double Lower, double Upper) Percentiles(IEnumerable<double> replicates)
    {
        double[] known = [.. replicates.Where(double.IsFinite).Order()];
        return known.Length == 0 ? (double.NaN, double.NaN) : (At(known, 0.025), At(known, 0.975));
    }

    /// <summary>The quantile of ascending values, with linear interpolation between (i - 1/2) / n.</summary>
    internal static double At(ReadOnlySpan<double> ascending, double level)
    {
        double position = Math.Clamp(level * ascending.Length - 0.5, 0, ascending.Length - 1);
        int below = (int)position;
        double part = position - below;
        return part == 0 ? ascending[below] : ascending[below] * (1 - part) + ascending[below + 1] * part;
    }
}
