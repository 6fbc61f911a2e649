using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Prepare;

namespace Tilth.Tests.Prepare;

/// <summary>
/// Steps that read the target must not whisper it: noise columns with a coin for a target. A linear model over all features
/// has a mean AUC of 0.5 within two standard errors over repetitions. It is scored on rows that neither it nor the
/// preparation saw: out-of-fold values of some rows know the targets of the others, so rows that score a model (folds,
/// validation rows) must be left out of the fit of a preparation that reads the target. On the rows of the fit itself a
/// feature by itself must not score above 0.5; a little below is in the nature of out-of-fold means, as of two rows of one
/// level each enters what the other is given.
/// </summary>
public class LeakTests
{
    const int Rows = 600, Repetitions = 30;

    [Theory, InlineData(CategoryForm.TargetEncoded, TextForm.None), InlineData(CategoryForm.Codes, TextForm.Dense)]
    public void Noise_stays_noise(CategoryForm categories, TextForm text)
    {
        var single = new List<double>();
        var model = new List<double>();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            var table = Noise((ulong)repetition);
            var target = PlanData.RandomTarget(Rows, TaskKind.Binary, 1000 + (ulong)repetition);
            var needs = new PreparationNeeds { Numbers = NumberForm.Standard, FillMissing = true, Categories = categories, Text = text, TargetStatisticsAbove = 5 };
            var plan = PreparationPlan.For(PlanData.SchemaOf(table), needs);
            var context = FitContext.Default with { Seed = (ulong)repetition };
            var features = plan.Fit(table, target, [.. Enumerable.Range(0, Rows)], context).TrainingFeatures;
            for (int f = 0; f < features.Map.Dense.Count; f++)
                if (features.Map.NameOf(f) is var name && (name.Contains("target") || name.Contains("score")))
                    single.Add(Auc(target.Values, [.. features.DenseColumn(f).ToArray().Select(v => (double)v)]));
            model.Add(OutOfFoldAuc(rows => plan.Fit(table, target, rows, context).TrainingFeatures, target.Values));
        }
        var (mean, error) = MeanAndError(single);
        Assert.True(mean < 0.5 + 2 * error && mean > 0.48, $"mean AUC {mean} of single features, standard error {error}");
        (mean, error) = MeanAndError(model);
        Assert.True(Math.Abs(mean - 0.5) < 2 * error, $"mean AUC {mean} of the model, standard error {error}");
    }

    [Fact]
    public void A_column_fitted_without_folds_would_leak()
    {
        var table = Noise(1);
        var target = PlanData.RandomTarget(Rows, TaskKind.Binary, 1001);
        var needs = new PreparationNeeds { Categories = CategoryForm.TargetEncoded, Text = TextForm.None };
        var serving = PreparationPlan.For(PlanData.SchemaOf(table), needs)
            .Fit(table, target, [.. Enumerable.Range(0, Rows)], FitContext.Default).Preparation.Apply(table);
        Assert.True(Auc(target.Values, [.. serving.DenseColumn(0).ToArray().Select(v => (double)v)]) > 0.6);
    }

    static Table Noise(ulong seed)
    {
        var random = new RandomSource(seed);
        CategoryColumn Category(string name, int levels) => new(name, Enumerable.Range(0, Rows).Select(_ => random.NextInt(levels)).ToArray(),
            new LevelSet([.. Enumerable.Range(0, levels).Select(i => $"{i}")]));
        return new([Category("many", 300), Category("some", 40), Category("few", 6),
            TextColumn.From("text", Enumerable.Range(0, Rows).Select(_ => string.Join(' ', Enumerable.Range(0, 5).Select(_ => $"w{random.NextInt(200)}"))))]);
    }

    static (double Mean, double Error) MeanAndError(List<double> aucs)
    {
        double mean = aucs.Average();
        return (mean, Math.Sqrt(aucs.Sum(auc => (auc - mean) * (auc - mean)) / (aucs.Count - 1.0) / aucs.Count));
    }

    /// <summary>Two folds; each fits the preparation and a linear model over all dense features on the other one.</summary>
    static double OutOfFoldAuc(Func<int[], FeatureMatrix> prepare, double[] y)
    {
        double sum = 0;
        for (int side = 0; side < 2; side++)
        {
            int[] train = [.. Enumerable.Range(0, Rows).Where(row => row % 2 != side)], test = [.. Enumerable.Range(0, Rows).Where(row => row % 2 == side)];
            var features = prepare(train);
            var rows = Contracts.ContractData.Csr([.. Enumerable.Range(0, Rows).Select(row =>
                features.Dense.Select((column, f) => (f, column[row])).ToArray())], features.Dense.Length);
            var fit = SparseLinearFit.Of(rows, train, [Array.ConvertAll(train, row => y[row])], true, 1, new RandomSource(1));
            sum += Auc(Array.ConvertAll(test, row => y[row]), Array.ConvertAll(test, row => fit.Score(rows, row)[0]));
        }
        return sum / 2;
    }

    static double Auc(double[] y, double[] score)
    {
        var order = Enumerable.Range(0, y.Length).OrderBy(i => score[i]).ToArray();
        double ranks = 0, positives = y.Sum();
        for (int i = 0; i < order.Length;)
        {
            int end = i;
            while (end < order.Length && score[order[end]] == score[order[i]]) end++;
            for (int j = i; j < end; j++) ranks += y[order[j]] * ((i + 1 + end) / 2.0);
            i = end;
        }
        return (ranks - positives * (positives + 1) / 2) / (positives * (y.Length - positives));
    }
}
