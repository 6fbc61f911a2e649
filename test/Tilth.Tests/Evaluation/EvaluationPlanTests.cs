using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Tests.Metrics;

namespace Tilth.Tests.Evaluation;

public class EvaluationPlanTests
{
    static readonly Tilth.Evaluation.Evaluation Rows = Evaluator.Evaluate(TargetOf(300, 1, out double[] p), p);

    [Fact]
    public void Conditions_pass_and_fail_with_a_sentence()
    {
        var auc = Rows.Find("auc")!.Score;
        var results = Gate.Parse("auc.lower>=0.5, auc < 0.2 and log_loss.upper<=9").Check(Rows);
        Assert.Equal([true, false, true], results.Select(r => r.Passed));
        Assert.Equal($"auc is {auc.Value:0.####}, but must be below 0.2", results[1].Sentence);
        Assert.Contains("at least 0.5 as asked", results[0].Sentence);
        Assert.Contains("not measured", Gate.Parse("rmse<1").Check(Rows)[0].Sentence);
        Assert.Equal(auc.Value >= 0.7, Gate.Parse("auc.value>=0.7").Check(Rows)[0].Passed);
    }

    [Theory]
    [InlineData("", "no comparison")]
    [InlineData("auc", "no comparison")]
    [InlineData("acu>=0.8", "did you mean 'auc'")]
    [InlineData("auc.low>0.8", ".lower")]
    [InlineData("auc>=high", "'high'")]
    [InlineData("auc>=0.8,,mcc>0", "no comparison")]
    [InlineData("auc>NaN", "no number")]
    public void What_is_no_gate_is_refused(string text, string part) => Assert.Contains(part, Assert.Throws<LearningException>(() => Gate.Parse(text)).Message);

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(2, Assert.Throws<LearningException>(() => Gate.Parse("acu>1,auc>x")).Problems.Count);

    [Fact]
    public void A_paired_difference_is_surer_than_the_two_alone()
    {
        var target = TargetOf(500, 2, out double[] p);
        double[] worse = [.. p.Select((v, i) => Math.Clamp(v + 0.15 * ((i * 37 % 11) / 5.0 - 1), 0, 1))];
        var difference = PairedComparison.Difference(target, p, worse, MetricCatalog.Find("auc"));
        var alone = Evaluator.Evaluate(target, p).Find("auc")!.Score;
        Assert.True(difference.Lower > 0, $"{difference}");
        Assert.True(difference.Upper - difference.Lower < 0.7 * (alone.Upper - alone.Lower));
        Assert.Equal(new(0, 0, 0), PairedComparison.Difference(target, p, p, MetricCatalog.Find("brier")));
    }

    [Fact]
    public void Cross_validation_foresees_every_row_from_others()
    {
        var target = TargetOf(103, 3, out _);
        var folds = Splits.KFold(new SplitKeys { Rows = 103 }, 4, 5);
        var result = CrossValidation.Run(target, folds, (train, test, fold) =>
        {
            Assert.Empty(train.Intersect(test));
            Assert.Equal(103, train.Length + test.Length);
            return [.. test.Select(row => row / 1000.0)];
        }, FitContext.Default);
        Assert.Equal(Enumerable.Range(0, 103), result.Rows);
        Assert.Equal(result.Rows.Select(row => row / 1000.0), result.Predictions);
        Assert.Equal(4, result.FoldScores.Length);
        Assert.Equal(target.Values.Average(), result.Baseline[0], 0.05);
        Assert.Equal("out of fold", result.Evaluate(target, EvaluationOptions.Default).RowsFrom);
        Assert.Throws<ArgumentException>(() => CrossValidation.Run(target, folds, (_, _, _) => [], FitContext.Default));
        Assert.Single(CrossValidation.Run(target, folds, (_, test, _) => new double[test.Length], new() { FinishEarly = new(true) }).FoldScores);
    }

    [Theory]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 1_000)]
    [InlineData(400_000, 20_000)]
    public void The_automatic_hold_out_keeps_its_rule(int rows, int expected)
    {
        var divided = HoldoutPlan.Auto(rows).Divide(new SplitKeys { Rows = rows }, 1);
        Assert.InRange(divided.Sealed.Length, expected - 1, expected + 1);
        Assert.Equal(rows, divided.Sealed.Length + divided.Open.Length);
        Assert.Equal(expected == 0 ? "out of fold" : "sealed hold-out", divided.RowsFrom);
    }

    [Fact]
    public void A_hold_out_is_read_as_typed()
    {
        Assert.Equal(0.2, HoldoutPlan.Parse("20%", 100).Share);
        Assert.Equal(0.1, HoldoutPlan.Parse("auto", 20_000).Share);
        Assert.Equal(0, HoldoutPlan.Parse("none", 20_000).Share);
        Assert.Contains("'2'", Assert.Throws<LearningException>(() => HoldoutPlan.Parse("2", 100)).Message);
    }

    static Target TargetOf(int rows, ulong seed, out double[] predictions)
    {
        var data = MetricRows.Make(TaskKind.Binary, rows, seed);
        predictions = data.Predictions;
        return new(data.Schema, data.Targets);
    }
}
