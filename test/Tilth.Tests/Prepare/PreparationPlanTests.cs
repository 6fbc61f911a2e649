using Tilth.Data;
using Tilth.Fitting;
using Tilth.Parallelism;
using Tilth.Prepare;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Prepare;

public class PreparationPlanTests
{
    static readonly Table Training = PlanData.Mixed(900, 1);
    static readonly Table Fresh = PlanData.Mixed(300, 2);
    static readonly int[] Rows = [.. Enumerable.Range(0, 900).Where(row => row % 3 != 0)];

    public static TheoryData<PreparationNeeds, TaskKind> NeedsAndTasks()
    {
        var data = new TheoryData<PreparationNeeds, TaskKind>();
        int i = 0;
        foreach (var needs in PlanData.AllNeeds) data.Add(needs, (TaskKind)(i++ % 3));
        return data;
    }

    [Theory, MemberData(nameof(NeedsAndTasks), DisableDiscoveryEnumeration = true)]
    public void Every_form_fits_packs_and_serves_rows_like_tables(PreparationNeeds needs, TaskKind task)
    {
        var target = PlanData.RandomTarget(900, task, 3);
        var plan = PreparationPlan.For(PlanData.SchemaOf(Training), needs);
        var fitted = plan.Fit(Training, target, Rows, FitContext.Default);
        var bytes = PreparationBytes.Of(fitted.Preparation);
        StepContract.AssertRowsEqual(bytes.Read(), Fresh, fitted.Preparation.Apply(Fresh));
        AssertShape(needs, fitted.TrainingFeatures);
        AssertShape(needs, fitted.Preparation.Apply(Fresh));
        using var pool = new WorkerPool(3);
        var again = plan.Fit(Training, target, Rows, FitContext.Default with { Workers = pool });
        Assert.True(bytes.SameAs(PreparationBytes.Of(again.Preparation)));
        Assert.Equal(Flatten(fitted.TrainingFeatures), Flatten(again.TrainingFeatures));
    }

    static void AssertShape(PreparationNeeds needs, FeatureMatrix features)
    {
        Assert.Equal(features.Map.Count, Enumerable.Range(0, features.Map.Count).Select(features.Map.NameOf).Distinct().Count());
        if (needs.Categories != CategoryForm.Codes) Assert.Empty(features.Map.Categories);
        for (int f = 0; f < features.Map.Dense.Count; f++)
        {
            string name = features.Map.NameOf(f);
            Assert.DoesNotContain(name, (string[])["id", "copy", "constant", "nothing"]);
            foreach (float value in features.DenseColumn(f))
            {
                if (needs.FillMissing) Assert.True(float.IsFinite(value), name);
                if (needs.Numbers == NumberForm.Robust) Assert.False(Math.Abs(value) > 3, name);
            }
        }
    }

    [Theory, MemberData(nameof(NeedsAndTasks), DisableDiscoveryEnumeration = true)]
    public void Rows_that_are_not_learned_from_change_nothing_and_get_serving_values(PreparationNeeds needs, TaskKind task)
    {
        var target = PlanData.RandomTarget(900, task, 3);
        var plan = PreparationPlan.For(PlanData.SchemaOf(Training), needs);
        var fitted = plan.Fit(Training, target, Rows, FitContext.Default);
        var spoiled = (double[])target.Values.Clone();
        for (int row = 0; row < 900; row += 3) spoiled[row] = 1 - spoiled[row] < 0 ? 0 : 1;
        var again = plan.Fit(Training, new Target(target.Schema, spoiled), Rows, FitContext.Default);
        Assert.True(PreparationBytes.Of(fitted.Preparation).SameAs(PreparationBytes.Of(again.Preparation)));
        var serving = fitted.Preparation.Apply(Training);
        bool differs = false;
        for (int f = 0; f < serving.Map.Dense.Count; f++)
            for (int row = 0; row < 900; row++)
                if (row % 3 == 0) Assert.Equal(serving.DenseColumn(f)[row], fitted.TrainingFeatures.DenseColumn(f)[row]);
                else differs |= !serving.DenseColumn(f)[row].Equals(fitted.TrainingFeatures.DenseColumn(f)[row]);
        Assert.Equal(plan.ReadsTarget, differs);
    }

    [Fact]
    public void Raw_numbers_are_left_alone_and_useless_columns_are_noted()
    {
        var fitted = PreparationPlan.For(PlanData.SchemaOf(Training), new PreparationNeeds { Text = TextForm.None }).Fit(Training, null, Rows, FitContext.Default);
        var map = fitted.TrainingFeatures.Map;
        Assert.Equal(["x", "income", "flag", "when: days", "when: year", "when: month", "when: day", "when: weekday"], map.Dense.Select(f => f.Name));
        Assert.Equal(["color", "two", "city"], map.Categories.Select(c => c.Feature.Name));
        var income = ((NumberColumn)Training["income"]).Values;
        for (int row = 0; row < 900; row++) Assert.Equal((float)income.Span[row], fitted.TrainingFeatures.DenseColumn(1)[row]);
        Assert.Equal(["copy", "constant", "nothing", "note"], fitted.Notes.Select(note => note.Column));
        Assert.Contains("repeats 'x'", fitted.Notes[0].Note);
    }

    [Fact]
    public void Standard_numbers_have_mean_0_deviation_1_and_little_skew()
    {
        var needs = new PreparationNeeds { Numbers = NumberForm.Standard, Text = TextForm.None };
        int[] all = [.. Enumerable.Range(0, 900)];
        var fitted = PreparationPlan.For(PlanData.SchemaOf(Training), needs).Fit(Training, null, all, FitContext.Default);
        foreach (string name in (string[])["x", "income"])
        {
            int f = fitted.TrainingFeatures.Map.Dense.Select(feature => feature.Name).ToList().IndexOf(name);
            var values = fitted.TrainingFeatures.DenseColumn(f).ToArray().Where(float.IsFinite).Select(value => (double)value).ToArray();
            Assert.Equal(0, values.Average(), 1e-5);
            Assert.Equal(1, values.Average(value => value * value), 1e-4);
            Assert.InRange(values.Average(value => value * value * value), -0.3, 0.3);
        }
        Assert.Contains(fitted.Notes, note => note.Column == "income" && note.Note.Contains("Yeo-Johnson"));
    }

    [Fact]
    public void No_rows_no_target_and_other_kinds_are_refused_with_a_sentence()
    {
        var plan = PreparationPlan.For(PlanData.SchemaOf(Training), new PreparationNeeds { Categories = CategoryForm.TargetEncoded });
        var target = PlanData.RandomTarget(900, TaskKind.Binary, 3);
        Assert.Contains("no rows", Assert.Throws<LearningException>(() => plan.Fit(Training, target, [], FitContext.Default)).Message);
        Assert.Contains("target", Assert.Throws<LearningException>(() => plan.Fit(Training, null, Rows, FitContext.Default)).Message);
        var other = Training.With(new NumberColumn("color", new double[900]));
        Assert.Contains("'color'", Assert.Throws<SchemaException>(() => plan.Fit(other, target, Rows, FitContext.Default)).Message);
        var fitted = plan.Fit(Training, target, Rows, FitContext.Default);
        Assert.Contains("'color'", Assert.Throws<SchemaException>(() => fitted.Preparation.Apply(other)).Message);
        Assert.ThrowsAny<OperationCanceledException>(() => plan.Fit(Training, target, Rows, FitContext.Default with { Cancellation = new(true) }));
    }

    static float[] Flatten(FeatureMatrix features)
        => [.. features.Dense.SelectMany(column => column), .. features.Codes.SelectMany(column => column.Select(code => (float)code)),
            .. features.Sparse?.Values ?? [], .. features.Sparse?.Columns.Select(column => (float)column) ?? []];
}
