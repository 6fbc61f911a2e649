using System.Globalization;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Learners.Forests;
using Tilth.Learners.Linear;
using Tilth.Learners.Neural;
using Tilth.Parallelism;

namespace Tilth.Bench.Speed;

/// <summary>
/// Every speed that we quote, ours and the installed peers' in turn, on the same data and threads, with the metric beside:
///
///     Tilth.Bench speed [--quick] [--scale N] [--rounds N] [--only WORD,WORD] [--lightgbm PATH] [--no-peers] [--csv FILE]
///
/// A line's name holds all the words of one --only entry joined by "+" ("dense+1T+xgboost"). --lightgbm is a built
/// lib_lightgbm.so. --scale N takes one row in N; --quick is --scale 20 with a tenth of the trees. Each line says median seconds by the clock
/// and of the processor, and the median over rounds of peer / ours. Peers get their own meaning of a setting: where XGBoost
/// has no least leaf size, neither have we. On a busy machine believe the processor's ratio on one thread.
/// </summary>
sealed class SpeedBench
{
    const int WarmRows = 20_000;

    readonly int rounds, scale;
    readonly bool quick, peers;
    readonly string? lightgbm, csv;
    readonly string[][] only;
    readonly string folder = Directory.CreateTempSubdirectory("tilth-speed").FullName;

    SpeedBench(string[] args)
    {
        (quick, peers) = (args.Contains("--quick"), !args.Contains("--no-peers"));
        rounds = int.Parse(Value("--rounds") ?? (quick ? "1" : "3"), CultureInfo.InvariantCulture);
        scale = int.Parse(Value("--scale") ?? (quick ? "20" : "1"), CultureInfo.InvariantCulture);
        (lightgbm, csv) = (Value("--lightgbm"), Value("--csv"));
        only = [.. (Value("--only") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('+'))];
        string? Value(string name) => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    public static int Run(string[] args)
    {
        var bench = new SpeedBench(args);
        try { bench.RunAll(); }
        finally { Directory.Delete(bench.folder, recursive: true); }
        return 0;
    }

    void RunAll()
    {
        Boosting("dense", () => SpeedSet.Dense(1_000_000 / scale, 12));
        Boosting("wide", () => SpeedSet.Wide(50_000 / scale, 13));
        Boosting("categorical", () => SpeedSet.Categorical(500_000 / scale, 14));
        Forests(() => SpeedSet.Dense(100_000 / scale, 11));
        Networks(() => SpeedSet.Dense(100_000 / scale, 11));
        Products();
        Classes(() => SpeedSet.Classes(20_000 / scale, 15));
        if (Wanted("linear sparse")) LinearBench.Run([$"{50_000 / scale}", $"{rounds}"]);
        if (Wanted("predict batch row attribution")) PredictBench.Run(quick ? ["100x31"] : []);
        if (csv is not null && Wanted("csv")) CsvBench.Run([csv, $"{rounds}"]);
    }

    void Boosting(string shape, Func<SpeedSet> make)
    {
        SpeedSet? set = null;
        int fewer = quick ? 10 : 1;
        foreach (int trees in (int[])[100 / fewer, 500 / fewer])
            foreach (int leaves in (int[])[31, 255])
                foreach (int threads in (int[])[1, 2])
                    foreach (bool least in (bool[])[true, false])
                    {
                        string name = $"train {shape} {trees}x{leaves} {threads}T {(least ? "lightgbm" : "xgboost")}";
                        if (!Wanted(name)) continue;
                        if (set is null) (set = make()).Write(folder);
                        int leastData = least ? 20 : 0;
                        var learner = new GradientBoosting
                        {
                            NEstimators = trees, NumLeaves = leaves, LearningRate = 0.1, LambdaL2 = 0, MinDataInLeaf = leastData, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1,
                        };
                        Compare(name, set, learner, threads, least ? lightgbm is null ? ["sklearn-hist"] : ["lightgbm", "sklearn-hist"] : ["xgboost"], seed => new
                        {
                            rows = set.Rows, features = set.Width, categories = set.Categories, trees, leaves, threads, min_data = leastData, seed, library = lightgbm,
                        });
                    }
    }

    void Forests(Func<SpeedSet> make)
    {
        int trees = quick ? 10 : 100;
        SpeedSet? set = null;
        foreach (int threads in (int[])[1, 2])
            foreach (bool extra in (bool[])[false, true])
            {
                string name = $"{(extra ? "extra trees" : "forest")} {trees} {threads}T";
                if (!Wanted(name)) continue;
                if (set is null) (set = make()).Write(folder);
                Compare(name, set, extra ? new ExtraTrees { NEstimators = trees } : new RandomForest { NEstimators = trees }, threads, [extra ? "sklearn-extra" : "sklearn-forest"],
                    seed => new { rows = set.Rows, features = set.Width, categories = 0, trees, threads, seed });
            }
    }

    /// <summary>Multinomial logistic regression at the same C and tolerance.</summary>
    void Classes(Func<SpeedSet> make)
    {
        const string Name = "linear 10 classes 1T";
        if (!Wanted(Name)) return;
        var set = make();
        set.Write(folder);
        Interleave(Name, seed => SpeedFit.Run(set, new LogisticRegression { C = 1, Tol = 1e-4 }, (ulong)seed, WorkerPool.Single) with { Construct = default },
            ["sklearn-logistic"], seed => new { rows = set.Rows, features = set.Width, threads = 1, seed });
    }

    void Compare(string name, SpeedSet set, ISupervisedLearner learner, int threads, string[] systems, Func<int, object> settings)
    {
        using var workers = new WorkerPool(threads);
        SpeedFit.Run(set with { Rows = Math.Min(set.Rows, WarmRows) }, learner, 0, workers);
        Interleave(name, seed => SpeedFit.Run(set, learner, (ulong)seed, workers), systems, settings);
    }

    /// <summary>An epoch is half of what three epochs take more than one.</summary>
    void Networks(Func<SpeedSet> make)
    {
        SpeedSet? set = null;
        foreach (int batch in (int[])[128, 1024])
            foreach (int threads in (int[])[1, 2])
            {
                string name = $"mlp epoch 128-128 batch {batch} {threads}T";
                if (!Wanted(name)) continue;
                if (set is null) (set = make()).Write(folder);
                using var workers = new WorkerPool(threads);
                var network = new NeuralNetwork { Members = 1, HiddenUnits = 128, EmbeddingSize = 1, EmbeddingBins = 1, Dropout = 0, BatchSize = batch, Patience = 1000 };
                SpeedFit.Run(set, network with { MaxEpochs = 2 }, 0, workers);
                Interleave(name, seed =>
                {
                    var one = SpeedFit.Run(set, network with { MaxEpochs = 1 }, (ulong)seed, workers);
                    var three = SpeedFit.Run(set, network with { MaxEpochs = 3 }, (ulong)seed, workers);
                    return three with { Construct = default, Work = new((three.Work.Wall - one.Work.Wall) / 2, (three.Work.Cpu - one.Work.Cpu) / 2) };
                }, ["sklearn-mlp", "torch-mlp"], seed => new { rows = set.Rows, features = set.Width, threads, batch, seed });
            }
    }

    unsafe void Products()
    {
        foreach (var (m, k, n) in ((int, int, int)[])[(1024, 1024, 1024), (256, 256, 256), (10_000, 28, 64)])
        {
            string name = $"sgemm {m}x{k}x{n} 1T";
            if (!Wanted(name)) continue;
            int calls = (int)Math.Max(1, (quick ? 2e9 : 2e10) / (2.0 * m * k * n));
            float[] a = new float[m * k], b = new float[k * n], c = new float[m * n];
            Interleave(name, _ =>
            {
                fixed (float* pa = a, pb = b, pc = c)
                {
                    var (left, right, to) = (new MatrixProduct.View(pa, m, k), new MatrixProduct.View(pb, k, n), (nint)pc);
                    MatrixProduct.Multiply(left, right, (float*)to, n, add: false);
                    var all = SpeedFit.Timed(() => { for (int i = 0; i < calls; i++) MatrixProduct.Multiply(left, right, (float*)to, n, add: false); });
                    return new(default, new(all.Wall / calls, all.Cpu / calls), 0, 0, 0);
                }
            }, ["numpy"], seed => new { size = (int[])[m, k, n], calls, threads = 1, seed });
        }
    }

    void Interleave(string name, Func<int, SpeedResult> ours, string[] systems, Func<int, object> settings)
    {
        var mine = new List<SpeedResult>();
        var theirs = systems.ToDictionary(system => system, _ => new List<SpeedResult>());
        for (int seed = 0; seed < rounds; seed++)
        {
            mine.Add(ours(seed));
            if (!peers) continue;
            foreach (string system in systems)
                if (SpeedPeers.Run(system, folder, settings(seed)) is { } result) theirs[system].Add(result);
        }
        Console.WriteLine(name);
        Console.WriteLine(Described("ours", mine));
        foreach (var (system, results) in theirs.Where(entry => entry.Value.Count > 0))
        {
            string ratio = string.Create(CultureInfo.InvariantCulture, $"   peer / ours {Ratio(r => r.Work.Wall):F2} (cpu {Ratio(r => r.Work.Cpu):F2})");
            if (results[0].Construct.Wall > 0) ratio += string.Create(CultureInfo.InvariantCulture, $", construction {Ratio(r => r.Construct.Wall):F2} (cpu {Ratio(r => r.Construct.Cpu):F2})");
            // Where a peer constructs within its fit, ours counts both.
            else if (mine[0].Construct.Wall > 0) ratio += string.Create(CultureInfo.InvariantCulture, $", with our construction {Ratio(r => r.Construct.Wall + r.Work.Wall):F2} (cpu {Ratio(r => r.Construct.Cpu + r.Work.Cpu):F2})");
            Console.WriteLine(Described(system, results) + ratio);
            double Ratio(Func<SpeedResult, double> part) => Median(results.Zip(mine, (peer, own) => part(peer) / part(own)));
        }
    }

    static string Described(string system, List<SpeedResult> results)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"  {system,-17}");
        if (results[0].Construct.Wall > 0) text += string.Create(CultureInfo.InvariantCulture, $"construction {Median(results.Select(r => r.Construct.Wall)):F2} s (cpu {Median(results.Select(r => r.Construct.Cpu)):F2})  ");
        text += string.Create(CultureInfo.InvariantCulture, $"{Median(results.Select(r => r.Work.Wall)):G4} s (cpu {Median(results.Select(r => r.Work.Cpu)):G4})");
        if (results[0].Auc > 0) text += string.Create(CultureInfo.InvariantCulture, $"  auc {results.Average(r => r.Auc):F5}");
        if (results[0].LogLoss > 0) text += string.Create(CultureInfo.InvariantCulture, $"  log loss {results.Average(r => r.LogLoss):F5}  +{Median(results.Select(r => r.MemoryMb)):F0} MB");
        return text;
    }

    static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    bool Wanted(string name) => only.Length == 0 || only.Any(entry => entry.All(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
