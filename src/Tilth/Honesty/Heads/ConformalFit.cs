using Tilth.Data;
using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>What the promised coverage costs.</summary>
/// <param name="Levels">Promised shares of rows.</param>
/// <param name="Radii">Numbers: half the width of the interval, the mean over rows; classes: 1 - the least probability of a class in the set, over all classes.</param>
/// <param name="Rows">Rows it rests on.</param>
/// <param name="SetSize">Classes: mean number of classes in a set at each level; empty for numbers.</param>
/// <param name="SingleShare">Classes: share of rows whose set is a single class; empty for numbers.</param>
/// <param name="ClassesHeld">Classes that are held to the promise each on its own; the others are held together. 0 for numbers.</param>
/// <param name="WidthVaries">Numbers: intervals are wider where errors are usually larger.</param>
public sealed record ConformalFinding(IReadOnlyList<double> Levels, IReadOnlyList<double> Radii, int Rows, IReadOnlyList<double> SetSize, IReadOnlyList<double> SingleShare,
    int ClassesHeld = 0, bool WidthVaries = false);

/// <summary>
/// Conformal intervals and sets from the errors of held rows: the ceil((n + 1) level)-th smallest. With out-of-fold errors this
/// is cross-conformal (Vovk 2015), whose coverage is about the promised one. Classes of at least a hundred rows have a quantile
/// of their own (Mondrian); the rarest share theirs with the next ones until they are a hundred; intervals of numbers follow a width curve where that helps.
/// </summary>
internal static class ConformalFit
{
    const int ClassRows = 100;

    static readonly double[] Levels = [0.8, 0.9, 0.95];

    /// <summary>Null where there are too few rows for a level.</summary>
    public static (Conformal Conformal, ConformalFinding Finding)? Of(HeldRows held, ulong seed)
    {
        int[] counted = [.. Enumerable.Range(0, held.Count).Where(row => held.WeightOf(row) > 0)];
        double[] levels = [.. Levels.Where(level => RankOf(level, counted.Length) <= counted.Length)];
        if (levels.Length == 0) return null;
        return held.Target.Task == TaskKind.Regression ? OfNumbers(held, counted, levels, seed) : OfClasses(held, counted, levels);
    }

    static (Conformal, ConformalFinding) OfNumbers(HeldRows held, int[] counted, double[] levels, ulong seed)
    {
        double[] errors = [.. Enumerable.Range(0, held.Count).Select(row => Math.Abs(held.Target.Values[row] - held.Predictions[row]))];
        var varied = WidthFit.Of(held, errors, seed);
        double[] radii = Quantiles([.. counted.Select(row => errors[row] / (varied?.Widths[row] ?? 1))], levels);
        var conformal = new Conformal(levels, radii, default, varied?.Curve);
        double[] halves = [.. levels.Select((_, level) => held.Predictions.Average(value => conformal.Interval(value, level) is var (low, high) ? (high - low) / 2 : 0))];
        return (conformal, new(levels, halves, counted.Length, [], [], WidthVaries: varied is not null));
    }

    static (Conformal, ConformalFinding) OfClasses(HeldRows held, int[] counted, double[] levels)
    {
        int classes = held.Target.ClassCount;
        var errors = counted.GroupBy(row => (int)held.Target.Values[row]).ToDictionary(group => group.Key, group => group.Select(row => ErrorOf(held, row)).ToList());
        double[] radii = Quantiles([.. errors.Values.SelectMany(list => list)], levels);
        var (alone, together) = Groups(Enumerable.Range(0, classes).Select(k => errors.GetValueOrDefault(k)?.Count ?? 0).ToArray());
        double[] ofTogether = [.. together.SelectMany(k => errors.GetValueOrDefault(k) ?? [])], shared = ofTogether.Length == 0 ? radii : Quantiles(ofTogether, levels);
        var byClass = new double[levels.Length * classes];
        for (int k = 0; k < classes; k++)
        {
            double[] own = alone.Contains(k) ? Quantiles([.. errors[k]], levels) : shared;
            for (int level = 0; level < levels.Length; level++) byClass[level * classes + k] = own[level];
        }
        var conformal = new Conformal(levels, radii, byClass);
        var sizes = levels.Select((_, level) => Sizes(held, conformal, level)).ToList();
        return (conformal, new(levels, radii, counted.Length, [.. sizes.Select(size => size.Average())], [.. sizes.Select(size => (double)size.Count(n => n == 1) / size.Length)],
            alone.Length));
    }

    /// <summary>
    /// The rarest classes together until they have enough rows, all others alone. A class in two groups, its own and the pool of all,
    /// would leave the pool's quantile to the rare ones, which are the harder ones.
    /// </summary>
    static (int[] Alone, int[] Together) Groups(int[] counts)
    {
        int[] order = [.. Enumerable.Range(0, counts.Length).OrderBy(k => counts[k])];
        int taken = 0, rows = 0;
        for (; taken < order.Length && rows < ClassRows && (rows > 0 || counts[order[taken]] < ClassRows); taken++) rows += counts[order[taken]];
        return (order[taken..], order[..taken]);
    }

    static double[] Quantiles(double[] errors, double[] levels)
    {
        Array.Sort(errors);
        return Array.ConvertAll(levels, level => errors[Math.Min(RankOf(level, errors.Length), errors.Length) - 1]);
    }

    static int RankOf(double level, int rows) => (int)Math.Ceiling((rows + 1) * level - 1e-9);

    static double ErrorOf(HeldRows held, int row) => Math.Max(0, 1 - held.ProbabilityOf(row, (int)held.Target.Values[row]));

    static int[] Sizes(HeldRows held, Conformal conformal, int level)
    {
        var sizes = new int[held.Count];
        for (int row = 0; row < sizes.Length; row++)
            for (int k = 0; k < held.Target.ClassCount; k++)
                if (conformal.Includes(held.ProbabilityOf(row, k), k, level)) sizes[row]++;
        return sizes;
    }
}
