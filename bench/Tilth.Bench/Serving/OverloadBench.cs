using System.Globalization;

namespace Tilth.Bench.Serving;

/// <summary>
/// A model of at least 2 ms a row and --max-concurrency 2: its latency with one call at a time, its capacity, then five times
/// that capacity offered for a minute. The accepted calls' p99 stays under five times the unloaded one, the others get 429
/// with Retry-After, and memory is flat.
/// </summary>
static class OverloadBench
{
    const int Rows = 200_000, Connections = 128;

    /// <summary>Arguments: seconds of overload (60).</summary>
    public static int Run(string[] args)
    {
        double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        using var folder = new BenchFolder();
        Higgs.Slow(Rows).Save(folder.At("m.tilth"));
        using var server = ServerProcess.Start(null, folder.At("m.tilth"), "--max-concurrency", "2");
        byte[][] requests = [.. Higgs.Json(Higgs.Rows(64)).Select(row => server.Request("/models/m/predict", row))];
        Drive(2, 3, 0);
        var before = server.ProcessorTime;
        var alone = Drive(1, 8, 0);
        double work = (server.ProcessorTime - before).TotalMilliseconds / (alone.PerSecond * 8);
        var most = Drive(6, 8, 0); // two worked on, four waiting
        Console.WriteLine(Text("one at a time", alone) + string.Create(CultureInfo.InvariantCulture, $", {work:F2} ms of processor a call"));
        Console.WriteLine(Text("capacity", most));
        var memory = new MemoryTrace(server);
        var over = Drive(Connections, seconds, 5 * most.PerSecond);
        var (middle, last) = memory.End();
        double times = over.P99 / alone.P99;
        Console.WriteLine(Text("five times the capacity", over));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 {times:F1} times the unloaded one; memory {middle:F1} MB in the middle third, {last:F1} MB in the last ({last / middle - 1:P1}); processor alone {work:F2} ms a call"));
        return over.Failed == 0 && over.Refused > 0 && times < 5 && last < 1.05 * middle ? 0 : 1;

        Phase Drive(int connections, double time, double rate) => HttpDriver.Drive(server.Port, requests, connections, time, rate).Result;
    }

    static string Text(string name, Phase phase) => string.Create(CultureInfo.InvariantCulture,
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
