using Tilth.Data;

namespace Tilth.Metrics;

/// <summary>Which way a metric is good.</summary>
public enum MetricGoal
{
    /// <summary>Higher is better.</summary>
    Maximize,
    /// <summary>Lower is better.</summary>
    Minimize,
    /// <summary>Nearer to zero is better.</summary>
    NearZero,
}

/// <summary>What a metric reads of a prediction.</summary>
public enum MetricNeeds
{
    /// <summary>Only the order of the predictions.</summary>
    Ranking,
    /// <summary>The probabilities themselves.</summary>
    Probabilities,
    /// <summary>The class that each row is called.</summary>
    Decisions,
    /// <summary>Predicted values.</summary>
    Values,
}

/// <summary>Hits among trials, for metrics that are a plain share of rows.</summary>
/// <param name="Hits">Weight of the hits.</param>
/// <param name="Trials">Weight of all rows that count.</param>
/// <param name="SquaredWeights">Sum of their squared weights; equals <paramref name="Trials"/> where every row counts once.</param>
internal readonly record struct Share(double Hits, double Trials, double SquaredWeights);

/// <summary>A measure of how good predictions are, with the field's name and formula. Immutable and thread-safe.</summary>
public sealed class Metric
{
    readonly Func<EvaluationData, double> formula;

    internal Metric(string name, string title, IReadOnlyList<TaskKind> tasks, MetricGoal goal, MetricNeeds needs,
        double lower, double upper, Func<EvaluationData, double> formula, string help)
        => (Name, Title, Tasks, Goal, Needs, Lower, Upper, this.formula, Help) = (name, title, tasks, goal, needs, lower, upper, formula, help);

    /// <summary>Snake case, as in scikit-learn ("average_precision").</summary>
    public string Name { get; }

    /// <summary>For reports ("Average precision").</summary>
    public string Title { get; }

    /// <summary>What it says, in one sentence for people.</summary>
    public string Help { get; }

    /// <summary>The kinds of target that it measures.</summary>
    public IReadOnlyList<TaskKind> Tasks { get; }

    /// <summary>Which way is good.</summary>
    public MetricGoal Goal { get; }

    /// <summary>What it reads of a prediction.</summary>
    public MetricNeeds Needs { get; }

    /// <summary>No value is below this.</summary>
    public double Lower { get; }

    /// <summary>No value is above this.</summary>
    public double Upper { get; }

    /// <summary>The value of perfect predictions.</summary>
    public double Best => Goal switch { MetricGoal.Maximize => Upper, MetricGoal.Minimize => Lower, _ => 0 };

    /// <summary>True if a higher value is better.</summary>
    public bool HigherIsBetter => Goal == MetricGoal.Maximize;

    /// <summary>The hits and trials behind the value; null for metrics that are no plain share of rows.</summary>
    internal Func<EvaluationData, Share>? Share { get; init; }

    /// <summary>Measures predictions; n log n in the rows at most.</summary>
    /// <param name="data">Rows of one of <see cref="Tasks"/>.</param>
    /// <returns>The value; NaN where these rows cannot say (an AUC of one class, a deviance of negative values).</returns>
    /// <exception cref="ArgumentException">The metric does not measure this kind of target.</exception>
    public double Compute(EvaluationData data)
    {
        if (!Tasks.Contains(data.Task)) throw new ArgumentException($"{Name} does not measure a {data.Task} target");
        return formula(data);
    }

    /// <summary>True if <paramref name="value"/> is strictly better than <paramref name="other"/>; a NaN is never better.</summary>
    public bool IsBetter(double value, double other) => Goal switch
    {
        MetricGoal.Maximize => value > other,
        MetricGoal.Minimize => value < other,
        _ => Math.Abs(value) < Math.Abs(other),
    };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
