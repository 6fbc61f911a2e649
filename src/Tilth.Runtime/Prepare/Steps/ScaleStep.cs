using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// z = (x - center) / scale, and then, if asked, the smooth clip z / sqrt(1 + (z / 3)^2) of RealMLP (Holzmueller, Grinsztajn
/// and Steinwart, 2024), which keeps z within -3 and 3.
/// </summary>
internal sealed class ScaleStep(int from, int to, double center, double scale, bool clip) : PreparationStep
{
    public const string Kind = "scale";

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
        for (int i = 0; i < x.Length; i++) y[i] = (x[i] - center) / scale;
        if (!clip) return;
        for (int i = 0; i < y.Length; i++)
        {
            double third = y[i] / 3;
            // An infinite square would make NaN of an infinite value.
            y[i] = Math.Abs(third) < 1e150 ? y[i] / Math.Sqrt(1 + third * third) : Math.CopySign(3, third);
        }
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Array<double>("values", [center, scale]);
        writer.Flag("clip", clip);
    }

    public static ScaleStep Unpack(PartReader reader)
    {
        var values = reader.Array<double>("values", 2, 2);
        return new(reader.Register("from"), reader.Register("to"), values[0], values[1], reader.Flag("clip"));
    }
}
