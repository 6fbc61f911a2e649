using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Models.Trees;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>
/// Which columns say more of the target than shuffled copies of columns do (as Boruta asks: Kursa and Rudnicki, 2010): a boosted
/// model is fitted on the features beside a shuffled copy of each, and what moves its predictions less than nearly all copies
/// goes; once more with what is left. Reads the target, so that each fold has its own.
/// </summary>
internal static class RelevantColumns
{
    /// <summary>With more rows a part of them says which columns matter.</summary>
    const int MostRows = 20_000;

    const int Rounds = 2;

    /// <summary>The share of the copies that a feature must be above.</summary>
    const double Quantile = 0.98;

    static readonly GradientBoosting Judge = new() { NEstimators = 100, NumLeaves = 16, LearningRate = 0.1, FeatureFraction = 0.25, EarlyStoppingRounds = 0 };

    /// <summary>What is prepared for the model that decides.</summary>
    public static PreparationNeeds Needs => Judge.Needs;

    /// <summary>The schema with all other columns ignored; texts are always kept.</summary>
    /// <param name="schema">Of the table.</param>
    /// <param name="set">Prepared by <see cref="Needs"/>.</param>
    /// <param name="rows">That may be read.</param>
    /// <param name="context">Seed and threads.</param>
    public static Schema Of(Schema schema, TrainingSet set, int[] rows, FitContext context)
    {
        var random = context.NewRandom();
        if (rows.Length > MostRows) rows = [.. random.Choose(rows.Length, MostRows).Order().Select(at => rows[at])];
        var features = set.Features.Take(rows);
        var target = set.Target.Take(rows);
        double[] weights = set.Weights.IsEmpty ? [] : Array.ConvertAll(rows, row => set.Weights.Span[row]);
        int[] dense = [.. Enumerable.Range(0, features.Map.Dense.Count)], codes = [.. Enumerable.Range(0, features.Map.Categories.Count)];
        if (dense.Length + codes.Length == 0) return schema;
        for (int round = 0; round < Rounds; round++)
        {
            var beside = BesideCopies(features, dense, codes, random);
            var model = (TreeEnsemble)Judge.Fit(new TrainingSet(beside, target, weights), context.Child(round));
            double[] moved = MovedBy(model, beside.Map.Count);
            bool[] kept = Above(moved, dense.Length, codes.Length);
            int numbers = dense.Length;
            (dense, codes) = ([.. dense.Where((_, i) => kept[i])], [.. codes.Where((_, i) => kept[numbers + i])]);
        }
        var sources = dense.SelectMany(feature => features.Map.Dense[feature].Sources).Concat(codes.SelectMany(feature => features.Map.Categories[feature].Feature.Sources)).ToHashSet(StringComparer.Ordinal);
        bool IsNoise(ColumnSchema column) => column.Role == ColumnRole.Feature && column.Kind != ColumnKind.Text && !sources.Contains(column.Name);
        return schema with { Columns = [.. schema.Columns.Select(column => IsNoise(column) ? column with { Role = ColumnRole.Ignored } : column)] };
    }

    /// <summary>Numbers, their copies, categories, their copies.</summary>
    static FeatureMatrix BesideCopies(FeatureMatrix features, int[] dense, int[] codes, RandomSource random)
    {
        T[] Shuffled<T>(ReadOnlySpan<T> column)
        {
            T[] copy = column.ToArray();
            random.Shuffle(copy.AsSpan());
            return copy;
        }
        float[][] numbers = [.. dense.Select(feature => features.DenseColumn(feature).ToArray()), .. dense.Select(feature => Shuffled(features.DenseColumn(feature)))];
        int[][] categories = [.. codes.Select(feature => features.CodeColumn(feature).ToArray()), .. codes.Select(feature => Shuffled(features.CodeColumn(feature)))];
        var map = new FeatureMap([.. Twice(dense).Select((feature, i) => new Feature($"number {i}", features.Map.Dense[feature].Sources))],
            [.. Twice(codes).Select((feature, i) => new CategoryFeature(new Feature($"category {i}", features.Map.Categories[feature].Feature.Sources), features.Map.Categories[feature].LevelCount))], []);
        return new FeatureMatrix(map, features.RowCount, numbers, categories, null);
    }

    static IEnumerable<int> Twice(int[] features) => features.Concat(features);

    /// <summary>How much the splits at each feature move the expected score, squared and times the rows they move.</summary>
    static double[] MovedBy(TreeEnsemble model, int features)
    {
        var moved = new double[features];
        foreach (var tree in model.Trees)
        {
            int width = tree.LeafValues.Length / tree.LeafCount;
            for (int k = 0; k < width; k++)
            {
                var means = new double[tree.Feature.Length];
                (double Mean, double Cover) Of(int child) => child >= 0 ? (means[child], tree.NodeCover[child]) : (tree.LeafValues[~child * width + k], tree.LeafCover[~child]);
                // In pre-order children come after their parents.
                for (int node = means.Length - 1; node >= 0; node--)
                {
                    var (left, right) = (Of(tree.Left[node]), Of(tree.Right[node]));
                    double cover = left.Cover + right.Cover, gap = left.Mean - right.Mean;
                    means[node] = (left.Mean * left.Cover + right.Mean * right.Cover) / cover;
                    moved[tree.Feature[node]] += left.Cover * right.Cover / cover * gap * gap;
                }
            }
        }
        return moved;
    }

    /// <summary>Whether each number and each category is above nearly all copies; at least the best one.</summary>
    static bool[] Above(double[] moved, int dense, int codes)
    {
        double[] own = [.. moved[..dense], .. moved[(2 * dense)..(2 * dense + codes)]];
        double[] copies = [.. moved[dense..(2 * dense)], .. moved[(2 * dense + codes)..]];
        Array.Sort(copies);
        double least = copies[(int)Math.Ceiling(Quantile * copies.Length) - 1], best = own.Max();
        return Array.ConvertAll(own, value => value > least || value == best);
    }
}
