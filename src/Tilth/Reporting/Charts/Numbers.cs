using System.Globalization;

namespace Tilth.Reporting.Charts;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>Four significant digits; from 10,000 on thousands are parted by a comma, so that years are read as years; "unknown" for NaN; below 1e-12 nothing is left.</summary>
    public static string Short(double value)
    {
        if (double.IsNaN(value)) return "unknown";
        double size = Math.Abs(value);
        if (size < 1e-12) return "0"; // what rounding leaves
        if (size is >= 1e9 or < 1e-3) return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        string format = size >= 9999.5 ? "#,0" : size >= 1000 ? "0" : size >= 100 ? "0.#" : size >= 10 ? "0.##" : size >= 1 ? "0.###" : "0.####";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Three significant digits; thousands as k and millions as M, for little room.</summary>
    public static string Compact(double value) => Math.Abs(value) switch
    {
        >= 999_500 and < 1e12 => $"{Digits(value / 1e6)}M",
        >= 10_000 and < 999_500 => $"{Digits(value / 1e3)}k",
        >= 1e-3 and < 1000 => Digits(value),
        _ => Short(value),
    };

    static string Digits(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.#", >= 1 => "0.##", _ => "0.###" }, CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage with at most one decimal.</summary>
    public static string Percent(double share) => double.IsNaN(share) ? "unknown" : (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    /// <summary>A share as a percentage in whole points; tenths below a hundredth.</summary>
    public static string Whole(double share) => double.IsNaN(share) ? "unknown" : (share * 100).ToString(Math.Abs(share) is > 0 and < 0.0095 ? "0.#" : "0", CultureInfo.InvariantCulture) + "\u00a0%";

    /// <summary>Two significant digits, for people who only want to know about how much.</summary>
    public static string Round(double value)
    {
        if (!double.IsFinite(value) || value == 0) return Short(value);
        double unit = 1;
        while (Math.Abs(value) / unit >= 100) unit *= 10;
        while (Math.Abs(value) / unit < 10) unit /= 10;
        return Short(Math.Round(value / unit) * unit);
    }

    /// <summary>A count with its thousands parted.</summary>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>About <paramref name="wanted"/> ticks at 1, 2 or 5 times a power of ten that span the range.</summary>
    public static double[] Ticks(double low, double high, int wanted = 5)
    {
        if (!(high > low) || !double.IsFinite(high - low)) return [low];
        double raw = (high - low) / wanted, power = 1;
        while (power > raw) power /= 10;
        while (power * 10 <= raw) power *= 10;
        double step = power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
        double first = Math.Ceiling(low / step - 1e-9), last = Math.Floor(high / step + 1e-9);
        if (!(last - first < 100)) return [low, high];
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step)];
    }
}
