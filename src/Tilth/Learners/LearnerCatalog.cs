using Tilth.Data;
using Tilth.Learners.Additive;
using Tilth.Learners.Boosting;
using Tilth.Learners.Forests;
using Tilth.Learners.Kernel;
using Tilth.Learners.Linear;
using Tilth.Learners.Neighbors;
using Tilth.Learners.Neural;
using Tilth.Learners.Oblivious;

namespace Tilth.Learners;

/// <summary>Which values of a number a learner can learn.</summary>
public enum TargetRange
{
    /// <summary>Any.</summary>
    Any,
    /// <summary>0 and above (counts).</summary>
    NotNegative,
    /// <summary>Above 0 (amounts, durations).</summary>
    Positive,
}

/// <summary>What is true of every fit of a learner; the contract tests hold it to each of these.</summary>
public sealed record LearnerTraits
{
    /// <summary>The kinds of target it learns.</summary>
    public IReadOnlyList<TaskKind> Tasks { get; init; } = [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    /// <summary>The numbers it can learn, if it learns numbers; a fit refuses others with a sentence.</summary>
    public TargetRange TargetRange { get; init; }

    /// <summary>It takes weights; if not, why.</summary>
    public string? IgnoresWeights { get; init; }

    /// <summary>A row of weight 0 is as good as absent; if not, why.</summary>
    public string? WeightZeroMatters { get; init; }

    /// <summary>Its models can say which feature moved a row's score, exactly.</summary>
    public bool ExactAttributions { get; init; }
}

/// <summary>A learner as the catalogue lists it.</summary>
/// <param name="Name">Snake case; what a person types ("gradient_boosting").</param>
/// <param name="Title">For reports ("Gradient boosting").</param>
/// <param name="Default">The learner with its default hyperparameters.</param>
/// <param name="Parameters">All its hyperparameters.</param>
/// <param name="Traits">What is true of it.</param>
public sealed record LearnerEntry(string Name, string Title, ISupervisedLearner Default, IReadOnlyList<Parameter> Parameters, LearnerTraits Traits)
{
    /// <summary>All problems with a learner's hyperparameters.</summary>
    public IReadOnlyList<Problem> Check(ISupervisedLearner learner)
        => [.. Parameters.Select(parameter => parameter.Check(learner)).OfType<Problem>()];
}

/// <summary>Every learner, a line each. What stands here appears by itself in the command line, the search and the contract tests.</summary>
public static class LearnerCatalog
{
    /// <summary>The learners in the order in which people see them.</summary>
    public static IReadOnlyList<LearnerEntry> All { get; } =
    [
        GradientBoosting.Entry,
        ObliviousBoosting.Entry,
        RandomForest.Entry,
        ExtraTrees.Entry,
        LinearLearner.Entry,
        NeuralNetwork.Entry,
        LinearRegression.Entry,
        Ridge.Entry,
        Lasso.Entry,
        ElasticNet.Entry,
        LogisticRegression.Entry,
        PoissonRegression.Entry,
        GammaRegression.Entry,
        QuantileRegression.Entry,
        NearestNeighbors.Entry,
        KernelRidge.Entry,
        AdditiveBoosting.Entry,
    ];

    /// <summary>The learner of that name.</summary>
    /// <exception cref="LearningException">There is none; the message suggests the nearest name.</exception>
    public static LearnerEntry Find(string name) => All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new LearningException("learner-unknown", Spelling.Nearest(name, All.Select(entry => entry.Name)) is { } nearest
            ? $"no learner '{name}'; did you mean '{nearest}'?"
            : $"no learner '{name}'; there are {Spelling.List(All.Select(entry => entry.Name))}");
}
