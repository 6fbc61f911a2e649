using System.Globalization;
using Tilth.Data;
using Tilth.Metrics;
using Tilth.Models.Heads;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>
/// A table in the form of a competition's sample: its columns, its rows in its order, and in each cell to foresee what a package
/// says. Nothing that fails a check is given out.
/// </summary>
public sealed class Submission
{
    readonly Table sample, test;
    readonly string[] filled;
    readonly int[] rowOf;

    /// <summary>Finds out where each row of the sample stands in the test file.</summary>
    /// <exception cref="SchemaException">The sample names a row that the test file does not have, or has no column to fill.</exception>
    public Submission(Table sample, Table test, string? identifier)
    {
        (this.sample, this.test) = (sample, test);
        filled = [.. sample.Columns.Select(column => column.Name).Where(name => name != identifier && test.Find(name) is null)];
        if (filled.Length == 0) throw new SchemaException("sample-columns", "the sample has no column to fill in: all of its columns are in the test file");
        rowOf = identifier is null || sample.Find(identifier) is null ? [.. Enumerable.Range(0, sample.RowCount)] : Places(sample[identifier], test[identifier]);
    }

    /// <summary>The submission that a package gives.</summary>
    /// <param name="package">Foresees the target.</param>
    /// <param name="labels">Class names instead of probabilities.</param>
    /// <param name="check">What was checked, in one sentence.</param>
    /// <exception cref="SchemaException">The sample asks for something else than the package foresees.</exception>
    public Table Make(ModelPackage package, bool labels, out string check)
    {
        var rows = package.Schema.Conform(test, []);
        double[] predictions = package.Node.Predict(rows);
        package.Head.Calibrate(predictions, package.Target.OutputCount);
        var made = new Table([.. sample.Columns.Select(column => filled.Contains(column.Name) ? Filled(column.Name, package, labels, predictions) : column)]);
        check = Check(made, package.Target, labels);
        return made;
    }

    /// <summary>Whether class names are asked for: the metric judges calls, or the sample's cells are class names that no probability is written like.</summary>
    public static bool AsksForLabels(Table sample, TargetSchema target, Metric metric)
    {
        if (target.Task == TaskKind.Regression) return false;
        if (metric.Needs == MetricNeeds.Decisions) return true;
        return sample.Columns[^1] is not NumberColumn && Enumerable.Range(0, sample.RowCount).All(row => sample.Columns[^1].Format(row) is { } text && target.Classes.Contains(text));
    }

    Column Filled(string name, ModelPackage package, bool labels, double[] predictions)
    {
        var target = package.Target;
        int outputs = target.OutputCount;
        if (labels) return TextColumn.From(name, rowOf.Select(row => target.Classes[Rule(package, target).Decide(predictions.AsSpan(row * outputs, outputs))]));
        if (filled.Length == 1 && outputs == 1) return new NumberColumn(name, Array.ConvertAll(rowOf, row => predictions[row]));
        int at = ClassOf(name, target);
        return new NumberColumn(name, Array.ConvertAll(rowOf, row => outputs > 1 ? predictions[row * outputs + at] : at == 1 ? predictions[row] : 1 - predictions[row]));
    }

    static DecisionRule Rule(ModelPackage package, TargetSchema target)
        => package.Head.Rule.Kind != DecisionKind.None ? package.Head.Rule : new(target.Task == TaskKind.Binary ? DecisionKind.Threshold : DecisionKind.Argmax);

    /// <summary>"C", or "Status_C", as samples name their columns.</summary>
    int ClassOf(string name, TargetSchema target)
    {
        for (int k = 0; k < target.Classes.Count; k++)
            if (name == target.Classes[k] || name.EndsWith("_" + target.Classes[k], StringComparison.Ordinal) || name.EndsWith(" " + target.Classes[k], StringComparison.Ordinal)) return k;
        throw new SchemaException("sample-columns", target.Task == TaskKind.Regression || filled.Length == 1
            ? $"the sample asks for {Spelling.List(filled)}, but '{target.Column}' has {(target.Task == TaskKind.Regression ? "one number a row" : $"{target.Classes.Count} classes: {Spelling.List(target.Classes)}")}"
            : $"the sample's column '{name}' is none of the classes of '{target.Column}': {Spelling.List(target.Classes)}");
    }

    string Check(Table made, TargetSchema target, bool labels)
    {
        foreach (string name in filled)
            if (made[name].CountMissing() is > 0 and int missing) throw new SchemaException("submission-missing", $"{missing} cells of '{name}' would be empty");
        string range = labels ? $"labels of {Spelling.List(target.Classes)}" : Range(made, target);
        return string.Create(CultureInfo.InvariantCulture, $"{made.RowCount:N0} rows in the order of the sample, no value missing, {range}");
    }

    string Range(Table made, TargetSchema target)
    {
        double[] all = [.. filled.SelectMany(name => ((NumberColumn)made[name]).Values.ToArray())];
        if (target.Task != TaskKind.Regression && (all.Min() < 0 || all.Max() > 1)) throw new SchemaException("submission-range", $"probabilities would be from {all.Min()} to {all.Max()}");
        return string.Create(CultureInfo.InvariantCulture, $"{(target.Task == TaskKind.Regression ? "values" : "probabilities")} from {all.Min():G4} to {all.Max():G4}");
    }

    static int[] Places(Column sample, Column test)
    {
        var places = new Dictionary<string, int>(test.Count, StringComparer.Ordinal);
        for (int row = 0; row < test.Count; row++)
            if (test.Format(row) is { } name && !places.TryAdd(name, row)) throw new SchemaException("identifier-repeats", $"the identifier '{test.Name}' is '{name}' in two rows of the test file");
        return [.. Enumerable.Range(0, sample.Count).Select(row => sample.Format(row) is { } name && places.TryGetValue(name, out int place) ? place
            : throw new SchemaException("identifier-unknown", $"row {row + 1} of the sample is '{sample.Format(row)}', which no row of the test file has as its '{test.Name}'"))];
    }
}
