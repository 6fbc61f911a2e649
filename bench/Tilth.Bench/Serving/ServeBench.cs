using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Endpoints;

namespace Tilth.Bench.Serving;

/// <summary>
/// Single rows as JSON over HTTP: 500 trees x 31 leaves x 28 features, a second process on loopback, an own driver with 32
/// connections, all on the machine's processors. Beside it an ASP.NET endpoint that reads the same JSON into a dictionary and
/// answers a constant, and Python's threading HTTP server with scikit-learn's HistGradientBoosting of the same size; phases
/// interleaved, medians of the rounds. Allocations are the serving process's, a request. The other verbs each say in their
/// file what they hold the server to.
/// </summary>
static class ServeBench
{
    const int Connections = 32, Rounds = 5;

    /// <summary>Arguments: seconds a phase (2), or swap | overload | refuse | soak | kill | cold | memory with theirs; "child" serves.</summary>
    public static int Run(string[] args) => args.FirstOrDefault() switch
    {
        "child" => Serve(full: args.Contains("full")),
        "refuse" => Refuse(),
        "swap" => SwapBench.Run(),
        "overload" => OverloadBench.Run(args[1..]),
        "soak" => SoakBench.Run(args[1..]),
        "kill" => KillBench.Run(args[1..]),
        "cold" => ColdBench.Start(),
        "memory" => ColdBench.Memory(),
        var seconds => Compare(seconds is null ? 2 : double.Parse(seconds, CultureInfo.InvariantCulture)),
    };

    static int Compare(double seconds)
    {
        string[] rows = Higgs.Json(Higgs.Rows(512));
        using var ours = Start(Environment.ProcessPath!, "serve", "child");
        using var python = Start("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "serve_sklearn.py"), $"{Higgs.Trees}", $"{Higgs.Leaves}", $"{Higgs.Features}");
        try
        {
            int port = PortOf(ours), pythonPort = PortOf(python);
            (string Name, int Port, string Path, List<Phase> Phases)[] sides =
                [("tilth", port, "/models/m/predict", []), ("constant", port, "/constant", []), ("python", pythonPort, "/predict", [])];
            foreach (var side in sides) Drive(side.Port, side.Path, Math.Min(seconds, 2));
            double work = 0;
            for (int round = 0; round < Rounds; round++)
                foreach (var side in sides)
                {
                    double before = Work(ours);
                    side.Phases.Add(Drive(side.Port, side.Path, seconds));
                    if (side.Path == sides[0].Path && side.Port == port) work += (Work(ours) - before) / (side.Phases[^1].PerSecond * seconds) / Rounds;
                }
            Console.WriteLine("side        req/s    p50 ms    p99 ms    failed");
            foreach (var side in sides)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{side.Name,-9}{Median(side.Phases, p => p.PerSecond),8:F0}{Median(side.Phases, p => p.P50),10:F2}{Median(side.Phases, p => p.P99),10:F2}{side.Phases.Sum(p => p.Failed + p.Refused),10}"));
            double rate = Median(sides[0].Phases, p => p.PerSecond), constant = rate / Median(sides[1].Phases, p => p.PerSecond), peer = rate / Median(sides[2].Phases, p => p.PerSecond);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tilth/constant {constant:F2}   tilth/python {peer:F1}   processor of the server {work * 1e6:F0} us a call"));
            foreach (string path in (string[])["/models/m/predict", "/constant"])
            {
                long before = Allocated(port);
                const int Calls = 2000;
                using var socket = HttpDriver.Connect(port);
                for (int i = 0; i < Calls; i++) HttpDriver.Once(socket, HttpDriver.Request(path, rows[i % rows.Length]));
                Console.WriteLine($"{path}: {(Allocated(port) - before) / Calls} bytes allocated a request");
            }
            return constant >= 0.6 && peer >= 8 ? 0 : 1;
        }
        finally
        {
            ours.Kill();
            python.Kill();
        }

        Phase Drive(int port, string path, double time) => HttpDriver.Drive(port, [.. rows.Select(row => HttpDriver.Request(path, row))], Connections, time).Result;
    }

    /// <summary>What it costs to say that the server is full.</summary>
    static int Refuse()
    {
        using var ours = Start(Environment.ProcessPath!, "serve", "child", "full");
        try
        {
            int port = PortOf(ours);
            byte[][] requests = [.. Higgs.Json(Higgs.Rows(64)).Select(row => HttpDriver.Request("/models/m/predict", row))];
            HttpDriver.Drive(port, requests, Connections, 1).Wait();
            double before = Work(ours);
            long allocated = Allocated(port);
            var phase = HttpDriver.Drive(port, requests, Connections, 5).Result;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{phase.Refused} calls refused, {phase.Failed + phase.Answered} not: {1e6 * (Work(ours) - before) / phase.Refused:F1} us of processor and {(Allocated(port) - allocated) / phase.Refused} bytes a call"));
            return phase.Failed + phase.Answered == 0 ? 0 : 1;
        }
        finally
        {
            ours.Kill();
        }
    }

    static int Serve(bool full)
    {
        var package = Higgs.Boosted();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddTilth("m").From(package);
        if (full) builder.Services.AddTilth(options => (options.MaxConcurrency, options.MaxQueue) = (1, 0));
        var app = builder.Build();
        app.MapTilth();
        app.MapPost("/constant", async (HttpContext context) =>
        {
            var row = await context.Request.ReadFromJsonAsync<Dictionary<string, double?>>(context.RequestAborted);
            await context.Response.WriteAsJsonAsync(new { prediction = row!.Count > 0 ? "yes" : "no", probability = 0.5 }, context.RequestAborted);
        });
        app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
        app.Start();
        if (full) _ = app.Services.GetRequiredService<Guard>().Enter(default).AsTask().Result;
        Console.Out.WriteLine(new Uri(app.Urls.First()).Port);
        Console.In.ReadLine();
        return 0;
    }

    /// <summary>Processor seconds of a process so far.</summary>
    static double Work(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalSeconds;
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
}
