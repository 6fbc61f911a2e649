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
        foreach (string html in (string[])[page, ExplanationPage.Write(package, rows), DataPage.Write(Nasty, Tilth.Data.ColumnProfile.Of(table, package.Schema), content.Decisions, [])])
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
        Assert.NotEmpty(PackageReport.ContentOf(package, "m.tilth").Shapes);
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
