using System.Diagnostics;
using System.Globalization;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Bench.Serving;

/// <summary>
/// A model of at least 2 ms a row and --max-concurrency 2: its latency with one call at a time, its capacity, then five times
/// that capacity offered for a minute. The accepted calls' p99 stays under five times the unloaded one, the others get 429
/// with Retry-After, and memory is flat.
/// </summary>
static class OverloadBench
{
    const int Rows = 100_000, Connections = 128;
    const double LeastMilliseconds = 2;

    /// <summary>Arguments: seconds of overload (60).</summary>
    public static int Run(string[] args)
    {
        double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        using var folder = new BenchFolder();
        double row = SaveSlow(folder.At("m.tilth"));
        using var server = ServerProcess.Start(null, folder.At("m.tilth"), "--max-concurrency", "2");
        byte[][] requests = [.. Higgs.Json(Higgs.Rows(64)).Select(row => server.Request("/models/m/predict", row))];
        Drive(2, 3, 0);
        var (alone, _) = Drive(1, 8, 0);
        var (most, work) = Drive(4, 8, 0); // two worked on, two waiting
        Console.WriteLine(Text("one at a time", alone));
        Console.WriteLine(Text("capacity", most) + Invariant($", {1000 * work / most.Answered:F2} ms of processor a call"));
        var memory = new MemoryTrace(server);
        var (over, _) = Drive(Connections, seconds, 5 * most.PerSecond);
        var (middle, last) = memory.End();
        double times = over.P99 / alone.P99;
        Console.WriteLine(Text("five times the capacity", over));
        Console.WriteLine(Invariant($"p99 {times:F1} times the unloaded one; memory {middle:F1} MB in the middle third, {last:F1} MB in the last ({last / middle - 1:P1})"));
        return row >= LeastMilliseconds && over.Failed == 0 && over.Refused > 0 && times < 5 && last < 1.05 * middle ? 0 : 1;

        (Phase Phase, double Seconds) Drive(int connections, double time, double rate)
        {
            var before = server.ProcessorTime;
            var phase = HttpDriver.Drive(server.Port, requests, connections, time, rate).Result;
            return (phase, (server.ProcessorTime - before).TotalSeconds);
        }
    }

    /// <summary>Saves the mean of as many equal models as it takes for the time. Milliseconds a row.</summary>
    static double SaveSlow(string path)
    {
        var one = Higgs.Slow(Rows);
        for (int models = 1; ; models++)
        {
            var package = new ModelPackage(one.Schema, new Mean([.. Enumerable.Repeat(one.Node, models)]), one.Head, one.Profile);
            double row = Milliseconds(new Predictor(package));
            if (row < LeastMilliseconds * 1.1) continue;
            package.Save(path);
            Console.WriteLine(Invariant($"mean of {models} nearest neighbours over {Rows} rows: {row:F2} ms a row"));
            return row;
        }
    }

    /// <summary>The median over rows of the shortest of several times, so that other work on the machine does not count.</summary>
    static double Milliseconds(Predictor predictor)
    {
        var rows = Enumerable.Range(0, 32).Select(r => Higgs.Rows(1, (ulong)r)).ToList();
        double[] times =
        [
            .. rows.Select(one => Enumerable.Range(0, 5).Min(_ =>
            {
                long start = Stopwatch.GetTimestamp();
                predictor.Predict(one);
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            })).Order(),
        ];
        return times[times.Length / 2];
    }

    static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    static string Text(string name, Phase phase) => Invariant(
        $"{name}: {phase.Offered:F0} offered and {phase.PerSecond:F0} answered a second, p50 {phase.P50:F2} ms, p99 {phase.P99:F2} ms, refused {phase.Refused}, failed {phase.Failed}");
}

/// <summary>A server's memory, looked at once a second until the end.</summary>
sealed class MemoryTrace
{
    readonly List<double> samples = [];
    readonly CancellationTokenSource done = new();
    readonly Task looking;

    public MemoryTrace(ServerProcess server) => looking = Task.Run(async () =>
    {
        while (!done.IsCancellationRequested)
        {
            samples.Add(server.Memory);
            await Task.Delay(1000, done.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    });

    /// <summary>Means of the middle and the last third, in MB.</summary>
    public (double Middle, double Last) End()
    {
        done.Cancel();
        looking.Wait();
        int third = Math.Max(1, samples.Count / 3);
        return (samples.Skip(third).Take(third).Average(), samples.Skip(samples.Count - third).Average());
    }
}
