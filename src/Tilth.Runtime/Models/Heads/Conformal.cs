using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>
/// Conformal quantiles (Vovk et al. 2005; Lei et al. 2018) of a nonconformity measured on rows that the model did not see.
/// Numbers: |truth - prediction|, divided by the usual error at such a prediction where a <see cref="WidthCurve"/> says it.
/// Classes: 1 - probability of the true class, with a quantile of each class's own where it has rows enough (Mondrian), so
/// that rare classes are held as often as promised too.
/// </summary>
public sealed class Conformal
{
    readonly double[] levels, radii, byClass;
    readonly WidthCurve? width;

    /// <param name="levels">Coverages, ascending, strictly between 0 and 1; at least one.</param>
    /// <param name="radii">The nonconformity that this share of rows does not exceed; at least 0, never descending.</param>
    /// <param name="byClass">levels x classes, level by level, each class as <paramref name="radii"/>; empty for one for all.</param>
    /// <param name="width">Numbers: what the nonconformity is divided by; null for 1.</param>
    public Conformal(ReadOnlySpan<double> levels, ReadOnlySpan<double> radii, ReadOnlySpan<double> byClass = default, WidthCurve? width = null)
    {
        if (Fault(levels, radii, byClass) is { } fault) throw new ArgumentException(fault);
        (this.levels, this.radii, this.byClass, this.width) = (levels.ToArray(), radii.ToArray(), byClass.ToArray(), width);
    }

    /// <summary>The coverages, ascending.</summary>
    public ReadOnlySpan<double> Levels => levels;

    /// <summary>The nonconformity at each coverage, over all rows.</summary>
    public ReadOnlySpan<double> Radii => radii;

    /// <summary>The number of classes that have quantiles of their own; 0 for one for all.</summary>
    public int ClassCount => byClass.Length / levels.Length;

    /// <summary>Numbers: the usual error at a prediction, which the radii multiply; null for one width everywhere.</summary>
    public WidthCurve? Width => width;

    /// <summary>The interval around a predicted number that holds the truth with the coverage numbered <paramref name="level"/>.</summary>
    public (double Low, double High) Interval(double prediction, int level)
    {
        double half = radii[level] * (width?.At(prediction) ?? 1);
        return (prediction - half, prediction + half);
    }

    /// <summary>Whether class <paramref name="k"/> with that probability is in the set that holds the true one with that coverage.</summary>
    public bool Includes(double probability, int k, int level) => 1 - probability <= (byClass.Length > 0 ? byClass[level * ClassCount + k] : radii[level]);

    internal void Pack(PartWriter writer)
    {
        writer.Array<double>("levels", levels);
        writer.Array<double>("radii", radii);
        if (byClass.Length > 0) writer.Array<double>("class_radii", byClass);
        if (width is not null) writer.Part("width", width.Pack);
    }

    internal static Conformal Unpack(PartReader reader)
    {
        double[] levels = reader.Array<double>("levels", 1, 1000), radii = reader.Array<double>("radii", levels.Length, levels.Length);
        double[] byClass = reader.Has("class_radii") ? reader.Array<double>("class_radii", levels.Length, 10_000_000) : [];
        if (Fault(levels, radii, byClass) is { } fault) throw reader.Wrong("levels", fault);
        return new(levels, radii, byClass, reader.Has("width") ? WidthCurve.Unpack(reader.Part("width")) : null);
    }

    /// <summary>What makes it unfit for so many classes (0 for numbers), or null.</summary>
    internal string? FaultFor(int classes)
        => ClassCount > 0 && ClassCount != classes ? $"it has quantiles of {ClassCount} classes, but the target has {classes}"
            : width is not null && classes > 0 ? "a width curve needs a numeric target" : null;

    static string? Fault(ReadOnlySpan<double> levels, ReadOnlySpan<double> radii, ReadOnlySpan<double> byClass)
    {
        if (levels.Length == 0 || levels.Length != radii.Length) return "needs at least one coverage and a radius for each";
        for (int i = 0; i < levels.Length; i++)
        {
            if (!(levels[i] is > 0 and < 1 && radii[i] >= 0)) return "holds a coverage outside 0 to 1 or a radius below 0";
            if (i > 0 && !(levels[i] > levels[i - 1] && radii[i] >= radii[i - 1])) return "holds coverages or radii that do not ascend";
        }
        if (byClass.Length % levels.Length != 0) return "holds class radii for a part of a coverage";
        int classes = byClass.Length / levels.Length;
        for (int i = 0; i < byClass.Length; i++)
            if (!(byClass[i] >= 0 && (i < classes || byClass[i] >= byClass[i - classes]))) return "holds class radii below 0 or that do not ascend";
        return null;
    }
}
