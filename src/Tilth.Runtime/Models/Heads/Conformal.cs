using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>
/// Split-conformal quantiles (Vovk et al. 2005; Lei et al. 2018) of a nonconformity measured on rows that the model did not
/// see: |truth - prediction| for numbers, 1 - probability of the true class for classes.
/// </summary>
public sealed class Conformal
{
    readonly double[] levels, radii;

    /// <param name="levels">Coverages, ascending, strictly between 0 and 1; at least one.</param>
    /// <param name="radii">The nonconformity that this share of rows does not exceed; at least 0, never descending.</param>
    public Conformal(ReadOnlySpan<double> levels, ReadOnlySpan<double> radii)
    {
        if (Fault(levels, radii) is { } fault) throw new ArgumentException(fault);
        (this.levels, this.radii) = (levels.ToArray(), radii.ToArray());
    }

    /// <summary>The coverages, ascending.</summary>
    public ReadOnlySpan<double> Levels => levels;

    /// <summary>The nonconformity at each coverage.</summary>
    public ReadOnlySpan<double> Radii => radii;

    /// <summary>The interval around a predicted number that holds the truth with the coverage numbered <paramref name="level"/>.</summary>
    public (double Low, double High) Interval(double prediction, int level) => (prediction - radii[level], prediction + radii[level]);

    /// <summary>Whether a class of that probability is in the set that holds the true one with that coverage.</summary>
    public bool Includes(double probability, int level) => 1 - probability <= radii[level];

    internal void Pack(PartWriter writer)
    {
        writer.Array<double>("levels", levels);
        writer.Array<double>("radii", radii);
    }

    internal static Conformal Unpack(PartReader reader)
    {
        double[] levels = reader.Array<double>("levels", 1, 1000), radii = reader.Array<double>("radii", levels.Length, levels.Length);
        return Fault(levels, radii) is { } fault ? throw reader.Wrong("levels", fault) : new(levels, radii);
    }

    static string? Fault(ReadOnlySpan<double> levels, ReadOnlySpan<double> radii)
    {
        if (levels.Length == 0 || levels.Length != radii.Length) return "needs at least one coverage and a radius for each";
        for (int i = 0; i < levels.Length; i++)
        {
            if (!(levels[i] is > 0 and < 1 && radii[i] >= 0)) return "holds a coverage outside 0 to 1 or a radius below 0";
            if (i > 0 && !(levels[i] > levels[i - 1] && radii[i] >= radii[i - 1])) return "holds coverages or radii that do not ascend";
        }
        return null;
    }
}
