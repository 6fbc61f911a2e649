using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>What filling and scaling need to know of a column of numbers; quantiles of many values are those of a sample.</summary>
/// <param name="Missing">Rows without a value.</param>
/// <param name="Median">Of the values that are no infinities; 0 if there are none.</param>
/// <param name="Low">The range's lower end less its width.</param>
/// <param name="High">The range's upper end plus its width.</param>
/// <param name="Skewness">Third standardised moment of the values before any transform.</param>
/// <param name="Origin">Taken from a value before the transform.</param>
/// <param name="Unit">Divides it then.</param>
/// <param name="Power">Of the Yeo-Johnson transform; 1 for none.</param>
/// <param name="Center">Becomes 0.</param>
/// <param name="Scale">Becomes 1; 0 for a constant.</param>
internal sealed record NumberShape(int Missing, double Median, double Low, double High, double Skewness,
    double Origin, double Unit, double Power, double Center, double Scale)
{
    const int SampleSize = 100_000;

    public bool IsConstant => Scale == 0;

    public static NumberShape Of(double[] values, NumberForm form)
    {
        // Squares of anything larger overflow; such values are treated as infinities are.
        var ordinary = Array.FindAll(values, value => Math.Abs(value) < 1e100);
        var sorted = Sample(ordinary);
        int missing = values.Count(double.IsNaN);
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
            return new(missing, sorted.Length == 0 ? 0 : sorted[0], 0, 0, 0, 0, 1, 1, 0, 0);
        double range = sorted[^1] - sorted[0];
        var plain = new NumberShape(missing, Quantile(sorted, 0.5), sorted[0] - range, sorted[^1] + range, 0, 0, 1, 1, 0, 1);
        return form switch
        {
            NumberForm.Standard => Standard(plain, ordinary, sorted),
            NumberForm.Robust => plain with { Center = plain.Median, Scale = Spread(sorted) },
            _ => plain,
        };
    }

    /// <summary>At most some 100,000 of the values, evenly spread, with the smallest and the largest; ascending.</summary>
    static double[] Sample(double[] values)
    {
        double[] sample = values;
        if (values.Length > 2 * SampleSize)
        {
            int step = values.Length / SampleSize;
            sample = new double[values.Length / step + 2];
            // A place drawn within each stretch: a period in the rows cannot fall in step with it.
            for (int i = 0; i < sample.Length - 2; i++) sample[i] = values[i * step + (int)(StableHash.Mix((ulong)i + 1) % (ulong)step)];
            (sample[^2], sample[^1]) = (values.Min(), values.Max());
        }
        Array.Sort(sample);
        return sample;
    }

    static NumberShape Standard(NumberShape plain, double[] values, double[] sorted)
    {
        var skew = SkewFit.Of(sorted);
        var shape = plain with { Skewness = skew.Skewness, Origin = skew.Origin, Unit = skew.Unit, Power = skew.Power };
        var final = skew.Power == 1 ? values : Array.ConvertAll(sorted, x => SkewStep.Transform((x - skew.Origin) / skew.Unit, skew.Power));
        var (mean, deviation) = MeanAndDeviation(final);
        return shape with { Center = mean, Scale = deviation > 0 ? deviation : 1 };
    }

    /// <summary>The interquartile range; half the range where most values are the same (RealMLP's rule).</summary>
    static double Spread(double[] sorted)
    {
        double spread = Quantile(sorted, 0.75) - Quantile(sorted, 0.25);
        return spread > 0 ? spread : (sorted[^1] - sorted[0]) / 2;
    }

    /// <summary>Between neighbours in proportion (numpy's default).</summary>
    internal static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int low = (int)at;
        double next = sorted[Math.Min(low + 1, sorted.Length - 1)];
        return sorted[low] + (next - sorted[low]) * (at - low);
    }

    /// <summary>Two passes; the deviation divides by n.</summary>
    internal static (double Mean, double Deviation) MeanAndDeviation(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }
}
