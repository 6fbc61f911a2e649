using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Additive;
using Tilth.Models.Additive;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Additive;

public class AdditiveBoostingTests
{
    const int Rows = 3000;

    /// <summary>x0..x3 uniform on (-1, 1), two categories; the target is a known function and noise.</summary>
    static TrainingSet Make(Func<float[], int[], double> truth, TaskKind task = TaskKind.Regression, double noise = 0.1, int rows = Rows, ulong seed = 1, double gaps = 0)
    {
        var random = new RandomSource(seed);
        var dense = Enumerable.Range(0, 4).Select(_ => new float[rows]).ToArray();
        var codes = new[] { new int[rows], new int[rows] };
        var y = new double[rows];
        var x = new float[4];
        for (int row = 0; row < rows; row++)
        {
            for (int f = 0; f < 4; f++) dense[f][row] = x[f] = random.NextDouble() < gaps ? float.NaN : (float)(2 * random.NextDouble() - 1);
            for (int c = 0; c < 2; c++) codes[c][row] = random.NextInt(4);
            double z = truth(x, [codes[0][row], codes[1][row]]);
            y[row] = task == TaskKind.Regression ? z + noise * random.NextGaussian() : random.NextDouble() < Elementary.Sigmoid(z) ? 1 : 0;
        }
        return new TrainingSet(new FeatureMatrix(ContractData.MapOf(4, [4, 4], 0), rows, dense, codes, null), new Target(ContractData.TargetOf(task), y));
    }

    static AdditiveModel Fit(AdditiveBoosting learner, TrainingSet set) => (AdditiveModel)learner.Fit(set, FitContext.Default);

    static double[] Scores(AdditiveModel model, FeatureMatrix features)
    {
        var scores = new double[features.RowCount * model.OutputCount];
        model.Score(features, 0, features.RowCount, scores);
        return scores;
    }

    static AdditiveTerm Curve(AdditiveModel model, string name) => model.Terms.Single(term => term.Name == name);

    /// <summary>The curve's value at a number.</summary>
    static double At(AdditiveTerm curve, float x)
    {
        int bin = 0;
        while (bin < curve.Axes[0].Edges.Length && curve.Axes[0].Edges[bin] < x) bin++;
        return curve.Value(bin);
    }

    [Fact]
    public void Finds_each_curve_of_an_additive_function()
    {
        var set = Make((x, k) => 2 * x[0] * x[0] + (x[1] > 0.2 ? 1 : 0) + 0.5 * k[0]);
        var model = Fit(new AdditiveBoosting(), set);
        foreach (float x in (float[])[-0.9f, -0.5f, 0, 0.5f, 0.9f])
        {
            Assert.Equal(2 * x * x - 2.0 / 3, At(Curve(model, "x0"), x), 0.12);
            Assert.Equal(0, At(Curve(model, "x2"), x), 0.06);
        }
        Assert.Equal(1, At(Curve(model, "x1"), 0.6f) - At(Curve(model, "x1"), -0.6f), 0.06);
        var category = Curve(model, "k0");
        for (int level = 0; level < 4; level++) Assert.Equal(0.5 * (level - 1.5), category.Value(category.Axes[0].BinOfLevel[level]), 0.05);
        Assert.Equal(2.0 / 3 + 0.4 + 0.75, model.Intercept(), 0.05);
    }

    [Fact]
    public void Finds_the_pair_that_was_planted()
    {
        foreach (var task in (TaskKind[])[TaskKind.Regression, TaskKind.Binary])
        {
            var set = Make((x, k) => 2 * x[0] + 3 * x[1] * x[3] + x[2], task, rows: 2000);
            var model = Fit(new AdditiveBoosting { Interactions = 1 }, set);
            Assert.Equal("x1 x x3", model.Terms[^1].Name);
            var curvesOnly = Fit(new AdditiveBoosting { Interactions = 0 }, set);
            Assert.All(curvesOnly.Terms, term => Assert.Single(term.Axes));
            var fresh = Make((x, k) => 2 * x[0] + 3 * x[1] * x[3] + x[2], TaskKind.Regression, noise: 0, seed: 2);
            double own = ContractData.Loss(fresh.Target, Scores(model, fresh.Features), 1), without = ContractData.Loss(fresh.Target, Scores(curvesOnly, fresh.Features), 1);
            Assert.True(own < 0.4 * without, $"{task}: {own} with the pair, {without} without");
        }
    }

    [Fact]
    public void Finds_a_pair_of_categories_and_of_gaps()
    {
        var set = Make((x, k) => (k[0] == k[1] ? 2 : 0) + x[0]);
        Assert.Equal("k0 x k1", Fit(new AdditiveBoosting { Interactions = 1 }, set).Terms[^1].Name);
        // The target depends on x0 only where x1 is missing.
        set = Make((x, k) => float.IsNaN(x[0]) ? 0 : float.IsNaN(x[1]) ? 2 * x[0] : -2 * x[0], gaps: 0.3);
        Assert.Equal("x0 x x1", Fit(new AdditiveBoosting { Interactions = 1 }, set).Terms[^1].Name);
    }

    [Fact]
    public void Functions_are_centred_and_pairs_hold_nothing_of_one_feature()
    {
        static double Known(float x) => float.IsNaN(x) ? 0.3 : x;
        var set = Make((x, k) => Known(x[0]) + 2 * Known(x[1]) * Known(x[3]) + (k[0] == 1 ? Known(x[2]) : 0), gaps: 0.1);
        var model = Fit(new AdditiveBoosting(), set);
        Assert.Contains(model.Terms, term => term.Axes.Count == 2);
        foreach (var term in model.Terms)
        {
            double Sum(Func<int, bool> chosen) => Enumerable.Range(0, term.CellCount).Where(chosen).Sum(cell => term.Weight(cell) * term.Value(cell)) / Rows;
            Assert.Equal(0, Sum(_ => true), 1e-5);
            if (term.Axes.Count == 1) continue;
            int width = term.Axes[1].Bins;
            for (int a = 0; a < term.Axes[0].Bins; a++) Assert.Equal(0, Sum(cell => cell / width == a), 1e-5);
            for (int b = 0; b < width; b++) Assert.Equal(0, Sum(cell => cell % width == b), 1e-5);
        }
        Assert.Equal(set.Target.Values.Average(), model.Intercept(), 0.01);
    }

    [Fact]
    public void Contributions_add_up_to_the_score_to_the_bit()
    {
        foreach (var task in (TaskKind[])[TaskKind.Regression, TaskKind.Binary, TaskKind.Multiclass])
        {
            var learner = new AdditiveBoosting { OuterBags = 2 };
            var set = ContractData.Make(learner, task);
            var model = Fit(learner, set);
            int outputs = model.OutputCount, features = set.Features.Map.Count;
            double[] scores = new double[outputs], contributions = new double[features * outputs], baseline = new double[outputs];
            var dense = new float[4];
            var codes = new int[1];
            for (int i = 0; i < set.Features.RowCount; i++)
            {
                var row = set.Features.GetRow(i, dense, codes);
                model.ScoreRow(row, scores);
                model.Attribute(row, contributions, baseline);
                for (int k = 0; k < outputs; k++)
                {
                    Assert.Equal(scores[k], baseline[k] + Enumerable.Range(0, features).Sum(f => contributions[f * outputs + k]));
                    Assert.Equal(model.Intercept(k), baseline[k]);
                }
            }
        }
    }

    [Fact]
    public void A_constrained_curve_never_turns_and_an_unconstrained_one_nearly_follows()
    {
        var set = Make((x, k) => 1.5 * x[0] - Math.Abs(x[1]), noise: 1, rows: 600);
        var bound = Fit(new AdditiveBoosting { MonotoneConstraints = [1, -1, 0, 0, 0, 0] }, set);
        for (int bin = 1; bin < Curve(bound, "x0").CellCount; bin++) Assert.True(Curve(bound, "x0").Value(bin) >= Curve(bound, "x0").Value(bin - 1));
        for (int bin = 1; bin < Curve(bound, "x1").CellCount; bin++) Assert.True(Curve(bound, "x1").Value(bin) <= Curve(bound, "x1").Value(bin - 1));
        Assert.DoesNotContain(bound.Terms, term => term.Axes.Count == 2 && term.Axes.Any(axis => axis.Feature < 2));
        var free = Curve(Fit(new AdditiveBoosting(), set), "x0");
        Assert.True(At(free, 0.8f) > At(free, 0) && At(free, 0) > At(free, -0.8f));
        Assert.Contains("monotone", Assert.Throws<LearningException>(() => new AdditiveBoosting { MonotoneConstraints = [1] }.Fit(set, FitContext.Default)).Message);
        Assert.Contains("k0", Assert.Throws<LearningException>(() => new AdditiveBoosting { MonotoneConstraints = [0, 0, 0, 0, 1, 0] }.Fit(set, FitContext.Default)).Message);
    }

    [Fact]
    public void Bands_tell_how_far_curves_of_other_samples_lie()
    {
        var learner = new AdditiveBoosting { Interactions = 0, OuterBags = 12 };
        double said = 0, seen = 0;
        var values = new List<double[]>();
        float[] points = [-0.8f, -0.4f, 0, 0.4f, 0.8f];
        for (ulong seed = 1; seed <= 12; seed++)
        {
            var curve = Curve(Fit(learner, Make((x, k) => x[0], noise: 1, rows: 500, seed: seed)), "x0");
            values.Add([.. points.Select(x => At(curve, x))]);
            foreach (float x in points)
            {
                int bin = 0;
                while (curve.Axes[0].Edges[bin] < x) bin++;
                said += curve.Band(bin) * curve.Band(bin) / (12 * points.Length);
            }
        }
        for (int p = 0; p < points.Length; p++)
        {
            double mean = values.Average(v => v[p]);
            seen += values.Sum(v => (v[p] - mean) * (v[p] - mean)) / 11 / points.Length;
        }
        Assert.InRange(Math.Sqrt(said / seen), 0.6, 2.2);
    }

    [Fact]
    public void One_bag_that_never_stops_has_no_band()
    {
        var model = Fit(new AdditiveBoosting { EarlyStoppingRounds = 0, MaxRounds = 20 }, Make((x, k) => x[0], rows: 300));
        Assert.All(model.Terms, term => Assert.All(Enumerable.Range(0, term.CellCount), cell => Assert.Equal(0, term.Band(cell))));
    }

    [Fact]
    public void Given_rows_decide_when_to_stop()
    {
        var set = Make((x, k) => x[0], rows: 600);
        // Rows with the opposite law: no round makes them better, so nothing is learned.
        var wrong = new TrainingSet(set.Features, new Target(set.Target.Schema, [.. set.Target.Values.Select((y, row) => row < 400 ? y : -y)]));
        var model = Fit(new AdditiveBoosting(), wrong.View([.. Enumerable.Range(0, 400)], [.. Enumerable.Range(400, 200)]));
        Assert.All(model.Terms, term => Assert.True(term.Importance() < 0.02));
    }
}
