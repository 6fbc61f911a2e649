using Tilth.Data;
using Tilth.Kernels;
using Tilth.Metrics;

namespace Tilth.Tests.Metrics;

/// <summary>Seeded rows to measure: predictions that know something of the target, with ties.</summary>
static class MetricRows
{
    public static TargetSchema SchemaOf(TaskKind task, int classes = 3) => new()
    {
        Column = "y", Task = task,
        Classes = task switch { TaskKind.Binary => ["no", "yes"], TaskKind.Multiclass => [.. Enumerable.Range(0, classes).Select(k => $"c{k}")], _ => [] },
    };

    public static EvaluationData Make(TaskKind task, int rows, ulong seed, double signal = 1)
    {
        var random = new RandomSource(seed);
        var schema = SchemaOf(task);
        int outputs = schema.OutputCount;
        var y = new double[rows];
        var p = new double[rows * outputs];
        for (int row = 0; row < rows; row++)
        {
            double z = random.NextGaussian(), noise = random.NextGaussian();
            y[row] = task switch { TaskKind.Binary => z > 0.4 ? 1 : 0, TaskKind.Multiclass => z < -0.5 ? 0 : z < 0.7 ? 1 : 2, _ => Math.Exp(z) };
            if (row < 3 && task != TaskKind.Regression) y[row] = row % schema.Classes.Count;
            double score = signal * z + noise;
            if (task == TaskKind.Binary) p[row] = Math.Round(1 / (1 + Math.Exp(0.5 - score)), 2);
            else if (task == TaskKind.Regression) p[row] = Math.Exp(0.7 * score);
            else
            {
                double[] e = [Math.Exp(-score), 1.2, Math.Exp(score - 0.3)];
                for (int k = 0; k < 3; k++) p[row * 3 + k] = e[k] / e.Sum();
            }
        }
        return new(schema, y, p);
    }

    public static double[] Perfect(EvaluationData data) => data.Task == TaskKind.Multiclass
        ? [.. data.Targets.SelectMany(y => Enumerable.Range(0, data.ClassCount).Select(k => y == k ? 1.0 : 0))]
        : (double[])data.Targets.Clone();

    public static EvaluationData Take(EvaluationData data, int[] rows, double[]? weights = null)
    {
        int outputs = data.Schema.OutputCount;
        return new(data.Schema, [.. rows.Select(r => data.Targets[r])],
            [.. rows.SelectMany(r => data.Predictions[(r * outputs)..((r + 1) * outputs)])], weights, data.Threshold);
    }
}
