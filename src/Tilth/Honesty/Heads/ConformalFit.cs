using Tilth.Data;
using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>What the promised coverage costs.</summary>
/// <param name="Levels">Promised shares of rows.</param>
/// <param name="Radii">Numbers: half the width of the interval; classes: 1 - the least probability of a class in the set.</param>
/// <param name="Rows">Rows it rests on.</param>
/// <param name="SetSize">Classes: mean number of classes in a set at each level; empty for numbers.</param>
/// <param name="SingleShare">Classes: share of rows whose set is a single class; empty for numbers.</param>
public sealed record ConformalFinding(IReadOnlyList<double> Levels, IReadOnlyList<double> Radii, int Rows, IReadOnlyList<double> SetSize, IReadOnlyList<double> SingleShare);

/// <summary>
/// Conformal intervals and sets (Vovk et al. 2005; Lei et al. 2018) from the errors of held rows: the ceil((n + 1) level)-th
/// smallest. With out-of-fold errors this is cross-conformal, whose coverage is about the promised one.
/// </summary>
internal static class ConformalFit
{
    static readonly double[] Levels = [0.8, 0.9, 0.95];

    /// <summary>Null where there are too few rows for a level.</summary>
    public static (Conformal Conformal, ConformalFinding Finding)? Of(HeldRows held)
    {
        double[] errors = [.. Enumerable.Range(0, held.Count).Where(row => held.WeightOf(row) > 0).Select(row => ErrorOf(held, row)).Order()];
        double[] levels = [.. Levels.Where(level => RankOf(level, errors.Length) <= errors.Length)];
        if (levels.Length == 0) return null;
        double[] radii = Array.ConvertAll(levels, level => errors[RankOf(level, errors.Length) - 1]);
        var conformal = new Conformal(levels, radii);
        bool classes = held.Target.Task != TaskKind.Regression;
        var sizes = Enumerable.Range(0, levels.Length).Select(level => classes ? Sizes(held, conformal, level) : []).ToList();
        return (conformal, new(levels, radii, errors.Length, classes ? [.. sizes.Select(size => size.Average())] : [], classes ? [.. sizes.Select(size => (double)size.Count(n => n == 1) / size.Length)] : []));
    }

    static int RankOf(double level, int rows) => (int)Math.Ceiling((rows + 1) * level - 1e-9);

    static double ErrorOf(HeldRows held, int row)
    {
        double y = held.Target.Values[row];
        if (held.Target.Task == TaskKind.Regression) return Math.Abs(y - held.Predictions[row]);
        double p = held.Outputs > 1 ? held.Predictions[row * held.Outputs + (int)y] : y == 1 ? held.Predictions[row] : 1 - held.Predictions[row];
        return Math.Max(0, 1 - p);
    }

    static int[] Sizes(HeldRows held, Conformal conformal, int level)
    {
        var sizes = new int[held.Count];
        for (int row = 0; row < sizes.Length; row++)
        {
            var p = held.Predictions.AsSpan(row * held.Outputs, held.Outputs);
            if (p.Length == 1) sizes[row] = (conformal.Includes(p[0], level) ? 1 : 0) + (conformal.Includes(1 - p[0], level) ? 1 : 0);
            else
                foreach (double probability in p) if (conformal.Includes(probability, level)) sizes[row]++;
        }
        return sizes;
    }
}
