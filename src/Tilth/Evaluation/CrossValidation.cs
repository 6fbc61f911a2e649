using Tilth.Data;
using Tilth.Fitting;
using Tilth.Metrics;

namespace Tilth.Evaluation;

/// <summary>Learns on the training rows of a fold and foresees its validation rows.</summary>
/// <param name="trainRows">Rows to learn from; nothing that reads the target may see others.</param>
/// <param name="validationRows">Rows to foresee.</param>
/// <param name="fold">The fold's number from 0, for seeds and progress.</param>
/// <returns>Validation rows x outputs, row by row.</returns>
public delegate double[] FoldFit(int[] trainRows, int[] validationRows, int fold);

/// <summary>Predictions of rows by models that did not see them.</summary>
/// <param name="Rows">The rows that were foreseen, ascending; with a time-ordered split the earliest are not among them.</param>
/// <param name="Predictions">Rows x outputs, in the order of <paramref name="Rows"/>; the mean over repeats.</param>
/// <param name="FoldScores">The headline metric of each fold; NaN where its rows cannot say.</param>
/// <param name="Baseline">What the training rows' trivial baseline foresees, the mean over folds.</param>
public sealed record OutOfFold(int[] Rows, double[] Predictions, double[] FoldScores, double[] Baseline)
{
    /// <summary>Each division into folds on its own.</summary>
    internal Divisions Divisions { get; init; } = Divisions.None;

    /// <summary>Both divisions: the mean predictions, and each kept.</summary>
    /// <param name="other">The same rows.</param>
    /// <param name="models">The models of the first division, which are packed.</param>
    internal OutOfFold And(OutOfFold other, int models)
        => this with { Predictions = [.. Predictions.Zip(other.Predictions, (a, b) => (a + b) / 2)], Divisions = new([Predictions, other.Predictions], models, models) };

    /// <summary>Evaluates the predictions.</summary>
    /// <param name="target">The whole table's target.</param>
    /// <param name="options">Weights and groups of the whole table; rows and baseline are set here.</param>
    public Evaluation Evaluate(Target target, EvaluationOptions options) => Evaluator.Evaluate(target.Take(Rows), Predictions, options with
    {
        RowsFrom = EvaluationOptions.OutOfFold, Baseline = Baseline,
        Weights = options.Weights is { } w ? Array.ConvertAll(Rows, row => w[row]) : null,
        Groups = options.Groups is { } g ? Array.ConvertAll(Rows, row => g[row]) : null,
    });
}

/// <summary>Foresees every row by a model that was learned from other rows.</summary>
public static class CrossValidation
{
    /// <summary>Runs the folds one after the other; each fit uses the threads.</summary>
    /// <param name="target">The whole table's target.</param>
    /// <param name="folds">Row numbers of the table; a row may be tested in several folds (repeats).</param>
    /// <param name="fit">Learns and foresees one fold.</param>
    /// <param name="context">Progress, cancellation; once it should finish early no further fold is begun.</param>
    /// <param name="weights">Weights of the whole table for fold scores and baseline; null for 1.</param>
    /// <exception cref="LearningException">A fit gave a prediction that is not a number.</exception>
    /// <exception cref="ArgumentException">A fit gave too few or too many predictions.</exception>
    public static OutOfFold Run(Target target, IReadOnlyList<Fold> folds, FoldFit fit, FitContext context, double[]? weights = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(folds.Count);
        int outputs = target.Schema.OutputCount;
        var metric = MetricCatalog.Headline(target.Task);
        var sums = new double[(long)target.Values.Length * outputs];
        var times = new int[target.Values.Length];
        var scores = new List<double>();
        var baseline = new double[outputs];
        for (int f = 0; f < folds.Count && (f == 0 || !context.ShouldFinish); f++)
        {
            context.ThrowIfCancelled();
            var (train, test) = folds[f];
            context.Progress?.Report(new($"fold {f + 1} of {folds.Count}", f, folds.Count, metric.Name, scores.Count > 0 ? scores[^1] : null));
            double[] foreseen = fit(train, test, f);
            if (foreseen.Length != (long)test.Length * outputs)
                throw new ArgumentException($"fold {f + 1} foresees {test.Length} rows x {outputs} outputs, but gave {foreseen.Length} numbers");
            scores.Add(metric.Compute(new EvaluationData(target.Schema, target.Take(test).Values, foreseen, Take(weights, test))));
            var constant = TrivialBaseline.From(target, train, Take(weights, train));
            for (int k = 0; k < outputs; k++) baseline[k] += constant[k];
            for (int i = 0; i < test.Length; i++)
            {
                times[test[i]]++;
                for (int k = 0; k < outputs; k++) sums[(long)test[i] * outputs + k] += foreseen[i * outputs + k];
            }
        }
        int[] rows = [.. Enumerable.Range(0, times.Length).Where(row => times[row] > 0)];
        var predictions = new double[rows.Length * outputs];
        for (int i = 0; i < predictions.Length; i++)
        {
            int row = rows[i / outputs];
            predictions[i] = sums[(long)row * outputs + i % outputs] / times[row];
        }
        return new(rows, predictions, [.. scores], [.. baseline.Select(sum => sum / scores.Count)]);
    }

    static double[]? Take(double[]? weights, int[] rows) => weights is null ? null : Array.ConvertAll(rows, row => weights[row]);
}
