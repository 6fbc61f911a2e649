using System.Globalization;
using System.Text;
using System.Text.Json;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Bench.Serving;

/// <summary>A hundred hot swaps while 16 connections send rows: every answer has the version that it says, to the bit, and none fails.</summary>
static class SwapBench
{
    const int Swaps = 100, Connections = 16;

    public static int Run()
    {
        using var folder = new BenchFolder();
        ModelPackage[] packages = [Higgs.Boosted(), Higgs.Boosted(1)];
        packages[0].Save(folder.At("m.tilth"));
        string[] texts = Higgs.Json(Higgs.Rows(64));
        var expected = packages.ToDictionary(package => package.Version, package => Array.ConvertAll(texts, text => Yes(new Predictor(package), text)));
        string key = ServerProcess.MakeKey(folder.At("keys"));
        using var server = ServerProcess.Start(key, folder.At("m.tilth"), "--keys", folder.At("keys"), "--store", folder.At("store"));
        byte[][] rows = [.. texts.Select(row => server.Request("/models/m/predict", row))];
        using var done = new CancellationTokenSource();
        long mixed = 0;
        var load = HttpDriver.Drive(server.Port, rows, Connections, 600, check: (row, answer) =>
        {
            using var json = JsonDocument.Parse(Body(answer));
            string version = json.RootElement.GetProperty("version").GetString()!;
            double yes = json.RootElement.GetProperty("probabilities").GetProperty("yes").GetDouble();
            bool hash = Encoding.ASCII.GetString(answer.Span).Contains($"Tilth-Package: {version}", StringComparison.Ordinal);
            if (!hash || !expected.TryGetValue(version, out double[]? values) || values[row] != yes) Interlocked.Increment(ref mixed);
        }, stop: done.Token);
        byte[][] bodies = [packages[1].ToBytes(), packages[0].ToBytes()];
        for (int swap = 0; swap < Swaps; swap++)
        {
            byte[] body = bodies[swap % 2];
            byte[] head = Encoding.ASCII.GetBytes($"PUT /models/m/production HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nContent-Length: {body.Length}\r\n\r\n");
            var (status, answer) = HttpDriver.Once(server.Port, [.. head, .. body]);
            if (status != 200) throw new InvalidOperationException($"swap {swap} was refused: {answer}");
        }
        done.Cancel();
        var phase = load.Result;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Swaps} swaps, {phase.PerSecond:F0} answers a second, p50 {phase.P50:F2} ms, p99 {phase.P99:F2} ms; failed {phase.Failed}, refused {phase.Refused}, mixed {mixed}"));
        return phase.Failed + phase.Refused + mixed == 0 ? 0 : 1;
    }

    static double Yes(Predictor predictor, string row)
    {
        using var json = JsonDocument.Parse(row);
        var values = json.RootElement.EnumerateObject().ToDictionary(cell => cell.Name, cell => (object?)cell.Value.GetDouble());
        return predictor.Predict(values).Probabilities.First(one => one.Key == "yes").Value;
    }

    static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> answer) => answer[(answer.Span.IndexOf("\r\n\r\n"u8) + 4)..];
}
