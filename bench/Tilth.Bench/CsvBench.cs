using System.Diagnostics;
using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Parallelism;

namespace Tilth.Bench;

/// <summary>
/// Reads a CSV file with us and with pandas' C engine in turn; processor seconds too, which a busy machine disturbs less.
/// Usage: csv FILE [rounds] [KB a block], where no rounds give
/// the memory of one reading and "stream" that of ten in a row, chunk by chunk; the file of the figures is made by
/// `PEERS_DATA=/tmp/data python3 gen.py --csv higgs1m`.
/// </summary>
static class CsvBench
{
    public static int Run(string[] args)
    {
        string path = args[0];
        if (args is [_, "stream"]) return Stream(path);
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        int blockBytes = 1024 * (args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 256);
        double megabytes = new FileInfo(path).Length / 1e6;
        using var two = new WorkerPool(2);
        var (one, both, pandas) = (new List<(double Wall, double Work)>(), new List<(double, double)>(), new List<(double, double)>());
        TableReader.Read([path], null, two, out _);
        if (rounds == 0) return PeakMemory();
        for (int round = 0; round < rounds; round++)
        {
            one.Add(Ours(path, WorkerPool.Single, blockBytes));
            both.Add(Ours(path, two, blockBytes));
            pandas.Add(Pandas(path));
        }
        Console.WriteLine($"{megabytes:f0} MB; median of {rounds}");
        Console.WriteLine($"ours, 1 thread   {Speed(one)}");
        Console.WriteLine($"ours, 2 threads  {Speed(both)}, wall {Median(pandas, t => t.Item1) / Median(both, t => t.Item1):f1} x pandas");
        Console.WriteLine($"pandas C engine  {Speed(pandas)}");
        string Speed(List<(double, double)> times)
            => $"{megabytes / Median(times, t => t.Item1),6:f0} MB/s wall, {megabytes / Median(times, t => t.Item2),6:f0} MB per processor second";
        return 0;
    }

    static int Stream(string path)
    {
        using var two = new WorkerPool(2);
        var schema = new Schema { Columns = [.. Enumerable.Range(0, 28).Select(i => new ColumnSchema { Name = $"f{i}", Kind = ColumnKind.Number })] };
        long rows = 0;
        foreach (var chunk in TableReader.ReadChunks([.. Enumerable.Repeat(path, 10)], new ReadOptions(), schema, two)) rows += chunk.RowCount;
        Console.WriteLine($"{rows} rows in chunks");
        return PeakMemory();
    }

    static int PeakMemory()
    {
        Console.WriteLine($"peak memory of this process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:f0} MB");
        return 0;
    }

    static double Median(List<(double, double)> times, Func<(double, double), double> part) => times.Select(part).Order().ElementAt(times.Count / 2);

    static (double Wall, double Work) Ours(string path, WorkerPool workers, int blockBytes)
    {
        GC.Collect();
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        TableReader.Read([path], new ReadOptions { BlockBytes = blockBytes }, workers, out _);
        return (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    static (double Wall, double Work) Pandas(string path)
    {
        const string Code = "import sys,time,pandas;t=time.perf_counter();c=time.process_time();pandas.read_csv(sys.argv[1],engine='c');"
            + "print(time.perf_counter()-t,time.process_time()-c)";
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Code, path]) { RedirectStandardOutput = true })!;
        string[] seconds = python.StandardOutput.ReadToEnd().Split(' ');
        python.WaitForExit();
        return (double.Parse(seconds[0], CultureInfo.InvariantCulture), double.Parse(seconds[1], CultureInfo.InvariantCulture));
    }
}
