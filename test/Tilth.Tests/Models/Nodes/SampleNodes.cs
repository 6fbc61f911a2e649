using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Learners.Linear;
using Tilth.Models.Nodes;
using Tilth.Prepare;
using Tilth.Tests.Contracts;
using Tilth.Tests.Prepare;

namespace Tilth.Tests.Models.Nodes;

/// <summary>Small fitted trees of nodes over a mixed table, one for each task.</summary>
static class SampleNodes
{
    static readonly Dictionary<TaskKind, (Schema, Table, Node)> Made = [];

    /// <summary>A schema with target, a conforming table of 300 rows, and a blend of boosting and a mean of linear models.</summary>
    public static (Schema Schema, Table Table, Node Node) Make(TaskKind task)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(task, out var made)) Made[task] = made = Fit(task);
            return made;
        }
    }

    public static Pipeline Pipeline(Schema schema, Table table, Target target, ISupervisedLearner learner, ulong seed = 1)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        var context = new FitContext { Seed = seed };
        var fitted = PreparationPlan.For(schema, learner.Needs).Fit(table, target, rows, context);
        return new Pipeline(fitted.Preparation, learner.Fit(new TrainingSet(fitted.TrainingFeatures, target), context));
    }

    public static ISupervisedLearner Boosting => new GradientBoosting { NEstimators = 8, NumLeaves = 6, EarlyStoppingRounds = 0 };

    public static ISupervisedLearner Linear => new LinearLearner { Cv = 2 };

    /// <summary>The schema of the mixed table with ranges, and a target column beside its features.</summary>
    public static Schema SchemaOf(Table table, TargetSchema target)
    {
        var plain = PlanData.SchemaOf(table);
        return plain with
        {
            Target = target,
            Columns = [.. plain.Columns.Select(column => WithRange(column, table[column.Name])), new ColumnSchema
            {
                Name = target.Column, Role = ColumnRole.Target, Kind = target.Classes.Count == 0 ? ColumnKind.Number : ColumnKind.Category,
                Levels = target.Classes.Count == 0 ? LevelSet.Empty : new LevelSet(target.Classes),
            }],
        };
    }

    static (Schema, Table, Node) Fit(TaskKind task)
    {
        var table = PlanData.Mixed(300, 5);
        var schema = SchemaOf(table, ContractData.TargetOf(task));
        var target = TargetOf(table, schema.Target!);
        var boosting = Pipeline(schema, table, target, Boosting);
        var linear = Pipeline(schema, table, target, Linear);
        var other = new Pipeline(linear.Preparation, Pipeline(schema, table, target, new LinearLearner { Cv = 2, L1Ratio = 0.5 }).Model);
        return (schema, table, new Blend([3, 1], [boosting, new Mean([linear, other])]));
    }

    static Target TargetOf(Table table, TargetSchema schema)
    {
        var random = new RandomSource(9);
        var x = ((NumberColumn)table["x"]).Values;
        var color = ((CategoryColumn)table["color"]).Codes;
        return new(schema, [.. Enumerable.Range(0, table.RowCount).Select(row =>
        {
            double z = 2 * x.Span[row] + color.Span[row] + random.NextGaussian();
            return schema.Task switch { TaskKind.Binary => z > 1 ? 1 : 0, TaskKind.Multiclass => z < 0 ? 0 : z < 2 ? 1 : 2, _ => z };
        })]);
    }

    static ColumnSchema WithRange(ColumnSchema column, Column values)
    {
        double[] present = values switch
        {
            NumberColumn numbers => [.. numbers.Values.ToArray().Where(value => !double.IsNaN(value))],
            DateTimeColumn moments => [.. moments.Ticks.ToArray().Where(ticks => ticks != DateTimeColumn.Missing).Select(ticks => (double)ticks)],
            _ => [],
        };
        return present.Length == 0 ? column : column with { Min = present.Min(), Max = present.Max() };
    }
}
