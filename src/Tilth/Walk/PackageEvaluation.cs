using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Explanation;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Packaging;
using Tilth.Parallelism;

namespace Tilth.Walk;

/// <summary>Evaluates a package on a table that has the target.</summary>
public static class PackageEvaluation
{
    const int MostShuffledRows = 5000;

    /// <summary>How much worse the headline metric becomes if a column's values are shuffled; on at most 5,000 rows.</summary>
    /// <param name="package">What is evaluated.</param>
    /// <param name="raw">As a source gave it, with the target.</param>
    /// <param name="seed">Seed of the shuffles and resamples.</param>
    /// <param name="workers">Threads.</param>
    /// <exception cref="SchemaException">A column is missing or cannot be read.</exception>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static IReadOnlyList<PermutationImportance> ImportanceOf(ModelPackage package, Table raw, ulong seed, WorkerPool workers)
    {
        var data = TrainingTable.Read(raw, package.Schema, []);
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        if (rows.Length > MostShuffledRows) rows = [.. new RandomSource(seed).Choose(data.RowCount, MostShuffledRows).Order()];
        double[] Predict(Table table)
        {
            double[] predictions = package.Node.Predict(table);
            package.Head.Calibrate(predictions, package.Target.OutputCount);
            return predictions;
        }
        return PermutationImportance.Of(Predict, data.Table.Take(rows), data.Target.Take(rows), [.. package.Node.SourceColumns], MetricCatalog.Headline(package.Target.Task), seed, workers);
    }

    /// <summary>All metrics with intervals, against the baseline that the package's own evaluation names.</summary>
    /// <param name="package">What is evaluated.</param>
    /// <param name="raw">As a source gave it.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="warnings">What was odd about the table.</param>
    /// <exception cref="SchemaException">A column is missing or cannot be read.</exception>
    /// <exception cref="LearningException">No row has a target.</exception>
    public static Evaluation.Evaluation Of(ModelPackage package, Table raw, ulong seed, WorkerPool workers, out IReadOnlyList<Problem> warnings)
    {
        var told = new List<Problem>();
        var data = TrainingTable.Read(raw, package.Schema, told);
        warnings = told;
        double[] predictions = package.Node.Predict(data.Table);
        package.Head.Calibrate(predictions, package.Target.OutputCount);
        var trained = PackagedEvaluation.Of(package);
        return Evaluator.Evaluate(data.Target, predictions, new EvaluationOptions
        {
            RowsFrom = "test file", Threshold = package.Head.Rule.Threshold, Costs = ScoredRows.CostsOf(package.Head.Rule), Weights = data.Weights, Groups = data.Keys.Groups, Baseline = trained is null ? null : [.. trained.BaselinePrediction],
            Seed = seed, Workers = workers,
        });
    }
}
