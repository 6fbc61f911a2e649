namespace Tilth.Statistics;

/// <summary>Wilson's (1927) interval of a proportion: stays within [0, 1] and has a width also at 0 and 1.</summary>
internal static class ProportionInterval
{
    /// <summary>The standard normal's 97.5 % quantile.</summary>
    public const double Z95 = 1.959963984540054;

    /// <summary>The 95 % limits.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="trials">Above 0; for weighted rows Kish's effective number, (sum of weights)^2 / sum of squares.</param>
    public static (double Lower, double Upper) Wilson(double share, double trials)
    {
        double z2 = Z95 * Z95, scale = 1 + z2 / trials, centre = (share + z2 / (2 * trials)) / scale;
        double half = Z95 / scale * Math.Sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
        return (Math.Max(0, Math.Min(share, centre - half)), Math.Min(1, Math.Max(share, centre + half)));
    }
}
