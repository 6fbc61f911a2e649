using System.Diagnostics;
using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Bench;

/// <summary>
/// Reads CSV with us and with pandas' C engine in turn; processor seconds too, which a busy machine disturbs less.
/// Usage: csv [numbers | quoted | FILE] [rounds], where "numbers" is a million rows of 29 numbers and "quoted" 400,000 rows of
/// quoted texts, both made here; 0 rounds give the memory of one reading. "csv stream [FILE]" gives that of ten files in a row,
/// chunk by chunk.
/// </summary>
static class CsvBench
{
    public static int Run(string[] args)
    {
        bool stream = args is ["stream", ..];
        if (stream) args = args[1..];
        string named = args.Length > 0 ? args[0] : "numbers";
        string path = named is "numbers" or "quoted" ? Made(named) : named;
        try
        {
            return stream ? Stream(path) : Compare(path, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3);
        }
        finally
        {
            if (path != named) File.Delete(path);
        }
    }

    static int Compare(string path, int rounds)
    {
        double megabytes = new FileInfo(path).Length / 1e6;
        using var two = new WorkerPool(2);
        var (one, both, pandas) = (new List<(double Wall, double Work)>(), new List<(double, double)>(), new List<(double, double)>());
        TableReader.Read([path], null, two, out _);
        if (rounds == 0) return PeakMemory();
        for (int round = 0; round < rounds; round++)
        {
            one.Add(Ours(path, WorkerPool.Single));
            both.Add(Ours(path, two));
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

    static string Made(string kind)
    {
        string path = Path.Combine(Path.GetTempPath(), $"tilth-bench-{Environment.ProcessId}-{kind}.csv");
        using var csv = new StreamWriter(path);
        if (kind == "numbers") WriteNumbers(csv, 1_000_000);
        else WriteQuoted(csv, 400_000);
        return path;
    }

    static void WriteNumbers(StreamWriter csv, int rows)
    {
        var (features, target) = HiggsLike.Make(rows, 1);
        var columns = Enumerable.Range(0, 28).Select(f => features.DenseColumn(f).ToArray()).ToArray();
        csv.WriteLine("label," + string.Join(',', Enumerable.Range(0, 28).Select(f => $"f{f}")));
        for (int row = 0; row < rows; row++)
        {
            csv.Write(target.Values[row]);
            foreach (float[] column in columns)
            {
                csv.Write(',');
                csv.Write(column[row]);
            }
            csv.WriteLine();
        }
    }

    /// <summary>Five columns of quoted words, with commas, doubled quotes and line ends inside, and one number.</summary>
    static void WriteQuoted(StreamWriter csv, int rows)
    {
        string[] words = ["harvest", "field, north", "the \"\"old\"\" barn", "rain", "two\nlines", "seed", "plough; furrow", "frost"];
        var random = new RandomSource(1);
        csv.WriteLine("\"a\",\"b\",\"c\",\"d\",\"e\",\"n\"");
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < 5; column++)
            {
                csv.Write('"');
                for (int word = random.NextInt(6); word >= 0; word--) csv.Write(words[random.NextInt(words.Length)] + " ");
                csv.Write("\",");
            }
            csv.WriteLine(random.NextInt(1000));
        }
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

    static (double Wall, double Work) Ours(string path, WorkerPool workers)
    {
        GC.Collect();
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        TableReader.Read([path], new ReadOptions(), workers, out _);
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
