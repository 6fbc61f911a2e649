using System.CommandLine;
using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Honesty.Heads;
using Tilth.Parallelism;

namespace Tilth.Cli.Commands;

/// <summary>What decisions are made for, as the user says it.</summary>
sealed class DecisionOptions
{
    readonly Option<string?> cost = new("--cost") { Description = "What wrong decisions cost, in any unit: miss=400,false-alarm=25, or a CSV file with a line a true class and a column a called class. Sets the threshold." };
    readonly Option<string?> capacity = new("--capacity") { Description = "How many rows can be acted on: 200 (of as many as the table has), 200/5000 or 4%. The likeliest are called." };
    readonly Option<string?> metric = new("--decide-by") { Description = "Call rows from the probability on at which this metric is best: f1, mcc, balanced_accuracy or accuracy." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[cost, capacity, metric]) command.Options.Add(option);
    }

    /// <summary>The goal, or null; capacities need the number of rows, cost files the class names.</summary>
    /// <exception cref="LearningException">More than one is given, or one cannot be read.</exception>
    public DecisionGoal? Read(ParseResult parsed, Table table, string target)
    {
        string?[] given = [parsed.GetValue(cost), parsed.GetValue(capacity), parsed.GetValue(metric)];
        if (given.Count(text => text is not null) > 1) throw new LearningException("decision-goal", "decisions are made for one goal: give one of --cost, --capacity and --decide-by");
        return given switch
        {
            [{ } costs, _, _] => costs.Contains('=') ? CostsOf(costs) : MatrixOf(costs, table, target),
            [_, { } rows, _] => CapacityOf(rows, table.RowCount),
            [_, _, { } name] => new DecisionMetricGoal(name),
            _ => null,
        };
    }

    internal static DecisionCosts CostsOf(string text)
    {
        double? falseAlarm = null, miss = null;
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int at = part.IndexOf('=');
            string name = at < 0 ? part : part[..at].Trim();
            if (at < 0 || Number(part[(at + 1)..]) is not { } value || !(value >= 0)) throw Wrong(text, $"'{part}' is not a name and a number from 0 up");
            if (name == "miss") miss = value;
            else if (name == "false-alarm") falseAlarm = value;
            else throw Wrong(text, $"there are miss and false-alarm, but no '{name}'");
        }
        return new(falseAlarm ?? throw Wrong(text, "it does not say false-alarm"), miss ?? throw Wrong(text, "it does not say miss"));
    }

    /// <summary>The share of rows that can be acted on.</summary>
    internal static DecisionCapacity CapacityOf(string text, int rows)
    {
        int slash = text.IndexOf('/');
        double? share = text.EndsWith('%') ? Number(text[..^1]) / 100 : slash > 0 ? Number(text[..slash]) / Number(text[(slash + 1)..]) : Number(text) / rows;
        return share is > 0 and < 1 ? new(share.Value)
            : throw new LearningException("capacity", $"--capacity is '{text}', but must be fewer rows than the table's {rows:N0}, such as 200, 200/5000 or 4%");
    }

    /// <summary>A file whose first column names the true class and whose other columns are the called ones.</summary>
    static CostMatrix MatrixOf(string path, Table table, string target)
    {
        if (!File.Exists(path)) throw Wrong(path, "there is no such file, and it is no miss=400,false-alarm=25");
        var costs = TableReader.Read([path], null, WorkerPool.Single, out _);
        var request = new SchemaRequest { Target = target };
        var classes = SchemaInference.Infer(table.Select(target), request, WorkerPool.Single).Schema.Target!.Classes;
        if (costs.Columns.Count != classes.Count + 1 || costs.RowCount != classes.Count)
            throw Wrong(path, $"'{target}' has the {classes.Count} classes {Spelling.List(classes)}, so the file needs a line for each and a column for each beside the one that names the line");
        var lines = Enumerable.Range(0, costs.RowCount).ToDictionary(row => costs.Columns[0].Format(row) ?? "", row => row);
        var matrix = new List<double>();
        foreach (string truth in classes)
            foreach (string called in classes)
                matrix.Add(lines.TryGetValue(truth, out int row) && costs[called] is NumberColumn numbers && !numbers.IsMissing(row) ? numbers.Values.Span[row]
                    : throw Wrong(path, $"it has no number for '{truth}' called '{called}'"));
        return new(matrix);
    }

    static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    static LearningException Wrong(string text, string what) => new("costs", $"--cost is '{text}', but {what}");
}
