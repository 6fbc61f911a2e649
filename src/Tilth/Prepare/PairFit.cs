using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// Chooses sums, differences, products and ratios of two numbers that say of the target what the numbers alone do not: an additive
/// model of the single numbers is taken away first, then each pair's means over its quantiles are learned on one half of some rows
/// and judged on the other. Trees find such cuts only by many steps (arithmetic features are what TabPrep gains most by).
/// </summary>
internal sealed class PairFit
{
    const int MostRows = 4000, MostNumbers = 20, Buckets = 16, Passes = 2, MostOutputs = 8, MostOfOnePair = 2, FewestRows = 100;

    /// <summary>Rows that a bucket's mean is shrunk towards 0 by.</summary>
    const double Prior = 5;

    /// <summary>
    /// Least part of what the single numbers left over that a pair must explain: above what the luckiest of hundreds of pairs explains
    /// of noise, which falls with the rows that judge.
    /// </summary>
    const double LeastShare = 0.002, LuckyRows = 6;

    static readonly (PairOperation Operation, bool Turned)[] Operations =
        [(PairOperation.Sum, false), (PairOperation.Difference, false), (PairOperation.Product, false), (PairOperation.Ratio, false), (PairOperation.Ratio, true)];

    readonly PreparationDraft draft;
    readonly double[][] numbers;
    readonly int[] learn, judge;
    readonly double[][] rest;

    PairFit(PreparationDraft draft, TargetFolds labels)
    {
        this.draft = draft;
        numbers = draft.Evaluate([.. draft.Numbers.Select(number => number.Register)]);
        int[] sample = new RandomSource(draft.Context.Seed).Child(0x9A1B).Choose(draft.Rows.Length, Math.Min(MostRows, draft.Rows.Length));
        learn = [.. sample.Where((_, at) => at % 2 == 0)];
        judge = [.. sample.Where((_, at) => at % 2 == 1)];
        rest = [.. labels.Outputs.OrderByDescending(output => output.Values.Sum()).Take(MostOutputs).Select(output => Centred(output.Values))];
    }

    /// <summary>Adds the best pairs to the draft's numbers.</summary>
    public static void Apply(PreparationDraft draft, TargetFolds labels, int most)
    {
        if (draft.Rows.Length < FewestRows || draft.Numbers.Count < 2) return;
        var fit = new PairFit(draft, labels);
        int[] strongest = fit.TakeSinglesAway();
        foreach (var (a, b, operation) in fit.Best(strongest, most)) fit.Add(a, b, operation);
    }

    /// <summary>Fits the single numbers one after the other on what the others left over; gives the ones that matter most.</summary>
    int[] TakeSinglesAway()
    {
        var buckets = new byte[numbers.Length][];
        draft.Context.Workers.For(numbers.Length, n => buckets[n] = BucketsOf(numbers[n]));
        var gains = new double[numbers.Length];
        for (int n = 0; n < gains.Length; n++) gains[n] = Gain(buckets[n], rest);
        int[] order = [.. Enumerable.Range(0, gains.Length).OrderByDescending(n => gains[n]).ThenBy(n => n)];
        for (int pass = 0; pass < Passes; pass++)
            foreach (int n in order)
                foreach (double[] values in rest)
                {
                    double[] means = MeansOf(buckets[n], values);
                    foreach (int row in learn) values[row] -= means[buckets[n][row]];
                    foreach (int row in judge) values[row] -= means[buckets[n][row]];
                }
        return [.. order.Take(MostNumbers).Order()];
    }

    IEnumerable<(int A, int B, PairOperation Operation)> Best(int[] candidates, int most)
    {
        (int A, int B)[] pairs = [.. candidates.SelectMany((a, i) => candidates[(i + 1)..].Select(b => (a, b))).Where(pair => SourcesDiffer(pair.a, pair.b))];
        var gains = new double[pairs.Length * Operations.Length];
        draft.Context.Workers.For(gains.Length, at =>
        {
            var (a, b) = pairs[at / Operations.Length];
            gains[at] = Gain(BucketsOf(Compute(a, b, Operations[at % Operations.Length])), rest);
        });
        double least = Math.Max(LeastShare, LuckyRows / judge.Length) * rest.Sum(values => judge.Sum(row => values[row] * values[row]));
        var taken = new int[pairs.Length];
        foreach (int at in Enumerable.Range(0, gains.Length).Where(at => gains[at] > least).OrderByDescending(at => gains[at]).ThenBy(at => at))
        {
            if (most == 0) yield break;
            int pair = at / Operations.Length;
            if (taken[pair]++ >= MostOfOnePair) continue;
            most--;
            var (operation, turned) = Operations[at % Operations.Length];
            yield return turned ? (pairs[pair].B, pairs[pair].A, operation) : (pairs[pair].A, pairs[pair].B, operation);
        }
    }

    void Add(int a, int b, PairOperation operation)
    {
        var (first, second) = (draft.Numbers[a], draft.Numbers[b]);
        int register = draft.NewNumbers();
        draft.Add(new PairStep(first.Register, second.Register, register, operation));
        char sign = operation switch { PairOperation.Sum => '+', PairOperation.Difference => '-', PairOperation.Product => '*', _ => '/' };
        draft.AddNumber($"{first.Name} {sign} {second.Name}", [.. first.Sources.Concat(second.Sources).Distinct()], register);
    }

    /// <summary>Two parts of one date say nothing new together.</summary>
    bool SourcesDiffer(int a, int b) => !draft.Numbers[a].Sources.SequenceEqual(draft.Numbers[b].Sources);

    double[] Compute(int a, int b, (PairOperation Operation, bool Turned) form)
    {
        if (form.Turned) (a, b) = (b, a);
        var values = new double[numbers[a].Length];
        foreach (int row in learn) values[row] = PairStep.Of(form.Operation, numbers[a][row], numbers[b][row]);
        foreach (int row in judge) values[row] = PairStep.Of(form.Operation, numbers[a][row], numbers[b][row]);
        return values;
    }

    double[] Centred(double[] values)
    {
        double mean = learn.Average(row => values[row]);
        return Array.ConvertAll(values, value => value - mean);
    }

    /// <summary>The quantile of each sampled row, by the rows that are learned from; the last bucket is for missing values.</summary>
    byte[] BucketsOf(double[] values)
    {
        double[] sorted = [.. learn.Select(row => values[row]).Where(value => !double.IsNaN(value))];
        Array.Sort(sorted);
        double[] edges = sorted.Length == 0 ? [] : [.. Enumerable.Range(1, Buckets - 1).Select(b => sorted[(int)((long)sorted.Length * b / Buckets)]).Distinct()];
        var buckets = new byte[values.Length];
        foreach (int row in learn) buckets[row] = BucketOf(values[row]);
        foreach (int row in judge) buckets[row] = BucketOf(values[row]);
        return buckets;

        byte BucketOf(double value)
        {
            if (double.IsNaN(value)) return Buckets;
            int found = Array.BinarySearch(edges, value);
            return (byte)(found < 0 ? ~found : found + 1);
        }
    }

    double[] MeansOf(byte[] buckets, double[] values)
    {
        var (sums, counts) = (new double[Buckets + 1], new int[Buckets + 1]);
        foreach (int row in learn)
        {
            sums[buckets[row]] += values[row];
            counts[buckets[row]]++;
        }
        for (int b = 0; b < sums.Length; b++) sums[b] /= counts[b] + Prior;
        return sums;
    }

    /// <summary>By how much the means lower the squares of the rows that judge.</summary>
    double Gain(byte[] buckets, double[][] outputs)
    {
        double gain = 0;
        foreach (double[] values in outputs)
        {
            double[] means = MeansOf(buckets, values);
            foreach (int row in judge) gain += means[buckets[row]] * (2 * values[row] - means[buckets[row]]);
        }
        return gain;
    }
}
