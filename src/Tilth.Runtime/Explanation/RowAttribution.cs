using Tilth.Data;
using Tilth.Models;

namespace Tilth.Explanation;

/// <summary>
/// Which feature moved this row's score, and how far. Attributions are on the raw score, before the link, and add up: the
/// baseline plus the sum over features is the score. Trees use path-dependent TreeSHAP; each model brings its own method.
/// </summary>
public static class RowAttribution
{
    /// <summary>Whether the model has row attributions.</summary>
    public static bool CanExplain(Model model) => model.CanAttribute;

    /// <summary>Writes the attributions of one row; allocates nothing.</summary>
    /// <param name="model">A model for which <see cref="CanExplain"/> is true.</param>
    /// <param name="row">Features of the row.</param>
    /// <param name="contributions">Features x outputs, feature by feature in the order of the model's map; overwritten.</param>
    /// <param name="baseline">One number an output: the score of a row of which nothing is known; overwritten.</param>
    /// <exception cref="NotSupportedException">The model has none.</exception>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Explain(Model model, FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        if (baseline.Length != model.OutputCount) throw new ArgumentException($"the baseline has {baseline.Length} places for {model.OutputCount} outputs");
        if (contributions.Length % model.OutputCount != 0 || contributions.Length < (row.Dense.Length + row.Codes.Length) * model.OutputCount)
            throw new ArgumentException($"the contributions have {contributions.Length} places, not features x {model.OutputCount} outputs");
        model.Attribute(row, contributions, baseline);
    }
}
