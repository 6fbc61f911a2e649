using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Additive;

/// <summary>
/// A sum of functions of one feature or of two (a generalised additive model with pairs, GA2M: Lou et al., 2013): the terms
/// are the whole model, so that a person can read it. Values are integers on one power-of-two scale: the sum has the same
/// bits in any order, and attributions add up to the score exactly.
/// </summary>
public sealed class AdditiveModel : Model
{
    const int MostTerms = 1 << 20, MostOutputs = 1 << 16, MostOnStack = 256;
    const long LargestIntercept = 1L << 61;

    readonly AdditiveTerm[] terms;
    readonly long[] intercepts;
    readonly int scaleExponent;
    readonly double unit;

    internal AdditiveModel(AdditiveTerm[] terms, long[] intercepts, int scaleExponent, Link link)
    {
        (this.terms, this.intercepts, this.scaleExponent, Link) = (terms, intercepts, scaleExponent, link);
        unit = Elementary.PowerOfTwo(scaleExponent);
    }

    /// <inheritdoc/>
    public override int OutputCount => intercepts.Length;

    /// <inheritdoc/>
    public override Link Link { get; }

    /// <summary>The functions: those of one feature in the order of the features, then the pairs, the strongest interaction first.</summary>
    public IReadOnlyList<AdditiveTerm> Terms => terms;

    /// <summary>The mean raw score of the training rows: what every row starts from.</summary>
    public double Intercept(int output = 0) => intercepts[output] * unit;

    /// <summary>One an output, in units.</summary>
    internal ReadOnlySpan<long> Intercepts => intercepts;

    /// <summary>What an integer score is worth.</summary>
    internal double Unit => unit;

    internal override string PartKind => "additive";

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        Span<long> sums = stackalloc long[OutputCount <= MostOnStack ? OutputCount : 0];
        if (OutputCount > MostOnStack) sums = new long[OutputCount];
        intercepts.CopyTo(sums);
        foreach (var term in terms)
        {
            var units = term.Units(row);
            for (int k = 0; k < units.Length; k++) sums[k] += units[k];
        }
        for (int k = 0; k < sums.Length; k++) scores[k] = sums[k] * unit;
    }

    /// <summary>Terms are centred and features independent by the model's own form, so a term is its own Shapley value; pairs halve theirs.</summary>
    internal override bool CanAttribute => true;

    internal override void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        contributions.Clear();
        for (int k = 0; k < baseline.Length; k++) baseline[k] = intercepts[k] * unit;
        foreach (var term in terms)
        {
            var units = term.Units(row);
            double share = unit / term.Axes.Count;
            for (int a = 0; a < term.Axes.Count; a++)
                for (int k = 0; k < units.Length; k++) contributions[term.Axes[a].Feature * OutputCount + k] += units[k] * share;
        }
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Choice("link", Link);
        writer.Int("scaleExponent", scaleExponent);
        writer.Array<long>("intercepts", intercepts);
        writer.Parts("terms", terms, (w, term) => term.Pack(w));
    }

    /// <summary>Reads what <see cref="Pack"/> wrote; everything is checked against the map.</summary>
    /// <exception cref="PackageFormatException">The part is not an additive model over the features of the map.</exception>
    internal static AdditiveModel Unpack(PartReader reader, FeatureMap map)
    {
        var link = reader.Choice<Link>("link");
        int scaleExponent = reader.Int("scaleExponent", -1000, 900);
        var intercepts = reader.Array<long>("intercepts", 1, MostOutputs);
        foreach (long intercept in intercepts)
            if (intercept is < -LargestIntercept or > LargestIntercept) throw reader.Wrong("intercepts", $"holds {intercept}, outside the range of a score");
        if (link is Link.Logistic or Link.Exponential && intercepts.Length != 1)
            throw reader.Wrong("intercepts", $"has {intercepts.Length} numbers, but the link {link} goes with 1");
        var terms = Array.ConvertAll(reader.Parts("terms", 0, MostTerms), part => AdditiveTerm.Unpack(part, map, intercepts.Length, scaleExponent));
        return new(terms, intercepts, scaleExponent, link);
    }
}
