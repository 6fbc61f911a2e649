using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>Puts a number where none is, and brings values (infinities too) that lie far outside the training range to its edge.</summary>
/// <param name="from">Number register that is read.</param>
/// <param name="to">Number register that is written.</param>
/// <param name="fill">What stands for missing; NaN leaves the gap.</param>
/// <param name="low">Smallest result; finite.</param>
/// <param name="high">Largest result; finite.</param>
internal sealed class FillStep(int from, int to, double fill, double low, double high) : PreparationStep
{
    public const string Kind = "fill";

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
        for (int i = 0; i < x.Length; i++)
            y[i] = double.IsNaN(x[i]) ? fill : Math.Min(Math.Max(x[i], low), high);
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Array<double>("values", [fill, low, high]);
    }

    public static FillStep Unpack(PartReader reader)
    {
        var values = reader.Array<double>("values", 3, 3);
        return new(reader.Register("from"), reader.Register("to"), values[0], values[1], values[2]);
    }
}

/// <summary>1 where a number is missing, else 0.</summary>
internal sealed class MissingStep(int from, int to) : PreparationStep
{
    public const string Kind = "missing";

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
        for (int i = 0; i < x.Length; i++) y[i] = double.IsNaN(x[i]) ? 1 : 0;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
    }

    public static MissingStep Unpack(PartReader reader) => new(reader.Register("from"), reader.Register("to"));
}
