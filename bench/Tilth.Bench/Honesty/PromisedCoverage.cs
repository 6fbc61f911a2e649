using Tilth.Data;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Bench.Honesty;

/// <summary>How often a package's sets and intervals hold fresh targets, and how large they are.</summary>
/// <param name="What">Numbers, classes, or one class.</param>
/// <param name="Level">What is promised.</param>
/// <param name="Share">What came true.</param>
/// <param name="Size">Mean number of classes, or mean width over the target's standard deviation.</param>
sealed record PromisedCoverage(string What, double Level, double Share, double Size)
{
    /// <summary>From so many rows of each class on, the share of each is promised too.</summary>
    const int Many = 100;

    /// <summary>At every level that the package promises.</summary>
    /// <param name="package">A model of numbers or of two classes.</param>
    /// <param name="fresh">Rows that nothing learned from.</param>
    /// <param name="truth">Their targets.</param>
    /// <param name="known">Rows of each of two classes that the package was made from.</param>
    public static IEnumerable<PromisedCoverage> Of(ModelPackage package, Table fresh, double[] truth, int[] known)
    {
        if (package.Head.Conformal is not { } conformal) yield break;
        double[] predictions = new Predictor(package).Predict(fresh).Values;
        for (int level = 0; level < conformal.Levels.Length; level++)
        {
            double promised = conformal.Levels[level];
            if (package.Target.Task == TaskKind.Regression)
            {
                double mean = truth.Average(), spread = Math.Sqrt(truth.Average(y => (y - mean) * (y - mean))), width = 0;
                int held = 0;
                for (int row = 0; row < truth.Length; row++)
                {
                    var (low, high) = conformal.Interval(predictions[row], level);
                    if (truth[row] >= low && truth[row] <= high) held++;
                    width += high - low;
                }
                yield return new("numbers", promised, (double)held / truth.Length, width / truth.Length / spread);
                continue;
            }
            double[] hits = new double[2], rows = new double[2];
            double size = 0;
            for (int row = 0; row < truth.Length; row++)
            {
                bool no = conformal.Includes(1 - predictions[row], 0, level), yes = conformal.Includes(predictions[row], 1, level);
                int k = (int)truth[row];
                rows[k]++;
                if (k == 1 ? yes : no) hits[k]++;
                size += (no ? 1 : 0) + (yes ? 1 : 0);
            }
            yield return new("classes", promised, hits.Sum() / truth.Length, size / truth.Length);
            for (int k = 0; k < 2; k++) yield return new($"  a class, {(known.Min() < Many ? $"one of fewer than {Many}" : $"both of at least {Many}")}", promised, hits[k] / rows[k], size / truth.Length);
        }
    }
}
