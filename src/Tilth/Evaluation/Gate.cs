using System.Globalization;
using Tilth.Data;
using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>Which number of a score a gate reads.</summary>
public enum GateSide
{
    /// <summary>The value itself.</summary>
    Value,
    /// <summary>The lower limit of the 95 % interval.</summary>
    Lower,
    /// <summary>The upper limit of the 95 % interval.</summary>
    Upper,
}

/// <summary>One condition and whether an evaluation meets it.</summary>
/// <param name="Passed">False also where the number is not known.</param>
/// <param name="Sentence">For people: "auc.lower is 0.812, at least 0.8 as asked".</param>
public sealed record GateResult(bool Passed, string Sentence);

/// <summary>One condition of a <see cref="Gate"/>.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Side">Which number of it.</param>
/// <param name="Operator">"&gt;=", "&gt;", "&lt;=" or "&lt;".</param>
/// <param name="Limit">What it is compared with.</param>
public sealed record GateCondition(string Metric, GateSide Side, string Operator, double Limit);

/// <summary>
/// Conditions that an evaluation must meet before a model is used: "auc.lower &gt;= 0.8, log_loss &lt; 0.4". Each is a metric,
/// optionally .value, .lower or .upper, a comparison and a number; several are joined by a comma or "and".
/// </summary>
/// <param name="Conditions">At least one; all must be met.</param>
public sealed record Gate(IReadOnlyList<GateCondition> Conditions)
{
    static readonly string[] Operators = [">=", "<=", ">", "<"];

    /// <summary>Reads conditions.</summary>
    /// <exception cref="LearningException">Something is no condition; all problems at once.</exception>
    public static Gate Parse(string text)
    {
        var conditions = new List<GateCondition>();
        var problems = new List<Problem>();
        foreach (string part in text.Replace(" and ", ",", StringComparison.OrdinalIgnoreCase).Split(','))
        {
            try { conditions.Add(ParseOne(part.Trim())); }
            catch (LearningException exception) { problems.AddRange(exception.Problems); }
        }
        if (problems.Count > 0) throw new LearningException(problems);
        return new(conditions);
    }

    /// <summary>Compares each condition with an evaluation.</summary>
    public IReadOnlyList<GateResult> Check(Evaluation evaluation) => [.. Conditions.Select(condition => Check(condition, evaluation))];

    static GateResult Check(GateCondition condition, Evaluation evaluation)
    {
        string name = condition.Metric + (condition.Side == GateSide.Value ? "" : "." + condition.Side.ToString().ToLowerInvariant());
        if (evaluation.Find(condition.Metric) is not { } score)
            return new(false, $"{name} is not measured for a {evaluation.Task.ToString().ToLowerInvariant()} target; there are {Spelling.List(evaluation.Metrics.Select(m => m.Name), most: 30)}");
        double value = condition.Side switch { GateSide.Lower => score.Score.Lower, GateSide.Upper => score.Score.Upper, _ => score.Score.Value };
        if (double.IsNaN(value)) return new(false, $"{name} is not known: these rows cannot say");
        bool passed = condition.Operator switch { ">=" => value >= condition.Limit, ">" => value > condition.Limit, "<=" => value <= condition.Limit, _ => value < condition.Limit };
        string rule = condition.Operator switch { ">=" => "at least", ">" => "above", "<=" => "at most", _ => "below" };
        return new(passed, string.Create(CultureInfo.InvariantCulture, $"{name} is {value:0.####}, {(passed ? rule : $"but must be {rule}")} {condition.Limit:R}{(passed ? " as asked" : "")}"));
    }

    static GateCondition ParseOne(string part)
    {
        string? sign = Operators.FirstOrDefault(part.Contains);
        if (sign is null) throw Wrong(part, "has no comparison (>=, >, <=, <)");
        string left = part[..part.IndexOf(sign, StringComparison.Ordinal)].Trim(), right = part[(part.IndexOf(sign, StringComparison.Ordinal) + sign.Length)..].Trim();
        if (!double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) || !double.IsFinite(limit))
            throw Wrong(part, $"compares with '{right}', which is no number");
        int dot = left.IndexOf('.');
        string name = dot < 0 ? left : left[..dot], side = dot < 0 ? "value" : left[(dot + 1)..];
        GateSide which = side switch
        {
            "value" => GateSide.Value, "lower" => GateSide.Lower, "upper" => GateSide.Upper,
            _ => throw Wrong(part, $"reads '.{side}', but there are .value, .lower and .upper"),
        };
        return new(MetricCatalog.Find(name).Name, which, sign, limit);
    }

    static LearningException Wrong(string part, string what) => new("gate", $"the gate '{part}' {what}; write it like auc.lower>=0.8");
}
