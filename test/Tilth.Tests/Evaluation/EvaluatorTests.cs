using System.Text;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Kernels;
using Tilth.Metrics;
using Tilth.Parallelism;
using Tilth.Tests.Metrics;

namespace Tilth.Tests.Evaluation;

public class EvaluatorTests
{
    public static TheoryData<TaskKind> Tasks() => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void Values_are_the_metrics_and_lie_in_their_intervals(TaskKind task)
    {
        var data = MetricRows.Make(task, 400, 1);
        var evaluation = Evaluate(data);
        Assert.Equal(MetricCatalog.For(task).Select(m => m.Name), evaluation.Metrics.Select(m => m.Name));
        foreach (var score in evaluation.Metrics)
        {
            Assert.Equal(MetricCatalog.Find(score.Name).Compute(data), score.Score.Value);
            Assert.InRange(score.Score.Value, score.Score.Lower, score.Score.Upper);
            Assert.True(score.Score.Upper > score.Score.Lower, score.Name);
            Assert.Equal(score.Score.Value - score.Baseline, score.Difference.Value, 1e-12);
        }
        var headline = MetricCatalog.Headline(task);
        Assert.True(headline.IsBetter(evaluation.HeadlineScore().Score.Value, evaluation.HeadlineScore().Baseline));
        Assert.True(evaluation.ChancePValue < 1e-10);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Json_gives_the_same_evaluation_and_threads_change_no_bit(TaskKind task)
    {
        var data = MetricRows.Make(task, 300, 2);
        byte[] json = EvaluationJson.Write(Evaluate(data));
        Assert.Equal(json, EvaluationJson.Write(EvaluationJson.Read(json)));
        using var pool = new WorkerPool(3);
        Assert.Equal(json, EvaluationJson.Write(Evaluate(data, new() { Workers = pool })));
        Assert.NotEqual(json, EvaluationJson.Write(Evaluate(data, new() { Seed = 1 })));
    }

    [Fact]
    public void Spoiled_json_is_refused_and_never_crashes()
    {
        byte[] json = EvaluationJson.Write(Evaluate(MetricRows.Make(TaskKind.Binary, 60, 3)));
        var random = new RandomSource(4);
        for (int round = 0; round < 1000; round++)
        {
            byte[] spoiled = json[..(round % 3 == 0 ? random.NextInt(json.Length) : json.Length)];
            for (int i = random.NextInt(4); i >= 0 && spoiled.Length > 0; i--) spoiled[random.NextInt(spoiled.Length)] = (byte)(32 + random.NextInt(95));
            try { EvaluationJson.Read(spoiled); }
            catch (PackageFormatException) { }
        }
        foreach (string text in (string[])["", "null", "[]", "{}", "{\"task\":\"Binary\"}", Encoding.UTF8.GetString(json).Replace("\"no\"", "null")])
            Assert.Throws<PackageFormatException>(() => EvaluationJson.Read(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Curves_span_the_square_and_stay_short()
    {
        var data = MetricRows.Make(TaskKind.Binary, 3000, 5);
        var shaken = new EvaluationData(data.Schema, data.Targets, [.. data.Predictions.Select((p, i) => 0.98 * p + 1e-6 * i)]);
        var curves = Evaluate(shaken).Curves!;
        Assert.Equal(new(0, 0), curves.Roc[0]);
        Assert.Equal(new(1, 1), curves.Roc[^1]);
        Assert.InRange(curves.Roc.Count, 100, 200);
        Assert.InRange(curves.PrecisionRecall.Count, 100, 200);
        double area = curves.Roc.Zip(curves.Roc.Skip(1)).Sum(s => (s.Second.X - s.First.X) * (s.First.Y + s.Second.Y) / 2);
        Assert.Equal(MetricCatalog.Find("auc").Compute(shaken), area, 0.005);
        Assert.Equal(3000, curves.Calibration.Sum(bin => bin.Rows));
        Assert.Equal(10, curves.Calibration.Count);
    }

    [Fact]
    public void Groups_widen_the_interval_when_their_rows_repeat_each_other()
    {
        var data = MetricRows.Make(TaskKind.Regression, 100, 6);
        int[] rows = [.. Enumerable.Range(0, 1000).Select(i => i / 10)];
        var repeated = MetricRows.Take(data, rows);
        double plain = Width(Evaluate(repeated)), grouped = Width(Evaluate(repeated, new() { Groups = rows }));
        Assert.InRange(grouped / plain, 2.3, 4.2); // about the root of 10
        static double Width(Tilth.Evaluation.Evaluation e) => e.Find("mae")!.Score.Upper - e.Find("mae")!.Score.Lower;
    }

    [Fact]
    public void A_baseline_from_training_is_used_as_given()
    {
        var data = MetricRows.Make(TaskKind.Binary, 200, 7);
        var evaluation = Evaluate(data, new() { Baseline = [0.25] });
        double share = data.Targets.Average();
        Assert.Equal(-share * Math.Log(0.25) - (1 - share) * Math.Log(0.75), evaluation.Find("log_loss")!.Baseline, 1e-12);
        Assert.Equal(0.5, evaluation.Find("auc")!.Baseline);
    }

    [Theory, MemberData(nameof(Tasks))]
    public void Intervals_of_the_headline_cover_the_truth(TaskKind task)
    {
        string name = MetricCatalog.Headline(task).Name;
        double truth = MetricCatalog.Find(name).Compute(MetricRows.Make(task, 400_000, 999));
        int covered = 0, rounds = 80;
        for (int round = 0; round < rounds; round++)
        {
            var score = Evaluate(MetricRows.Make(task, 300, (ulong)round + 1), new() { Resamples = 160, Seed = (ulong)round }).Find(name)!.Score;
            if (score.Lower <= truth && truth <= score.Upper) covered++;
        }
        // The heavy right tail of the regression's errors is hidden in most samples of 300.
        Assert.InRange(covered / (double)rounds, task == TaskKind.Regression ? 0.72 : 0.88, 1);
    }

    /// <summary>Fresh rows, fixed predictions: three positive rows prove little, and noise alone makes a calibration error.</summary>
    [Fact]
    public void Rare_classes_and_calibration_errors_are_not_said_too_surely()
    {
        var schema = new TargetSchema { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };
        const int Rounds = 40;
        int calibrated = 0, ranked = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var random = new RandomSource((ulong)round);
            double[] p = [.. Enumerable.Range(0, 150).Select(_ => Elementary.Sigmoid(random.NextGaussian()))];
            var right = Evaluator.Evaluate(new Target(schema, [.. p.Select(v => random.NextDouble() < v ? 1.0 : 0)]), p, new() { Seed = (ulong)round, Resamples = 160 });
            if (right.Find("ece")!.Score.Lower <= 0.02) calibrated++;
            // Scores 1.5 apart: the AUC is Phi(1.5 / root 2) = 0.8556.
            double[] y = [.. Enumerable.Range(0, 120).Select(row => row < 3 ? 1.0 : 0)];
            var rare = Evaluator.Evaluate(new Target(schema, y), [.. y.Select(v => Elementary.Sigmoid(1.5 * v - 4 + random.NextGaussian()))], new() { Seed = (ulong)round, Resamples = 160 });
            var auc = rare.Find("auc")!.Score;
            if (auc.Lower <= 0.8556 && auc.Upper >= 0.8556) ranked++;
            foreach (string name in (string[])["f1", "mcc", "balanced_accuracy"]) Assert.True(rare.Find(name)!.Score is var s && s.Upper - s.Lower > 0.05, name);
        }
        Assert.True(calibrated >= 0.9 * Rounds && ranked >= 0.8 * Rounds, $"{calibrated} right probabilities may be right, {ranked} AUC of three rows held, of {Rounds}");
    }

    [Fact]
    public void P_values_of_noise_are_uniform()
    {
        foreach (var task in (TaskKind[])[TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression])
        {
            var p = Enumerable.Range(0, 400).Select(seed => ChanceTest.PValue(MetricRows.Make(task, 80, (ulong)seed, signal: 0))).Order().ToArray();
            // Kolmogorov's distance: the 0.1 % limit of 400 values is 0.097.
            Assert.True(p.Select((v, i) => Math.Abs(v - (i + 0.5) / 400)).Max() < 0.097, task.ToString());
        }
    }

    static Tilth.Evaluation.Evaluation Evaluate(EvaluationData data, EvaluationOptions? options = null)
        => Evaluator.Evaluate(new Target(data.Schema, data.Targets), data.Predictions, options);
}
