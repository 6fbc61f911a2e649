using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners.Solvers;
using Tilth.Models;
using Tilth.Models.Linear;
using Tilth.Statistics;

namespace Tilth.Learners.Linear;

/// <summary>What can be said of one coefficient of an unpenalised model.</summary>
/// <param name="Name">The feature ("city=Bern"), or "(intercept)".</param>
/// <param name="Estimate">The coefficient.</param>
/// <param name="StandardError">Its standard deviation over samples like this one.</param>
/// <param name="Statistic">The estimate over its standard error: a t for estimated dispersion, else a z.</param>
/// <param name="PValue">The chance of a statistic at least as far from 0, were the coefficient 0.</param>
/// <param name="Low">Lower end of the confidence interval.</param>
/// <param name="High">Upper end of the confidence interval.</param>
public sealed record Coefficient(string Name, double Estimate, double StandardError, double Statistic, double PValue, double Low, double High);

/// <summary>
/// Standard errors, tests and confidence intervals of maximum-likelihood coefficients, from the expected information X'WX
/// (McCullagh and Nelder 1989, 4.4; for least squares the textbook formulas). Weights count rows: a weight of 2 is the row
/// twice. Not valid after a penalty or after features were chosen by the target.
/// </summary>
public sealed record CoefficientTable
{
    /// <summary>The coefficients: the intercept, then the features in the order of the model's weights.</summary>
    public required IReadOnlyList<Coefficient> Coefficients { get; init; }

    /// <summary>The variance of the target beside what its mean implies: residual variance for least squares, 1 for counts and classes.</summary>
    public required double Dispersion { get; init; }

    /// <summary>Rows less coefficients.</summary>
    public required double DegreesOfFreedom { get; init; }

    /// <summary>The table of a model that <see cref="LinearRegression"/>, <see cref="LogisticRegression"/> without penalty (two
    /// classes), <see cref="PoissonRegression"/> or <see cref="GammaRegression"/> with alpha 0 fitted to these rows.</summary>
    /// <param name="model">The fitted model, with an intercept.</param>
    /// <param name="data">The rows that it was fitted to.</param>
    /// <param name="gamma">For an exponential link: whether the target is Gamma (else Poisson) distributed.</param>
    /// <param name="confidence">Of the intervals, between 0 and 1.</param>
    /// <param name="context">Threads and cancellation.</param>
    /// <exception cref="LearningException">The coefficients are not determined: columns depend on each other, or rows are too few.</exception>
    public static CoefficientTable Of(LinearModel model, TrainingSet data, FitContext context, bool gamma = false, double confidence = 0.95)
    {
        if (model.OutputCount != 1) throw new LearningException("inference-multiclass", "a coefficient table needs a model with one output, not one a class");
        if (!(confidence is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "must lie between 0 and 1");
        var design = LinearProblem.DesignOf(data, context);
        int size = design.Columns + 1;
        double degrees = design.TotalWeight - size;
        if (!(degrees > 0)) throw new LearningException("inference-rows", $"{design.TotalWeight} rows are too few for {size} coefficients: their errors cannot be estimated");
        double[] coefficients = [.. model.Weights(0), model.Intercepts[0]];
        var (curvature, dispersion) = Information(design, coefficients, model.Link, gamma, degrees);
        var inverse = Cholesky.Of(Gram.Of(design, curvature), size)?.Inverse() ?? throw new LearningException("inference-singular",
            "some columns are sums of others (all levels of a category beside an intercept, or copies), so single coefficients are not determined");
        bool estimated = model.Link == Link.Identity || gamma;
        double reach = estimated ? StudentDistribution.Quantile(0.5 + confidence / 2, degrees) : NormalDistribution.Quantile(0.5 + confidence / 2);
        var rows = new List<Coefficient>(size);
        for (int at = -1; at < size - 1; at++)
        {
            int j = at < 0 ? size - 1 : at;
            double error = Math.Sqrt(dispersion * inverse[j * size + j]), statistic = coefficients[j] / error;
            double tail = estimated ? StudentDistribution.Tail(Math.Abs(statistic), degrees) : NormalDistribution.Tail(Math.Abs(statistic));
            rows.Add(new(at < 0 ? "(intercept)" : NameOf(data.Features.Map, j), coefficients[j], error, statistic, 2 * tail,
                coefficients[j] - reach * error, coefficients[j] + reach * error));
        }
        return new() { Coefficients = rows, Dispersion = dispersion, DegreesOfFreedom = degrees };
    }

    /// <summary>The weight of each row in the information, and the dispersion.</summary>
    static (double[] Curvature, double Dispersion) Information(Design design, double[] coefficients, Link link, bool gamma, double degrees)
    {
        var scores = new double[design.Rows];
        design.Times(coefficients, scores, 1);
        var curvature = new double[design.Rows];
        double squares = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double weight = design.Weights[i], y = design.Target[i];
            double mean = link switch { Link.Logistic => Elementary.Sigmoid(scores[i]), Link.Exponential => Elementary.Exp(scores[i]), _ => scores[i] };
            curvature[i] = weight * (link switch { Link.Logistic => mean * (1 - mean), Link.Exponential when !gamma => mean, _ => 1 });
            double residual = gamma ? (y - mean) / mean : y - mean;
            squares += weight * residual * residual;
        }
        return (curvature, link == Link.Identity || gamma ? squares / degrees : 1);
    }

    static string NameOf(FeatureMap map, int column)
    {
        if (column < map.Dense.Count) return map.NameOf(column);
        int rest = column - map.Dense.Count;
        foreach (var category in map.Categories)
        {
            if (rest < category.LevelCount) return $"{category.Feature.Name}=#{rest}";
            rest -= category.LevelCount;
        }
        return map.NameOf(map.SparseStart + rest);
    }
}
