using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Models;

namespace Tilth.Search;

/// <summary>
/// Learning the logarithm of a positive target: what is a factor there (an extra room, a district) is a sum here, and a few huge
/// values no longer rule the fit. Judged, as everything, in the target's own unit.
/// </summary>
internal static class LogTarget
{
    /// <summary>Predictions end this far beyond what was learned from, as a share of its range.</summary>
    const double Beyond = 0.05;

    /// <summary>The skewness from which a tail is long; an exponential distribution has 2.</summary>
    const double LongTail = 0.75;

    /// <summary>All above 0, with a long tail upwards that the logarithm at least halves.</summary>
    public static bool Suits(Target target)
    {
        if (target.Task != TaskKind.Regression || target.Values.Length == 0 || target.Values.Min() <= 0) return false;
        double skewness = SkewnessOf(target.Values);
        return skewness > LongTail && Math.Abs(SkewnessOf(Array.ConvertAll(target.Values, Elementary.Log))) < skewness / 2;
    }

    static double SkewnessOf(double[] values)
    {
        double mean = values.Average(), squares = 0, cubes = 0;
        foreach (double value in values)
        {
            double d = value - mean;
            squares += d * d;
            cubes += d * d * d;
        }
        double deviation = Math.Sqrt(squares / values.Length);
        return deviation > 0 ? cubes / values.Length / (deviation * deviation * deviation) : 0;
    }

    /// <summary>The set with logarithms to foresee.</summary>
    public static TrainingSet Of(TrainingSet set) => set.WithTarget(new Target(set.Target.Schema, Array.ConvertAll(set.Target.Values, Elementary.Log)));

    /// <summary>Predicts the target from a model of its logarithm.</summary>
    /// <param name="logarithm">The model.</param>
    /// <param name="target">Of the table.</param>
    /// <param name="rows">That were learned from.</param>
    /// <param name="scale">What predictions are multiplied with.</param>
    public static Model ModelOf(Model logarithm, Target target, int[] rows, double scale)
    {
        double least = Elementary.Log(rows.Min(row => target.Values[row])), most = Elementary.Log(rows.Max(row => target.Values[row])), beyond = Beyond * (most - least);
        return new LogTargetModel(logarithm, Elementary.Log(scale), Bounded(least - beyond), Bounded(most + beyond));
    }

    static double Bounded(double score) => Math.Clamp(score, -LogTargetModel.MostScore, LogTargetModel.MostScore);
}
