using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Parallelism;

namespace Tilth.Tests.Contracts;

/// <summary>What is true of every learner in the catalogue, for every kind of target that it says it learns.</summary>
public class LearnerContract
{
    public static TheoryData<string, TaskKind> LearnersAndTasks()
    {
        var data = new TheoryData<string, TaskKind>();
        foreach (var entry in LearnerCatalog.All)
            foreach (var task in entry.Traits.Tasks) data.Add(entry.Name, task);
        return data;
    }

    /// <summary>All but those whose traits give a reason why weights are not copies of rows.</summary>
    public static TheoryData<string, TaskKind> LearnersThatCountWeights()
    {
        var data = new TheoryData<string, TaskKind>();
        foreach (var entry in LearnerCatalog.All.Where(entry => entry.Traits is { IgnoresWeights: null, WeightZeroMatters: null }))
            foreach (var task in entry.Traits.Tasks) data.Add(entry.Name, task);
        return data;
    }

    public static TheoryData<string> Learners() => [.. LearnerCatalog.All.Select(entry => entry.Name)];

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void Beats_the_trivial_baseline_on_new_rows(string name, TaskKind task)
    {
        var learner = InstructionSetTests.IsSwitchedRun ? Small(name) : LearnerCatalog.Find(name).Default;
        var fresh = ContractData.Make(learner, task, seed: 2);
        double loss = ContractData.Loss(fresh.Target, Predict(Fit(learner, task), fresh.Features), OutputsOf(task));
        Assert.True(loss < 0.8 * ContractData.TrivialLoss(fresh.Target), $"loss {loss}, trivial {ContractData.TrivialLoss(fresh.Target)}");
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void Same_seed_same_bits_and_no_thread_count_changes_one(string name, TaskKind task)
    {
        var learner = Small(name);
        var set = ContractData.Make(learner, task);
        var before = Snapshot(set);
        var expected = Predict(learner.Fit(set, Context(seed: 5)), set.Features);
        Assert.Equal(expected, Predict(learner.Fit(set, Context(seed: 5)), set.Features));
        foreach (int threads in (int[])[2, 4])
        {
            using var pool = new WorkerPool(threads);
            var again = ContractData.Make(learner, task);
            Assert.Equal(expected, Predict(learner.Fit(again, Context(seed: 5) with { Workers = pool }), again.Features));
        }
        Assert.Equal(before, Snapshot(set));
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void A_batch_equals_its_rows_in_any_order_and_from_many_threads(string name, TaskKind task)
    {
        var learner = Small(name);
        var model = Fit(learner, task);
        var fresh = ContractData.Make(learner, task, rows: 150, seed: 3).Features;
        var batch = Predict(model, fresh);
        Parallel.For(0, 4, thread =>
        {
            var dense = new float[fresh.Map.Dense.Count];
            var codes = new int[fresh.Map.Categories.Count];
            var scores = new double[model.OutputCount];
            for (int i = 0; i < fresh.RowCount; i++)
            {
                int row = (i * 7 + thread * 31) % fresh.RowCount;
                model.PredictRow(fresh.GetRow(row, dense, codes), scores);
                Assert.Equal(batch[(row * model.OutputCount)..((row + 1) * model.OutputCount)], scores);
            }
        });
        var part = new double[50 * model.OutputCount];
        model.Predict(fresh, 37, 50, part);
        Assert.Equal(batch[(37 * model.OutputCount)..(87 * model.OutputCount)], part);
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void One_row_costs_no_allocation(string name, TaskKind task)
    {
        var learner = Small(name);
        var model = Fit(learner, task);
        var features = ContractData.Make(learner, task, rows: 50).Features;
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        var scores = new double[model.OutputCount];
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int row = 0; row < 50; row++) model.PredictRow(features.GetRow(row, dense, codes), scores);
        }));
    }

    [Theory, MemberData(nameof(LearnersThatCountWeights))]
    public void Weight_two_is_the_row_twice_and_weight_zero_is_no_row(string name, TaskKind task)
    {
        var entry = LearnerCatalog.Find(name);
        var learner = Plain(entry);
        var set = ContractData.Make(learner, task, rows: 300);
        var random = new RandomSource(9);
        var weights = Enumerable.Range(0, 300).Select(_ => (double)random.NextInt(3)).ToArray();
        var repeated = Enumerable.Range(0, 300).SelectMany(row => Enumerable.Repeat(row, (int)weights[row])).ToArray();
        var weighted = learner.Fit(ContractData.Take(set, [.. Enumerable.Range(0, 300)], weights), Context());
        var copied = learner.Fit(ContractData.Take(set, repeated), Context());
        AssertClose(Predict(copied, set.Features), Predict(weighted, set.Features), 0.02, 0.98);
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void Constant_missing_and_unseen_values_do_no_harm(string name, TaskKind task)
    {
        var learner = Small(name);
        var set = ContractData.Make(learner, task, rows: 200);
        bool missing = !learner.Needs.FillMissing;
        var dense = new[] { set.Features.Dense[0], new float[200], [.. Enumerable.Repeat(missing ? float.NaN : 3f, 200)], set.Features.Dense[1] };
        var codes = set.Features.Codes.Select(_ => new int[200]).ToArray();
        var nasty = new FeatureMatrix(set.Features.Map, 200, dense, codes, set.Features.Sparse);
        var model = learner.Fit(new TrainingSet(nasty, set.Target), Context());
        var fresh = ContractData.Make(learner, task, rows: 50, seed: 4).Features;
        foreach (var unseen in fresh.Codes) unseen.AsSpan().Fill(4);
        if (missing) foreach (var column in fresh.Dense) column.AsSpan(0, 10).Fill(float.NaN);
        fresh.Dense[0][20] = 1e30f;
        fresh.Dense[0][21] = -1e30f;
        AssertValid(Predict(model, fresh), task);
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void A_few_rows_and_no_features_still_give_a_model(string name, TaskKind task)
    {
        var learner = Small(name);
        var few = ContractData.Make(learner, task, rows: 12);
        AssertValid(Predict(learner.Fit(few, Context()), few.Features), task);
        var none = new FeatureMatrix(ContractData.MapOf(0, [], 0), 12, [], [], null);
        AssertValid(Predict(learner.Fit(new TrainingSet(none, few.Target), Context()), none), task);
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void No_rows_or_one_class_is_refused_with_a_sentence(string name, TaskKind task)
    {
        var learner = Small(name);
        var set = ContractData.Make(learner, task, rows: 30);
        Assert.Throws<LearningException>(() => learner.Fit(set.View([]), Context()));
        if (task == TaskKind.Regression) return;
        var single = new TrainingSet(set.Features, new Target(set.Target.Schema, new double[30]));
        Assert.Contains("class", Assert.Throws<LearningException>(() => learner.Fit(single, Context())).Message);
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void Cancelling_throws_and_finishing_early_gives_a_model(string name, TaskKind task)
    {
        var learner = Small(name);
        var set = ContractData.Make(learner, task);
        Assert.ThrowsAny<OperationCanceledException>(() => learner.Fit(set, Context() with { Cancellation = new(true) }));
        AssertValid(Predict(learner.Fit(set, Context() with { FinishEarly = new(true) }), set.Features), task);
    }

    /// <summary>Those that the clock may end after any step: settings must give what was kept.</summary>
    [Theory]
    [InlineData("gradient_boosting", "boosting", 5)]
    [InlineData("oblivious_boosting", "boosting", 5)]
    [InlineData("neural_network", "network", 2)]
    [InlineData("additive_boosting", "curves", 3)]
    [InlineData("additive_boosting", "pairs", 2)]
    public void A_fit_that_was_ended_comes_again_from_settings_that_end_there(string name, string stage, int step)
    {
        // Without rows that are kept back to stop by, from which boosting learns in the end too.
        var learner = Assert.IsAssignableFrom<IStepsLearner>(Small(name) is IRoundsLearner rounds ? rounds.WithRounds(20) : Small(name));
        foreach (var task in (TaskKind[])[TaskKind.Binary, TaskKind.Regression])
        {
            var set = ContractData.Make(learner, task);
            using var end = new CancellationTokenSource();
            var last = new Ending(end, stage, step);
            var ended = learner.Fit(set, Context() with { FinishEarly = end.Token, Progress = last });
            Assert.Equal((stage, step), (last.Told.Stage, (int)last.Told.Done));
            Assert.Equal(Predict(ended, set.Features), Predict(learner.EndingAt(last.Told).Fit(set, Context()), set.Features));
            // The data have no pairs of features that matter.
            if (stage != "pairs") Assert.NotEqual(Predict(ended, set.Features), Predict(learner.Fit(set, Context()), set.Features));
        }
    }

    sealed class Ending(CancellationTokenSource end, string stage, int step) : IProgress<FitProgress>
    {
        public FitProgress Told { get; private set; }

        public void Report(FitProgress value)
        {
            Told = value;
            if (value.Stage == stage && value.Done == step) end.Cancel();
        }
    }

    [Theory, MemberData(nameof(LearnersAndTasks))]
    public void A_view_learns_only_from_its_rows(string name, TaskKind task)
    {
        var learner = Plain(LearnerCatalog.Find(name));
        var set = ContractData.Make(learner, task, rows: 300);
        int[] rows = [.. Enumerable.Range(0, 200)];
        var expected = Predict(learner.Fit(set.View(rows), Context()), set.Features);
        var other = (double[])set.Target.Values.Clone();
        for (int row = 200; row < 300; row++) other[row] = task == TaskKind.Regression ? 1e6 : 0;
        var spoiled = new TrainingSet(set.Features, new Target(set.Target.Schema, other));
        Assert.Equal(expected, Predict(learner.Fit(spoiled.View(rows), Context()), set.Features));
    }

    [Theory, MemberData(nameof(Learners))]
    public void Every_hyperparameter_refuses_what_its_range_excludes(string name)
    {
        var entry = LearnerCatalog.Find(name);
        Assert.NotEmpty(entry.Parameters);
        Assert.Empty(entry.Check(entry.Default));
        foreach (var parameter in entry.Parameters)
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", parameter.Name);
            Assert.True(parameter.Help.Length > 10, $"{parameter.Name} has no help");
            double value = parameter.Get(entry.Default);
            Assert.Equal(value, parameter.Get(parameter.Set(entry.Default, value)));
            Assert.Equal(value, parameter.Get(parameter.Parse(entry.Default, parameter.Format(value))));
            if (parameter.Search is var (low, high))
                Assert.True(low >= parameter.Min && high <= parameter.Max && low < high, $"the search range of {parameter.Name} leaves its range");
            foreach (double outside in (double[])[parameter.Min - 1, double.NaN])
                Assert.Contains(parameter.Name, Assert.Throws<LearningException>(() => parameter.Set(entry.Default, outside)).Message);
        }
        Assert.Equal(entry.Parameters.Count, entry.Parameters.Select(p => p.Name).Distinct().Count());
    }

    static readonly Dictionary<string, string> Switches = new()
    {
        ["early_stopping_rounds"] = "0", ["bagging_fraction"] = "1", ["feature_fraction"] = "1", ["feature_fraction_bynode"] = "1",
        ["bootstrap"] = "false", ["max_samples"] = "1", ["random_strength"] = "0", ["one_hot_max_size"] = "256",
    };

    /// <summary>Sizes at which the rules say as much in a tenth of the time.</summary>
    static readonly Dictionary<string, string> Sizes = new()
    {
        ["n_estimators"] = "40", ["n_members"] = "2", ["hidden_units"] = "24", ["embedding_size"] = "4", ["embedding_bins"] = "8", ["max_epochs"] = "30",
        ["n_components"] = "20",
    };

    internal static ISupervisedLearner Small(string name) => With(LearnerCatalog.Find(name).Default, name, Sizes);

    /// <summary>The small learner without sampling and early stopping, as the rule about weights asks.</summary>
    static ISupervisedLearner Plain(LearnerEntry entry) => With(Small(entry.Name), entry.Name, Switches);

    static ISupervisedLearner With(ISupervisedLearner learner, string name, Dictionary<string, string> values)
    {
        foreach (var parameter in LearnerCatalog.Find(name).Parameters)
            if (values.TryGetValue(parameter.Name, out string? value)) learner = parameter.Parse(learner, value);
        return learner;
    }

    static FitContext Context(ulong seed = 1) => new() { Seed = seed };

    static int OutputsOf(TaskKind task) => ContractData.TargetOf(task).OutputCount;

    static Model Fit(ISupervisedLearner learner, TaskKind task) => learner.Fit(ContractData.Make(learner, task), Context());

    static double[] Predict(Model model, FeatureMatrix features)
    {
        var predictions = new double[features.RowCount * model.OutputCount];
        model.Predict(features, 0, features.RowCount, predictions);
        return predictions;
    }

    static void AssertValid(double[] predictions, TaskKind task)
    {
        Assert.All(predictions, p => Assert.True(double.IsFinite(p)));
        if (task == TaskKind.Regression) return;
        Assert.All(predictions, p => Assert.InRange(p, 0, 1));
        if (task == TaskKind.Multiclass)
            for (int at = 0; at < predictions.Length; at += 3) Assert.Equal(1, predictions[at] + predictions[at + 1] + predictions[at + 2], 1e-9);
    }

    /// <summary>All but a share of the numbers agree to the tolerance (a tie broken otherwise may move a few).</summary>
    static void AssertClose(double[] expected, double[] found, double tolerance, double share)
    {
        int close = expected.Zip(found).Count(pair => Math.Abs(pair.First - pair.Second) <= tolerance * Math.Max(1, Math.Abs(pair.First)));
        Assert.True(close >= share * expected.Length, $"{close} of {expected.Length} agree");
    }

    static string Snapshot(TrainingSet set)
        => string.Join(';', set.Features.Dense.Select(c => string.Join(',', c)).Concat(set.Features.Codes.Select(c => string.Join(',', c))))
           + string.Join(',', set.Target.Values) + string.Join(',', set.Rows);
}
