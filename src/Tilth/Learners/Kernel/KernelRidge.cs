using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Models.Kernel;
using Tilth.Models.Linear;
using Tilth.Prepare;

namespace Tilth.Learners.Kernel;

/// <summary>
/// Kernel ridge regression with a Gaussian kernel; for classes the least-squares support vector machine (Suykens and Vandewalle
/// 1999): ridge regression on indicators of the classes. Width and penalty are those whose predictions for left-out rows are best,
/// and a logistic regression of these predictions gives probabilities (Platt 1999). Exact up to n_components different rows; beyond,
/// so many of them, chosen at random, stand for all (Williams and Seeger 2001).
/// </summary>
public sealed record KernelRidge : ISupervisedLearner
{
    /// <summary>Rows that choose the width.</summary>
    const int WidthRows = 400;

    /// <summary>What of the calibration's slopes is doubted: scikit-learn's C is 1 / this.</summary>
    const double CalibrationPenalty = 0.01;

    /// <summary>Widths that are tried, in units of 1 / the sum of variances (scikit-learn's gamma="scale").</summary>
    static readonly double[] Widths = [0.03, 0.1, 0.3, 1, 3];

    /// <summary>Most rows that others are compared with.</summary>
    public int ComponentCount { get; init; } = 600;

    /// <summary>The kernel is exp(-gamma |x - x'|^2 / the sum of variances); 0 lets the data choose.</summary>
    public double Gamma { get; init; }

    /// <inheritdoc/>
    public PreparationNeeds Needs => new()
    {
        Numbers = NumberForm.Standard, FillMissing = true, Categories = CategoryForm.Codes, Text = TextForm.Dense, TargetStatisticsAbove = 20,
    };

    internal static LearnerEntry Entry { get; } = new("kernel_ridge", "Kernel model", new KernelRidge(),
    [
        Parameter.Integer<KernelRidge>("n_components", l => l.ComponentCount, (l, v) => l with { ComponentCount = v }, 1, 10_000,
            "Most rows that others are compared with; the cost of a fit grows with its square.", (200, 1200), ParameterScale.Log),
        Parameter.Real<KernelRidge>("gamma", l => l.Gamma, (l, v) => l with { Gamma = v }, 0, 1e6,
            "Width of the kernel exp(-gamma distance^2 / the sum of variances); 0 chooses by left-out rows.", (0.01, 5), ParameterScale.Linear),
    ], new());

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        context.ThrowIfCancelled();
        int[] rows = data.Weights.IsEmpty ? data.Rows : [.. data.Rows.Where(row => data.Weights.Span[row] > 0)];
        LinearProblem.CheckRows(data, rows);
        var points = KernelRows.Of(data, rows, context, out int[] pointOf);
        var solution = Solve(points, context);
        var top = data.Target.Task == TaskKind.Regression
            ? new LinearModel(new LinearShape(1, [], 0), [1], points.Means, [0], Link.Identity)
            : Calibrate(data, rows, pointOf, solution, context);
        return new KernelModel(solution.Landmarks, solution.Coefficients, top);
    }

    /// <summary>The width is chosen on a part of the points.</summary>
    KernelSolution Solve(KernelRows points, FitContext context)
    {
        if (Gamma > 0) return KernelSolution.Of(points, ComponentCount, Gamma / points.Spread, context);
        bool whole = points.Count <= Math.Min(WidthRows, ComponentCount);
        var few = whole ? points : points.Take(context.NewRandom().Choose(points.Count, Math.Min(points.Count, WidthRows)));
        KernelSolution? best = null;
        foreach (double width in Widths)
        {
            if (best is not null && context.ShouldFinish) break;
            var solution = KernelSolution.Of(few, ComponentCount, width / points.Spread, context);
            if (best is null || solution.LeastError < best.LeastError) best = solution;
        }
        return whole ? best! : KernelSolution.Of(points, ComponentCount, best!.Landmarks.Gamma, context);
    }

    /// <summary>Logistic regression of the classes on what each row was foreseen from the others.</summary>
    static LinearModel Calibrate(TrainingSet data, int[] rows, int[] pointOf, KernelSolution solution, FitContext context)
    {
        var watchedAt = new Dictionary<int, int>();
        for (int i = 0; i < solution.Watched.Length; i++) watchedAt[solution.Watched[i]] = i;
        int[] held = [.. Enumerable.Range(0, rows.Length).Where(i => watchedAt.ContainsKey(pointOf[i]))];
        int outputs = solution.LeftOut.Length / solution.Watched.Length;
        float[][] columns = [.. Enumerable.Range(0, outputs).Select(k => Array.ConvertAll(held, i => (float)solution.LeftOut[watchedAt[pointOf[i]] * outputs + k]))];
        var map = new FeatureMap([.. Enumerable.Range(0, outputs).Select(k => new Feature($"sum {k}", data.Features.Map.Dense.FirstOrDefault()?.Sources ?? []))], [], []);
        int[] heldRows = Array.ConvertAll(held, i => rows[i]);
        double WeightOf(int row) => data.Weights.IsEmpty ? 1 : data.Weights.Span[row];
        // Rare classes are watched more often than they occur.
        double[] all = new double[data.Target.ClassCount], seen = new double[data.Target.ClassCount];
        foreach (int row in rows) all[(int)data.Target.Values[row]] += WeightOf(row);
        foreach (int row in heldRows) seen[(int)data.Target.Values[row]] += WeightOf(row);
        double[] weights = Array.ConvertAll(heldRows, row => WeightOf(row) * all[(int)data.Target.Values[row]] / seen[(int)data.Target.Values[row]]);
        var set = new TrainingSet(new FeatureMatrix(map, held.Length, columns, [], null), data.Target.Take(heldRows), weights);
        return LinearProblem.Fit(set, context, LinearProblem.LossOf(data.Target), _ => new Penalty(0, CalibrationPenalty), intercept: true, new Precision(1e-6, 100));
    }
}
