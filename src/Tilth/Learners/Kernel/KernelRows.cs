using System.Runtime.InteropServices;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models.Kernel;

namespace Tilth.Learners.Kernel;

/// <summary>
/// The rows as points. Rows that are equal are one point with their weight and mean target: for squared errors that is the same,
/// and a row that is left out leaves with its copies, which would vouch for it.
/// </summary>
internal sealed class KernelRows
{
    readonly float[] points;

    KernelRows(float[] points, int numbers, int categories, double[] weights, double[] targets, double[] means)
    {
        (this.points, Numbers, Categories, Weights, Targets, Means) = (points, numbers, categories, weights, targets, means);
        Spread = SpreadOf();
    }

    KernelRows(float[] points, int numbers, int categories, double[] weights, double[] sums, int outputs)
        : this(points, numbers, categories, weights, sums, MeansOf(weights, sums, outputs))
    {
        for (int i = 0; i < weights.Length; i++)
            for (int k = 0; k < outputs; k++) Targets[i * outputs + k] = Targets[i * outputs + k] / weights[i] - Means[k];
    }

    public int Count => Weights.Length;

    public int Outputs => Means.Length;

    public int Numbers { get; }

    public int Categories { get; }

    /// <summary>Above 0, one a point.</summary>
    public double[] Weights { get; }

    /// <summary>points x outputs: the number, or an indicator of each class (of class 1, if there are two), minus its mean.</summary>
    public double[] Targets { get; }

    /// <summary>The weighted mean of each output.</summary>
    public double[] Means { get; }

    /// <summary>The sum of the variances of all coordinates, a category counting as its indicators; 1 if all points are one.</summary>
    public double Spread { get; }

    int Width => Numbers + Categories;

    public ReadOnlySpan<float> Point(int i) => points.AsSpan(i * Width, Width);

    /// <param name="data">Numbers and codes; no sparse features.</param>
    /// <param name="rows">Those of weight above 0.</param>
    /// <param name="context">Cancellation.</param>
    /// <param name="pointOf">The point of each row.</param>
    public static KernelRows Of(TrainingSet data, int[] rows, FitContext context, out int[] pointOf)
    {
        var map = data.Features.Map;
        if (map.Count != map.Dense.Count + map.Categories.Count) throw new ArgumentException("kernels take dense numbers and codes only; prepare them with the learner's needs");
        int width = map.Dense.Count + map.Categories.Count, outputs = data.Target.ClassCount > 2 ? data.Target.ClassCount : 1;
        var dense = new float[map.Dense.Count];
        var codes = new int[map.Categories.Count];
        var point = new float[width];
        var points = new List<float>();
        List<double> weights = [], sums = [];
        var known = new Dictionary<ulong, int>();
        pointOf = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if (i % 4096 == 0) context.ThrowIfCancelled();
            KernelPoints.Place(data.Features.GetRow(rows[i], dense, codes), point);
            ulong hash = StableHash.Of(MemoryMarshal.AsBytes(point.AsSpan()));
            if (!known.TryGetValue(hash, out int at))
            {
                known[hash] = at = weights.Count;
                points.AddRange(point);
                weights.Add(0);
                for (int k = 0; k < outputs; k++) sums.Add(0);
            }
            double weight = data.Weights.IsEmpty ? 1 : data.Weights.Span[rows[i]], y = data.Target.Values[rows[i]];
            pointOf[i] = at;
            weights[at] += weight;
            if (outputs == 1) sums[at] += weight * y;
            else sums[at * outputs + (int)y] += weight;
        }
        return new([.. points], map.Dense.Count, map.Categories.Count, [.. weights], [.. sums], outputs);
    }

    static double[] MeansOf(double[] weights, double[] sums, int outputs)
    {
        var means = new double[outputs];
        for (int i = 0; i < sums.Length; i++) means[i % outputs] += sums[i];
        double total = weights.Sum();
        for (int k = 0; k < outputs; k++) means[k] /= total;
        return means;
    }

    /// <summary>Some of the points, centred as all are.</summary>
    public KernelRows Take(int[] chosen) => new(
        [.. chosen.SelectMany(i => Point(i).ToArray())], Numbers, Categories, Array.ConvertAll(chosen, i => Weights[i]),
        [.. chosen.SelectMany(i => Targets.AsSpan(i * Outputs, Outputs).ToArray())], Means);

    /// <summary>Some of the points, to compare others with.</summary>
    public KernelPoints Landmarks(int[] chosen, double gamma) => KernelPoints.Of([.. chosen.SelectMany(i => Point(i).ToArray())], chosen.Length, Numbers, Categories, gamma);

    double SpreadOf()
    {
        double total = Weights.Sum(), spread = 0;
        for (int j = 0; j < Width; j++) spread += j < Numbers ? Variance(j, total) : Diversity(j, total);
        return spread > 0 ? spread : 1;
    }

    double Variance(int column, double total)
    {
        double mean = 0, squares = 0;
        for (int i = 0; i < Count; i++) mean += Weights[i] * points[i * Width + column] / total;
        for (int i = 0; i < Count; i++) squares += Weights[i] * (points[i * Width + column] - mean) * (points[i * Width + column] - mean);
        return squares / total;
    }

    double Diversity(int column, double total)
    {
        var shares = new SortedDictionary<float, double>();
        for (int i = 0; i < Count; i++) shares[points[i * Width + column]] = shares.GetValueOrDefault(points[i * Width + column]) + Weights[i] / total;
        return 1 - shares.Values.Sum(share => share * share);
    }
}
