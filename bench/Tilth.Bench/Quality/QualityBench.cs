using System.Diagnostics;
using System.Globalization;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Parallelism;

namespace Tilth.Bench.Quality;

/// <summary>
/// One table over the real sets: our score on the test split with its interval, the peers' scores, the paired bootstrap
/// difference from the peers' stored predictions, and geometric means of error ratios (1 - AUC, log loss, RMSE; a set counts
/// at most a factor 2 either way).
///
///     Tilth.Bench quality [--learner NAME] [--set name=value]... [--only SET,SET] [--folds N] [--cv] [--search SECONDS]
///
/// --cv scores out of fold on the train split instead, which is what settings may be chosen by.
/// --search searches for the best blend in that time instead of fitting one learner.
/// </summary>
static class QualityBench
{
    const double MostFactor = 2;
    const int Resamples = 200;

    static readonly string[] Boosters = ["lightgbm", "xgboost"];
    static readonly string[] AllPeers = ["lightgbm", "xgboost", "sklearn_hist_gradient_boosting", "sklearn_random_forest", "sklearn_extra_trees", "sklearn_linear"];

    public static int Run(string[] args)
    {
        if (DataFolders.Find() is not { } data)
        {
            Console.Error.WriteLine("no data sets: set TILTH_DATA to their folder");
            return 1;
        }
        var options = QualityOptions.Parse(args);
        var peers = new Peers(Path.Combine(data, "..", "reference"));
        using var workers = new WorkerPool(Environment.ProcessorCount);
        var ratios = AllPeers.ToDictionary(peer => peer, _ => new List<double>());
        Console.WriteLine($"{"set",-26}{"metric",-9}{"ours",10}{"95 % interval",22}{"sec",7}  " + string.Join("", AllPeers.Select(peer => $"{Short(peer),10}")) + "   difference of error from LightGBM, XGBoost (95 %)");
        foreach (var set in DataSet.All(data).Where(set => options.Only.Count == 0 || options.Only.Contains(set.Name)))
        {
            var score = options.CrossValidate ? CrossValidate(set, options, workers) : Test(set, options, workers);
            string line = string.Create(CultureInfo.InvariantCulture, $"{set.Name,-26}{score.Metric.Name,-9}{score.Interval.Value,10:G5}{$"{score.Interval.Lower:G4} to {score.Interval.Upper:G4}",22}{score.Seconds,7:F1}  ");
            foreach (string peer in AllPeers)
            {
                double? theirs = peers.Score(set.Name, peer);
                line += string.Create(CultureInfo.InvariantCulture, $"{theirs,10:G5}");
                if (theirs is { } value) ratios[peer].Add(Math.Clamp(Error(score.Metric, score.Interval.Value) / Error(score.Metric, value), 1 / MostFactor, MostFactor));
            }
            if (score.Test is { } test)
                foreach (string peer in Boosters)
                    line += "   " + (peers.Predictions(set.Name, peer) is { } predictions ? Difference(test, predictions, score.Metric) : "-");
            Console.WriteLine(line);
        }
        foreach (var (peer, each) in ratios.Where(entry => entry.Value.Count > 0))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"error / {peer}'s, geometric mean of {each.Count} sets: {Elementary.Exp(each.Average(Elementary.Log)):F4}"));
        return 0;
    }

    sealed record TestRows(TargetSchema Schema, double[] Values, double[] Predictions);

    sealed record Scored(Metric Metric, Interval Interval, double Seconds, TestRows? Test);

    static Scored Test(DataSet set, QualityOptions options, WorkerPool workers)
    {
        var clock = Stopwatch.StartNew();
        var train = TableReader.Read([set.Train], null, workers, out _);
        var result = options.TrainingOf(set).Run(train, new FitContext { Workers = workers, Seed = options.Seed }, TableReader.Read([set.Test], null, workers, out _));
        double seconds = clock.Elapsed.TotalSeconds;
        var headline = result.Evaluation.HeadlineScore();
        var schema = result.Package.Schema;
        var conformed = schema.Conform(TableReader.Read([set.Test], null, workers, out _), [], targetRequired: true);
        var target = TargetReader.Read(conformed, schema);
        return new(MetricCatalog.Find(headline.Name), headline.Score, seconds, new(target.Target.Schema, target.Target.Values, result.Package.Node.Predict(target.Of(conformed))));
    }

    static Scored CrossValidate(DataSet set, QualityOptions options, WorkerPool workers)
    {
        var clock = Stopwatch.StartNew();
        var train = TableReader.Read([set.Train], null, workers, out _);
        var training = options.TrainingOf(set);
        var result = (training with { HoldoutShare = 0, Folds = training.Folds ?? (training.Search is null ? 5 : null) }).Run(train, new FitContext { Workers = workers, Seed = options.Seed });
        var headline = result.Evaluation.HeadlineScore();
        return new(MetricCatalog.Find(headline.Name), headline.Score, clock.Elapsed.TotalSeconds, null);
    }

    /// <summary>Our error minus the peer's on the same resampled rows.</summary>
    static string Difference(TestRows test, double[] theirs, Metric metric)
    {
        int rows = test.Values.Length;
        theirs = InOurOrder(theirs, test.Schema);
        var random = new RandomSource(1);
        var differences = new double[Resamples];
        for (int i = 0; i < Resamples; i++)
        {
            var weights = new double[rows];
            for (int draw = 0; draw < rows; draw++) weights[random.NextInt(rows)]++;
            differences[i] = ErrorOf(test.Predictions, weights) - ErrorOf(theirs, weights);
        }
        double middle = ErrorOf(test.Predictions, null) - ErrorOf(theirs, null);
        Array.Sort(differences);
        return string.Create(CultureInfo.InvariantCulture, $"{middle:+0.####;-0.####} ({differences[Resamples / 40]:+0.####;-0.####} to {differences[Resamples - 1 - Resamples / 40]:+0.####;-0.####})");

        double ErrorOf(double[] predictions, double[]? weights) => Error(metric, metric.Compute(new EvaluationData(test.Schema, test.Values, predictions, weights)));
    }

    /// <summary>The peers' columns stand in the order of the class names as text.</summary>
    static double[] InOurOrder(double[] theirs, TargetSchema schema)
    {
        if (schema.Task != TaskKind.Multiclass) return theirs;
        int outputs = schema.Classes.Count;
        string[] sorted = [.. schema.Classes.Order(StringComparer.Ordinal)];
        int[] from = [.. schema.Classes.Select(name => Array.IndexOf(sorted, name))];
        var ours = new double[theirs.Length];
        for (int i = 0; i < theirs.Length; i++) ours[i] = theirs[i / outputs * outputs + from[i % outputs]];
        return ours;
    }

    static double Error(Metric metric, double score) => metric.HigherIsBetter ? 1 - score : score;

    static string Short(string peer) => peer.Replace("sklearn_", "").Replace("gradient_boosting", "gb") is var name && name.Length > 9 ? name[..9] : name;
}
