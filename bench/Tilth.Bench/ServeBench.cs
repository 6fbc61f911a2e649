using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore;
using Tilth.Data;
using Tilth.Learners.Boosting;
using Tilth.Models.Trees;

namespace Tilth.Bench;

/// <summary>
/// Single rows as JSON over HTTP: 500 trees x 31 leaves x 28 features, a second process on loopback, an own driver with 32
/// connections, all on the machine's processors. Beside it an ASP.NET endpoint that reads the same JSON into a dictionary and
/// answers a constant, and Python's threading HTTP server with scikit-learn's HistGradientBoosting of the same size; phases
/// interleaved, medians of the rounds. Allocations are the serving process's, a request.
/// </summary>
static class ServeBench
{
    const int Connections = 32, Features = 28, Trees = 500, Rounds = 3;

    /// <summary>Arguments: seconds a phase (2); "child" serves.</summary>
    public static int Run(string[] args)
    {
        if (args.FirstOrDefault() == "child") return Serve();
        double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 2;
        var table = Rows(512);
        string[] rows = [.. Enumerable.Range(0, table.RowCount).Select(row => Json(table, row))];
        using var ours = Start(Environment.ProcessPath!, "serve", "child");
        using var python = Start("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "serve_sklearn.py"), $"{Trees}", "31", $"{Features}");
        try
        {
            int port = PortOf(ours), pythonPort = PortOf(python);
            (string Name, int Port, string Path, List<Phase> Phases)[] sides =
                [("tilth", port, "/models/m/predict", []), ("constant", port, "/constant", []), ("python", pythonPort, "/predict", [])];
            foreach (var side in sides) Drive(side.Port, side.Path, rows, Math.Min(seconds, 2));
            for (int round = 0; round < Rounds; round++)
                foreach (var side in sides) side.Phases.Add(Drive(side.Port, side.Path, rows, seconds));
            Console.WriteLine("side        req/s    p50 ms    p99 ms");
            foreach (var side in sides)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{side.Name,-9}{Median(side.Phases, p => p.PerSecond),8:F0}{Median(side.Phases, p => p.P50),10:F2}{Median(side.Phases, p => p.P99),10:F2}"));
            double rate = Median(sides[0].Phases, p => p.PerSecond);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tilth/constant {rate / Median(sides[1].Phases, p => p.PerSecond):F2}   tilth/python {rate / Median(sides[2].Phases, p => p.PerSecond):F1}"));
            foreach (string path in (string[])["/models/m/predict", "/constant"])
            {
                long before = Allocated(port);
                const int Calls = 2000;
                using var socket = Connect(port);
                var answer = new byte[16384];
                for (int i = 0; i < Calls; i++) Call(socket, Request(path, rows[i % rows.Length]), answer);
                Console.WriteLine($"{path}: {(Allocated(port) - before) / Calls} bytes allocated a request");
            }
        }
        finally
        {
            ours.Kill();
            python.Kill();
        }
        return 0;
    }

    static int Serve()
    {
        var learner = new GradientBoosting { NEstimators = Trees, NumLeaves = 31, EarlyStoppingRounds = 0 };
        var package = (Training.For("y") with { Learner = learner, HoldoutShare = 0.2, Folds = 1, Refit = false }).Run(Rows(6000)).Package;
        if (package.Node is not Tilth.Models.Nodes.Pipeline { Model: TreeEnsemble { TreeCount: Trees } }) throw new InvalidOperationException($"not {Trees} trees");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddTilth("m").From(package);
        var app = builder.Build();
        app.MapTilth();
        app.MapPost("/constant", async (HttpContext context) =>
        {
            var row = await context.Request.ReadFromJsonAsync<Dictionary<string, double?>>(context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new { prediction = row!.Count > 0 ? "yes" : "no", probability = 0.5 }, context.RequestAborted);
        });
        app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        app.Start();
        Console.Out.WriteLine(new Uri(app.Urls.First()).Port);
        Console.In.ReadLine();
        return 0;
    }

    static Table Rows(int count)
    {
        var (features, target) = HiggsLike.Make(count, seed: 5);
        var dense = Enumerable.Range(0, Features).Select(f => new double[count]).ToArray();
        float[] row = new float[Features];
        for (int r = 0; r < count; r++)
        {
            features.GetRow(r, row, []);
            for (int f = 0; f < Features; f++) dense[f][r] = row[f];
        }
        return new Table([.. dense.Select((values, f) => new NumberColumn($"x{f}", values)), TextColumn.From("y", Labels(target, count))]);
    }

    static IEnumerable<string?> Labels(Target target, int count) => Enumerable.Range(0, count).Select(r => target.Values[r] > 0 ? "yes" : "no");

    static string Json(Table table, int row)
        => "{" + string.Join(',', table.Columns.OfType<NumberColumn>().Select(column => string.Create(CultureInfo.InvariantCulture, $"\"{column.Name}\":{(float)column.Values.Span[row]:R}"))) + "}";

    static byte[] Request(string path, string body)
        => Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    static Phase Drive(int port, string path, string[] rows, double seconds)
    {
        byte[][] requests = [.. rows.Select(row => Request(path, row))];
        var latencies = new List<double>[Connections];
        long start = Stopwatch.GetTimestamp();
        Task.WaitAll([.. Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var own = latencies[connection] = new List<double>(100_000);
            using var socket = Connect(port);
            var answer = new byte[16384];
            for (int i = connection; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; i++)
            {
                long sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(requests[i % requests.Length]);
                int used = 0;
                do
                {
                    int read = await socket.ReceiveAsync(answer.AsMemory(used));
                    if (read == 0) throw new IOException("the server closed the connection");
                    used += read;
                }
                while (!IsWhole(answer.AsSpan(0, used)));
                own.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }))]);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] all = [.. latencies.SelectMany(own => own).Order()];
        return new Phase(all.Length / elapsed, all[all.Length / 2], all[(int)(all.Length * 0.99)]);
    }

    static void Call(Socket socket, byte[] request, byte[] answer)
    {
        socket.Send(request);
        int used = 0;
        do used += socket.Receive(answer.AsSpan(used));
        while (!IsWhole(answer.AsSpan(0, used)));
    }

    /// <summary>True if the answer has arrived: with a length, or as one chunk.</summary>
    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        int head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        if (!answer.StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.UTF8.GetString(answer));
        int at = answer.IndexOf("Content-Length: "u8);
        if (at < 0 || at > head) return answer.EndsWith("0\r\n\r\n"u8);
        var digits = answer[(at + 16)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }

    static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    static long Allocated(int port)
    {
        using var client = new HttpClient();
        return long.Parse(client.GetStringAsync($"http://127.0.0.1:{port}/allocated").Result, CultureInfo.InvariantCulture);
    }

    static Process Start(string file, params string[] args)
        => Process.Start(new ProcessStartInfo(file, args) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    static int PortOf(Process server) => int.Parse(server.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the server did not start"), CultureInfo.InvariantCulture);

    static double Median(List<Phase> phases, Func<Phase, double> of) => phases.Select(of).Order().ElementAt(phases.Count / 2);

    readonly record struct Phase(double PerSecond, double P50, double P99);
}
