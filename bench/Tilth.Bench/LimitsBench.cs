using System.Diagnostics;
using System.Globalization;
using Tilth.Bench.Quality;
using Tilth.Packaging;

namespace Tilth.Bench;

/// <summary>
/// Are limits limits? Runs `tilth train` on every real set and prints, a run a line, the time from start to exit against --time
/// and the peak of resident memory against --memory; or kills a search at random moments and goes on.
///
///     Tilth.Bench limits [--seconds 10,60] [--memory 1GB] [--only SET,SET] [--tool Tilth.Cli.dll]
///     Tilth.Bench limits --kill 50 [--within 6.5] [--only SET]
///
/// --within is how many seconds after its start a process is killed at the latest; on a busy machine the first trial needs more.
/// On a busy machine read the processor's seconds beside the clock's: what waits for a processor cannot keep a clock's limit.
/// </summary>
static class LimitsBench
{
    public static int Run(string[] args)
    {
        if (DataFolders.Find() is not { } data || (ValueOf(args, "--tool") ?? Tool()) is not { } tool)
        {
            Console.Error.WriteLine("needs the data sets (TILTH_DATA) and the tool: dotnet build src/Tilth.Cli -c Release, or --tool PATH");
            return 1;
        }
        string folder = Directory.CreateTempSubdirectory("tilth-limits-").FullName;
        try
        {
            var sets = DataSet.All(data).Where(set => ValueOf(args, "--only") is not { } only || only.Split(',').Contains(set.Name)).ToList();
            return ValueOf(args, "--kill") is { } kills ? Kill(tool, sets[0], folder, int.Parse(kills, CultureInfo.InvariantCulture), double.Parse(ValueOf(args, "--within") ?? "6.5", CultureInfo.InvariantCulture)) : Measure(tool, sets, folder, args);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    static int Measure(string tool, List<DataSet> sets, string folder, string[] args)
    {
        int over = 0;
        Console.WriteLine($"{"set",-26}{"limit",7}{"wall",9}{"over",8}{"cpu",9}{"peak",10}{"package",10}  models");
        foreach (double seconds in (ValueOf(args, "--seconds") ?? "10,60").Split(',').Select(text => double.Parse(text, CultureInfo.InvariantCulture)))
            foreach (var set in sets)
            {
                string package = Path.Combine(folder, set.Name + ".tilth");
                var ran = Train(tool, set, package, [.. (string[])["--time", seconds.ToString(CultureInfo.InvariantCulture) + "s"], .. ValueOf(args, "--memory") is { } memory ? ["--memory", memory] : (string[])[]]);
                bool late = ran.Wall - seconds > Math.Max(2, 0.02 * seconds);
                if (late || ran.Exit != 0) over++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{set.Name,-26}{seconds,5:F0} s{ran.Wall,7:F1} s{ran.Wall - seconds,8:+0.0;-0.0}{ran.Cpu,7:F1} s{ran.Peak / 1048576.0,7:F0} MB{(File.Exists(package) ? new FileInfo(package).Length / 1048576.0 : 0),7:F1} MB  {ModelsOf(package)}{(late ? "  LATE" : "")}{(ran.Exit != 0 ? $"  EXIT {ran.Exit}" : "")}"));
                File.Delete(package);
                Directory.Delete(Path.ChangeExtension(package, ".run"), recursive: true);
            }
        Console.WriteLine($"{over} runs past the limit");
        return over == 0 ? 0 : 2;
    }

    static int Kill(string tool, DataSet set, string folder, int times, double within)
    {
        var random = new Random(1);
        string package = Path.Combine(folder, "m.tilth"), log = Path.Combine(folder, "m.run", "trials.log");
        int lost = 0, before = 0;
        for (int kill = 0; kill < times; kill++)
        {
            using var process = Start(tool, set, package, ["--trials", "100000", .. kill == 0 ? (string[])[] : ["--resume"]]);
            process.WaitForExit(TimeSpan.FromSeconds(0.5 + (within - 0.5) * random.NextDouble()));
            process.Kill();
            process.WaitForExit();
            int now = Trials();
            if (now < before) lost++;
            before = now;
        }
        int Trials() => File.Exists(log) ? File.ReadLines(log).Count(line => line.EndsWith('}') && line.Contains("\"trial\"")) : 0;

        using var last = Start(tool, set, package, ["--trials", "1", "--resume"]);
        last.WaitForExit();
        ModelPackage.Open(package).Verify();
        if (Trials() < before) lost++;
        Console.WriteLine($"killed {times} times at random moments: {lost} lost a finished trial; {before} trials in the log at the end; the package opens and verifies");
        return lost == 0 ? 0 : 2;
    }

    sealed record Ran(int Exit, double Wall, double Cpu, long Peak);

    static Ran Train(string tool, DataSet set, string package, string[] options)
    {
        var clock = Stopwatch.StartNew();
        using var process = Start(tool, set, package, options);
        long peak = 0;
        double cpu = 0;
        while (!process.WaitForExit(50))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
                cpu = process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException) { break; }
        }
        process.WaitForExit();
        return new(process.ExitCode, clock.Elapsed.TotalSeconds, cpu, peak);
    }

    static Process Start(string tool, DataSet set, string package, string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [tool, "train", set.Train, "--target", set.Target, "--out", package, .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    static string ModelsOf(string package)
    {
        if (!File.Exists(package)) return "no package";
        return ModelPackage.Open(package).Documents.TryGetValue("leaderboard.json", out var json) && System.Text.Json.JsonDocument.Parse(json).RootElement.TryGetProperty("models", out var models) ? $"{models.GetArrayLength()}" : "constant";
    }

    /// <summary>The tool as it was built last in the repository above.</summary>
    static string? Tool()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "src", "Tilth.Cli", "bin", "Release", "net10.0", "Tilth.Cli.dll") is var path && File.Exists(path)) return path;
        return null;
    }

    static string? ValueOf(string[] args, string name) => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
