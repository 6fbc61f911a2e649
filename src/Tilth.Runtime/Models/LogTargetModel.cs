using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models;

/// <summary>
/// A model of the logarithm of a positive target. Its prediction is e^(score + shift), where the shift makes up for the mean of a
/// logarithm being below the logarithm of the mean (Duan's smearing estimate, 1983); the score stays within limits around what
/// was learned from, so that no prediction runs away.
/// </summary>
public sealed class LogTargetModel : Model
{
    /// <summary>e to this, and its square, are finite numbers.</summary>
    internal const double MostScore = 345;

    readonly Model logarithm;
    readonly double shift, low, high;

    internal LogTargetModel(Model logarithm, double shift, double low, double high)
    {
        if (logarithm.OutputCount != 1 || logarithm.Link != Link.Identity) throw new ArgumentException("a logarithm is one number without a link");
        (this.logarithm, this.shift, this.low, this.high) = (logarithm, shift, low, high);
    }

    /// <inheritdoc/>
    public override int OutputCount => 1;

    /// <inheritdoc/>
    public override Link Link => Link.Exponential;

    /// <summary>Predicts the logarithm.</summary>
    public Model Logarithm => logarithm;

    /// <summary>Added to the logarithm.</summary>
    public double Shift => shift;

    /// <summary>Scores stay within these limits.</summary>
    public (double Low, double High) Limits => (low, high);

    internal override string PartKind => "log_target";

    internal override bool CanAttribute => logarithm.CanAttribute;

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        logarithm.Score(features, start, count, scores);
        for (int i = 0; i < count; i++) scores[i] = Bounded(scores[i]);
    }

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        logarithm.ScoreRow(row, scores);
        scores[0] = Bounded(scores[0]);
    }

    internal override void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        logarithm.Attribute(row, contributions, baseline);
        baseline[0] += shift;
        double sum = 0;
        foreach (double contribution in contributions) sum += contribution;
        double bounded = Math.Clamp(baseline[0] + sum, low, high);
        if (bounded == baseline[0] + sum || sum == 0) return;
        // Where the limit holds the score back, it holds every feature back alike.
        double share = (bounded - baseline[0]) / sum;
        foreach (ref double contribution in contributions) contribution *= share;
    }

    double Bounded(double score) => Math.Clamp(score + shift, low, high);

    internal override void Pack(PartWriter writer)
    {
        writer.Real("shift", shift);
        writer.Real("low", low);
        writer.Real("high", high);
        writer.Part("logarithm", inner =>
        {
            inner.Text("kind", logarithm.PartKind);
            logarithm.Pack(inner);
        });
    }

    /// <summary>Reads what <see cref="Pack"/> wrote for features of that map.</summary>
    internal static LogTargetModel Unpack(PartReader reader, FeatureMap map)
    {
        double low = reader.FiniteReal("low"), high = reader.FiniteReal("high"), shift = reader.FiniteReal("shift");
        if (!(low >= -MostScore && low <= high && high <= MostScore)) throw reader.Wrong("low", $"and 'high' do not lie in this order between -{MostScore} and {MostScore}");
        var part = reader.Part("logarithm");
        string kind = part.Text("kind");
        // Logarithms of logarithms would nest without end in a hostile file.
        if (kind == "log_target") throw part.Wrong("kind", "is a logarithm of a logarithm");
        var logarithm = ModelKinds.Unpack(kind, part, map);
        if (logarithm.OutputCount != 1 || logarithm.Link != Link.Identity) throw part.Wrong("kind", "does not give one number without a link");
        return new(logarithm, shift, low, high);
    }
}
