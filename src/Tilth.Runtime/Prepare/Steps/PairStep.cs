using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>What is computed of two numbers.</summary>
internal enum PairOperation
{
    /// <summary>a + b.</summary>
    Sum,
    /// <summary>a - b.</summary>
    Difference,
    /// <summary>a * b.</summary>
    Product,
    /// <summary>a / b.</summary>
    Ratio,
}

/// <summary>One number of two; NaN where either is missing or the result is no finite number.</summary>
internal sealed class PairStep(int first, int second, int to, PairOperation operation) : PreparationStep
{
    public const string Kind = "pair";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadNumber(first);
        check.ReadNumber(second);
        check.WriteNumbers(to);
    }

    public override void Apply(PreparationFrame frame)
    {
        var a = frame.Numbers(first);
        var b = frame.Numbers(second);
        var y = frame.Numbers(to);
        for (int i = 0; i < y.Length; i++) y[i] = Of(operation, a[i], b[i]);
    }

    public static double Of(PairOperation operation, double a, double b)
    {
        double result = operation switch
        {
            PairOperation.Sum => a + b,
            PairOperation.Difference => a - b,
            PairOperation.Product => a * b,
            _ => a / b,
        };
        return double.IsFinite(result) ? result : double.NaN;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("first", first);
        writer.Int("second", second);
        writer.Int("to", to);
        writer.Choice("operation", operation);
    }

    public static PairStep Unpack(PartReader reader)
        => new(reader.Register("first"), reader.Register("second"), reader.Register("to"), reader.Choice<PairOperation>("operation"));
}
