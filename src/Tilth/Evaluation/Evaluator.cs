using Tilth.Data;
using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>Measures predictions of rows that the model did not learn from: every metric with its interval, beside the trivial
/// baseline's, and the curves that a report draws.</summary>
public static class Evaluator
{
    /// <summary>Evaluates predictions.</summary>
    /// <param name="target">What happened, one number a row.</param>
    /// <param name="predictions">Rows x outputs, row by row: probabilities (binary: of the positive class) or values.</param>
    /// <param name="options">Weights, groups, threshold, baseline, seed, threads; null for the defaults.</param>
    /// <exception cref="LearningException">There is no row, no weight, or a prediction that is not a number.</exception>
    /// <exception cref="ArgumentException">Lengths do not fit each other.</exception>
    public static Evaluation Evaluate(Target target, double[] predictions, EvaluationOptions? options = null)
    {
        options ??= EvaluationOptions.Default;
        var data = new EvaluationData(target.Schema, target.Values, predictions, options.Weights, options.Threshold, options.Costs);
        if (options.Groups is { } groups && groups.Length != data.RowCount)
            throw new ArgumentException($"{data.RowCount} rows need as many groups, but there are {groups.Length}");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Resamples, 40);
        double[] constant = options.Baseline ?? TrivialBaseline.From(data);
        var baseline = TrivialBaseline.Foresee(data, constant);
        return new()
        {
            Task = data.Task,
            Target = data.Schema.Column,
            Classes = [.. data.Schema.Classes],
            RowsFrom = options.RowsFrom,
            RowCount = data.RowCount,
            ClassRows = CountClasses(data),
            Weighted = options.Weights is not null,
            Threshold = data.Task == TaskKind.Binary ? options.Threshold : double.NaN,
            BaselinePrediction = [.. constant],
            Metrics = MetricIntervals.Of(data, baseline, options),
            Headline = MetricCatalog.Headline(data.Task).Name,
            ChancePValue = ChanceTest.PValue(data, outOfFold: options.RowsFrom == EvaluationOptions.OutOfFold),
            Curves = data.Task == TaskKind.Binary ? CurveBands.Add(CurveMaker.Of(data), data, options) : null,
            Confusion = Square(data),
            Residuals = data.Task == TaskKind.Regression ? ResidualMaker.Of(data) : null,
        };
    }

    static int[] CountClasses(EvaluationData data)
    {
        var counts = new int[data.ClassCount];
        if (data.Task != TaskKind.Regression)
            foreach (double y in data.Targets) counts[(int)y]++;
        return counts;
    }

    static double[][] Square(EvaluationData data)
    {
        if (data.Task == TaskKind.Regression) return [];
        var flat = data.Confusion();
        int classes = data.ClassCount;
        return [.. Enumerable.Range(0, classes).Select(i => flat[(i * classes)..((i + 1) * classes)])];
    }
}
