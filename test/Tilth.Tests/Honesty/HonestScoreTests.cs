using Tilth.Data;
using Tilth.Honesty;
using Tilth.Learners.Boosting;
using Tilth.Learners.Linear;
using Tilth.Metrics;
using Tilth.Prediction;
using Tilth.Tests.Honesty.Simulated;

namespace Tilth.Tests.Honesty;

/// <summary>The small form of `Tilth.Bench honesty`.</summary>
public class HonestScoreTests
{
    [Fact]
    public void Noise_is_called_none_and_a_known_law_is_not()
    {
        int signal = 0, found = 0;
        const int Tables = 12;
        for (int i = 0; i < Tables; i++)
        {
            var noise = NoiseTable.Draw(i % 2 == 0 ? TaskKind.Binary : TaskKind.Regression, 200, (ulong)i);
            if (MarkOf(noise, i) == VerdictMark.Signal) signal++;
            var law = new KnownLaw(TaskKind.Binary, 10, 0.7, 0.3, (ulong)(1000 + i));
            if (MarkOf(law.Draw(500, (ulong)(2000 + i)).Table, i) != VerdictMark.None) found++;
        }
        Assert.True(signal <= 1, $"{signal} of {Tables} random tables have signal");
        Assert.True(found >= Tables - 1, $"{found} of {Tables} lawful tables are found");

        static VerdictMark MarkOf(Table table, int seed)
            => (Training.For("y") with { Learner = new Ridge(), Folds = 4, Calibrate = false } is var training && table["y"] is NumberColumn ? training : training with { Learner = new LogisticRegression() })
                .Run(table, new() { Seed = (ulong)seed }).Findings.Verdict!.Mark;
    }

    [Fact]
    public void A_law_is_as_hard_as_it_says()
    {
        var law = new KnownLaw(TaskKind.Binary, 12, 0.7, 0.25, 5);
        var (table, truth) = law.Draw(60_000, 9);
        var target = new TargetSchema { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };
        var data = new EvaluationData(target, [.. ((CategoryColumn)table["y"]).Codes.ToArray().Select(code => (double)code)], truth);
        Assert.Equal(0.7, MetricCatalog.Find("auc").Compute(data), 0.012);
        Assert.Equal(0.25, data.Targets.Average(), 0.012);
    }

    /// <summary>Out of fold each row is foreseen by one model of five; the score must be that of the mean that is packed.</summary>
    [Fact]
    public void Scores_are_those_of_the_mean_that_is_packed()
    {
        double measured = 0, actual = 0;
        int holds = 0;
        const int Tables = 6;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var law = new KnownLaw(TaskKind.Regression, 8, 0.5, 0, seed);
            var learner = new GradientBoosting { NEstimators = 25, LearningRate = 0.2, EarlyStoppingRounds = 0 };
            var result = (Training.For("y") with { Learner = learner }).Run(law.Draw(400, seed + 100).Table, new() { Seed = seed });
            var (fresh, _) = law.Draw(4000, seed + 200);
            double[] predicted = new Predictor(result.Package).Predict(fresh).Values;
            double rmse = MetricCatalog.Find("rmse").Compute(new EvaluationData(result.Package.Target, ((NumberColumn)fresh["y"]).Values.ToArray(), predicted));
            var score = result.Evaluation.Find("rmse")!.Score;
            measured += score.Value / Tables;
            actual += rmse / Tables;
            if (rmse >= score.Lower && rmse <= score.Upper) holds++;
        }
        Assert.Equal(actual, measured, 0.04);
        Assert.True(holds >= Tables - 2, $"{holds} of {Tables} intervals hold the packed model's error");
    }
}
