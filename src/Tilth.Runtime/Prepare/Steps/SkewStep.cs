using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// Makes a skewed number symmetric: the Yeo-Johnson transform (Yeo and Johnson, Biometrika 2000, eq. 2.1) of
/// u = (x - origin) / unit. Its power 1 is the identity and 0 is log(1 + u) for positive u.
/// </summary>
internal sealed class SkewStep(int from, int to, double origin, double unit, double power) : PreparationStep
{
    public const string Kind = "skew";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadNumber(from);
        check.WriteNumbers(to);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Numbers(from);
        var y = frame.Numbers(to);
        for (int i = 0; i < x.Length; i++) y[i] = Transform((x[i] - origin) / unit, power);
    }

    /// <summary>The transform of u; NaN stays NaN.</summary>
    public static double Transform(double u, double power)
    {
        if (double.IsNaN(u)) return u;
        if (u < 0) return -Positive(-u, 2 - power);
        return Positive(u, power);
    }

    /// <summary>((1 + u)^power - 1) / power for u at least 0, with log(1 + u) as its limit.</summary>
    static double Positive(double u, double power)
    {
        double log = Elementary.Log1p(u);
        return Math.Abs(power) < 1e-9 ? log : Elementary.Expm1(power * log) / power;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Array<double>("values", [origin, unit, power]);
    }

    public static SkewStep Unpack(PartReader reader)
    {
        var values = reader.Array<double>("values", 3, 3);
        return new(reader.Register("from"), reader.Register("to"), values[0], values[1], values[2]);
    }
}
