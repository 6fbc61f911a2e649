using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tilth.Packaging;

namespace Tilth.Bench.Serving;

/// <summary>
/// The server is killed during load, again and again, each time after another package became production. Every time it starts
/// by itself with that package, its log opens, and what the log lacks of the answers given is at most the last second's.
/// </summary>
static class KillBench
{
    const int Connections = 4;

    /// <summary>Arguments: kills (50).</summary>
    public static int Run(string[] args)
    {
        int kills = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50, wrongVersion = 0, lost = 0, unreadable = 0, failed = 0;
        long given = 0;
        double longest = 0;
        using var folder = new BenchFolder();
        ModelPackage[] packages = [Higgs.Boosted(), Higgs.Boosted(1)];
        packages[0].Save(folder.At("m.tilth"));
        string key = ServerProcess.MakeKey(folder.At("keys")), promoted = packages[0].Version;
        string[] rows = Higgs.Json(Higgs.Rows(64));
        for (int kill = 0; kill < kills; kill++)
        {
            var known = Directory.Exists(folder.At("log")) ? Directory.GetFiles(folder.At("log")).ToHashSet() : [];
            using var server = ServerProcess.Start(key, folder.At("m.tilth"), "--keys", folder.At("keys"), "--store", folder.At("store"), "--log", folder.At("log"));
            var (_, versions) = HttpDriver.Once(server.Port, HttpDriver.Request("/models/m/versions", "", key, "GET"));
            if (!versions.Contains($"\"production\":\"{promoted}\"", StringComparison.Ordinal)) wrongVersion++;
            var answered = new System.Collections.Concurrent.ConcurrentBag<(string Id, long At)>();
            using var done = new CancellationTokenSource();
            var load = HttpDriver.Drive(server.Port, [.. rows.Select(row => server.Request("/models/m/predict", row))], Connections, 60,
                check: (_, answer) => answered.Add((IdIn(answer.Span), Stopwatch.GetTimestamp())), stop: done.Token);
            Thread.Sleep(200 + 37 * kill % 300);
            byte[] body = packages[(kill + 1) % 2].ToBytes();
            byte[] head = Encoding.ASCII.GetBytes($"PUT /models/m/production HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nContent-Length: {body.Length}\r\n\r\n");
            if (HttpDriver.Once(server.Port, [.. head, .. body]).Status == 200) promoted = packages[(kill + 1) % 2].Version;
            else failed++;
            Thread.Sleep(700 + 53 * kill % 600);
            done.Cancel();
            long killed = Stopwatch.GetTimestamp();
            server.Kill();
            load.Wait();
            var logged = new HashSet<string>();
            foreach (string line in Directory.GetFiles(folder.At("log")).Where(file => !known.Contains(file)).SelectMany(WholeLines))
            {
                try
                {
                    using var json = JsonDocument.Parse(line);
                    logged.Add(json.RootElement.GetProperty("id").GetString()!);
                }
                catch (JsonException)
                {
                    unreadable++;
                }
            }
            given += answered.Count;
            foreach (var (id, at) in answered)
            {
                if (logged.Contains(id)) continue;
                lost++;
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(at, killed).TotalSeconds);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kills} kills: {given} answers given, {lost} not in the log, the oldest of them {longest:F2} s before the kill; {unreadable} lines cannot be read; {wrongVersion} starts with another than the promoted package; {failed} promotions failed"));
        return longest <= 1 && unreadable + wrongVersion + failed == 0 ? 0 : 1;
    }

    static string IdIn(ReadOnlySpan<byte> answer)
    {
        int at = answer.IndexOf("\"id\":\""u8) + 6;
        return Encoding.ASCII.GetString(answer.Slice(at, answer[at..].IndexOf((byte)'"')));
    }

    /// <summary>Every line but a last one that the kill cut off.</summary>
    static IEnumerable<string> WholeLines(string file)
    {
        string text = File.ReadAllText(file, Encoding.UTF8);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
