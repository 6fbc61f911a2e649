using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// Chooses pairs of categories that say of the target what the categories alone do not, and adds their target statistics: an
/// additive model of the single categories is taken away first, then each pair's means are learned on one half of some rows and
/// judged on the other, as with <see cref="PairFit"/>.
/// </summary>
internal sealed class CategoryPairFit
{
    const int MostRows = 20_000, MostCategories = 30, Passes = 2, MostOutputs = 8, FewestRows = 100;

    /// <summary>Rows that a pair's mean is shrunk towards 0 by.</summary>
    const double Prior = 10;

    /// <summary>Least part of what the single categories left over that a pair must explain.</summary>
    const double LeastShare = 0.001, LuckyRows = 6;

    readonly PreparationDraft draft;
    readonly int[][] codes;
    readonly int[] learn, judge;
    readonly double[][] rest;

    CategoryPairFit(PreparationDraft draft, TargetFolds labels)
    {
        this.draft = draft;
        codes = draft.EvaluateCodes([.. draft.Categories.Take(MostCategories).Select(category => category.Register)]);
        int[] sample = new RandomSource(draft.Context.Seed).Child(0xCA7E).Choose(draft.Rows.Length, Math.Min(MostRows, draft.Rows.Length));
        learn = [.. sample.Where((_, at) => at % 2 == 0)];
        judge = [.. sample.Where((_, at) => at % 2 == 1)];
        rest = [.. labels.Outputs.OrderByDescending(output => output.Values.Sum()).Take(MostOutputs).Select(output => Centred(output.Values))];
    }

    /// <summary>Adds the statistics of the best pairs to the draft's numbers.</summary>
    public static void Apply(PreparationDraft draft, TargetFolds labels, int most)
    {
        if (draft.Rows.Length < FewestRows || draft.Categories.Count < 2) return;
        var fit = new CategoryPairFit(draft, labels);
        fit.TakeSinglesAway();
        foreach (var (a, b) in fit.Best(most)) fit.Add(a, b, labels);
    }

    void TakeSinglesAway()
    {
        for (int pass = 0; pass < Passes; pass++)
            foreach (int[] column in codes)
                foreach (double[] values in rest)
                {
                    var means = MeansOf(row => (ulong)(uint)column[row], values);
                    foreach (int row in learn) values[row] -= means.GetValueOrDefault((uint)column[row]);
                    foreach (int row in judge) values[row] -= means.GetValueOrDefault((uint)column[row]);
                }
    }

    IEnumerable<(int A, int B)> Best(int most)
    {
        (int A, int B)[] pairs = [.. Enumerable.Range(0, codes.Length).SelectMany(a => Enumerable.Range(a + 1, codes.Length - a - 1).Select(b => (a, b)))];
        var gains = new double[pairs.Length];
        draft.Context.Workers.For(pairs.Length, at => gains[at] = Gain(codes[pairs[at].A], codes[pairs[at].B]));
        double least = Math.Max(LeastShare, LuckyRows / judge.Length) * rest.Sum(values => judge.Sum(row => values[row] * values[row]));
        return Enumerable.Range(0, pairs.Length).Where(at => gains[at] > least).OrderByDescending(at => gains[at]).ThenBy(at => at).Take(most).Select(at => pairs[at]);
    }

    /// <summary>By how much the means of the pairs lower the squares of the rows that judge.</summary>
    double Gain(int[] a, int[] b)
    {
        double gain = 0;
        foreach (double[] values in rest)
        {
            var means = MeansOf(row => PairCodeStep.KeyOf(a[row], b[row]), values);
            foreach (int row in judge)
                if (means.TryGetValue(PairCodeStep.KeyOf(a[row], b[row]), out double mean)) gain += mean * (2 * values[row] - mean);
        }
        return gain;
    }

    Dictionary<ulong, double> MeansOf(Func<int, ulong> keyOf, double[] values)
    {
        var sums = new Dictionary<ulong, (double Sum, int Count)>();
        foreach (int row in learn)
        {
            ref var cell = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, keyOf(row), out _);
            cell = (cell.Sum + values[row], cell.Count + 1);
        }
        return sums.ToDictionary(cell => cell.Key, cell => cell.Value.Sum / (cell.Value.Count + Prior));
    }

    void Add(int a, int b, TargetFolds labels)
    {
        var (first, second) = (draft.Categories[a], draft.Categories[b]);
        ulong[] keys = [.. draft.Rows.Select((_, i) => PairCodeStep.KeyOf(codes[a][i], codes[b][i])).Distinct().Order()];
        var all = new int[draft.TableRows];
        Array.Fill(all, -1);
        for (int i = 0; i < draft.Rows.Length; i++) all[draft.Rows[i]] = Array.BinarySearch(keys, PairCodeStep.KeyOf(codes[a][i], codes[b][i]));
        int code = draft.NewCode();
        draft.Add(new PairCodeStep(first.Register, second.Register, code, keys));
        string name = $"{first.Feature.Feature.Name} & {second.Feature.Feature.Name}";
        string[] sources = [.. first.Feature.Feature.Sources.Concat(second.Feature.Feature.Sources).Distinct()];
        foreach (var output in labels.Outputs)
        {
            var (values, outOfFold) = TargetStatistics.Fit(all, keys.Length, draft.Rows, labels.Fold, output.Values);
            int register = draft.NewNumbers();
            draft.Add(new LookupStep(code, register, values[..^1], values[^1]));
            draft.ReplaceOutOfFold(register, outOfFold);
            draft.AddNumber($"{name}: target{output.Name}", sources, register);
        }
    }

    double[] Centred(double[] values)
    {
        double mean = learn.Average(row => values[row]);
        return Array.ConvertAll(values, value => value - mean);
    }
}
