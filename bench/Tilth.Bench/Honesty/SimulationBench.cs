using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Metrics;
using Tilth.Prediction;
using Tilth.Search;
using Tilth.Statistics;
using Tilth.Tests.Honesty.Simulated;
using static System.FormattableString;

namespace Tilth.Bench.Honesty;

/// <summary>
/// Trains on tables of 200 to 5,000 rows of known laws, half of them of two classes and half of numbers, and holds what the
/// package says against 100,000 fresh rows: do the 95 % intervals hold the packed model's score, and do prediction sets and
/// intervals hold the share of targets that they promise. The oracle's width is that of the score's true spread over tables of
/// so many fresh rows.
/// </summary>
static class SimulationBench
{
    const int FreshRows = 100_000, OracleDraws = 200;

    static readonly string[] Watched = ["auc", "log_loss", "accuracy", "brier", "rmse", "mae"];

    sealed record Held(string Metric, bool Covers, bool Below, double Width, double Oracle, double Error, int Rows);

    sealed record Coverage(string What, double Level, double Share, double Size, int Rows);

    public static void Run(HonestyOptions options, bool search)
    {
        var held = new List<Held>[options.Tables];
        var coverage = new List<Coverage>[options.Tables];
        var random = new RandomSource(options.Seed).Child(2);
        options.ForTables(i => (held[i], coverage[i]) = One(i, random.Child(i), options, search), done => Show(held[..done], coverage[..done], search));
    }

    static void Show(List<Held>[] held, List<Coverage>[] coverage, bool search)
    {
        Console.WriteLine(search ? "== intervals after a search of 50 cheap trials: 92 to 98 % hold the truth" : "== 95 % intervals, truth on 100,000 fresh rows: 93 to 97 % hold it");
        var all = held.SelectMany(list => list).ToList();
        foreach (string metric in Watched)
            foreach (var (name, few, many) in (IEnumerable<(string, int, int)>)[("", 0, int.MaxValue), ("  200 to 500", 0, 500), ("  501 to 1,500", 501, 1500), ("  1,501 to 5,000", 1501, int.MaxValue)])
            {
                var each = all.Where(h => h.Metric == metric && h.Rows >= few && h.Rows <= many).ToList();
                if (each.Count == 0) continue;
                Console.WriteLine(Invariant($"{(name.Length == 0 ? metric : name),-18} holds {HonestyOptions.Rate(each.Count(h => h.Covers), each.Count),-42} truth below {100.0 * each.Count(h => h.Below) / each.Count,4:0.0} % above {100.0 * each.Count(h => !h.Covers && !h.Below) / each.Count,4:0.0} %  width / oracle's, median {Median(each.Select(h => h.Width / h.Oracle)):0.00}  width {Median(each.Select(h => h.Width)):0.0000}  score - truth, mean {each.Average(h => h.Error):0.0000}"));
            }
        Console.WriteLine("== promised coverage on fresh rows: mean within 1 point of it");
        foreach (var group in coverage.SelectMany(list => list).GroupBy(c => (c.What, c.Level)).OrderBy(g => g.Key.What).ThenBy(g => g.Key.Level))
        {
            double[] shares = [.. group.Select(c => c.Share)];
            double mean = shares.Average(), error = Math.Sqrt(shares.Sum(s => (s - mean) * (s - mean)) / Math.Max(1, shares.Length - 1) / shares.Length);
            Console.WriteLine(Invariant($"{group.Key.What,-34} {group.Key.Level:P0} mean {100 * mean:0.00} % ± {196 * error:0.00} over {shares.Length} tables; size {group.Average(c => c.Size):0.000}"));
        }
    }

    static (List<Held>, List<Coverage>) One(int index, RandomSource random, HonestyOptions options, bool search)
    {
        bool binary = index % 2 == 0;
        int rows = HonestyOptions.LogUniform(random.NextDouble(), 200, 5000);
        double skill = binary ? 0.6 + 0.35 * random.NextDouble() : 0.1 + 0.8 * random.NextDouble(), positives = 0.15 + 0.35 * random.NextDouble();
        var law = new KnownLaw(binary ? TaskKind.Binary : TaskKind.Regression, 6 + random.NextInt(10), skill, positives, random.ChildSeed(1));
        var training = Training.For("y") with { Learner = LearnerCatalog.Find(options.Learner).Default };
        if (search) training = training with { Search = new SearchPlan { Trials = 50, Portfolio = CheapPortfolio.All } };
        if (binary) training = training with { Columns = new SchemaRequest { Target = "y", Positive = "yes" } };
        var table = law.Draw(rows, random.ChildSeed(2)).Table;
        var result = training.Run(table, new FitContext { Seed = (ulong)index });
        var fresh = law.Draw(FreshRows, random.ChildSeed(3)).Table;
        double[] predictions = new Predictor(result.Package).Predict(fresh).Values;
        double[] truth = Truths(fresh, binary);
        var schema = result.Package.Target;
        return (Measure(result.Evaluation, schema, truth, predictions, rows, random.Child(4)), PromisedCoverage.Of(result.Package, fresh, truth, ClassCounts(table, binary)).Select(c => new Coverage(c.What, c.Level, c.Share, c.Size, rows)).ToList());
    }

    static int[] ClassCounts(Table table, bool binary) => Truths(table, binary) is var values && binary ? [values.Count(y => y == 0), values.Count(y => y == 1)] : [];

    static double[] Truths(Table fresh, bool binary) => binary ? [.. ((CategoryColumn)fresh["y"]).Codes.ToArray().Select(code => (double)code)] : ((NumberColumn)fresh["y"]).Values.ToArray();

    static List<Held> Measure(Evaluation.Evaluation evaluation, TargetSchema schema, double[] truth, double[] predictions, int rows, RandomSource random)
    {
        var whole = new EvaluationData(schema, truth, predictions);
        int[][] draws = [.. Enumerable.Range(0, OracleDraws).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextInt(truth.Length)).ToArray())];
        EvaluationData[] samples = [.. draws.Select(draw => new EvaluationData(schema, Array.ConvertAll(draw, row => truth[row]), Array.ConvertAll(draw, row => predictions[row])))];
        var held = new List<Held>();
        foreach (string name in Watched)
        {
            if (evaluation.Find(name) is not { } score) continue;
            var metric = MetricCatalog.Find(name);
            double value = metric.Compute(whole);
            double[] spread = [.. samples.Select(metric.Compute).Order()];
            double oracle = BootstrapSample.At(spread, 0.975) - BootstrapSample.At(spread, 0.025);
            held.Add(new(name, value >= score.Score.Lower && value <= score.Score.Upper, value < score.Score.Lower, score.Score.Upper - score.Score.Lower, oracle, score.Score.Value - value, rows));
        }
        return held;
    }

    static double Median(IEnumerable<double> values) => BootstrapSample.At([.. values.Order()], 0.5);
}
