using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>
/// Brings probabilities to what is observed: a fitted map of the probabilities of one row, in place. Immutable, thread-safe.
/// The kinds are a closed list.
/// </summary>
public abstract class Calibrator
{
    private protected Calibrator() { }

    /// <summary>True if it may be used on rows with that many outputs.</summary>
    public abstract bool Takes(int outputs);

    /// <summary>Replaces the probabilities of one row: one (of the positive class), or one a class that sum to 1.</summary>
    public abstract void Apply(Span<double> probabilities);

    /// <summary>The kind under which a package stores it.</summary>
    internal abstract string PartKind { get; }

    /// <summary>Writes its parameters.</summary>
    internal abstract void Pack(PartWriter writer);

    internal static Calibrator Unpack(PartReader reader) => reader.Text("kind") switch
    {
        "platt" => new PlattCalibrator(reader.FiniteReal("slope"), reader.FiniteReal("intercept")),
        "temperature" => TemperatureCalibrator.Unpack(reader),
        "beta" => BetaCalibrator.Unpack(reader),
        "isotonic" => IsotonicCalibrator.Unpack(reader),
        var kind => throw reader.Wrong("kind", $"is '{kind}', a kind of calibrator that this version does not know"),
    };

    /// <summary>log(p / (1 - p)) of a probability kept off 0 and 1.</summary>
    private protected static double Logit(double p)
    {
        p = Math.Clamp(p, 1e-15, 1 - 1e-15);
        return Elementary.Log(p / (1 - p));
    }
}

/// <summary>A logistic curve over the log odds, sigmoid(slope x logit(p) + intercept) (Platt 1999), for one output.</summary>
/// <param name="slope">Finite; 1 with an intercept of 0 changes nothing.</param>
/// <param name="intercept">Finite.</param>
public sealed class PlattCalibrator(double slope, double intercept) : Calibrator
{
    /// <summary>Multiplies the log odds.</summary>
    public double Slope => slope;

    /// <summary>Is added to them.</summary>
    public double Intercept => intercept;

    /// <inheritdoc/>
    public override bool Takes(int outputs) => outputs == 1;

    /// <inheritdoc/>
    public override void Apply(Span<double> probabilities) => probabilities[0] = Elementary.Sigmoid(slope * Logit(probabilities[0]) + intercept);

    internal override string PartKind => "platt";

    internal override void Pack(PartWriter writer)
    {
        writer.Real("slope", slope);
        writer.Real("intercept", intercept);
    }
}

/// <summary>Divides log odds or log probabilities by one temperature (Guo et al. 2017); keeps the order of the classes.</summary>
public sealed class TemperatureCalibrator : Calibrator
{
    /// <param name="temperature">Above 0; above 1 makes predictions less sure.</param>
    public TemperatureCalibrator(double temperature)
    {
        if (!(temperature > 0 && double.IsFinite(temperature))) throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "a temperature is above 0");
        Temperature = temperature;
    }

    /// <summary>Above 0.</summary>
    public double Temperature { get; }

    /// <inheritdoc/>
    public override bool Takes(int outputs) => outputs >= 1;

    /// <inheritdoc/>
    public override void Apply(Span<double> probabilities)
    {
        if (probabilities.Length == 1)
        {
            probabilities[0] = Elementary.Sigmoid(Logit(probabilities[0]) / Temperature);
            return;
        }
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] = Elementary.Log(Math.Max(probabilities[k], 1e-300)) / Temperature;
        Links.Apply(Link.Softmax, probabilities, probabilities.Length);
    }

    internal override string PartKind => "temperature";

    internal override void Pack(PartWriter writer) => writer.Real("temperature", Temperature);

    internal static new TemperatureCalibrator Unpack(PartReader reader)
        => reader.FiniteReal("temperature") is var t && t > 0 ? new(t) : throw reader.Wrong("temperature", $"is {t}, not above 0");
}

/// <summary>A rising line through knots (isotonic regression, Zadrozny and Elkan 2002; straight between knots), for one output.</summary>
public sealed class IsotonicCalibrator : Calibrator
{
    readonly double[] from, to;

    /// <param name="from">Knots, strictly ascending, in 0 to 1; at least one.</param>
    /// <param name="to">Their calibrated probabilities, never descending, in 0 to 1.</param>
    public IsotonicCalibrator(ReadOnlySpan<double> from, ReadOnlySpan<double> to)
    {
        if (Fault(from, to) is { } fault) throw new ArgumentException(fault);
        (this.from, this.to) = (from.ToArray(), to.ToArray());
    }

    /// <summary>The knots, ascending.</summary>
    public ReadOnlySpan<double> From => from;

    /// <summary>Their calibrated probabilities.</summary>
    public ReadOnlySpan<double> To => to;

    /// <inheritdoc/>
    public override bool Takes(int outputs) => outputs == 1;

    /// <inheritdoc/>
    public override void Apply(Span<double> probabilities)
    {
        double p = probabilities[0];
        if (double.IsNaN(p)) return;
        int at = from.AsSpan().BinarySearch(p);
        if (at >= 0) probabilities[0] = to[at];
        else if ((at = ~at) == 0) probabilities[0] = to[0];
        else if (at == from.Length) probabilities[0] = to[^1];
        else
        {
            double share = (p - from[at - 1]) / (from[at] - from[at - 1]);
            probabilities[0] = to[at - 1] + share * (to[at] - to[at - 1]);
        }
    }

    internal override string PartKind => "isotonic";

    internal override void Pack(PartWriter writer)
    {
        writer.Array<double>("from", from);
        writer.Array<double>("to", to);
    }

    internal static new IsotonicCalibrator Unpack(PartReader reader)
    {
        double[] from = reader.Array<double>("from", 1, 1_000_000), to = reader.Array<double>("to", from.Length, from.Length);
        return Fault(from, to) is { } fault ? throw reader.Wrong("from", fault) : new(from, to);
    }

    static string? Fault(ReadOnlySpan<double> from, ReadOnlySpan<double> to)
    {
        if (from.Length == 0 || from.Length != to.Length) return "needs at least one knot and a value for each";
        for (int i = 0; i < from.Length; i++)
        {
            if (!(from[i] is >= 0 and <= 1 && to[i] is >= 0 and <= 1)) return "holds knots outside 0 to 1";
            if (i > 0 && !(from[i] > from[i - 1] && to[i] >= to[i - 1])) return "holds knots that do not ascend";
        }
        return null;
    }
}
