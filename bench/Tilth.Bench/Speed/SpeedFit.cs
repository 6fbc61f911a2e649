using System.Diagnostics;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Parallelism;

namespace Tilth.Bench.Speed;

/// <summary>Our side of a line: construction, fit and score, with processor time and peak memory of this process.</summary>
static class SpeedFit
{
    public static SpeedResult Run(SpeedSet set, ISupervisedLearner learner, ulong seed, WorkerPool workers)
    {
        var training = new TrainingSet(set.Features, set.Target).View([.. Enumerable.Range(0, set.Rows)]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        double before = ResetPeak();
        var construct = Timed(() => training.Bins.Of(training, workers));
        Model? model = null;
        var fit = Timed(() => model = learner.Fit(training, FitContext.Default with { Workers = workers, Seed = seed }));
        double memory = Memory("VmHWM") - before;
        var (auc, loss) = Score(model!, set);
        return new(construct, fit, auc, loss, memory);
    }

    /// <summary>Seconds of the work, by the clock and of all threads.</summary>
    public static Times Timed(Action work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    /// <summary>No AUC for more than two classes.</summary>
    static (double Auc, double LogLoss) Score(Model model, SpeedSet set)
    {
        int count = set.Features.RowCount - set.Rows, outputs = model.OutputCount;
        var p = new double[count * outputs];
        model.Predict(set.Features, set.Rows, count, p);
        double[] y = [.. set.Target.Values.Skip(set.Rows)];
        if (outputs > 1) return (0, -Enumerable.Range(0, count).Average(i => Math.Log(Math.Max(p[i * outputs + (int)y[i]], 1e-12))));
        double loss = 0, ranks = 0, positives = y.Sum();
        for (int i = 0; i < count; i++) loss -= Math.Log(Math.Clamp(y[i] == 1 ? p[i] : 1 - p[i], 1e-12, 1));
        Array.Sort(p, y);
        for (int start = 0; start < count;)
        {
            // Equal predictions share their mean rank.
            int end = start + 1;
            while (end < count && p[end] == p[start]) end++;
            for (int i = start; i < end; i++) if (y[i] == 1) ranks += (start + 1 + end) / 2.0;
            start = end;
        }
        return ((ranks - positives * (positives + 1) / 2) / (positives * (count - positives)), loss / count);
    }

    static double ResetPeak()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Memory("VmRSS");
    }

    static double Memory(string name) => !OperatingSystem.IsLinux() ? 0
        : double.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;
}
