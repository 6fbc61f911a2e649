using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Tests.Data;

namespace Tilth.Tests.Honesty;

/// <summary>Sample tables with a known leak planted into them.</summary>
static class PlantedTables
{
    /// <summary>The values of the target as text.</summary>
    public static string?[] TargetOf(Sample sample) => [.. Enumerable.Range(0, sample.Table.RowCount).Select(row => sample.Table[sample.Target].Format(row))];

    public static Table With(Sample sample, string name, Func<int, string?, string?> cell)
    {
        var target = TargetOf(sample);
        return sample.Table.With(RawTables.RawColumn(name, [.. target.Select((y, row) => cell(row, y) ?? "")]));
    }

    public static IReadOnlyList<Suspicion> Suspects(Table table, string target, SchemaRequest? request = null)
    {
        var schema = SchemaInference.Infer(table, (request ?? new()) with { Target = target }).Schema;
        var conformed = schema.Conform(table, [], targetRequired: true);
        var targets = TargetReader.Read(conformed, schema);
        return LeakHunt.Look(schema, targets.Of(conformed), targets.Target, [.. Enumerable.Range(0, targets.Rows.Length)], [], 3, WorkerPool.Single);
    }

    public static Table Shuffled(Table table, ulong seed)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        new RandomSource(seed).Shuffle<int>(rows);
        return table.Take(rows);
    }

    /// <summary>The table with a tenth of its rows again, whose numbers have noise of a hundredth of their standard deviation, in any order.</summary>
    public static Table WithNoisyCopies(Table table, string target, ulong seed)
    {
        var random = new RandomSource(seed);
        int rows = table.RowCount;
        var copied = table.Take([.. Enumerable.Range(0, rows), .. random.Choose(rows, rows / 10)]);
        foreach (var column in table.Columns)
        {
            if (column is not NumberColumn numbers || column.Name == target) continue;
            double[] known = [.. numbers.Values.ToArray().Where(double.IsFinite)], values = ((NumberColumn)copied[column.Name]).Values.ToArray();
            double mean = known.Average(), deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
            for (int row = rows; row < values.Length; row++) values[row] += 0.01 * deviation * random.NextGaussian();
            copied = copied.With(new NumberColumn(column.Name, values));
        }
        return Shuffled(copied, seed + 1);
    }
}
