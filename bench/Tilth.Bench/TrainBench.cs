using System.Diagnostics;
using System.Globalization;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Learners.Forests;
using Tilth.Models;
using Tilth.Parallelism;

namespace Tilth.Bench;

/// <summary>
/// Training of trees on generated data like Higgs: ours and Debian's XGBoost (if /usr/bin/python3 has it), interleaved, same
/// data, threads and hyperparameters. `train [--rows N] [--trees N] [--leaves N] [--threads N] [--runs N] [--forest]`.
/// </summary>
static class TrainBench
{
    public static int Run(string[] args)
    {
        int rows = Option(args, "--rows", 1_000_000), trees = Option(args, "--trees", 100), leaves = Option(args, "--leaves", 31);
        int threads = Option(args, "--threads", 2), runs = Option(args, "--runs", 3);
        int test = Math.Min(100_000, rows);
        var set = HiggsLike.Make(rows + test, seed: 12);
        string folder = Directory.CreateTempSubdirectory("tilth-bench").FullName;
        using var workers = new WorkerPool(threads);
        try
        {
            bool forest = args.Contains("--forest");
            string? peer = args.Contains("--no-peer") ? null : forest ? SklearnForest : Xgboost;
            if (peer is not null) HiggsLike.Write(set, folder);
            Console.WriteLine($"{rows} rows x 28, {trees} trees, {(forest ? "forest" : $"{leaves} leaves")}, {threads} threads");
            for (int run = 0; run < runs; run++)
            {
                Ours(set, rows, Learner(args, forest, trees, leaves), workers);
                if (peer is not null) Peer(peer, folder, rows, test, trees, leaves, threads);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    static ISupervisedLearner Learner(string[] args, bool forest, int trees, int leaves) => forest
        ? args.Contains("--extra") ? new ExtraTrees { NEstimators = trees } : new RandomForest { NEstimators = trees }
        : new GradientBoosting
        {
            NEstimators = trees, LearningRate = 0.1, NumLeaves = leaves, LambdaL2 = 0, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1,
        };

    static void Ours((FeatureMatrix Features, Target Target) set, int rows, ISupervisedLearner learner, WorkerPool workers)
    {
        var training = new TrainingSet(set.Features, set.Target).View([.. Enumerable.Range(0, rows)]);
        var context = FitContext.Default with { Workers = workers };
        long start = Stopwatch.GetTimestamp();
        training.Bins.Of(training, workers);
        double bin = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var model = learner.Fit(training, context);
        double fit = Stopwatch.GetElapsedTime(start).TotalSeconds, busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var (auc, loss) = Score(model, set, rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ours   bin {bin:F2} s  train {fit:F2} s (cpu {busy:F2})  auc {auc:F5}  log loss {loss:F5}"));
    }

    static (double Auc, double LogLoss) Score(Model model, (FeatureMatrix Features, Target Target) set, int start)
    {
        int count = set.Features.RowCount - start;
        var p = new double[count];
        model.Predict(set.Features, start, count, p);
        var y = set.Target.Values.AsSpan(start).ToArray();
        double loss = 0, ranks = 0;
        for (int i = 0; i < count; i++) loss -= Math.Log(Math.Clamp(y[i] == 1 ? p[i] : 1 - p[i], 1e-12, 1));
        Array.Sort(p, y);
        double positives = y.Sum();
        for (int i = 0; i < count; i++) if (y[i] == 1) ranks += i + 1;
        return ((ranks - positives * (positives + 1) / 2) / (positives * (count - positives)), loss / count);
    }

    static void Peer(string script, string folder, int rows, int test, int trees, int leaves, int threads)
    {
        if (!File.Exists("/usr/bin/python3")) return;
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        foreach (int value in (int[])[rows, test, trees, leaves, threads]) start.ArgumentList.Add(value.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(folder);
        using var process = Process.Start(start)!;
        string found = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Console.Write(process.ExitCode == 0 ? found : "peer   not installed\n");
    }

    const string Load = """
        import sys, time, numpy as np
        rows, test, trees, leaves, threads = map(int, sys.argv[1:6])
        x = np.fromfile(sys.argv[6] + '/x.bin', '<f4').reshape(-1, 28)
        y = np.fromfile(sys.argv[6] + '/y.bin', '<f4')
        from sklearn.metrics import roc_auc_score, log_loss

        """;

    const string Xgboost = Load + """
        import xgboost as xgb
        t = time.time(); d = xgb.DMatrix(x[:rows], y[:rows], nthread=threads)
        p = dict(tree_method='hist', grow_policy='lossguide', max_leaves=leaves, max_depth=0, eta=0.1, reg_lambda=0, max_bin=255,
                 min_child_weight=1e-3, objective='binary:logistic', nthread=threads)
        b = xgb.train(p, d, 1); bin = time.time() - t
        t = time.time(); b = xgb.train(p, d, trees); fit = time.time() - t
        q = b.predict(xgb.DMatrix(x[rows:]))
        print('xgb    bin %.2f s  train %.2f s               auc %.5f  log loss %.5f' % (bin, fit, roc_auc_score(y[rows:], q), log_loss(y[rows:], q)))
        """;

    const string SklearnForest = Load + """
        from sklearn.ensemble import RandomForestClassifier
        t = time.time(); f = RandomForestClassifier(trees, n_jobs=threads, random_state=0).fit(x[:rows], y[:rows]); fit = time.time() - t
        q = f.predict_proba(x[rows:])[:, 1]
        print('sklearn           train %.2f s               auc %.5f' % (fit, roc_auc_score(y[rows:], q)))
        """;

    static int Option(string[] args, string name, int value)
        => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : value;
}
