using System.Globalization;
using Tilth.Parallelism;
using Tilth.Statistics;

namespace Tilth.Bench.Honesty;

/// <summary>
/// Whether what Tilth says about its own scores is true, on tables whose truth is known; each part prints counts, rates and
/// the rates' own 95 % intervals.
///
///     Tilth.Bench honesty [nulls] [leaks] [intervals] [conformal] [search] [--tables N] [--threads N] [--seed N] [--learner NAME]
///
/// nulls: verdicts on random targets and on targets of a known law. leaks: leaks planted into the real sets (TILTH_DATA), and
/// alarms on the sets as they are. intervals: how often 95 % intervals hold the packed model's score on 100,000 fresh rows;
/// conformal: how often sets and intervals hold fresh targets; search: intervals after a search of 50 cheap trials.
/// </summary>
static class HonestyBench
{
    public static int Run(string[] args)
    {
        string[] parts = [.. args.TakeWhile(arg => !arg.StartsWith('-'))];
        bool Asked(string part) => parts.Length == 0 || parts.Contains(part);
        int Number(string option, int otherwise) => Array.IndexOf(args, option) is var at && at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
        using var workers = new WorkerPool(Number("--threads", 1));
        var options = new HonestyOptions(Number("--tables", 1000), (ulong)Number("--seed", 1), Array.IndexOf(args, "--learner") is var at && at >= 0 ? args[at + 1] : "gradient_boosting", workers);
        if (Asked("leaks")) LeaksBench.Run(options);
        if (Asked("nulls")) NullsBench.Run(options);
        if (Asked("intervals") || Asked("conformal")) SimulationBench.Run(options, search: false);
        if (Asked("search")) SimulationBench.Run(options with { Tables = Math.Max(1, options.Tables / 5) }, search: true);
        return 0;
    }
}

/// <summary>What a run is asked to do.</summary>
/// <param name="Tables">Simulated tables of each part.</param>
/// <param name="Seed">Decides every table.</param>
/// <param name="Learner">A name of the catalogue.</param>
/// <param name="Workers">Tables are spread over its threads.</param>
sealed record HonestyOptions(int Tables, ulong Seed, string Learner, WorkerPool Workers)
{
    /// <summary>Runs every table; shows what is known after every fifty, so that a run that is stopped is not lost.</summary>
    public void ForTables(Action<int> run, Action<int> show)
    {
        const int Batch = 50;
        for (int start = 0; start < Tables; start += Batch)
        {
            int first = start, count = Math.Min(Batch, Tables - start);
            Workers.For(count, i => run(first + i));
            show(first + count);
        }
    }

    /// <summary>"12 of 1,000 = 1.2 % (0.7 to 2.1 %)": a count, its share and the share's 95 % interval (Wilson).</summary>
    public static string Rate(int hits, int of)
    {
        if (of == 0) return "0 of 0";
        var (low, high) = ProportionInterval.Wilson((double)hits / of, of);
        return string.Create(CultureInfo.InvariantCulture, $"{hits:N0} of {of:N0} = {100.0 * hits / of:0.0} % ({100 * low:0.0} to {100 * high:0.0} %)");
    }

    /// <summary>From least to most, evenly on a logarithmic scale.</summary>
    public static int LogUniform(double uniform, int least, int most) => (int)Math.Round(least * Kernels.Elementary.Exp(uniform * Kernels.Elementary.Log((double)most / least)));
}
