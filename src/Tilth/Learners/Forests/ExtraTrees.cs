using Tilth.Fitting;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Prepare;

namespace Tilth.Learners.Forests;

/// <summary>
/// Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006): deep trees on all rows, each node taking the best of one random threshold for each of a few random features. Names, meanings and defaults are scikit-learn's.
/// Leaf sizes count weight. Thresholds lie between bins, of which a feature has at most 255.
/// </summary>
public sealed record ExtraTrees : ISupervisedLearner
{
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
    public bool Bootstrap { get; init; } = false;

    /// <summary>Rows drawn for a tree, as a share of all.</summary>
    public double MaxSamples { get; init; } = 1;

    /// <inheritdoc/>
    public PreparationNeeds Needs => new() { Numbers = NumberForm.Raw, Categories = CategoryForm.Codes, Text = TextForm.Dense };

    internal static LearnerEntry Entry { get; } = new("extra_trees", "Extra trees", new ExtraTrees(),
    [
        Parameter.Integer<ExtraTrees>("n_estimators", l => l.NEstimators, (l, v) => l with { NEstimators = v }, 1, 100_000, "number of trees"),
        Parameter.Real<ExtraTrees>("max_features", l => l.MaxFeatures, (l, v) => l with { MaxFeatures = v }, 0, 1,
            "share of the features that a node looks at; 0 is the square root of their number for classes, all for numbers", (0.05, 1)),
        Parameter.Integer<ExtraTrees>("max_depth", l => l.MaxDepth, (l, v) => l with { MaxDepth = v }, 0, 10_000, "most cuts from the root to a leaf; 0 for no limit"),
        Parameter.Real<ExtraTrees>("min_samples_leaf", l => l.MinSamplesLeaf, (l, v) => l with { MinSamplesLeaf = v }, 0, 1e12, "least weight of rows in a leaf", (1, 20), ParameterScale.Log),
        Parameter.Real<ExtraTrees>("min_samples_split", l => l.MinSamplesSplit, (l, v) => l with { MinSamplesSplit = v }, 0, 1e12, "least weight of a node that may be cut"),
        Parameter.Flag<ExtraTrees>("bootstrap", l => l.Bootstrap, (l, v) => l with { Bootstrap = v }, "each tree learns from rows drawn with replacement"),
        Parameter.Real<ExtraTrees>("max_samples", l => l.MaxSamples, (l, v) => l with { MaxSamples = v }, 0.001, 1, "rows drawn for a tree, as a share of all"),
    ], new() { ExactAttributions = true });

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
        if (Entry.Check(this) is { Count: > 0 } problems) throw new LearningException(problems);
        return new(new()
        {
            NEstimators = NEstimators, MaxFeatures = MaxFeatures, MaxDepth = MaxDepth, MinSamplesLeaf = MinSamplesLeaf, MinSamplesSplit = MinSamplesSplit,
            Bootstrap = Bootstrap, MaxSamples = MaxSamples, RandomThresholds = true,
        }, data, context, outOfBag);
    }
}
