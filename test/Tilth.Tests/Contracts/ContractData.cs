using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Prepare;

namespace Tilth.Tests.Contracts;

/// <summary>
/// Small training sets in the form that a learner asks for, with a known signal: two numbers and a category move the
/// target, the rest is noise. Missing values and sparse text appear only where the learner's needs allow them.
/// </summary>
static class ContractData
{
    public static TargetSchema TargetOf(TaskKind task, int classes = 3) => new()
    {
        Column = "y", Task = task,
        Classes = task switch { TaskKind.Binary => ["no", "yes"], TaskKind.Multiclass => [.. Enumerable.Range(0, classes).Select(k => $"c{k}")], _ => [] },
    };

    public static TrainingSet Make(PreparationNeeds needs, TaskKind task, int rows = 400, ulong seed = 1, ReadOnlyMemory<double> weights = default)
    {
        var random = new RandomSource(seed);
        bool withCodes = needs.Categories == CategoryForm.Codes, withSparse = needs.Text == TextForm.Sparse;
        var dense = Enumerable.Range(0, 4).Select(_ => new float[rows]).ToArray();
        var code = new int[rows];
        var y = new double[rows];
        var sparse = new List<(int Column, float Value)[]>();
        for (int row = 0; row < rows; row++)
        {
            for (int f = 0; f < 4; f++) dense[f][row] = (float)random.NextGaussian();
            code[row] = random.NextInt(5);
            double z = 1.5 * dense[0][row] - dense[1][row] + (withCodes ? 0.8 * (code[row] - 2) : 0);
            int word = random.NextInt(6);
            sparse.Add([(word, 1f), (6 + random.NextInt(3), 0.5f)]);
            if (withSparse) z += word == 0 ? 2 : 0;
            z += 0.5 * random.NextGaussian();
            y[row] = task switch { TaskKind.Binary => z > 0 ? 1 : 0, TaskKind.Multiclass => z < -1 ? 0 : z < 1 ? 1 : 2, _ => z };
            if (!needs.FillMissing && random.NextInt(10) == 0) dense[2][row] = float.NaN;
            if (withCodes && random.NextInt(20) == 0) code[row] = -1;
        }
        var map = MapOf(4, withCodes ? [5] : [], withSparse ? 9 : 0);
        var features = new FeatureMatrix(map, rows, dense, withCodes ? [code] : [], withSparse ? Csr(sparse, 9) : null);
        return new TrainingSet(features, new Target(TargetOf(task), y), weights);
    }

    /// <summary>Data in the form that a learner asks for, with a target in its range.</summary>
    public static TrainingSet Make(ISupervisedLearner learner, TaskKind task, int rows = 400, ulong seed = 1)
    {
        var set = Make(learner.Needs, task, rows, seed);
        var range = LearnerCatalog.All.FirstOrDefault(entry => entry.Default.GetType() == learner.GetType())?.Traits.TargetRange ?? TargetRange.Any;
        if (task != TaskKind.Regression || range == TargetRange.Any) return set;
        return new TrainingSet(set.Features, new Target(set.Target.Schema, Array.ConvertAll(set.Target.Values, z => Math.Exp(z / 2))));
    }

    public static FeatureMap MapOf(int dense, int[] levels, int sparseWidth) => new(
        [.. Enumerable.Range(0, dense).Select(f => new Feature($"x{f}", [$"x{f}"]))],
        [.. levels.Select((count, f) => new CategoryFeature(new Feature($"k{f}", [$"k{f}"]), count))],
        sparseWidth == 0 ? [] : [new SparseSegment(new Feature("text", ["text"]), 0, sparseWidth, null)]);

    public static SparseRows Csr(IReadOnlyList<(int Column, float Value)[]> rows, int width)
    {
        var starts = new int[rows.Count + 1];
        for (int i = 0; i < rows.Count; i++) starts[i + 1] = starts[i] + rows[i].Length;
        var entries = rows.SelectMany(row => row.OrderBy(e => e.Column)).ToArray();
        return new SparseRows(starts, [.. entries.Select(e => e.Column)], [.. entries.Select(e => e.Value)], width);
    }

    /// <summary>The named rows in the named order, as a training set of their own.</summary>
    public static TrainingSet Take(TrainingSet set, int[] rows, double[]? weights = null)
    {
        var f = set.Features;
        var sparse = f.Sparse is null ? null : Csr(
            [.. rows.Select(r => f.Sparse.ColumnsOf(r).ToArray().Zip(f.Sparse.ValuesOf(r).ToArray()).ToArray())], f.Sparse.Width);
        var taken = new FeatureMatrix(f.Map, rows.Length,
            [.. Enumerable.Range(0, f.Map.Dense.Count).Select(c => rows.Select(r => f.DenseColumn(c)[r]).ToArray())],
            [.. Enumerable.Range(0, f.Map.Categories.Count).Select(c => rows.Select(r => f.CodeColumn(c)[r]).ToArray())], sparse);
        return new TrainingSet(taken, set.Target.Take(rows), weights);
    }

    /// <summary>Mean log loss, or mean squared error for regression.</summary>
    public static double Loss(Target target, ReadOnlySpan<double> predictions, int outputs)
    {
        double sum = 0;
        for (int row = 0; row < target.Values.Length; row++)
        {
            double y = target.Values[row];
            if (target.Task == TaskKind.Regression) sum += (predictions[row] - y) * (predictions[row] - y);
            else
            {
                double p = outputs == 1 ? (y == 1 ? predictions[row] : 1 - predictions[row]) : predictions[row * outputs + (int)y];
                sum -= Math.Log(Math.Clamp(p, 1e-12, 1));
            }
        }
        return sum / target.Values.Length;
    }

    /// <summary>The loss of always foreseeing the mean, or the class shares.</summary>
    public static double TrivialLoss(Target target)
    {
        int rows = target.Values.Length;
        if (target.Task == TaskKind.Regression)
        {
            double mean = target.Values.Average();
            return target.Values.Average(y => (y - mean) * (y - mean));
        }
        return target.Values.GroupBy(y => y).Sum(g => -(double)g.Count() / rows * Math.Log((double)g.Count() / rows));
    }
}
