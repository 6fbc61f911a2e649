using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>Two sets of predictions of the same rows.</summary>
/// <param name="Metric">What they are measured by.</param>
/// <param name="Rows">How many rows both foresaw.</param>
/// <param name="From">Which rows these are.</param>
/// <param name="First">Score of the first on them.</param>
/// <param name="Second">Score of the second.</param>
/// <param name="Difference">First minus second with the 95 % interval, on the same resamples.</param>
internal sealed record ResultComparison(Metric Metric, int Rows, string From, double First, double Second, Interval Difference)
{
    /// <summary>1 if the first is surely better, -1 if the second is, 0 if the rows cannot tell.</summary>
    public int Better => Difference.Lower > 0 ? (Metric.HigherIsBetter ? 1 : -1) : Difference.Upper < 0 ? (Metric.HigherIsBetter ? -1 : 1) : 0;

    /// <summary>Compares what two runs foresaw of the rows that both scored.</summary>
    /// <exception cref="LearningException">They are not of one table, or have too few rows in common.</exception>
    public static ResultComparison Of(RunResult first, RunResult second, FitContext context)
    {
        var (a, b) = (first.Target.Schema, second.Target.Schema);
        if (a.Column != b.Column || a.Task != b.Task || !a.Classes.SequenceEqual(b.Classes)) throw new LearningException("compare-target", $"one run foresees '{a.Column}' ({a.Task.ToString().ToLowerInvariant()}), the other '{b.Column}' ({b.Task.ToString().ToLowerInvariant()}) or other classes of it");
        var place = second.Rows.Select((row, at) => (row, at)).ToDictionary(pair => pair.row, pair => pair.at);
        int[] mine = [.. Enumerable.Range(0, first.Rows.Length).Where(at => place.ContainsKey(first.Rows[at]))], theirs = Array.ConvertAll(mine, at => place[first.Rows[at]]);
        if (mine.Length == 0) throw new LearningException("compare-rows", "the two runs scored no row in common; compare them on a table of its own with --test");
        if (mine.Zip(theirs).Any(pair => first.Values[pair.First] != second.Values[pair.Second])) throw new LearningException("compare-rows", "the two runs learned from different tables: the target of a row differs; compare them on a table of its own with --test");
        string from = first.From == second.From ? first.From : $"{first.From} and {second.From}";
        return Of(first.Target.Take(mine), Take(first, mine), Take(second, theirs), from, context);
    }

    /// <summary>Compares two packages on rows of a table.</summary>
    /// <exception cref="LearningException">They foresee different things.</exception>
    public static ResultComparison Of(ModelPackage first, ModelPackage second, Table table, FitContext context)
    {
        var data = TrainingTable.Read(table, first.Schema, []);
        var other = TrainingTable.Read(table, second.Schema, []);
        if (first.Target.Task != second.Target.Task || !first.Target.Classes.SequenceEqual(second.Target.Classes) || first.Target.Column != second.Target.Column)
            throw new LearningException("compare-target", $"one package foresees '{first.Target.Column}', the other '{second.Target.Column}' or other classes of it");
        double[] Foresee(ModelPackage package, Table rows)
        {
            double[] predictions = package.Node.Predict(rows);
            package.Head.Calibrate(predictions, package.Target.OutputCount);
            return predictions;
        }
        return Of(data.Target, Foresee(first, data.Table), Foresee(second, other.Table), "test table", context);
    }

    static ResultComparison Of(Target target, double[] first, double[] second, string from, FitContext context)
    {
        var metric = MetricCatalog.Headline(target.Task);
        double Score(double[] predictions) => metric.Compute(new EvaluationData(target.Schema, target.Values, predictions));
        var difference = PairedComparison.Difference(target, first, second, metric, new EvaluationOptions { Seed = context.Seed, Workers = context.Workers, Resamples = 1000 });
        return new(metric, target.Values.Length, from, Score(first), Score(second), difference);
    }

    static double[] Take(RunResult result, int[] positions)
    {
        int outputs = result.Target.Schema.OutputCount;
        var taken = new double[positions.Length * outputs];
        for (int i = 0; i < positions.Length; i++) result.Predictions.AsSpan(positions[i] * outputs, outputs).CopyTo(taken.AsSpan(i * outputs));
        return taken;
    }
}
