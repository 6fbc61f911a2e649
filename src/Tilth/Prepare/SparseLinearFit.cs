using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// L2-regularised linear models of sparse rows, one an output, by dual coordinate descent: one row's dual variables at a time, in
/// random order, each to its optimum. Logistic loss after Yu, Huang and Lin, "Dual coordinate descent methods for logistic
/// regression and maximum entropy models" (2011), but solved for s = logit(alpha / C), where the equation is nearly straight;
/// squared loss in closed form. The bias is a feature that is always 1. The outputs go through the rows together, as finding a
/// row's weights in memory costs more than multiplying them.
/// </summary>
internal sealed unsafe class SparseLinearFit
{
    /// <summary>How much one row's loss counts against the squared weights.</summary>
    public const double Cost = 2;

    const int MostEpochs = 10, FewestEpochs = 4, Lanes = 8;
    const double MostWork = 4e9;

    readonly float[] weights;
    readonly double[] biases;
    readonly int stride;

    SparseLinearFit(float[] weights, double[] biases, int stride) => (this.weights, this.biases, this.stride) = (weights, biases, stride);

    /// <summary>How many models.</summary>
    public int Outputs => biases.Length;

    /// <summary>What a model adds to every score.</summary>
    public double BiasOf(int output) => biases[output];

    /// <summary>What a model multiplies a column with.</summary>
    public float WeightOf(int column, int output) => weights[(long)column * stride + output];

    /// <param name="texts">Sparse rows.</param>
    /// <param name="rows">Which of them to learn from.</param>
    /// <param name="y">An array an output with their targets: 0 or 1 for classes.</param>
    /// <param name="classes">Logistic loss, else squared loss on the standardised target.</param>
    /// <param name="siblings">Fits of this size that are made together; many share a bounded amount of work.</param>
    /// <param name="random">The order of the rows.</param>
    /// <param name="tolerance">Ends when no dual variable moves by more than this share of the cost.</param>
    /// <param name="mostEpochs">Ends after so many walks over the rows.</param>
    public static SparseLinearFit Of(SparseRows texts, int[] rows, double[][] y, bool classes, int siblings, RandomSource random,
        double tolerance = 1e-2, int mostEpochs = MostEpochs)
    {
        int outputs = y.Length, stride = outputs == 1 ? 1 : (outputs + Lanes - 1) / Lanes * Lanes;
        var scales = Array.ConvertAll(y, values => rows.Length == 0 ? (Mean: 0.0, Deviation: 0.0) : NumberShape.MeanAndDeviation(values));
        var fit = new SparseLinearFit(new float[(long)texts.Width * stride], new double[outputs], stride);
        // An output that is always the same has nothing to learn, and its dual variables stay at zero.
        var run = new Run(texts, rows, [.. y.Select((values, k) => scales[k].Deviation == 0 ? null : Array.ConvertAll(values, value => classes ? 2 * value - 1 : (value - scales[k].Mean) / scales[k].Deviation))], classes, fit);
        var order = Enumerable.Range(0, rows.Length).ToArray();
        double entries = rows.Sum(row => (double)texts.ColumnsOf(row).Length) * siblings * outputs;
        int epochs = (int)Math.Clamp(MostWork / Math.Max(1, entries), FewestEpochs, mostEpochs);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle<int>(order);
            if (run.Sweep(order) < tolerance) break;
        }
        if (!classes) fit.Unscale(scales);
        return fit;
    }

    /// <summary>The scores of a row, one an output.</summary>
    public double[] Score(SparseRows texts, int row)
    {
        var sums = stackalloc float[stride];
        Sum(texts.ColumnsOf(row), texts.ValuesOf(row), sums);
        var scores = new double[Outputs];
        for (int k = 0; k < scores.Length; k++) scores[k] = sums[k] + biases[k];
        return scores;
    }

    void Unscale((double Mean, double Deviation)[] scales)
    {
        for (int k = 0; k < scales.Length; k++)
        {
            for (int at = k; at < weights.Length; at += stride) weights[at] *= (float)scales[k].Deviation;
            biases[k] = biases[k] * scales[k].Deviation + scales[k].Mean;
        }
    }

    /// <summary>Adds up the weights of a row's columns, without biases.</summary>
    void Sum(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float* sums)
    {
        new Span<float>(sums, stride).Clear();
        fixed (float* w = weights)
            for (int e = 0; e < columns.Length; e++) FloatLoops.AddScaled(sums, values[e], w + (long)columns[e] * stride, stride);
    }

    sealed class Run(SparseRows texts, int[] rows, double[]?[] y, bool classes, SparseLinearFit fit)
    {
        readonly double[] alpha = new double[(long)rows.Length * y.Length];
        readonly double[] squares = Array.ConvertAll(rows, row => SquareOf(texts.ValuesOf(row)));

        /// <summary>Improves every dual variable once; returns the largest change, in units of the cost.</summary>
        public double Sweep(int[] order)
        {
            float* sums = stackalloc float[fit.stride], steps = stackalloc float[fit.stride];
            new Span<float>(steps, fit.stride).Clear();
            double largest = 0;
            foreach (int i in order)
            {
                var columns = texts.ColumnsOf(rows[i]);
                var values = texts.ValuesOf(rows[i]);
                fit.Sum(columns, values, sums);
                for (int k = 0; k < y.Length; k++)
                {
                    if (y[k] is not { } target) continue;
                    ref double own = ref alpha[(long)i * y.Length + k];
                    double score = sums[k] + fit.biases[k];
                    double next = classes ? Logistic(own, target[i] * score, squares[i]) : Squared(own, target[i] - score, squares[i]);
                    double change = next - own, step = classes ? change * target[i] : change;
                    own = next;
                    steps[k] = (float)step;
                    fit.biases[k] += step;
                    largest = Math.Max(largest, Math.Abs(change) / Cost);
                }
                fixed (float* w = fit.weights)
                    for (int e = 0; e < columns.Length; e++) FloatLoops.AddScaled(w + (long)columns[e] * fit.stride, values[e], steps, fit.stride);
            }
            return largest;
        }

        /// <summary>Of a row and the bias's 1.</summary>
        static double SquareOf(ReadOnlySpan<float> values)
        {
            double square = 1;
            foreach (float value in values) square += (double)value * value;
            return square;
        }

        /// <summary>The root of square (C sigmoid(s) - alpha) + margin + s, which rises with a slope of at least 1.</summary>
        static double Logistic(double alpha, double margin, double square)
        {
            double low = -margin - square * (Cost - alpha), high = -margin + square * alpha;
            double s = Math.Clamp(-margin, low, high);
            for (int iteration = 0; iteration < 30; iteration++)
            {
                double p = Elementary.Sigmoid(s);
                double value = square * (Cost * p - alpha) + margin + s;
                if (value > 0) high = s;
                else low = s;
                double next = s - value / (square * Cost * p * (1 - p) + 1);
                // Newton's step may leave the bracket, as the sigmoid bends both ways.
                if (!(next >= low && next <= high)) next = (low + high) / 2;
                if (Math.Abs(next - s) < 1e-6) break;
                s = next;
            }
            return Cost * Elementary.Sigmoid(s);
        }

        static double Squared(double alpha, double residual, double square) => alpha + (residual - alpha / Cost) / (square + 1 / Cost);
    }
}
