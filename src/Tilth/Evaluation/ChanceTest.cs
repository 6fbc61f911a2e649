using Tilth.Data;
using Tilth.Metrics;
using Tilth.Statistics;

namespace Tilth.Evaluation;

/// <summary>
/// How likely predictions that know nothing would rank the rows this well. The statistic is linear in the assignment of
/// targets to rows, so its mean and variance over all assignments are exact (Hoeffding, 1951) and the normal gives the tail.
/// Two classes: Mann and Whitney's test with ties; more: the sum of the classes' AUC against the rest; numbers: Spearman's
/// rank correlation. Weights are not regarded.
///
/// Out of fold the predictions are made of the other rows' targets: what a row teaches a second one, that teaches the first too,
/// so that under no signal every pair counts twice and the statistic has twice the variance.
/// </summary>
internal static class ChanceTest
{
    /// <summary>The one-sided p-value, at least 1e-300; NaN where rows cannot say.</summary>
    /// <param name="data">What was foreseen and what happened.</param>
    /// <param name="outOfFold">True if each row was foreseen by a model that learned from the others.</param>
    public static double PValue(EvaluationData data, bool outOfFold = false)
    {
        double z = (data.Task == TaskKind.Regression ? RankCorrelation(data) : ClassRanks(data)) / (outOfFold ? Math.Sqrt(2) : 1);
        return double.IsNaN(z) ? z : Math.Max(1e-300, NormalDistribution.Tail(z));
    }

    static double RankCorrelation(EvaluationData data)
    {
        var a = MidRanks(data.OrderOf(0), row => data.Predictions[row]);
        var targets = new EvaluationData(data.Schema, data.Targets, data.Targets);
        var b = MidRanks(targets.OrderOf(0), row => data.Targets[row]);
        double middle = (a.Length + 1) / 2.0, ab = 0, aa = 0, bb = 0;
        for (int row = 0; row < a.Length; row++)
        {
            ab += (a[row] - middle) * (b[row] - middle);
            aa += (a[row] - middle) * (a[row] - middle);
            bb += (b[row] - middle) * (b[row] - middle);
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) * Math.Sqrt(a.Length - 1) : double.NaN;
    }

    /// <summary>S = sum over rows of A[row, class of row], A = the class's midrank over (n_k n_rest); z = (S - mean) / sd.</summary>
    static double ClassRanks(EvaluationData data)
    {
        int rows = data.RowCount, classes = data.ClassCount, outputs = data.Schema.OutputCount;
        var size = new double[classes];
        foreach (double y in data.Targets) size[(int)y]++;
        if (size.Count(n => n > 0) < 2) return double.NaN;
        var a = new double[classes][];
        for (int k = 0; k < classes; k++)
        {
            bool used = size[k] > 0 && (outputs > 1 || k == 1);
            a[k] = used ? MidRanks(data.OrderOf(outputs > 1 ? k : 0), row => data.Predictions[row * outputs + (outputs > 1 ? k : 0)]) : new double[rows];
            double middle = (rows + 1) / 2.0, scale = used ? 1 / (size[k] * (rows - size[k])) : 0;
            for (int row = 0; row < rows; row++) a[k][row] = (a[k][row] - middle) * scale;
        }
        // Columns of A (one a class) already have mean 0, so only the rows' means are taken off.
        double statistic = 0, variance = 0;
        for (int row = 0; row < rows; row++)
        {
            double mean = 0;
            for (int k = 0; k < classes; k++) mean += size[k] * a[k][row] / rows;
            for (int k = 0; k < classes; k++) variance += size[k] * (a[k][row] - mean) * (a[k][row] - mean);
            statistic += a[(int)data.Targets[row]][row];
        }
        return variance > 0 ? statistic / Math.Sqrt(variance / (rows - 1)) : double.NaN;
    }

    static double[] MidRanks(int[] order, Func<int, double> value)
    {
        var ranks = new double[order.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && value(order[end]) == value(order[start]);) end++;
            for (int at = start; at < end; at++) ranks[order[at]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }
}
