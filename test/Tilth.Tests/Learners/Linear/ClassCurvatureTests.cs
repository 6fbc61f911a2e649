using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners.Linear;
using Tilth.Learners.Solvers;
using Tilth.Models.Linear;

namespace Tilth.Tests.Learners.Linear;

/// <summary>The factored second derivatives of a multinomial model, beside their definition, and what is built on them.</summary>
public class ClassCurvatureTests
{
    const int Classes = 3;

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void The_step_solves_the_equations_of_all_classes(bool sparse, bool intercept)
    {
        var design = LinearProblem.DesignOf(GoldenCoefficients.SetOf("small", "three", weighted: true, sparse), FitContext.Default);
        var penalty = new Penalty(0, 0.3);
        double[] weights = [.. design.Weights.Select((w, i) => i % 5 == 0 ? 0 : w)];
        var run = new NewtonRun(design, new SoftmaxLoss(Classes), weights, intercept, lasso: false);
        run.Solve(penalty, new(1e-3, 2), FitContext.Default); // somewhere
        var curvature = ClassCurvature.For(design, run.Loss, intercept, lasso: false, shared: true)!;
        Assert.False(curvature.IsReady);
        curvature.RenewWherePaid(run.Rows, penalty);
        var step = new double[run.Slope.Length];
        curvature.Solve(run.Slope, step);
        var image = Image(design, run, intercept, penalty.L2, step);
        double largest = run.Slope.Max(Math.Abs);
        for (int at = 0; at < step.Length; at++) Assert.Equal(run.Slope[at], image[at], 1e-9 * largest);
    }

    [Fact]
    public void A_factor_is_renewed_once_the_turns_cost_as_much()
    {
        var design = LinearProblem.DesignOf(GoldenCoefficients.SetOf("small", "three", weighted: false, sparse: false), FitContext.Default);
        var run = new NewtonRun(design, new SoftmaxLoss(Classes), design.Weights, intercept: true, lasso: false);
        var curvature = ClassCurvature.For(design, run.Loss, intercept: true, lasso: false, shared: true)!;
        curvature.RenewWherePaid(run.Rows, new(0, 1));
        double[] first = StepOf(curvature, run);
        curvature.RenewWherePaid(run.Rows, new(0, 100));
        Assert.Equal(first, StepOf(curvature, run)); // no turn was taken: the old factor serves
        curvature.Count(1_000_000);
        curvature.RenewWherePaid(run.Rows, new(0, 100));
        Assert.NotEqual(first, StepOf(curvature, run));
    }

    [Fact]
    public void What_is_singular_has_no_factor()
    {
        var design = LinearProblem.DesignOf(GoldenCoefficients.SetOf("small", "three", weighted: false, sparse: false), FitContext.Default);
        var run = new NewtonRun(design, new SoftmaxLoss(Classes), [.. design.Weights.Select((w, i) => i < 2 ? w : 0)], intercept: false, lasso: false);
        var curvature = ClassCurvature.For(design, run.Loss, intercept: false, lasso: false, shared: true)!;
        curvature.RenewWherePaid(run.Rows, default);
        Assert.False(curvature.IsReady);
        Assert.Null(ClassCurvature.For(design, new LogisticLoss(), intercept: true, lasso: false, shared: true));
    }

    [Fact]
    public void The_tuned_model_is_the_minimum_under_its_penalty()
    {
        var set = GoldenCoefficients.SetOf("small", "three", weighted: true, sparse: false);
        var tuned = (LinearModel)new LinearLearner { Tol = 1e-11, MaxIter = 1000 }.Fit(set, FitContext.Default);
        var design = LinearProblem.DesignOf(set, FitContext.Default);
        var chosen = new PenaltyPath(design, () => new SoftmaxLoss(Classes), classes: true, 0, intercept: true, folds: 5).Choose(FitContext.Default);
        var direct = (LinearModel)new LogisticRegression { C = 1 / chosen.L2, Tol = 1e-11, MaxIter = 1000 }.Fit(set, FitContext.Default);
        for (int k = 0; k < Classes; k++)
        {
            Assert.Equal(direct.Intercepts[k], tuned.Intercepts[k], 1e-7);
            for (int j = 0; j < design.Columns; j++) Assert.Equal(direct.Weights(k)[j], tuned.Weights(k)[j], 1e-7);
        }
    }

    static double[] StepOf(ClassCurvature curvature, NewtonRun run)
    {
        var step = new double[run.Slope.Length];
        curvature.Solve(run.Slope, step);
        return step;
    }

    /// <summary>Second derivatives times a direction, row by row from the scores.</summary>
    static double[] Image(Design design, NewtonRun run, bool intercept, double l2, double[] direction)
    {
        int n = design.Rows, stride = design.Columns + 1;
        var moved = new double[Classes * n];
        design.Times(direction, moved, Classes);
        var bent = new double[Classes * n];
        for (int i = 0; i < n; i++)
        {
            double total = Enumerable.Range(0, Classes).Sum(k => Elementary.Exp(run.Scores[k * n + i]));
            double[] p = [.. Enumerable.Range(0, Classes).Select(k => Elementary.Exp(run.Scores[k * n + i]) / total)];
            double mean = Enumerable.Range(0, Classes).Sum(k => p[k] * moved[k * n + i]);
            for (int k = 0; k < Classes; k++) bent[k * n + i] = run.Rows.Weights[i] * p[k] * (moved[k * n + i] - mean);
        }
        var image = new double[Classes * stride];
        design.TransposeTimes(bent, image, Classes);
        for (int at = 0; at < image.Length; at++)
            if (at % stride != design.Columns) image[at] += l2 * direction[at];
            else if (!intercept) image[at] = 0;
        return image;
    }
}
