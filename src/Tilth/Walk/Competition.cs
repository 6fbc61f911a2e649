using System.Globalization;
using Tilth.Data;
using Tilth.Parallelism;

namespace Tilth.Walk;

/// <summary>
/// What a competition asks, found from its files: the column to foresee stands in the train file and not in the test file, the
/// identifier is what the sample names its rows by, and how test rows differ from train rows says how to divide train.
/// </summary>
/// <param name="Target">To foresee.</param>
/// <param name="Identifier">Names the rows of the test file and of the sample; null if the sample has no such column.</param>
/// <param name="Group">Test rows are of groups that train does not have; or null.</param>
/// <param name="Time">Test rows are later than train's; or null.</param>
/// <param name="Decisions">What was found, with the evidence.</param>
public sealed record Competition(string Target, string? Identifier, string? Group, string? Time, IReadOnlyList<Decision> Decisions)
{
    /// <summary>A column that names groups has at least so many of them, and rows that share them.</summary>
    const int FewestGroups = 10;

    const double RowsPerGroup = 1.5, MostKnown = 0.01;

    /// <summary>Looks at the three files.</summary>
    /// <param name="train">With the target.</param>
    /// <param name="test">Without it.</param>
    /// <param name="sample">The form of a submission.</param>
    /// <param name="asked">What the user says: it always wins.</param>
    /// <param name="workers">Threads.</param>
    /// <exception cref="SchemaException">The files do not fit each other; all that is wrong.</exception>
    public static Competition Find(Table train, Table test, Table sample, SchemaRequest asked, WorkerPool workers)
    {
        if (sample.Columns.Count < 1 || sample.RowCount != test.RowCount)
            throw new SchemaException("sample-rows", Say($"the sample has {sample.RowCount:N0} rows, but the test file {test.RowCount:N0}; a submission has a row for each"));
        string[] shared = [.. sample.Columns.Select(column => column.Name).Where(name => test.Find(name) is not null)];
        string? identifier = asked.Identifiers.FirstOrDefault() ?? shared.FirstOrDefault();
        string target = TargetOf(train, test, sample, asked.Target);
        var decisions = new List<Decision>
        {
            new("target", target, asked.Target is not null ? "as asked" : "the train file has it and the test file has not"),
            new("identifier", identifier ?? "none", asked.Identifiers.Count > 0 ? "as asked" : identifier is null ? "the sample has no column of the test file" : "the sample names its rows by it"),
        };
        string? time = asked.Time, group = asked.Group;
        if (time is null && group is null) (time, group) = Scheme(train, test, target, identifier, workers, decisions);
        else decisions.Add(new("validation", time is not null ? $"later rows test earlier ones, by '{time}'" : $"groups of '{group}' stay together", "as asked"));
        return new(target, identifier, group, time, decisions);
    }

    static string TargetOf(Table train, Table test, Table sample, string? asked)
    {
        if (asked is not null) return train[asked].Name;
        string[] only = [.. train.Columns.Select(column => column.Name).Where(name => test.Find(name) is null)];
        string[] named = [.. only.Where(name => sample.Find(name) is not null)];
        if (named.Length == 1) return named[0];
        if (only.Length == 1) return only[0];
        throw new SchemaException("target-unclear", only.Length == 0 ? "the train file has no column that the test file lacks; say what to foresee with --target NAME"
            : $"the train file has several columns that the test file lacks ({Spelling.List(only)}); say which to foresee with --target NAME");
    }

    static (string? Time, string? Group) Scheme(Table train, Table test, string target, string? identifier, WorkerPool workers, List<Decision> decisions)
    {
        var schema = SchemaInference.Infer(train, new SchemaRequest { Target = target, Identifiers = identifier is not null && train.Find(identifier) is not null ? [identifier] : [] }, workers).Schema;
        Table first = schema.Conform(train, []), second = schema.Conform(test, []);
        foreach (var column in schema.Features.Where(column => column.Kind == ColumnKind.DateTime))
            if (first.Find(column.Name) is DateTimeColumn a && second.Find(column.Name) is DateTimeColumn b && IsLater(a, b))
            {
                decisions.Add(new("validation", $"later rows test earlier ones, by '{column.Name}'", "every date of the test file is later than those of the train file, so a score of mixed rows would be too good; --validation random overrules it"));
                return (column.Name, null);
            }
        foreach (var column in schema.Columns.Where(column => (column.Role is ColumnRole.Feature or ColumnRole.Identifier) && column.Name != identifier))
            if (Groups(train[column.Name], test.Find(column.Name)) is { } evidence)
            {
                decisions.Add(new("validation", $"groups of '{column.Name}' stay together", $"{evidence}, so a score within groups would be too good; --validation random overrules it"));
                return (null, column.Name);
            }
        decisions.Add(new("validation", "rows at random, each class by its share", "no date of the test file is later than train's, and no column names groups that only the test file has"));
        return (null, null);
    }

    static bool IsLater(DateTimeColumn train, DateTimeColumn test)
    {
        long[] Known(DateTimeColumn column) => [.. column.Ticks.ToArray().Where(tick => tick != DateTimeColumn.Missing)];
        long[] before = Known(train), after = Known(test);
        return before.Length > 0 && after.Length > 0 && after.Min() >= before.Max() && before.Min() < before.Max();
    }

    /// <summary>Why a column names groups of rows: values repeat in both files, and next to none of test's are known from train.</summary>
    static string? Groups(Column train, Column? test)
    {
        if (test is null || (train is NumberColumn numbers && numbers.Values.ToArray().Any(value => double.IsFinite(value) && value != Math.Floor(value)))) return null;
        HashSet<string> Values(Column column) => [.. Enumerable.Range(0, column.Count).Select(column.Format).OfType<string>()];
        HashSet<string> known = Values(train), asked = Values(test);
        if (known.Count < FewestGroups || asked.Count < 2 || train.Count < RowsPerGroup * known.Count || test.Count < RowsPerGroup * asked.Count) return null;
        int both = asked.Count(known.Contains);
        return both <= MostKnown * asked.Count ? Say($"{known.Count:N0} values of '{train.Name}' in the train file and {asked.Count:N0} in the test file have {both} in common") : null;
    }

    static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
