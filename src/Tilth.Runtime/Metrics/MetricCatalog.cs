using Tilth.Data;
using static Tilth.Data.TaskKind;
using static Tilth.Metrics.MetricGoal;
using static Tilth.Metrics.MetricNeeds;

namespace Tilth.Metrics;

/// <summary>Every metric, a line each. What stands here appears by itself in evaluations, gates, reports and contract tests.</summary>
public static class MetricCatalog
{
    const double Infinity = double.PositiveInfinity;

    static readonly TaskKind[] Two = [Binary], Many = [Multiclass], Classes = [Binary, Multiclass], Numbers = [Regression];

    /// <summary>The metrics in the order in which people see them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("auc", "Area under the ROC curve", Two, Maximize, Ranking, 0, 1, RankingMetrics.Auc, "How often a positive row is ranked above a negative one; 0.5 is chance."),
        new("auc_ovr", "Area under the ROC curve, one class against the rest", Many, Maximize, Ranking, 0, 1, RankingMetrics.AucOneVersusRest, "The mean over classes of how often a row of the class is ranked above others; 0.5 is chance."),
        new("average_precision", "Average precision", Two, Maximize, Ranking, 0, 1, RankingMetrics.AveragePrecision, "Precision averaged over all thresholds; chance gives the share of positives."),
        new("log_loss", "Log loss", Classes, Minimize, Probabilities, 0, Infinity, ProbabilityMetrics.LogLoss, "How surprised the probabilities were by what happened."),
        new("brier", "Brier score", Classes, Minimize, Probabilities, 0, 2, ProbabilityMetrics.Brier, "Mean squared distance of the probabilities from what happened."),
        new("ece", "Expected calibration error", Classes, Minimize, Probabilities, 0, 1, ProbabilityMetrics.CalibrationError, "How far stated probabilities are from the shares that happened."),
        Counted("accuracy", "Accuracy", Classes, DecisionMetrics.Accuracy, "Share of rows that are called what they are."),
        new("balanced_accuracy", "Balanced accuracy", Classes, Maximize, Decisions, 0, 1, DecisionMetrics.BalancedAccuracy, "Mean over classes of the share of its rows that are found."),
        Counted("precision", "Precision", Two, DecisionMetrics.Precision, "Of the rows called positive, the share that is."),
        Counted("recall", "Recall (sensitivity)", Two, DecisionMetrics.Recall, "Of the positive rows, the share that is found."),
        Counted("specificity", "Specificity", Two, DecisionMetrics.Specificity, "Of the negative rows, the share that is left alone."),
        new("f1", "F1", Two, Maximize, Decisions, 0, 1, DecisionMetrics.F1, "Harmonic mean of precision and recall."),
        new("f1_macro", "F1, mean of classes", Many, Maximize, Decisions, 0, 1, DecisionMetrics.MacroF1, "F1 of each class, averaged plainly."),
        Counted("f1_micro", "F1, over all rows", Many, DecisionMetrics.Accuracy, "F1 over all rows together; with one class a row it equals accuracy."),
        new("f1_weighted", "F1, weighted by class", Many, Maximize, Decisions, 0, 1, DecisionMetrics.WeightedF1, "F1 of each class, averaged by its rows."),
        new("mcc", "Matthews correlation", Classes, Maximize, Decisions, -1, 1, DecisionMetrics.Matthews, "Correlation of truth and call; 0 is chance."),
        Counted("top_2_accuracy", "Top-2 accuracy", Many, DecisionMetrics.TopTwo, "Share of rows whose class is among the two most likely ones."),
        new("rmse", "Root mean squared error", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.Rmse, "Typical size of an error, large ones counted more; in the target's unit."),
        new("mae", "Mean absolute error", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.Mae, "Mean size of an error, in the target's unit."),
        new("median_absolute_error", "Median absolute error", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.MedianAbsoluteError, "Half of the errors are smaller than this."),
        new("mape", "Mean absolute percentage error", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.Mape, "Mean size of an error as a share of the true value; huge where true values are near 0."),
        new("smape", "Symmetric mean absolute percentage error", Numbers, Minimize, Values, 0, 2, RegressionMetrics.Smape, "Mean size of an error as a share of the mean of true and predicted value."),
        new("r2", "R2", Numbers, Maximize, Values, -Infinity, 1, RegressionMetrics.R2, "Share of the target's variance that is foreseen; 0 is the mean's."),
        new("pinball", "Pinball loss", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.Pinball, "Loss of a median: half of the mean absolute error."),
        new("poisson_deviance", "Poisson deviance", Numbers, Minimize, Values, 0, Infinity, RegressionMetrics.PoissonDeviance, "Loss for counts; only where targets are not negative and predictions positive."),
        new("bias", "Bias", Numbers, NearZero, Values, -Infinity, Infinity, RegressionMetrics.Bias, "Mean error; above 0 the predictions are too high."),
    ];

    /// <summary>The metrics of a kind of target, in catalogue order.</summary>
    public static IEnumerable<Metric> For(TaskKind task) => All.Where(metric => metric.Tasks.Contains(task));

    /// <summary>The one number that is told first: auc, log_loss or rmse.</summary>
    public static Metric Headline(TaskKind task) => Find(task switch { Binary => "auc", Multiclass => "log_loss", _ => "rmse" });

    /// <summary>The metric of that name.</summary>
    /// <exception cref="LearningException">There is none; the message suggests the nearest name.</exception>
    public static Metric Find(string name) => All.FirstOrDefault(metric => metric.Name == name)
        ?? throw new LearningException("metric-unknown", Spelling.Nearest(name, All.Select(metric => metric.Name)) is { } nearest
            ? $"no metric '{name}'; did you mean '{nearest}'?"
            : $"no metric '{name}'; there are {Spelling.List(All.Select(metric => metric.Name), most: 40)}");

    static Metric Counted(string name, string title, TaskKind[] tasks, Func<EvaluationData, Share> share, string help)
        => new(name, title, tasks, Maximize, Decisions, 0, 1, data => DecisionMetrics.ValueOf(share(data)), help) { Share = share };
}
