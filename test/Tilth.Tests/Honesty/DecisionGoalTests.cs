using Tilth.Data;
using Tilth.Honesty.Heads;
using Tilth.Kernels;
using Tilth.Models.Heads;

namespace Tilth.Tests.Honesty;

public class DecisionGoalTests
{
    static readonly TargetSchema Two = new() { Column = "ill", Task = TaskKind.Binary, Classes = ["no", "yes"] };
    static readonly TargetSchema Three = new() { Column = "kind", Task = TaskKind.Multiclass, Classes = ["a", "b", "c"] };

    /// <summary>Rows whose stated probability is the true one.</summary>
    static HeldRows Honest(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        double[] p = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        return new(new Target(Two, Array.ConvertAll(p, share => random.NextDouble() < share ? 1.0 : 0)), p);
    }

    [Fact]
    public void A_capacity_calls_its_share_of_the_rows_and_finds_what_the_formula_says()
    {
        // Of uniform probabilities the upper fifth holds (1 - 0.8^2) = 36 % of the positives.
        var goal = HeadFit.Of(Honest(20_000, 3), new DecisionCapacity(0.2), calibrate: false, seed: 1);
        Assert.Equal(0.8, goal.Head.Rule.Threshold, 0.02);
        Assert.Equal(0.36, goal.Goal!.Value.Value, 0.02);
        Assert.InRange(0.36, goal.Goal.Value.Lower, goal.Goal.Value.Upper);
        Assert.Equal(0.2, goal.Goal.Plain);
    }

    [Fact]
    public void The_best_threshold_for_f1_of_honest_probabilities_is_half_the_best_f1()
    {
        // Lipton, Elkan & Naryanaswamy, 2014. Uniform p: F1(t) = (1 - t^2) / (1.5 - t), best at t = (3 - 5^0.5) / 2.
        double best = (3 - Math.Sqrt(5)) / 2;
        var goal = HeadFit.Of(Honest(20_000, 5), new DecisionMetricGoal("f1"), calibrate: false, seed: 1).Goal!;
        Assert.Equal(best, goal.Threshold, 0.06);
        Assert.Equal(2 * best, goal.Value.Value, 0.02);
    }

    [Fact]
    public void A_matrix_of_two_classes_is_two_costs()
    {
        var held = Honest(5000, 7);
        var matrix = HeadFit.Of(held, new CostMatrix([0, 25, 400, 0]), calibrate: false, seed: 1);
        var costs = HeadFit.Of(held, new DecisionCosts(25, 400), calibrate: false, seed: 1);
        Assert.Equal(costs.Head.Rule.Threshold, matrix.Head.Rule.Threshold);
        Assert.Equal(costs.Costs!.Saving, matrix.Costs!.Saving);
    }

    [Fact]
    public void A_matrix_of_three_classes_decides_for_the_least_expected_cost()
    {
        var rule = DecisionRule.LeastCost([0, 1, 1, 1, 0, 1, 50, 50, 0]);
        Assert.Equal(2, rule.Decide([0.6, 0.35, 0.05])); // 0.05 x 50 outweighs all
        Assert.Equal(0, rule.Decide([0.6, 0.395, 0.005]));
        var random = new RandomSource(2);
        double[] truth = new double[3000], p = new double[9000];
        for (int row = 0; row < truth.Length; row++)
        {
            double a = random.NextDouble(), b = (1 - a) * random.NextDouble();
            (p[3 * row], p[3 * row + 1], p[3 * row + 2]) = (a, b, 1 - a - b);
            double drawn = random.NextDouble();
            truth[row] = drawn < a ? 0 : drawn < a + b ? 1 : 2;
        }
        var goal = HeadFit.Of(new(new Target(Three, truth), p), new CostMatrix([0, 1, 1, 1, 0, 1, 4, 4, 0]), calibrate: false, seed: 1).Goal!;
        Assert.True(goal.Value.Value < goal.Plain);
        Assert.True(goal.Gain.Lower > 0);
    }

    [Fact]
    public void Goals_that_fit_no_target_are_refused_in_words()
    {
        Assert.Contains("two classes", Fault(new DecisionCosts(1, 2), Three));
        Assert.Contains("9 numbers", Fault(new CostMatrix([0, 1, 1, 0]), Three));
        Assert.Contains("share", Fault(new DecisionCapacity(1.5), Two));
        Assert.Contains("auc", Fault(new DecisionMetricGoal("auc"), Two));
        Assert.Contains("alone is best where all rows", Fault(new DecisionMetricGoal("recall"), Two));
        Assert.Contains("not both 0", Fault(new DecisionCosts(0, 0), Two));
    }

    static string Fault(DecisionGoal goal, TargetSchema target) => Assert.Throws<LearningException>(() => HeadFit.Check(goal, target)).Message;
}
