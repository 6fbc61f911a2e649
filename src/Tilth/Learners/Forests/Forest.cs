using Tilth.Fitting;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Prepare;

namespace Tilth.Learners.Forests;

/// <summary>
/// What forests have in common: many deep trees, each from other draws, whose leaves are averaged. Names and meanings are
/// scikit-learn's. Leaf sizes count weight. Thresholds lie between bins, of which a feature has at most 255.
/// </summary>
public abstract record Forest : ISupervisedLearner
{
    private protected Forest() { }

    /// <summary>Number of trees.</summary>
    public int NEstimators { get; init; } = 100;

    /// <summary>Share of the features that a node looks at; 0 is the square root of their number for classes, all for numbers.</summary>
    public double MaxFeatures { get; init; }

    /// <summary>Most cuts from the root to a leaf; 0 for no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>Least weight in a leaf.</summary>
    public double MinSamplesLeaf { get; init; } = 1;

    /// <summary>Least weight of a node that may be cut.</summary>
    public double MinSamplesSplit { get; init; } = 2;

    /// <summary>Each tree learns from rows drawn with replacement.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>Rows drawn for a tree, as a share of all.</summary>
    public double MaxSamples { get; init; } = 1;

    /// <inheritdoc/>
    public PreparationNeeds Needs => new() { Numbers = NumberForm.Raw, Categories = CategoryForm.Codes, Text = TextForm.Dense };

    /// <summary>One random threshold a feature instead of the best.</summary>
    internal abstract bool RandomThresholds { get; }

    internal static IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Integer<Forest>("n_estimators", l => l.NEstimators, (l, v) => l with { NEstimators = v }, 1, 100_000, "number of trees"),
        Parameter.Real<Forest>("max_features", l => l.MaxFeatures, (l, v) => l with { MaxFeatures = v }, 0, 1,
            "share of the features that a node looks at; 0 is the square root of their number for classes, all for numbers", (0.05, 1)),
        Parameter.Integer<Forest>("max_depth", l => l.MaxDepth, (l, v) => l with { MaxDepth = v }, 0, 10_000, "most cuts from the root to a leaf; 0 for no limit"),
        Parameter.Real<Forest>("min_samples_leaf", l => l.MinSamplesLeaf, (l, v) => l with { MinSamplesLeaf = v }, 0, 1e12, "least weight of rows in a leaf", (1, 20), ParameterScale.Log),
        Parameter.Real<Forest>("min_samples_split", l => l.MinSamplesSplit, (l, v) => l with { MinSamplesSplit = v }, 0, 1e12, "least weight of a node that may be cut"),
        Parameter.Flag<Forest>("bootstrap", l => l.Bootstrap, (l, v) => l with { Bootstrap = v }, "each tree learns from rows drawn with replacement"),
        Parameter.Real<Forest>("max_samples", l => l.MaxSamples, (l, v) => l with { MaxSamples = v }, 0.001, 1, "rows drawn for a tree, as a share of all"),
    ];

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context) => Run(data, context, outOfBag: false).Fit();

    /// <summary>Fits, and gives what the trees that did not see a row say of it on average.</summary>
    /// <param name="data">What to learn from.</param>
    /// <param name="context">Seed, threads and limits.</param>
    /// <param name="predictions">Rows of the features x outputs; NaN where a row was outside the view or every tree saw it.</param>
    public TreeEnsemble Fit(TrainingSet data, FitContext context, out double[] predictions)
    {
        var run = Run(data, context, outOfBag: true);
        var model = run.Fit();
        predictions = run.OutOfBag();
        return model;
    }

    ForestRun Run(TrainingSet data, FitContext context, bool outOfBag)
    {
        Problem[] problems = [.. Parameters.Select(parameter => parameter.Check(this)).OfType<Problem>()];
        if (problems.Length > 0) throw new LearningException(problems);
        return new(this, data, context, outOfBag);
    }
}
