namespace Tilth.Data;

/// <summary>Finds out from the target's values what the task is, which classes there are, and which one is positive.</summary>
internal static class TargetInference
{
    /// <summary>More classes than this are taken for a mistake.</summary>
    public const int MostClasses = 1000;

    /// <summary>Whole numbers with at most this many values, each common, are classes unless the user says otherwise.</summary>
    const int MostNumberClasses = 10;

    public static (ColumnSchema Column, TargetSchema Target) Infer(Column raw, SchemaRequest request, DecisionLog decisions)
    {
        var wish = request.For(raw.Name);
        var guess = ColumnGuess.Of(raw);
        bool numeric = (wish.Kind ?? guess.Kind) == ColumnKind.Number || raw.Kind == ColumnKind.Number;
        var labels = new ColumnSchema
        {
            Name = raw.Name, Kind = ColumnKind.Category, Role = ColumnRole.Target,
            Format = new() { MissingMarkers = wish.Format?.MissingMarkers ?? LabelMarkers(raw) },
        };
        bool wanted = request.Task is TaskKind.Binary or TaskKind.Multiclass || wish.Kind == ColumnKind.Category;
        var counts = request.Task != TaskKind.Regression && (wanted || HasFewNumbers(raw)) ? Counts(raw, labels, out labels) : null;
        long rows = counts?.Sum() ?? raw.Count - raw.CountMissing();
        if (rows == 0) throw new LearningException("target-missing", $"the target '{raw.Name}' has no value in any of {raw.Count} rows");

        var task = request.Task ?? TaskOf(counts, numeric, wish.Kind);
        decisions.Add("task", task.ToString().ToLowerInvariant(), request.Task is not null ? "as asked" : Reason(raw, counts, numeric, rows));
        if (task == TaskKind.Regression || counts is null) return Regression(raw, guess, wish);
        RequireClasses(raw.Name, task, counts, labels.Levels, rows, decisions);
        var classes = task == TaskKind.Binary ? WithPositiveLast(labels, counts, request, decisions) : [.. Enumerable.Range(0, labels.Levels.Count).Select(labels.Levels.NameOf)];
        return (labels with { Levels = new LevelSet(classes) }, new TargetSchema { Column = raw.Name, Task = task, Classes = classes });
    }

    static (ColumnSchema, TargetSchema) Regression(Column raw, ColumnGuess guess, ColumnOverride wish)
    {
        var format = wish.Format ?? guess.Format;
        if (guess.Kind != ColumnKind.Number && raw is CategoryColumn or TextColumn && wish.Format is null)
            format = TextGuess.FormatFor(ColumnKind.Number, TextEvidence.Of(raw));
        var column = new ColumnSchema { Name = raw.Name, Kind = ColumnKind.Number, Role = ColumnRole.Target, Format = format };
        column = SchemaInference.Complete(column, raw);
        if (double.IsNaN(column.Min)) throw new LearningException("target-missing", $"the target '{raw.Name}' has no number in any of {raw.Count} rows");
        if (column.Min == column.Max)
            throw new LearningException("target-constant", $"the target '{raw.Name}' is {column.Min} in every row; there is nothing to foresee");
        return (column, new TargetSchema { Column = raw.Name, Task = TaskKind.Regression });
    }

    static IReadOnlyList<string> LabelMarkers(Column raw)
        => raw is CategoryColumn or TextColumn ? TextGuess.FormatFor(ColumnKind.Category, TextEvidence.Of(raw)).MissingMarkers : [];

    /// <summary>Rows of each label, in the order of the levels.</summary>
    static List<long> Counts(Column raw, ColumnSchema labels, out ColumnSchema withLevels)
    {
        withLevels = labels with { Levels = LevelNames.Of(raw, labels) };
        var counts = new long[withLevels.Levels.Count];
        var conformed = (CategoryColumn)new Schema { Columns = [withLevels] }.Conform(new Table([raw]), [], targetRequired: true).Columns[0];
        foreach (int code in conformed.Codes.Span)
            if (code >= 0) counts[code]++;
        return [.. counts];
    }

    /// <summary>True unless it is a column of more different numbers than could be classes.</summary>
    static bool HasFewNumbers(Column raw)
    {
        if (raw is not NumberColumn numbers) return true;
        var different = new HashSet<double>();
        foreach (double value in numbers.Values.Span)
            if (!double.IsNaN(value) && different.Add(value) && different.Count > MostNumberClasses) return false;
        return true;
    }

    static TaskKind TaskOf(List<long>? counts, bool numeric, ColumnKind? wished)
    {
        if (wished == ColumnKind.Category) return counts?.Count == 2 ? TaskKind.Binary : TaskKind.Multiclass;
        if (counts is null) return TaskKind.Regression;
        if (counts.Count <= 2) return TaskKind.Binary;
        return !numeric || IsFewLabels(counts) ? TaskKind.Multiclass : TaskKind.Regression;
    }

    static bool IsFewLabels(List<long> counts) => counts.Count <= MostNumberClasses && counts.Sum() >= 20L * counts.Count;

    static string Reason(Column raw, List<long>? counts, bool numeric, long rows)
        => counts is null ? $"the target '{raw.Name}' holds more than {MostNumberClasses} different numbers"
            : $"the target '{raw.Name}' holds {counts.Count} different {(numeric ? "numbers" : "labels")} in {rows} rows";

    static void RequireClasses(string name, TaskKind task, List<long> counts, LevelSet levels, long rows, DecisionLog decisions)
    {
        if (counts.Count < 2)
            throw new LearningException("single-class", $"the target '{name}' is '{levels.NameOf(0)}' in {(rows == 1 ? "the only row that has one" : $"all {rows} rows that have one")}; two classes are needed");
        if (task == TaskKind.Binary && counts.Count > 2)
            throw new LearningException("too-many-classes", $"a binary target has 2 classes, but '{name}' has {counts.Count}; ask for multiclass");
        if (counts.Count > MostClasses || (counts.Count > 50 && counts.Count * 2L > rows))
            throw new LearningException("too-many-classes",
                $"the target '{name}' has {counts.Count} different labels in {rows} rows; at most {Math.Min(MostClasses, Math.Max(50, rows / 2))} are classes. Is it free text or an identifier?");
        int single = counts.Count(count => count == 1);
        if (task == TaskKind.Binary && single > 0)
            throw new LearningException("single-row-class", $"the class '{levels.NameOf(counts.IndexOf(1))}' of the target '{name}' has only one row; at least 2 are needed to learn it and to test it");
        if (single > 0)
            decisions.Add("target", "rare classes are kept", $"{single} of {counts.Count} classes have one row; no test can say how well they are foreseen");
    }

    static string[] WithPositiveLast(ColumnSchema labels, List<long> counts, SchemaRequest request, DecisionLog decisions)
    {
        var levels = labels.Levels;
        int positive = counts[0] < counts[1] ? 0 : 1;
        if (request.Positive is { } asked)
        {
            new CellReader(labels).ReadCode(new Cell(asked), out positive);
            if (positive < 0)
                throw new SchemaException("positive-unknown", $"positive: the target '{labels.Name}' has no class '{asked}'; its classes are '{levels.NameOf(0)}' and '{levels.NameOf(1)}'");
            decisions.Add("positive class", levels.NameOf(positive), "as asked");
        }
        else
        {
            string why = counts[0] == counts[1] ? "both classes are equally frequent" : $"the rarer class: {counts[positive]} of {counts.Sum()} rows";
            decisions.Add("positive class", levels.NameOf(positive), why);
        }
        return [levels.NameOf(1 - positive), levels.NameOf(positive)];
    }
}
