using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Honesty;

/// <summary>
/// How likely targets that have nothing to do with the columns would lie this close to them: the same targets are dealt to the
/// rows at random, again and again, and each deal is held against the columns as the true one was. A column's closeness is the
/// chi-squared tail of its score test; the columns are put together in two ways, their sum of logarithms (Fisher, 1932: many
/// weak columns) and the smallest (one strong column), and the better of both is judged against the better of both of each deal
/// (Westfall and Young, 1993). Exact whatever the columns' dependence, as long as rows are drawn one by one.
/// </summary>
internal static class ShuffleTest
{
    const int FewDeals = 200, ManyDeals = 2000, FewestRows = 20, ManyRows = 1000, MostRows = 5000, MostCells = 500_000;

    /// <summary>After a few deals the answer is clear above this chance, or so many standard deviations beyond what they give.</summary>
    const double Clear = 0.15, Far = 8;

    /// <summary>The p-value, at least 1 / 2,001; NaN where rows or columns cannot say.</summary>
    /// <param name="schema">Says which columns are features.</param>
    /// <param name="table">In the schema's kinds.</param>
    /// <param name="target">One a row of the table.</param>
    /// <param name="rows">Rows to look at.</param>
    /// <param name="seed">Decides the deals, and which rows are looked at where there are very many.</param>
    /// <param name="workers">Spreads the deals over threads.</param>
    public static double PValue(Schema schema, Table table, Target target, int[] rows, ulong seed, WorkerPool workers)
    {
        var random = new RandomSource(seed);
        ColumnSchema[] features = [.. schema.Columns.Where(column => column.Role == ColumnRole.Feature)];
        int most = Math.Clamp(MostCells / Math.Max(1, features.Length), ManyRows, MostRows);
        if (rows.Length > most) rows = Array.ConvertAll(random.Choose(rows.Length, most), at => rows[at]);
        if (rows.Length < FewestRows) return double.NaN;
        var (codes, scores) = TargetScores.Of(target.Take(rows));
        ColumnScore[] columns = [.. features.Select(column => ColumnScore.Of(table[column.Name], rows)).OfType<ColumnScore>()];
        if (columns.Length == 0 || scores.Length == 0) return double.NaN;

        var deals = new (double Sum, double Most)[1 + ManyDeals];
        void Deal(int i)
        {
            int[] dealt = [.. codes];
            if (i > 0) random.Child(i).Shuffle<int>(dealt);
            foreach (var column in columns)
            {
                double surprise = -Elementary.Log(Math.Max(1e-300, column.Tail(dealt, scores)));
                deals[i] = (deals[i].Sum + surprise, Math.Max(deals[i].Most, surprise));
            }
        }
        workers.For(1 + FewDeals, Deal);
        double p = Judge(deals[..(1 + FewDeals)]);
        if (p > Clear) return p;
        if (IsFar(deals[..(1 + FewDeals)], deal => deal.Sum) || IsFar(deals[..(1 + FewDeals)], deal => deal.Most)) return 1.0 / (1 + ManyDeals);
        workers.For(ManyDeals - FewDeals, i => Deal(1 + FewDeals + i));
        return Judge(deals);
    }

    /// <summary>The share of deals (the first is the true one) whose better rank is at least as good as the true one's.</summary>
    static double Judge((double Sum, double Most)[] deals)
    {
        int[] bySum = Ranks(deals, deal => deal.Sum), byMost = Ranks(deals, deal => deal.Most);
        int own = Math.Min(bySum[0], byMost[0]);
        return deals.Index().Count(deal => Math.Min(bySum[deal.Index], byMost[deal.Index]) <= own) / (double)deals.Length;
    }

    static bool IsFar((double Sum, double Most)[] deals, Func<(double Sum, double Most), double> value)
    {
        double[] others = [.. deals[1..].Select(value)];
        double mean = others.Average();
        return value(deals[0]) > mean + Far * Math.Sqrt(others.Average(v => (v - mean) * (v - mean)));
    }

    /// <summary>How many deals are at least as surprising, the deal itself included.</summary>
    static int[] Ranks((double Sum, double Most)[] deals, Func<(double Sum, double Most), double> value)
    {
        double[] ascending = [.. deals.Select(value).Order()];
        return Array.ConvertAll(deals, deal =>
        {
            int below = Array.BinarySearch(ascending, value(deal));
            while (below > 0 && ascending[below - 1] == ascending[below]) below--;
            return deals.Length - below;
        });
    }
}
