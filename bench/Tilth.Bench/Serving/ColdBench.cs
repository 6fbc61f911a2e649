using System.Diagnostics;
using System.Globalization;

namespace Tilth.Bench.Serving;

/// <summary>From the start of the process to its first answer, and the memory of a server with ten models of 500 trees.</summary>
static class ColdBench
{
    const int Starts = 7, Models = 10;

    public static int Start()
    {
        using var folder = new BenchFolder();
        Higgs.Boosted().Save(folder.At("m.tilth"));
        string row = Higgs.Json(Higgs.Rows(1))[0];
        double[] times = new double[Starts], work = new double[Starts];
        for (int i = 0; i < Starts; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using var server = ServerProcess.Start(null, folder.At("m.tilth"));
            var (status, body) = HttpDriver.Once(server.Port, server.Request("/models/m/predict", row));
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            work[i] = server.ProcessorTime.TotalSeconds;
            if (status != 200) throw new InvalidOperationException(body);
        }
        Array.Sort(times);
        Array.Sort(work);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start to first answer: median {times[Starts / 2]:F2} s (best {times[0]:F2}, worst {times[^1]:F2}); processor {work[Starts / 2]:F2} s"));
        return times[Starts / 2] < 1 ? 0 : 1;
    }

    public static int Memory()
    {
        using var folder = new BenchFolder();
        Directory.CreateDirectory(folder.At("models"));
        for (int m = 0; m < Models; m++) Higgs.Boosted((ulong)m).Save(folder.At($"models/m{m}.tilth"));
        using var server = ServerProcess.Start(null, folder.At("models"));
        string[] rows = Higgs.Json(Higgs.Rows(200));
        double before = server.Memory;
        for (int m = 0; m < Models; m++)
            HttpDriver.Drive(server.Port, [.. rows.Select(row => server.Request($"/models/m{m}/predict", row))], 8, 1).Wait();
        double after = server.Memory;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Models} models of {Higgs.Trees} trees: {before:F0} MB after the start, {after:F0} MB after a second of calls to each"));
        return after < 150 ? 0 : 1;
    }
}
