using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>How each kind of calibrator is fitted by the likelihood of held rows.</summary>
internal static class CalibratorFits
{
    /// <summary>The kinds that a target can have, by name; isotonic needs many rows.</summary>
    public static IReadOnlyList<(string Name, Func<HeldRows, Calibrator> Fit)> For(TargetSchema target, int rows) => target.Task switch
    {
        TaskKind.Binary when rows >= 1000 => [("temperature", Temperature), ("Platt", Platt), ("beta", Beta), ("isotonic", Isotonic)],
        TaskKind.Binary => [("temperature", Temperature), ("Platt", Platt), ("beta", Beta)],
        TaskKind.Multiclass => [("temperature", Temperature)],
        _ => [],
    };

    /// <summary>Slope and intercept over the log odds (Platt 1999).</summary>
    public static Calibrator Platt(HeldRows held)
    {
        double[] found = OddsFit.Of([Array.ConvertAll(held.Predictions, Logit)], held, [1]);
        return new PlattCalibrator(Math.Clamp(found[0], 0.01, 100), Math.Clamp(found[1], -100, 100));
    }

    /// <summary>Weights of ln p and -ln(1 - p) and an intercept (Kull et al. 2017); one below 0 is left out.</summary>
    public static Calibrator Beta(HeldRows held)
    {
        double[] p = Array.ConvertAll(held.Predictions, value => Math.Clamp(value, 1e-15, 1 - 1e-15));
        double[] yes = Array.ConvertAll(p, Elementary.Log), no = Array.ConvertAll(p, value => -Elementary.Log1p(-value));
        double[] found = OddsFit.Of([yes, no], held, [1, 1]);
        if (found[0] < 0) found = [0, .. OddsFit.Of([no], held, [1])];
        else if (found[1] < 0) found = OddsFit.Of([yes], held, [1]) is var one ? [one[0], 0, one[1]] : found;
        return new BetaCalibrator(Math.Clamp(found[0], 0, 100), Math.Clamp(found[1], 0, 100), Math.Clamp(found[2], -100, 100));
    }

    /// <summary>Pools adjacent violators (Ayer et al. 1955); kept off 0 and 1 by what so many rows can tell.</summary>
    public static Calibrator Isotonic(HeldRows held)
    {
        int[] order = [.. Enumerable.Range(0, held.Count)];
        Array.Sort(Array.ConvertAll(order, row => held.Predictions[row]), order);
        var blocks = new List<(double From, double To, double Weight, double Sum)>();
        double total = 0;
        foreach (int row in order)
        {
            double w = held.WeightOf(row), p = Math.Clamp(held.Predictions[row], 0, 1);
            total += w;
            if (w == 0) continue;
            blocks.Add((p, p, w, w * held.Target.Values[row]));
            while (blocks.Count > 1 && (blocks[^2].To >= blocks[^1].From || blocks[^2].Sum * blocks[^1].Weight >= blocks[^1].Sum * blocks[^2].Weight))
            {
                var (a, b) = (blocks[^2], blocks[^1]);
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add((a.From, b.To, a.Weight + b.Weight, a.Sum + b.Sum));
            }
        }
        double edge = 1 / (total + 2);
        List<double> from = [], to = [];
        foreach (var block in blocks)
        {
            double value = Math.Clamp(block.Sum / block.Weight, edge, 1 - edge);
            from.Add(block.From);
            to.Add(value);
            if (block.To == block.From) continue;
            from.Add(block.To);
            to.Add(value);
        }
        return new IsotonicCalibrator([.. from], [.. to]);
    }

    /// <summary>The temperature of the smallest log loss (Guo et al. 2017), by golden section over its logarithm.</summary>
    public static Calibrator Temperature(HeldRows held)
    {
        const double Golden = 0.6180339887498949;
        double low = -2.5, high = 2.5;
        double Loss(double log) => LogLoss.Mean(held, new TemperatureCalibrator(Elementary.Exp(log)));
        double a = high - Golden * (high - low), b = low + Golden * (high - low), lossA = Loss(a), lossB = Loss(b);
        for (int step = 0; step < 20; step++)
            if (lossA < lossB)
            {
                (high, b, lossB) = (b, a, lossA);
                lossA = Loss(a = high - Golden * (high - low));
            }
            else
            {
                (low, a, lossA) = (a, b, lossB);
                lossB = Loss(b = low + Golden * (high - low));
            }
        return new TemperatureCalibrator(Elementary.Exp((low + high) / 2));
    }

    static double Logit(double p)
    {
        p = Math.Clamp(p, 1e-15, 1 - 1e-15);
        return Elementary.Log(p / (1 - p));
    }
}

/// <summary>The logarithmic loss of held rows.</summary>
internal static class LogLoss
{
    /// <summary>One a row.</summary>
    public static double[] Rows(HeldRows held, Calibrator? calibrator)
    {
        int outputs = held.Outputs;
        var losses = new double[held.Count];
        var row = new double[outputs];
        for (int i = 0; i < losses.Length; i++)
        {
            held.Predictions.AsSpan(i * outputs, outputs).CopyTo(row);
            calibrator?.Apply(row);
            double y = held.Target.Values[i], p = outputs > 1 ? row[(int)y] : y == 1 ? row[0] : 1 - row[0];
            losses[i] = -Elementary.Log(Math.Max(p, 1e-15));
        }
        return losses;
    }

    /// <summary>Their weighted mean.</summary>
    public static double Mean(HeldRows held, Calibrator? calibrator) => Mean(Rows(held, calibrator), held);

    public static double Mean(double[] losses, HeldRows held)
    {
        double sum = 0, weights = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            sum += held.WeightOf(i) * losses[i];
            weights += held.WeightOf(i);
        }
        return sum / weights;
    }
}
