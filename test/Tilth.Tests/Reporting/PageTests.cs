using System.Xml.Linq;
using Tilth.Data;
using Tilth.Data.Samples;
using Tilth.Learners.Additive;
using Tilth.Learners.Boosting;
using Tilth.Learners.Linear;
using Tilth.Learners.Neighbors;
using Tilth.Reporting;
using Tilth.Walk;

namespace Tilth.Tests.Reporting;

/// <summary>Pages and cards of packages that were really trained.</summary>
public class PageTests
{
    const string Nasty = "<script>alert('x')</script>\"&|*_\u0001";

    static Table Renamed(Table table, string suffix) => new([.. table.Columns.Select(column => column.Rename(column.Name + suffix))]);

    [Fact]
    public void A_package_with_hostile_names_tells_everything_as_words()
    {
        var table = Renamed(SampleCatalog.Make("customers", 250).Table, Nasty);
        var package = (Training.For("churned" + Nasty) with { Learner = new GradientBoosting { NEstimators = 20 }, Groups = [table.Columns[1].Name] }).Run(table).Package;
        var content = PackageReport.ContentOf(package, Nasty) with { Use = Nasty, NotFor = Nasty, Rows = Nasty };
        Assert.NotEmpty(content.Explanation!.Effects);
        Assert.NotEmpty(content.Explanation.Swarm);
        Assert.NotEmpty(content.Explanation.Interactions);
        Assert.Equal(3, content.Stories.Count);
        Assert.NotEmpty(content.Groups);
        string page = HtmlReport.Write(content), card = ModelCard.Write(content);
        var rows = RowExplanation.Of(package, table.Slice(0, 1), new() { Counterfactual = true, Orders = 2 }, []).ToList();
        var chosen = ChosenRow.Of(package, table, 0, []);
        string real = HtmlReport.Write(RealStories.Add(content, package, chosen, Nasty));
        foreach (string html in (string[])[page, real, ExplanationPage.Write(package, rows), DataPage.Write(Nasty, Tilth.Data.ColumnProfile.Of(table, package.Schema), content.Decisions, [])])
        {
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain('\u0001', html);
            Assert.True(html.Length < 2_000_000);
            Assert.NotEmpty(XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + 7)]).Descendants("svg"));
        }
        Assert.DoesNotContain("<script", card, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u0001', card);
        Assert.Equal(page, HtmlReport.Write(PackageReport.ContentOf(package, Nasty) with { Use = Nasty, NotFor = Nasty, Rows = Nasty }));
    }

    [Theory]
    [InlineData("customers", "churned", 3)]
    [InlineData("houses", "price", 3)]
    [InlineData("patients", "diagnosis", 2)]
    public void Rows_are_chosen_by_what_was_foreseen_and_what_became_true(string sample, string target, int fewest)
    {
        var table = SampleCatalog.Make(sample, 300).Table;
        var train = table.Slice(0, 200);
        var held = table.Slice(200, 100);
        var package = (Training.For(target) with { Learner = new GradientBoosting { NEstimators = 8 }, Folds = 2 }).Run(train).Package;
        var chosen = ChosenRow.Of(package, held, 0, []);
        Assert.True(chosen.Count >= fewest, $"{chosen.Count} rows");
        Assert.Equal(chosen.Count, chosen.Select(row => row.Row).Distinct().Count());
        var predicted = new Tilth.Prediction.Predictor(package).Predict(held);
        double Of(ChosenRow row) => predicted.Values[(row.Row - 1) * package.Target.OutputCount + row.Explanation.Output];
        foreach (var row in chosen)
        {
            Assert.Equal(Of(row), row.Explanation.Parts.Prediction, 1e-6 * Math.Abs(Of(row)));
            Assert.Equal(row.Explanation.Parts.Prediction, row.Explanation.Parts.Baseline + row.Explanation.Parts.Values.Sum(), 1e-6 * Math.Abs(Of(row)));
            if (row.Why == ChosenFor.Highest) Assert.Equal(predicted.Values.Max(), Of(row));
            if (row.Why == ChosenFor.Lowest) Assert.Equal(predicted.Values.Min(), Of(row));
            if (row.Why == ChosenFor.Wrong && package.Target.Task != TaskKind.Regression) Assert.NotEqual(row.TrueClass, row.Decided);
            if (row.Why == ChosenFor.Wrong && package.Target.Task == TaskKind.Regression)
                Assert.Equal(((NumberColumn)held[target]).Values.ToArray().Zip(predicted.Values, (truth, value) => Math.Abs(truth - value)).Max(), Math.Abs(row.Truth - Of(row)));
        }
        string page = HtmlReport.Write(RealStories.Add(PackageReport.ContentOf(package, "m.tilth"), package, chosen, "held.csv"));
        Assert.Contains("real rows of held.csv", page);
        Assert.DoesNotContain("made up", page);
        foreach (var row in chosen) Assert.Contains($"Row {row.Row}:", page);
    }

    [Fact]
    public void Every_row_of_every_kind_of_model_is_explained_and_the_parts_add_up()
    {
        var sample = SampleCatalog.Make("houses", 150).Table;
        foreach (Tilth.Learners.ISupervisedLearner learner in (Tilth.Learners.ISupervisedLearner[])[new Ridge(), new NearestNeighbors(), new GradientBoosting { NEstimators = 20 }])
        {
            var package = (Training.For("price") with { Learner = learner, Folds = 2 }).Run(sample).Package;
            double[] predictions = new Tilth.Prediction.Predictor(package).Predict(sample).Values;
            int at = 0;
            foreach (var row in RowExplanation.Of(package, sample.Slice(0, 1), new() { Orders = 2, Counterfactual = true, Goal = predictions.Max() }, []))
            {
                Assert.Equal(predictions[at], row.Parts.Prediction, 1e-9 * Math.Abs(predictions[at]));
                Assert.Equal(row.Parts.Prediction - row.Parts.Baseline, row.Parts.Values.Sum(), 1e-6 * Math.Abs(predictions[at]));
                Assert.All(row.Alternatives, alternative => Assert.True(alternative.Prediction >= predictions.Max()));
                Assert.NotEmpty(ExplanationWords.Of(package, row, 3));
                at++;
            }
        }
    }

    [Fact]
    public void A_readable_model_shows_its_curves()
    {
        var package = (Training.For("price") with { Learner = new AdditiveBoosting(), Folds = 2 }).Run(SampleCatalog.Make("houses", 150).Table).Package;
        var content = PackageReport.ContentOf(package, "m.tilth");
        Assert.NotEmpty(content.Shapes);
        var term = ((Tilth.Models.Additive.AdditiveModel)package.Node.Pipelines.First().Model).Terms.Where(term => term.Axes.Count == 2).MaxBy(term => term.Importance())!;
        double[] values = [.. Enumerable.Range(0, term.CellCount).Select(cell => term.Value(cell))];
        double[] shown = [.. content.ShapePairs[0].Mean.SelectMany(row => row).Where(double.IsFinite)];
        Assert.Equal(term.Name, $"{content.ShapePairs[0].First} x {content.ShapePairs[0].Second}");
        Assert.All(shown, value => Assert.InRange(value, values.Min() - 1e-9, values.Max() + 1e-9));
        Assert.True(shown.Max() - shown.Min() > 0.2 * (values.Max() - values.Min()));
        Assert.Contains("The model itself", PackageReport.Of(package, "m.tilth"));
    }

    [Fact]
    public void Counterfactuals_keep_to_the_columns_that_are_allowed()
    {
        var table = SampleCatalog.Make("customers", 250).Table;
        var package = (Training.For("churned") with { Learner = new LogisticRegression() }).Run(table).Package;
        string allowed = ImportanceOf(package)[0];
        foreach (var row in RowExplanation.Of(package, table.Slice(0, 4), new() { Orders = 2, Counterfactual = true, Allow = [allowed] }, []))
            Assert.All(row.Alternatives, alternative => Assert.Equal(allowed, Assert.Single(alternative.Changes).Column));
        Assert.Contains("did you mean", Assert.Throws<SchemaException>(() => RowExplanation.Of(package, table, new() { Counterfactual = true, Allow = [allowed + "x"] }, [])).Message);
    }

    static string[] ImportanceOf(Tilth.Packaging.ModelPackage package) => [.. PackageReport.ContentOf(package, "").Importance.Select(bar => bar.Name)];
}
