using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Prepare;
using Tilth.Search;

namespace Tilth.Tests.Search;

/// <summary>Small tables and cheap candidates.</summary>
static class SearchTables
{
    /// <summary>y depends on x1, on a product of x2 and x3, and on noise; or on nothing.</summary>
    public static Table Make(int rows, ulong seed, bool noise = false, bool classes = true)
    {
        var random = new RandomSource(seed);
        double[][] x = [.. Enumerable.Range(0, 4).Select(_ => new double[rows])];
        var (codes, y) = (new double[rows], new double[rows]);
        for (int row = 0; row < rows; row++)
        {
            foreach (var column in x) column[row] = random.NextGaussian();
            double score = noise ? random.NextGaussian() : x[0][row] + 1.5 * x[1][row] * x[2][row] + 0.7 * random.NextGaussian();
            y[row] = classes ? (score > 0 ? 1 : 0) : score;
        }
        return new Table([.. x.Select((column, i) => (Column)new NumberColumn($"x{i + 1}", column)), new NumberColumn("y", y)]);
    }

    public static TrainingTable Read(Table raw) => TrainingTable.Infer(raw, new SchemaRequest { Target = "y" }, FitContext.Default, new DecisionLog(), []);

    public static IReadOnlyList<Candidate> Cheap { get; } =
    [
        Candidate.Parse("linear", [("cv", "3")], null),
        Candidate.Parse("extra_trees", [("n_estimators", "12"), ("min_samples_leaf", "3")], null),
        Candidate.Parse("gradient_boosting", [("n_estimators", "25"), ("early_stopping_rounds", "0"), ("num_leaves", "8"), ("learning_rate", "0.15")], null),
        Candidate.Parse("k_nearest_neighbors", [("n_neighbors", "9")], null),
    ];

    public static SearchOutcome Run(Table raw, SearchPlan plan, FitContext? context = null, IReadOnlyList<Candidate>? portfolio = null, int? folds = 4)
    {
        var data = Read(raw);
        plan.Check();
        using var log = TrialLog.Open(plan.Log, plan.LogUse);
        return ModelSearch.Run(plan, log, data, [.. Enumerable.Range(0, data.RowCount)], folds, plan.Clock.GetTimestamp(), context ?? FitContext.Default, null, portfolio ?? Cheap);
    }

    /// <summary>A candidate of a learner that is in no catalogue.</summary>
    public static Candidate Of(ISupervisedLearner learner, string name) => new(new LearnerEntry(name, name, learner, [], new LearnerTraits()), learner);
}

/// <summary>A learner whose fit breaks.</summary>
sealed record BrokenLearner : ISupervisedLearner
{
    public PreparationNeeds Needs => new();

    public Model Fit(TrainingSet data, FitContext context) => throw new IndexOutOfRangeException("this learner is broken");
}

/// <summary>A learner that takes its time, looks at the wish to finish, and then gives a linear model.</summary>
sealed record SlowLearner(int Milliseconds) : ISupervisedLearner
{
    static readonly ISupervisedLearner Inner = LearnerCatalog.Find("linear").Default;

    public PreparationNeeds Needs => Inner.Needs;

    public Model Fit(TrainingSet data, FitContext context)
    {
        context.FinishEarly.WaitHandle.WaitOne(Milliseconds);
        return Inner.Fit(data, context);
    }
}
