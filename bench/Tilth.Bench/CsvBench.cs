using System.Diagnostics;
using System.Globalization;
using Tilth.Data.Sources;
using Tilth.Parallelism;

namespace Tilth.Bench;

/// <summary>
/// Reads a CSV file with us and with pandas' C engine in turn. Usage: csv FILE [rounds]; the file of the figures is made by
/// `PEERS_DATA=/tmp/data python3 gen.py --csv higgs1m`.
/// </summary>
static class CsvBench
{
    public static int Run(string[] args)
    {
        string path = args[0];
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        double megabytes = new FileInfo(path).Length / 1e6;
        using var two = new WorkerPool(2);
        var (one, both, pandas) = (new List<double>(), new List<double>(), new List<double>());
        TableReader.Read([path], null, two, out _);
        for (int round = 0; round < rounds; round++)
        {
            one.Add(Ours(path, WorkerPool.Single));
            both.Add(Ours(path, two));
            pandas.Add(Pandas(path));
        }
        double Median(List<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);
        Console.WriteLine($"{megabytes:f0} MB; median of {rounds}, MB/s: ours 1T {megabytes / Median(one):f0}, 2T {megabytes / Median(both):f0}, "
            + $"pandas C {megabytes / Median(pandas):f0}; 2T is {Median(pandas) / Median(both):f1} x pandas");
        Console.WriteLine($"peak memory of this process: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:f0} MB");
        return 0;
    }

    static double Ours(string path, WorkerPool workers)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        TableReader.Read([path], null, workers, out _);
        return watch.Elapsed.TotalSeconds;
    }

    static double Pandas(string path)
    {
        const string Code = "import sys,time,pandas;t=time.perf_counter();pandas.read_csv(sys.argv[1],engine='c');print(time.perf_counter()-t)";
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Code, path]) { RedirectStandardOutput = true })!;
        string seconds = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return double.Parse(seconds, CultureInfo.InvariantCulture);
    }
}
