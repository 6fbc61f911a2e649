using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Models.Kernel;
using Tilth.Prepare;

namespace Tilth.Learners.Kernel;

/// <summary>
/// Kernel ridge regression and kernel logistic regression with a Gaussian kernel, by random Fourier features (Rahimi and Recht,
/// 2007) under a self-tuning linear model: what a support vector machine with an RBF kernel is used for. The width of the
/// kernel and the strength of the penalty are chosen by cross-validation on at most 4,000 rows, unless the width is given.
/// </summary>
public sealed record RandomFeatures : ISupervisedLearner
{
    const int TuningRows = 4000;

    /// <summary>Widths that are tried, relative to 1 / number of features.</summary>
    static readonly double[] Widths = [0.1, 0.5, 2];

    /// <summary>Number of random features.</summary>
    public int ComponentCount { get; init; } = 100;

    /// <summary>The kernel is exp(-gamma |x - x'|^2); 0 lets the data choose.</summary>
    public double Gamma { get; init; }

    /// <summary>Folds of the cross-validation.</summary>
    public int Cv { get; init; } = 3;

    /// <inheritdoc/>
    public PreparationNeeds Needs => new()
    {
        Numbers = NumberForm.Standard, FillMissing = true, Categories = CategoryForm.TargetEncoded, Text = TextForm.Dense,
    };

    internal static LearnerEntry Entry { get; } = new("random_features", "Kernel model (random features)", new RandomFeatures(),
    [
        Parameter.Integer<RandomFeatures>("n_components", l => l.ComponentCount, (l, v) => l with { ComponentCount = v }, 1, 100_000,
            "Number of random features; more follow the kernel more closely and cost more.", (64, 2048), ParameterScale.Log),
        Parameter.Real<RandomFeatures>("gamma", l => l.Gamma, (l, v) => l with { Gamma = v }, 0, 1e6,
            "Width of the kernel exp(-gamma distance^2); 0 chooses by cross-validation.", (1e-4, 10), ParameterScale.Linear),
        Parameter.Integer<RandomFeatures>("cv", l => l.Cv, (l, v) => l with { Cv = v }, 2, 20, "Folds of the cross-validation that chooses width and penalty."),
    ], new());

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context)
    {
        context.ThrowIfCancelled();
        var map = data.Features.Map;
        if (map.Count != map.Dense.Count) throw new ArgumentException("random features take dense numbers only; prepare them with the learner's needs");
        double[] gammas = Gamma > 0 ? [Gamma] : Array.ConvertAll(Widths, width => width / Math.Max(1, map.Dense.Count));
        bool classes = data.Target.Task != TaskKind.Regression;
        LinearLoss Loss() => LinearProblem.LossOf(data.Target);
        (double Loss, FourierFeatures Features, Design Design, Penalty Penalty)? best = null;
        foreach (double gamma in gammas)
        {
            if (best is not null && context.ShouldFinish) break;
            var fourier = FourierFeatures.Draw(ComponentCount, map.Dense.Count, gamma, context.NewRandom());
            var design = LinearProblem.DesignOf(Transform(data, fourier, context), context);
            var path = new PenaltyPath(design, Loss, classes, l1Ratio: 0, intercept: true, Cv, TuningRows);
            var penalty = path.Choose(context);
            if (best is null || path.BestLoss < best.Value.Loss) best = (path.BestLoss, fourier, design, penalty);
        }
        var chosen = best!.Value;
        var run = new NewtonRun(chosen.Design, Loss(), chosen.Design.Weights, intercept: true, lasso: false);
        run.Solve(chosen.Penalty, new(1e-5, 100), context);
        return new RandomFeaturesModel(chosen.Features, LinearProblem.ModelOf(chosen.Design, run.Loss, run.Coefficients));
    }

    /// <summary>The rows of the view with their random features in place of their numbers.</summary>
    static TrainingSet Transform(TrainingSet data, FourierFeatures fourier, FitContext context)
    {
        var rows = data.Rows;
        var columns = new float[fourier.Count][];
        for (int r = 0; r < columns.Length; r++) columns[r] = new float[rows.Length];
        context.Workers.ForChunks(rows.Length, 1024, (_, start, end) =>
        {
            var row = new float[fourier.Inputs];
            for (int i = start; i < end; i++)
            {
                for (int j = 0; j < row.Length; j++) row[j] = data.Features.DenseColumn(j)[rows[i]];
                FourierFeatures.Bound(row, row);
                for (int r = 0; r < columns.Length; r++) columns[r][i] = fourier.Of(row, r);
            }
        });
        var map = new FeatureMap([.. Enumerable.Range(0, fourier.Count).Select(r => new Feature($"random {r}", data.Features.Map.Dense.FirstOrDefault()?.Sources ?? []))], [], []);
        double[] weights = data.Weights.IsEmpty ? [] : Array.ConvertAll(rows, row => data.Weights.Span[row]);
        return new TrainingSet(new FeatureMatrix(map, rows.Length, columns, [], null), data.Target.Take(rows), weights);
    }
}
