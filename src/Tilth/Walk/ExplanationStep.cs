using Tilth.Data;
using Tilth.Explanation;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;
using Tilth.Prediction;

namespace Tilth.Walk;

/// <summary>
/// Measures what the most important columns do to the predictions, on a few rows: effect curves, interactions, and how far each
/// column moved single rows. How many rows depends on the models' size alone, so that a training's end comes soon.
/// </summary>
internal static class ExplanationStep
{
    const int EffectColumns = 6, InteractionColumns = 4, SwarmColumns = 10, GridValues = 12, Levels = 8, LocalSteps = 15, ShownRows = 12;
    const int PairTables = 2, PairValues = 5, MostPairRows = 100, MostSeenRows = 5000;
    const double WorkTogether = 0.05;
    const int MostRows = 300, FewestRows = 20, MostInteractionRows = 40, FewestInteractionRows = 8, SwarmRows = 150;
    const long LeafVisits = 400_000;

    static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.5);

    /// <summary>The findings; null if no column is known to matter.</summary>
    public static ExplanationFindings? Of(Node node, Head head, TrainingTable data, IReadOnlyList<ColumnImportance> importance, FitContext context)
    {
        if (importance.Count == 0) return null; // an end that is near changes nothing: a run that was cut is replayed to the byte
        int output = ShownOutput(data.Target);
        double[] Predict(Table rows)
        {
            double[] predictions = node.Predict(rows);
            head.Calibrate(predictions, node.OutputCount);
            return node.OutputCount == 1 ? predictions : [.. Enumerable.Range(0, rows.RowCount).Select(row => predictions[row * node.OutputCount + output])];
        }

        int work = PredictionWork.RowsIn(Budget, node);
        var sample = Sample(data, Math.Clamp((int)(0.5 * work / (EffectColumns * (GridValues + 2))), FewestRows, MostRows), context.Seed);
        var few = Sample(data, Math.Clamp((int)Math.Sqrt(0.4 * work / (InteractionColumns * (InteractionColumns + 1) / 2)), FewestInteractionRows, MostInteractionRows), context.Seed);
        var middling = Sample(data, Math.Clamp((int)(0.1 * work / (PairTables * PairValues * PairValues)), FewestRows, MostPairRows), context.Seed);
        string[] columns = [.. importance.Where(column => column.Share > 0).Select(column => column.Column)];
        string[] pairs = [.. columns.Take(InteractionColumns)];
        var effects = new EffectFinding?[Math.Min(EffectColumns, columns.Length)];
        IReadOnlyList<InteractionStrength> interactions = [];
        context.Workers.For(effects.Length + 1, i =>
        {
            if (i < effects.Length) effects[i] = EffectOf(Predict, sample, columns[i], data.Schema.Find(columns[i])!);
            else if (pairs.Length > 1) interactions = InteractionStrength.Of(Predict, few, pairs);
        });
        var seen = Sample(data, MostSeenRows, context.Seed);
        InteractionStrength[] strongest = [.. interactions.Where(pair => pair.H >= WorkTogether).Take(PairTables)];
        var tables = new PairFinding?[strongest.Length];
        context.Workers.For(tables.Length, i => tables[i] = PairOf(Predict, middling, seen, strongest[i], data.Schema));
        return new()
        {
            Unit = UnitOf(data.Target.Schema, output), RowCount = sample.RowCount, Effects = [.. effects.OfType<EffectFinding>()],
            Interactions = [.. interactions.Select(pair => pair with { H = Round(pair.H), Size = Round(pair.Size) })],
            Pairs = [.. tables.OfType<PairFinding>()],
            Swarm = Swarm(node, data, [.. columns.Take(SwarmColumns)], output, context.Seed),
        };
    }

    /// <summary>The class whose probability is shown: the positive one, or of several the most frequent.</summary>
    public static int ShownOutput(Target target) => target.Task != TaskKind.Multiclass ? 0
        : (int)target.Values.GroupBy(value => value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    /// <summary>What an output is, in words.</summary>
    public static string UnitOf(TargetSchema target, int output) => target.Task == TaskKind.Regression ? target.Column : $"the probability of '{target.Classes[target.Task == TaskKind.Binary ? 1 : output]}'";

    static Table Sample(TrainingTable data, int most, ulong seed)
    {
        var features = data.Table.Select(data.Schema.Features.Select(column => column.Name));
        if (data.RowCount <= most) return features;
        int[] rows = [.. new RandomSource(seed).Choose(data.RowCount, most)];
        Array.Sort(rows);
        return features.Take(rows);
    }

    static EffectFinding? EffectOf(RowPredictor predict, Table sample, string name, ColumnSchema schema)
    {
        var column = WithoutRareLevels(sample[name]);
        if (ColumnGrid.Of(column, schema.Kind is ColumnKind.Category or ColumnKind.Boolean ? Levels : GridValues) is not { Count: > 1 } grid) return null;
        var dependence = PartialDependence.Of(predict, sample, grid);
        var local = grid.IsOrdered ? AccumulatedEffect.Of(predict, sample, name, LocalSteps) : null;
        double middle = predict(sample).Average();
        return new()
        {
            Column = name, Kind = schema.Kind switch { ColumnKind.Number => "number", ColumnKind.DateTime => "date", _ => "category" },
            Labels = [.. Enumerable.Range(0, grid.Count).Select(grid.Label)],
            Positions = grid.IsOrdered ? grid.Values.ToArray() : [.. Enumerable.Range(0, grid.Count).Select(i => (double)i)],
            Mean = [.. dependence.Mean.Select(Round)],
            Rows = [.. Enumerable.Range(0, Math.Min(ShownRows, sample.RowCount)).Select(i => dependence.Rows[(int)((long)i * sample.RowCount / Math.Min(ShownRows, sample.RowCount))].Select(Round).ToArray())],
            Local = local is null ? [] : [.. local.Edges.Zip(local.Effect, (x, y) => new Evaluation.CurvePoint(x, Round(y + middle)))],
        };
    }

    /// <summary>Rare levels' names are withheld from packages, so they are shown in no picture either.</summary>
    static Column WithoutRareLevels(Column column)
    {
        if (column is not CategoryColumn levels) return column;
        var counts = levels.Codes.ToArray().Where(code => code >= 0).CountBy(code => code).ToDictionary();
        return new CategoryColumn(column.Name, Array.ConvertAll(levels.Codes.ToArray(), code => code >= 0 && counts[code] * 10L >= column.Count / 5 && counts[code] > 1 ? code : -1), levels.Levels);
    }

    /// <summary>The pair's table on some rows; <paramref name="seen"/> tells which of its cells rows are like.</summary>
    static PairFinding? PairOf(RowPredictor predict, Table rows, Table seen, InteractionStrength pair, Schema schema)
    {
        if (schema.Find(pair.First)!.Kind == ColumnKind.DateTime || schema.Find(pair.Second)!.Kind == ColumnKind.DateTime) return null;
        if (ColumnGrid.Of(WithoutRareLevels(seen[pair.First]), PairValues) is not { Count: > 1 } first || ColumnGrid.Of(WithoutRareLevels(seen[pair.Second]), PairValues) is not { Count: > 1 } second) return null;
        var dependence = PairDependence.Of(predict, rows, seen, first, second);
        string[] Labels(ColumnGrid grid) => [.. Enumerable.Range(0, grid.Count).Select(grid.Label)];
        return new()
        {
            First = pair.First, Second = pair.Second, FirstLabels = Labels(first), SecondLabels = Labels(second),
            Mean = [.. dependence.Mean.Zip(dependence.Rows, (means, counts) => means.Zip(counts, (mean, count) => count == 0 ? double.NaN : Round(mean)).ToArray())],
        };
    }

    static SwarmColumn[] Swarm(Node node, TrainingTable data, string[] columns, int output, ulong seed)
    {
        if (RowContributions.Of(node) is not { } contributions) return [];
        long leaves = node.Pipelines.Sum(pipeline => pipeline.Model is TreeEnsemble ensemble ? ensemble.Trees.Sum(tree => (long)tree.LeafCount) : 100);
        var sample = Sample(data, (int)Math.Clamp(LeafVisits / Math.Max(1, leaves), 0, SwarmRows), seed);
        if (sample.RowCount < FewestRows) return [];
        var values = new RowValues(data.Schema.Columns.Count);
        var row = new PreparedRow(node, data.Schema, values);
        var moves = columns.ToDictionary(column => column, _ => new double[sample.RowCount]);
        for (int i = 0; i < sample.RowCount; i++)
        {
            for (int c = 0; c < data.Schema.Columns.Count; c++)
                if (sample.Find(data.Schema.Columns[c].Name) is { } column) values.Load(c, column, i);
            foreach (var (column, amount) in contributions.Explain(row, output))
                if (moves.TryGetValue(column, out double[]? all)) all[i] = Round(amount);
        }
        return [.. columns.Select(column =>
        {
            double[] ranks = RanksOf(sample[column]), sorted = moves[column];
            Array.Sort(sorted, ranks);
            return new SwarmColumn(column, sorted, ranks);
        })];
    }

    /// <summary>Each value's place among all: 0 for the smallest, 1 for the largest, equal values alike.</summary>
    static double[] RanksOf(Column column)
    {
        double[] values = column switch
        {
            NumberColumn numbers => numbers.Values.ToArray(),
            DateTimeColumn moments => Array.ConvertAll(moments.Ticks.ToArray(), ticks => ticks == DateTimeColumn.Missing ? double.NaN : ticks),
            BooleanColumn flags => Array.ConvertAll(flags.Values.ToArray(), flag => flag < 0 ? double.NaN : flag),
            _ => [],
        };
        double[] different = [.. values.Where(value => !double.IsNaN(value)).Distinct().Order()];
        return [.. Enumerable.Range(0, column.Count).Select(row => values.Length == 0 || double.IsNaN(values[row]) ? -1
            : different.Length < 2 ? 0.5 : Math.Round((double)Array.BinarySearch(different, values[row]) / (different.Length - 1), 3))];
    }

    /// <summary>Six digits are enough for a picture.</summary>
    static double Round(double value)
    {
        if (value == 0 || !double.IsFinite(value)) return value;
        double unit = 1;
        for (double size = Math.Abs(value); size < 1e5 && unit < 1e15; size *= 10) unit *= 10;
        return Math.Round(value * unit) / unit;
    }
}
