using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Honesty.Drift;
using Tilth.Kernels;
using Tilth.Learners.Boosting;

namespace Tilth.Walk;

/// <summary>
/// Two tables held against each other: each column by a test, corrected for the number of columns, and all together by a model
/// that is asked to tell their rows apart (Lopez-Paz and Oquab 2017).
/// </summary>
/// <param name="FirstRows">Rows of the first table.</param>
/// <param name="SecondRows">Rows of the second.</param>
/// <param name="Columns">Columns of both, those that moved most first; free text is left to the model.</param>
/// <param name="OnlyFirst">Columns that only the first has.</param>
/// <param name="OnlySecond">Columns that only the second has.</param>
/// <param name="Auc">How well rows can be told apart: 0.5 is not at all, 1 is always.</param>
/// <param name="ChancePValue">Chance of that between tables drawn alike.</param>
/// <param name="GiveAway">Columns that the model leans on, the most important first.</param>
public sealed record TableComparison(int FirstRows, int SecondRows, IReadOnlyList<ColumnDrift> Columns, IReadOnlyList<string> OnlyFirst,
    IReadOnlyList<string> OnlySecond, Interval Auc, double ChancePValue, IReadOnlyList<ColumnImportance> GiveAway)
{
    const int MostRowsEach = 5000, FewestRows = 20;
    const double Sure = 0.01;

    /// <summary>Whether a model surely tells the rows of the two tables apart.</summary>
    public bool TellsApart => ChancePValue < Sure && Auc.Lower > 0.5;

    /// <summary>One sentence.</summary>
    public string Sentence
    {
        get
        {
            int moved = Columns.Count(column => column.Mark == DriftMark.Moved);
            string columns = moved == 0 ? "no column moved much" : moved == 1 ? $"'{Columns[0].Column}' moved" : $"{moved} of {Columns.Count} columns moved, most of all '{Columns[0].Column}'";
            string rows = FormattableString.Invariant($"(AUC {Auc.Value:0.000}, 95 %: {Auc.Lower:0.000} to {Auc.Upper:0.000})");
            return TellsApart ? $"The tables differ: {columns}, and a model tells their rows apart {rows}."
                : moved > 0 ? $"The tables differ: {columns}, though a model hardly tells their rows apart {rows}."
                : $"The tables are alike: {columns}, and a model does not surely tell their rows apart {rows}.";
        }
    }

    /// <summary>Compares two tables as a source gave them.</summary>
    /// <exception cref="SchemaException">They have no column in common, or too few rows.</exception>
    public static TableComparison Of(Table first, Table second, FitContext context)
    {
        string[] shared = [.. first.Columns.Select(column => column.Name).Where(name => second.Find(name) is not null)];
        if (shared.Length == 0) throw new SchemaException("columns-none-shared", "the two tables have no column name in common");
        if (Math.Min(first.RowCount, second.RowCount) < FewestRows)
            throw new SchemaException("rows-few", $"each table needs at least {FewestRows} rows to be compared, but they have {first.RowCount} and {second.RowCount}");
        var both = new Table([.. shared.Select(name => Under(first[name], second[name]))]);
        var schema = SchemaInference.Infer(both, new SchemaRequest(), context.Workers).Schema;
        var kept = schema with { Columns = [.. schema.Columns.Where(column => column.Role == ColumnRole.Feature)] };
        var drifts = kept.Columns.Count == 0 ? [] : ColumnDrift.Of(kept.Conform(both.Select(kept.Columns.Select(column => column.Name)), []), first.RowCount);
        var told = Tell(both, first.RowCount, context);
        var score = told.Evaluation.Find("auc")!.Score;
        return new(first.RowCount, second.RowCount, [.. drifts.OrderByDescending(d => d.Mark).ThenByDescending(d => d.Psi)],
            [.. first.Columns.Select(c => c.Name).Except(shared)], [.. second.Columns.Select(c => c.Name).Except(shared)], score, told.Evaluation.ChancePValue, told.Importance);
    }

    static TrainingResult Tell(Table both, int firstRows, FitContext context)
    {
        string target = "table";
        while (both.Find(target) is not null) target += "_";
        var random = new RandomSource(context.Seed);
        int[] rows = [.. Draw(0, firstRows, random.Child(0)), .. Draw(firstRows, both.RowCount - firstRows, random.Child(1))];
        var labels = new CategoryColumn(target, Array.ConvertAll(rows, row => row < firstRows ? 0 : 1), new LevelSet(["first", "second"]));
        var table = both.Take(rows).With(labels);
        var training = Training.For(target) with
        {
            Columns = new SchemaRequest { Target = target, Positive = "second" }, HoldoutShare = 0, Calibrate = false,
            Keep = [.. both.Columns.Select(column => column.Name)], Learner = new GradientBoosting { NEstimators = 100, LearningRate = 0.1 },
        };
        return training.Run(table, context);
    }

    static int[] Draw(int start, int count, RandomSource random)
    {
        int[] rows = count <= MostRowsEach ? [.. Enumerable.Range(0, count)] : [.. random.Choose(count, MostRowsEach).Order()];
        return Array.ConvertAll(rows, row => start + row);
    }

    /// <summary>One column under the other: numbers stay numbers, everything else is compared as it is written.</summary>
    static Column Under(Column first, Column second)
    {
        if (first is NumberColumn a && second is NumberColumn b) return new NumberColumn(first.Name, (double[])[.. a.Values.Span, .. b.Values.Span]);
        var texts = Enumerable.Range(0, first.Count).Select(first.Format).Concat(Enumerable.Range(0, second.Count).Select(second.Format));
        if (first is TextColumn || second is TextColumn) return TextColumn.From(first.Name, texts);
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] coded = [.. texts.Select(text => text is null ? -1 : codes.TryGetValue(text, out int code) ? code : codes[text] = codes.Count)];
        return new CategoryColumn(first.Name, coded, new LevelSet([.. codes.Keys]));
    }
}
