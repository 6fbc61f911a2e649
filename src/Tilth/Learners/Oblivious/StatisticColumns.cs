using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Models.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners.Oblivious;

/// <summary>
/// The bins that the trees of one fit see: the numbers and small categories of the shared bins, and after them the statistics
/// of larger categories and of pairs. There is one matrix for each random order of the rows; in each, rows that are not
/// learned from have the statistics of new rows.
/// </summary>
internal sealed unsafe class StatisticColumns
{
    /// <summary>Categories of at most that many levels are also asked for level by level, beside their statistics.</summary>
    const int MostOneByOne = 64;

    readonly FeatureMap map;
    readonly TargetStatistics[] statistics;
    readonly int shared;

    StatisticColumns(FeatureMap map, TargetStatistics[] statistics, int shared, BinnedMatrix[] matrices)
        => (this.map, this.statistics, this.shared, Matrices) = (map, statistics, shared, matrices);

    /// <summary>One for each order, all with the same columns.</summary>
    public BinnedMatrix[] Matrices { get; }

    public static StatisticColumns Of(ObliviousBoosting learner, TrainingSet data, BoostedRows learn, BoostedRows stop, RandomSource random, WorkerPool workers)
    {
        var matrix = data.Bins.Of(data, workers);
        var map = data.Features.Map;
        int[] large = [.. LargeCategories(matrix, learner.OneHotMaxSize)], kept = [.. Enumerable.Range(0, matrix.Columns.Length).Where(at => !large.Contains(at) || matrix.Columns[at].ValueBins <= MostOneByOne)];
        int[] categories = [.. large.Select(column => matrix.Columns[column].Feature - map.CategoryStart)];
        var target = new StatisticTarget(data.Target, learn.Rows, learn.Weights);
        int perTable = target.Outputs * learner.Strengths.Length;
        int most = learner.MaxCtrComplexity > 1 ? Math.Min(learner.MaxCategoryPairs, Math.Max(1, learner.MostStatistics / perTable)) : 0;
        var sets = categories.Select(category => (int[])[category])
            .Concat(CategoryPairs.Of(data.Features, categories, learn.Rows, data.Target, most, random.Child(-1), workers)).ToArray();
        if (sets.Length == 0) return new(map, [], kept.Length, [matrix]);
        var statistics = new TargetStatistics[sets.Length];
        workers.For(sets.Length, at => statistics[at] = new(CodedLevels.Of(data.Features, sets[at], learn.Rows), target, learner.Strengths));
        int[][] orders = [.. Enumerable.Range(0, learner.PermutationCount).Select(p => Order(learn.Count, random.Child(p)))];
        var columns = new BinColumn[sets.Length * perTable];
        workers.For(columns.Length, at => columns[at] = Bins(statistics[at / perTable], at % perTable, orders[0], learner.CtrBorderCount));
        BinnedMatrix[] matrices = [.. orders.Select(_ => matrix.With(kept, columns))];
        workers.For(columns.Length, at => Fill(matrices, kept.Length + at, statistics[at / perTable], at % perTable, orders, data.Features, learn, stop));
        return new(map, statistics, kept.Length, matrices);
    }

    /// <summary>What the trees of one output may ask for: of the statistics those of its own class.</summary>
    public int[] ColumnsFor(int output) => [.. Enumerable.Range(0, Matrices[0].Columns.Length)
        .Where(at => at < shared || statistics[0].IsFor((at - shared) % statistics[0].ColumnCount, output))];

    /// <summary>The model: the trees, and the tables whose numbers they ask for.</summary>
    public Models.Model ModelOf(IReadOnlyList<GrownTree> trees, double[] bases, Losses.IBoostingLoss loss)
    {
        var columns = Matrices[0].Columns;
        if (statistics.Length == 0) return BoostedEnsemble.Of(trees, columns, bases, loss, null);
        var asked = trees.SelectMany(tree => tree.Nodes).Select(node => node.Column).Where(column => column >= shared).Distinct().Order().ToArray();
        if (asked.Length == 0) return BoostedEnsemble.Of(trees, columns, bases, loss, null);
        int perTable = statistics[0].ColumnCount;
        var tables = asked.GroupBy(column => (column - shared) / perTable)
            .Select(group => statistics[group.Key].Table(map, [.. group.Select(column => (column - shared) % perTable)])).ToArray();
        var renumbered = columns.Select((column, at) => Renumbered(column,
            at >= shared ? map.Dense.Count + Math.Max(0, Array.IndexOf(asked, at)) : column.Feature < map.Dense.Count ? column.Feature : column.Feature + asked.Length)).ToArray();
        return new StatisticsEnsemble(map, tables, BoostedEnsemble.Of(trees, renumbered, bases, loss, null));
    }

    static BinColumn Renumbered(BinColumn column, int feature)
        => new() { Feature = feature, ValueBins = column.ValueBins, HasMissing = column.HasMissing, Edges = column.Edges, BinOfCode = column.BinOfCode };

    static IEnumerable<int> LargeCategories(BinnedMatrix matrix, int oneHotMaxSize)
        => Enumerable.Range(0, matrix.Columns.Length).Where(at => matrix.Columns[at].IsCategory && matrix.Columns[at].ValueBins > oneHotMaxSize);

    static int[] Order(int count, RandomSource random)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        return order;
    }

    static BinColumn Bins(TargetStatistics statistics, int column, int[] order, int borders)
    {
        var numbers = new float[order.Length];
        statistics.FillOrdered(column, order, numbers);
        Array.Sort(numbers);
        var values = new List<float>();
        var weights = new List<double>();
        foreach (float number in numbers)
        {
            if (values.Count > 0 && values[^1] == number) weights[^1]++;
            else
            {
                values.Add(number);
                weights.Add(1);
            }
        }
        float[] edges = BinEdges.Of(values.ToArray(), weights.ToArray(), 1, borders + 1);
        return new() { Feature = 0, ValueBins = edges.Length + 1, HasMissing = false, Edges = edges };
    }

    static void Fill(BinnedMatrix[] matrices, int at, TargetStatistics statistics, int column, int[][] orders, FeatureMatrix features, BoostedRows learn, BoostedRows stop)
    {
        float[] edges = matrices[0].Columns[at].Edges!;
        var numbers = new float[learn.Count];
        var bins = new byte[learn.Count];
        for (int p = 0; p < matrices.Length; p++)
        {
            byte* target = matrices[p].Bins(at);
            new Span<byte>(target, features.RowCount).Clear();
            statistics.FillOrdered(column, orders[p], numbers);
            BinKernel.Bin(numbers, edges, 0, bins);
            for (int i = 0; i < bins.Length; i++) target[learn.Rows[i]] = bins[i];
        }
        var table = statistics.Table(features.Map, [column]);
        var codes = new int[features.Map.Categories.Count];
        var found = new float[stop.Count];
        for (int i = 0; i < stop.Count; i++)
        {
            foreach (int category in table.Categories) codes[category] = features.Codes[category][stop.Rows[i]];
            table.Fill(codes, found.AsSpan(i, 1));
        }
        var stopBins = new byte[stop.Count];
        BinKernel.Bin(found, edges, 0, stopBins);
        foreach (var matrix in matrices)
            for (int i = 0; i < stopBins.Length; i++) matrix.Bins(at)[stop.Rows[i]] = stopBins[i];
    }
}
