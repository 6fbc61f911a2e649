using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>
/// sigmoid(a ln p - b ln(1 - p) + c) (Kull, Silva Filho and Flach 2017), for one output: probabilities that are right but for
/// being too sure on one side only.
/// </summary>
public sealed class BetaCalibrator : Calibrator
{
    readonly double a, b, c;

    /// <param name="a">Finite, at least 0; 1 with b = 1 and c = 0 changes nothing.</param>
    /// <param name="b">Finite, at least 0.</param>
    /// <param name="c">Finite.</param>
    public BetaCalibrator(double a, double b, double c)
    {
        if (Fault(a, b, c) is { } fault) throw new ArgumentException(fault);
        (this.a, this.b, this.c) = (a, b, c);
    }

    /// <summary>The three parameters.</summary>
    public (double A, double B, double C) Parameters => (a, b, c);

    /// <inheritdoc/>
    public override bool Takes(int outputs) => outputs == 1;

    /// <inheritdoc/>
    public override void Apply(Span<double> probabilities)
    {
        double p = Math.Clamp(probabilities[0], 1e-15, 1 - 1e-15);
        probabilities[0] = Elementary.Sigmoid(a * Elementary.Log(p) - b * Elementary.Log1p(-p) + c);
    }

    internal override string PartKind => "beta";

    internal override void Pack(PartWriter writer)
    {
        writer.Real("a", a);
        writer.Real("b", b);
        writer.Real("c", c);
    }

    internal static new BetaCalibrator Unpack(PartReader reader)
    {
        double a = reader.FiniteReal("a"), b = reader.FiniteReal("b"), c = reader.FiniteReal("c");
        return Fault(a, b, c) is { } fault ? throw reader.Wrong("a", fault) : new(a, b, c);
    }

    static string? Fault(double a, double b, double c) => double.IsFinite(a + b + c) && a >= 0 && b >= 0 ? null : "is no beta calibrator: a and b are at least 0, and all are finite";
}
