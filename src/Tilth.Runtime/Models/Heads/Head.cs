using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Heads;

/// <summary>What an output column holds.</summary>
public enum OutputKind
{
    /// <summary>The decided class, or the predicted number.</summary>
    Prediction,
    /// <summary>The probability of one class.</summary>
    Probability,
}

/// <summary>A column of the predictions.</summary>
/// <param name="Name">Unique among the outputs.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Unit">For people ("EUR", "kg"); null for none.</param>
public sealed record OutputColumn(string Name, OutputKind Kind, string? Unit = null);

/// <summary>
/// What stands above the tree of nodes: calibrates its predictions, decides, and names the columns that come out. Immutable
/// and thread-safe.
/// </summary>
public sealed record Head
{
    /// <summary>Brings probabilities to what is observed; null to leave them.</summary>
    public Calibrator? Calibrator { get; init; }

    /// <summary>Intervals or sets with a promised coverage; null for none.</summary>
    public Conformal? Conformal { get; init; }

    /// <summary>How a class is decided.</summary>
    public required DecisionRule Rule { get; init; }

    /// <summary>First the prediction, then for classes a probability each, in the order of the target's classes.</summary>
    public required IReadOnlyList<OutputColumn> Outputs { get; init; }

    /// <summary>The plain head of a target: no calibration; a threshold of 0.5, the most probable class, or the number.</summary>
    public static Head For(TargetSchema target, string? unit = null) => new()
    {
        Rule = new DecisionRule(target.Task switch
        {
            TaskKind.Binary => DecisionKind.Threshold,
            TaskKind.Multiclass => DecisionKind.Argmax,
            _ => DecisionKind.None,
        }),
        Outputs =
        [
            new OutputColumn("prediction", OutputKind.Prediction, unit),
            .. target.Classes.Select(name => new OutputColumn($"probability_{name}", OutputKind.Probability)),
        ],
    };

    /// <summary>Calibrates rows of predictions in place.</summary>
    /// <param name="predictions">rows x outputs.</param>
    /// <param name="outputs">Outputs a row.</param>
    public void Calibrate(Span<double> predictions, int outputs)
    {
        if (Calibrator is null) return;
        for (int at = 0; at < predictions.Length; at += outputs) Calibrator.Apply(predictions.Slice(at, outputs));
    }

    /// <summary>What makes the head unfit for a target, or null.</summary>
    internal string? FaultFor(TargetSchema target)
    {
        if (Calibrator is not null && (target.Task == TaskKind.Regression || !Calibrator.Takes(target.OutputCount)))
            return $"a {Calibrator.PartKind} calibrator does not fit a {target.Task} target";
        if (Conformal?.FaultFor(target.Classes.Count) is { } fault) return $"the promised coverage does not fit: {fault}";
        bool fits = Rule.Kind switch
        {
            DecisionKind.Threshold => target.Task == TaskKind.Binary,
            DecisionKind.Argmax => target.Task == TaskKind.Multiclass,
            DecisionKind.LeastCost => target.Task == TaskKind.Multiclass && Rule.Costs.Length == target.Classes.Count * target.Classes.Count,
            _ => target.Task == TaskKind.Regression,
        };
        if (!fits) return $"the decision rule {Rule.Kind} does not fit a {target.Task} target";
        if (!(Rule.Threshold is >= 0 and <= 1)) return $"a decision threshold lies in 0 to 1, not at {Rule.Threshold}";
        var kinds = Outputs.Select(output => output.Kind);
        if (!kinds.SequenceEqual([OutputKind.Prediction, .. target.Classes.Select(_ => OutputKind.Probability)]))
            return "the outputs are not a prediction and a probability for each class";
        return Outputs.Select(output => output.Name).Distinct().Count() < Outputs.Count ? "two outputs have one name" : null;
    }

    internal void Pack(PartWriter writer)
    {
        if (Calibrator is { } calibrator)
            writer.Part("calibrator", w =>
            {
                w.Text("kind", calibrator.PartKind);
                calibrator.Pack(w);
            });
        if (Conformal is { } conformal) writer.Part("conformal", conformal.Pack);
        writer.Choice("rule", Rule.Kind);
        writer.Real("threshold", Rule.Threshold);
        if (Rule.Kind == DecisionKind.LeastCost) writer.Array("costs", Rule.Costs);
        writer.Parts("outputs", Outputs, (w, output) =>
        {
            w.Text("name", output.Name);
            w.Choice("kind", output.Kind);
            w.Text("unit", output.Unit);
        });
    }

    internal static Head Unpack(PartReader reader, TargetSchema target)
    {
        var head = new Head
        {
            Calibrator = reader.Has("calibrator") ? Calibrator.Unpack(reader.Part("calibrator")) : null,
            Conformal = reader.Has("conformal") ? Conformal.Unpack(reader.Part("conformal")) : null,
            Rule = ReadRule(reader, target),
            Outputs = [.. reader.Parts("outputs", 1, 1_000_000).Select(output =>
                new OutputColumn(output.Text("name"), output.Choice<OutputKind>("kind"), output.OptionalText("unit")))],
        };
        return head.FaultFor(target) is { } fault ? throw reader.Wrong("head", fault) : head;
    }

    static DecisionRule ReadRule(PartReader reader, TargetSchema target)
    {
        var kind = reader.Choice<DecisionKind>("rule");
        double threshold = reader.FiniteReal("threshold");
        if (kind != DecisionKind.LeastCost) return new DecisionRule(kind, threshold);
        int cells = target.Classes.Count * target.Classes.Count;
        double[] costs = reader.Array<double>("costs", cells, cells);
        return costs.All(double.IsFinite) ? DecisionRule.LeastCost(costs) : throw reader.Wrong("costs", "holds a number that is not finite");
    }
}
