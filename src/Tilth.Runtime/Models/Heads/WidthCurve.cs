using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>The usual size of an error as a function of the prediction: straight between knots, flat beyond them. Immutable.</summary>
public sealed class WidthCurve
{
    readonly double[] at, width;

    /// <param name="at">Predictions, finite, strictly ascending; at least one.</param>
    /// <param name="width">The width at each; above 0 and finite.</param>
    public WidthCurve(ReadOnlySpan<double> at, ReadOnlySpan<double> width)
    {
        if (Fault(at, width) is { } fault) throw new ArgumentException(fault);
        (this.at, this.width) = (at.ToArray(), width.ToArray());
    }

    /// <summary>Predictions, strictly ascending.</summary>
    public ReadOnlySpan<double> Knots => at;

    /// <summary>The width at each knot.</summary>
    public ReadOnlySpan<double> Widths => width;

    /// <summary>The width at a prediction; NaN at NaN.</summary>
    public double At(double prediction)
    {
        if (double.IsNaN(prediction)) return prediction;
        int above = at.AsSpan().BinarySearch(prediction);
        if (above >= 0) return width[above];
        if ((above = ~above) == 0) return width[0];
        if (above == at.Length) return width[^1];
        double share = (prediction - at[above - 1]) / (at[above] - at[above - 1]);
        return width[above - 1] + share * (width[above] - width[above - 1]);
    }

    internal void Pack(PartWriter writer)
    {
        writer.Array<double>("at", at);
        writer.Array<double>("width", width);
    }

    internal static WidthCurve Unpack(PartReader reader)
    {
        double[] at = reader.Array<double>("at", 1, 10_000), width = reader.Array<double>("width", at.Length, at.Length);
        return Fault(at, width) is { } fault ? throw reader.Wrong("at", fault) : new(at, width);
    }

    static string? Fault(ReadOnlySpan<double> at, ReadOnlySpan<double> width)
    {
        if (at.Length == 0 || at.Length != width.Length) return "needs at least one knot and a width for each";
        for (int i = 0; i < at.Length; i++)
        {
            if (!double.IsFinite(at[i]) || !(width[i] > 0 && double.IsFinite(width[i]))) return "holds a knot that is not finite or a width that is not above 0";
            if (i > 0 && !(at[i] > at[i - 1])) return "holds knots that do not ascend";
        }
        return null;
    }
}
