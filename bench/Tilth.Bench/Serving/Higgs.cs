using System.Globalization;
using Tilth.Data;
using Tilth.Learners.Boosting;
using Tilth.Learners.Neighbors;
using Tilth.Models.Trees;
using Tilth.Packaging;

namespace Tilth.Bench.Serving;

/// <summary>The rows and packages that the serving benchmarks use: 28 numbers and two classes.</summary>
static class Higgs
{
    public const int Features = 28, Trees = 500, Leaves = 31;

    /// <summary>500 trees of 31 leaves.</summary>
    public static ModelPackage Boosted(ulong seed = 0)
    {
        var learner = new GradientBoosting { NEstimators = Trees, NumLeaves = Leaves, EarlyStoppingRounds = 0 };
        var package = (Training.For("y") with { Learner = learner, HoldoutShare = 0.2, Folds = 1, Refit = false }).Run(Rows(6000, 5 + seed)).Package;
        return package.Node is Models.Nodes.Pipeline { Model: TreeEnsemble { TreeCount: Trees } } ? package : throw new InvalidOperationException($"not {Trees} trees");
    }

    /// <summary>A model that looks at every training row for each row: milliseconds a row.</summary>
    public static ModelPackage Slow(int rows)
        => (Training.For("y") with { Learner = new NearestNeighbors { NeighborCount = 20 }, HoldoutShare = 0.002, Folds = 1, Refit = false }).Run(Rows(rows)).Package;

    public static Table Rows(int count, ulong seed = 5)
    {
        var (features, target) = HiggsLike.Make(count, seed);
        var dense = Enumerable.Range(0, Features).Select(f => new double[count]).ToArray();
        float[] row = new float[Features];
        for (int r = 0; r < count; r++)
        {
            features.GetRow(r, row, []);
            for (int f = 0; f < Features; f++) dense[f][r] = row[f];
        }
        return new Table([.. dense.Select((values, f) => new NumberColumn($"x{f}", values)), TextColumn.From("y", Labels(target, count))]);
    }

    /// <summary>Each row as a JSON object.</summary>
    public static string[] Json(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(row => Json(table, row))];

    static IEnumerable<string?> Labels(Target target, int count) => Enumerable.Range(0, count).Select(r => target.Values[r] > 0 ? "yes" : "no");

    static string Json(Table table, int row)
        => "{" + string.Join(',', table.Columns.OfType<NumberColumn>().Select(column => string.Create(CultureInfo.InvariantCulture, $"\"{column.Name}\":{(float)column.Values.Span[row]:R}"))) + "}";
}
