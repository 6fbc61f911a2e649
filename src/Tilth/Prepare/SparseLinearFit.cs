using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// An L2-regularised linear model of sparse rows by dual coordinate descent: one row's dual variable at a time, in random
/// order, each to its optimum. Logistic loss after Yu, Huang and Lin, "Dual coordinate descent methods for logistic
/// regression and maximum entropy models" (2011), but solved for s = logit(alpha / C), where the equation is nearly straight;
/// squared loss in closed form. The bias is a feature that is always 1.
/// </summary>
internal sealed class SparseLinearFit
{
    /// <summary>How much one row's loss counts against the squared weights.</summary>
    public const double Cost = 2;

    const int MostEpochs = 10, FewestEpochs = 4;
    const double MostWork = 4e9;

    SparseLinearFit(double[] weights, double bias) => (Weights, Bias) = (weights, bias);

    public double[] Weights { get; }

    public double Bias { get; }

    /// <param name="texts">Sparse rows.</param>
    /// <param name="rows">Which of them to learn from.</param>
    /// <param name="y">Their targets: 0 or 1 for classes.</param>
    /// <param name="classes">Logistic loss, else squared loss on the standardised target.</param>
    /// <param name="siblings">Fits of this size that are made together; many share a bounded amount of work.</param>
    /// <param name="random">The order of the rows.</param>
    /// <param name="tolerance">Ends when no dual variable moves by more than this share of the cost.</param>
    /// <param name="mostEpochs">Ends after so many walks over the rows.</param>
    public static SparseLinearFit Of(SparseRows texts, int[] rows, double[] y, bool classes, int siblings, RandomSource random,
        double tolerance = 1e-2, int mostEpochs = MostEpochs)
    {
        var (mean, deviation) = rows.Length == 0 ? (0, 0) : NumberShape.MeanAndDeviation(y);
        var weights = new double[texts.Width];
        if (deviation == 0) return new(weights, classes ? 0 : mean);
        var fit = new Run(texts, rows, Array.ConvertAll(y, value => classes ? 2 * value - 1 : (value - mean) / deviation), classes, weights);
        var order = Enumerable.Range(0, rows.Length).ToArray();
        double entries = rows.Sum(row => (double)texts.ColumnsOf(row).Length) * siblings;
        int epochs = (int)Math.Clamp(MostWork / Math.Max(1, entries), FewestEpochs, mostEpochs);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            random.Shuffle<int>(order);
            if (fit.Sweep(order) < tolerance) break;
        }
        if (classes) return new(weights, fit.Bias);
        for (int i = 0; i < weights.Length; i++) weights[i] *= deviation;
        return new(weights, fit.Bias * deviation + mean);
    }

    /// <summary>The score of a row.</summary>
    public double Score(SparseRows texts, int row) => Dot(texts.ColumnsOf(row), texts.ValuesOf(row), Weights) + Bias;

    static double Dot(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < columns.Length; i++) sum += values[i] * weights[columns[i]];
        return sum;
    }

    sealed class Run(SparseRows texts, int[] rows, double[] y, bool classes, double[] weights)
    {
        readonly double[] alpha = new double[rows.Length];

        public double Bias { get; private set; }

        /// <summary>Improves every dual variable once; returns the largest change, in units of the cost.</summary>
        public double Sweep(int[] order)
        {
            double largest = 0;
            foreach (int i in order)
            {
                var columns = texts.ColumnsOf(rows[i]);
                var values = texts.ValuesOf(rows[i]);
                double square = 1;
                foreach (float value in values) square += (double)value * value;
                double score = Dot(columns, values, weights) + Bias;
                double next = classes ? Logistic(alpha[i], y[i] * score, square) : Squared(alpha[i], y[i] - score, square);
                double change = next - alpha[i];
                alpha[i] = next;
                double step = classes ? change * y[i] : change;
                for (int e = 0; e < columns.Length; e++) weights[columns[e]] += step * values[e];
                Bias += step;
                largest = Math.Max(largest, Math.Abs(change) / Cost);
            }
            return largest;
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
