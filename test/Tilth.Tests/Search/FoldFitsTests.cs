using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Linear;
using Tilth.Models.Nodes;
using Tilth.Parallelism;
using Tilth.Search;
using Tilth.Tests.Models;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

public sealed class FoldFitsTests
{
    /// <summary>If the fold that is scored said when to stop, noise would look foreseeable: it would stop where its own loss is lowest by chance.</summary>
    [Fact]
    public void Stopping_early_does_not_make_noise_look_foreseeable()
    {
        double gain = 0;
        const int Tables = 6;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var search = SearchOf(Make(200, seed, noise: true));
            var trial = Run(search, Candidate.Parse("gradient_boosting", [("learning_rate", "0.1"), ("num_leaves", "4")], null));
            double[] half = [.. search.Scored.Values.Select(_ => search.Scored.Values.Average())];
            gain += (LossOf(search, half) - LossOf(search, trial.OutOfFold)) / Tables;
        }
        Assert.InRange(gain, -0.05, 0.002);
    }

    [Fact]
    public void Folds_side_by_side_are_the_folds_one_by_one()
    {
        var search = SearchOf(Make(300, 4));
        using var three = new WorkerPool(3);
        var candidate = Candidate.Parse("oblivious_boosting", [("depth", "3"), ("n_estimators", "60")], null);
        Assert.Equal(Run(search, candidate).OutOfFold, Run(search, candidate, new FitContext { Workers = three }).OutOfFold);
    }

    [Fact]
    public void The_logarithm_of_a_product_is_learned_in_the_targets_own_unit()
    {
        var search = SearchOf(Products(2000));
        Assert.True(LogTarget.Suits(search.Data.Target));
        var plain = Run(search, Candidate.Parse("linear", [], null));
        var log = Candidate.Parse("linear", [("log_target", "true")], null);
        Assert.Equal("linear log_target=true", log.Key);
        var better = Run(search, log);
        Assert.True(better.Error < 0.5 * plain.Error, $"{better.Error} is not far below {plain.Error}");
        // The noise is a factor e^(0.3 z): the mean lies above e^(mean of the logarithm), by which the scale makes up.
        Assert.InRange(better.OutOfFold.Average() / search.Scored.Values.Average(), 0.97, 1.04);
        foreach (var candidate in (Candidate[])[log, Candidate.Parse("gradient_boosting", [("arithmetic", "20"), ("num_leaves", "7"), ("log_target", "true")], 10)])
            Assert.Equal(candidate, Candidate.Parse(candidate.Entry.Name, candidate.Settings, candidate.StatisticsAbove));
    }

    [Fact]
    public void The_logarithm_suits_long_tails_of_positive_numbers_only()
    {
        static Target Of(IEnumerable<double> values) => new(new TargetSchema { Column = "y", Task = TaskKind.Regression }, [.. values]);
        var random = new RandomSource(1);
        double[] z = [.. Enumerable.Range(0, 500).Select(_ => random.NextGaussian())];
        Assert.True(LogTarget.Suits(Of(z.Select(Elementary.Exp))));
        Assert.False(LogTarget.Suits(Of(z.Select(value => Elementary.Exp(value) - 0.5))));
        Assert.False(LogTarget.Suits(Of(z.Select(value => 10 + value))));
        Assert.False(LogTarget.Suits(Of([3, 3, 3])));
    }

    [Fact]
    public void A_packed_model_of_a_logarithm_comes_back_and_its_attributions_add_up_also_at_the_limit()
    {
        var search = SearchOf(Products(200));
        var set = Run(search, Candidate.Parse("linear", [("log_target", "true")], null)).Models[0];
        var pipeline = (Pipeline)set;
        var model = (LogTargetModel)pipeline.Model;
        var map = pipeline.Preparation.Map;
        var again = PartRoundTrip.Through(model.Pack, reader => ModelKinds.Unpack(model.PartKind, reader, map));
        foreach (float x in (float[])[-0.5f, 0.3f, 1e6f])
        {
            float[] row = [.. Enumerable.Repeat(x, map.Dense.Count)];
            double[] score = new double[1], same = new double[1], contributions = new double[map.Count], baseline = new double[1];
            model.ScoreRow(new FeatureRow(row, [], [], []), score);
            again.ScoreRow(new FeatureRow(row, [], [], []), same);
            Assert.Equal(score, same);
            model.Attribute(new FeatureRow(row, [], [], []), contributions, baseline);
            Assert.Equal(score[0], baseline[0] + contributions.Sum(), 9);
            Assert.InRange(score[0], -LogTargetModel.MostScore, Elementary.Log(search.Data.Target.Values.Max()) + 1);
        }
        Assert.IsType<LinearModel>(model.Logarithm);
        Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => ModelKinds.Unpack(model.PartKind, reader, map), json => json.Replace("\"kind\":\"linear\"", "\"kind\":\"log_target\"")));
    }

    static SearchData SearchOf(Table raw)
    {
        var data = Read(raw);
        return new SearchData(data, [.. Enumerable.Range(0, data.RowCount)], 4, null, 0);
    }

    static Trial Run(SearchData search, Candidate candidate, FitContext? context = null)
        => new TrialRun(search, new PreparedSets(search, 1 << 28), context ?? FitContext.Default).Run(1, candidate, 0, null, null);

    static double LossOf(SearchData search, double[] predictions)
        => search.Scored.Values.Zip(predictions, (y, p) => -Elementary.Log(y == 1 ? p : 1 - p)).Average();

    /// <summary>A product of powers, with noise that is a factor.</summary>
    static Table Products(int rows)
    {
        var random = new RandomSource(7);
        double[] x1 = new double[rows], x2 = new double[rows], y = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            (x1[row], x2[row]) = (random.NextGaussian(), random.NextGaussian());
            y[row] = 100 * Elementary.Exp(x1[row] - 0.8 * x2[row] + 0.3 * random.NextGaussian());
        }
        return new Table([new NumberColumn("x1", x1), new NumberColumn("x2", x2), new NumberColumn("y", y)]);
    }
}
