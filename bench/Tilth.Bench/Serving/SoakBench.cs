using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tilth.Packaging;

namespace Tilth.Bench.Serving;

/// <summary>
/// Everything that the server does, for a long time: rows, lists, explanations, truths, drift, metrics, pages, and a swap every
/// ten seconds, with the prediction log on. No call fails, and memory in the last third is within 5 % of the middle third.
/// </summary>
static class SoakBench
{
    const int Connections = 4;

    /// <summary>Arguments: minutes (20), calls a second (200).</summary>
    public static int Run(string[] args)
    {
        double minutes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 20, rate = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 200;
        using var folder = new BenchFolder();
        ModelPackage[] packages = [Higgs.Boosted(), Higgs.Boosted(1)];
        packages[0].Save(folder.At("m.tilth"));
        string key = ServerProcess.MakeKey(folder.At("keys"));
        using var server = ServerProcess.Start(key, folder.At("m.tilth"), "--keys", folder.At("keys"), "--store", folder.At("store"), "--log", folder.At("log"), "--log-segments", "3");
        string[] rows = Higgs.Json(Higgs.Rows(200));
        byte[][] requests =
        [
            .. rows.Select(row => server.Request("/models/m/predict", row)),
            .. rows.Take(20).Select(row => server.Request("/models/m/explain?top=5", row)),
            .. rows.Chunk(50).Select(some => server.Request("/models/m/predict", $"[{string.Join(',', some)}]")),
            .. new[] { "/models", "/models/m", "/models/m/drift", "/models/m/versions", "/models/m/form", "/models/m/page", "/metrics", "/health/ready" }.Select(path => HttpDriver.Request(path, "", key, "GET")),
        ];
        HttpDriver.Drive(server.Port, requests, Connections, 20, rate).Wait();
        var memory = new MemoryTrace(server);
        using var done = new CancellationTokenSource();
        var load = HttpDriver.Drive(server.Port, requests, Connections, minutes * 60, rate, stop: done.Token);
        byte[][] bodies = [packages[1].ToBytes(), packages[0].ToBytes()];
        int swaps = 0, refused = 0;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMinutes < minutes; Thread.Sleep(10_000), swaps++)
        {
            byte[] body = bodies[swaps % 2];
            byte[] head = Encoding.ASCII.GetBytes($"PUT /models/m/production HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nContent-Length: {body.Length}\r\n\r\n");
            if (HttpDriver.Once(server.Port, [.. head, .. body]).Status != 200) refused++;
            if (swaps % 6 == 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalMinutes:F1} min: {server.Memory:F1} MB"));
        }
        var phase = load.Result;
        var (middle, last) = memory.End();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{minutes} minutes: {phase.PerSecond * minutes * 60:F0} calls, p50 {phase.P50:F2} ms, p99 {phase.P99:F2} ms; failed {phase.Failed}, refused {phase.Refused}; {swaps} swaps, {refused} refused; memory {middle:F1} MB in the middle third, {last:F1} MB in the last ({last / middle - 1:P1})"));
        return phase.Failed + refused == 0 && last < 1.05 * middle ? 0 : 1;
    }
}
