using Tilth.Data.Samples;
using Tilth.Honesty;
using Tilth.Learners.Linear;
using Tilth.Packaging;
using Tilth.Reporting;
using Tilth.Walk;

namespace Tilth.Tests.Honesty;

/// <summary>Questions to people, their answers, and where these go.</summary>
public class ColumnAnswersTests
{
    static readonly TrainingResult Suspected = (Training.For("churned") with { Learner = new LogisticRegression(), Folds = 2 }).Run(
        PlantedTables.With(SampleCatalog.Make("customers", 400), "planted", (row, y) => (y == "yes") == (row % 33 != 0) ? "u" : "v"));

    [Fact]
    public void Suspects_are_asked_about_first_and_nothing_twice()
    {
        var questions = ColumnAnswers.Questions(Suspected.Findings);
        Assert.Equal("planted", questions[0].Column); // it is also what the model leans on most
        Assert.Equal(questions.Count, questions.Select(question => question.Column).Distinct().Count());
        Assert.Equal(ColumnQuestion.Most, questions.Count);
        Assert.All(Suspected.Findings.Questions, question => Assert.Contains(questions, asked => asked.Column == question.Column));
    }

    [Fact]
    public void Answers_go_to_the_log_and_the_report_and_change_no_prediction()
    {
        Queue<string?> lines = new(["perhaps", " No ", "Y", ""]);
        var said = new List<string>();
        var answers = ColumnAnswers.Ask(Suspected.Findings, lines.Dequeue, said.Add);
        Assert.Equal(["planted"], ColumnAnswers.NotKnownOf(answers));
        Assert.Single(ColumnAnswers.KnownOf(answers));
        Assert.Equal(3, answers.Count); // an empty answer is one too: nobody knew
        Assert.Equal(4, said.Count);
        Assert.Contains("Please answer", said[1]);
        var package = ColumnAnswers.Add(Suspected.Package, answers);
        using var stream = new MemoryStream(package.ToBytes());
        package = ModelPackage.Open(stream);
        Assert.Equal(answers, PackageReport.ContentOf(package, "m.tilth").Decisions.TakeLast(3));
        Assert.Contains("Do not trust the score", PackageReport.Of(package, "m.tilth"));
        Assert.DoesNotContain("Do not trust the score", PackageReport.Of(Suspected.Package, "m.tilth"));
        var rows = SampleCatalog.Make("customers", 20).Table.With(Tilth.Tests.Data.RawTables.RawColumn("planted", [.. Enumerable.Repeat("u", 20)]));
        Assert.Equal(new Tilth.Prediction.Predictor(Suspected.Package).Predict(rows).Values, new Tilth.Prediction.Predictor(package).Predict(rows).Values);
    }

    [Fact]
    public void A_suspect_that_is_known_is_no_longer_asked_about_on_the_first_page()
    {
        Assert.Contains("First ask", PackageReport.Of(Suspected.Package, "m.tilth"));
        var known = ColumnAnswers.Ask(Suspected.Findings, () => "y", _ => { });
        Assert.DoesNotContain("First ask", PackageReport.Of(ColumnAnswers.Add(Suspected.Package, known), "m.tilth"));
    }

    [Fact]
    public void Nobody_there_is_no_answer_and_nonsense_is_asked_three_times_only()
    {
        Assert.Empty(ColumnAnswers.Ask(Suspected.Findings, () => null, _ => { }));
        int asked = 0;
        var answers = ColumnAnswers.Ask(Suspected.Findings, () => "what?", _ => asked++);
        Assert.Equal(3 * answers.Count, asked);
        Assert.Empty(ColumnAnswers.KnownOf(answers).Concat(ColumnAnswers.NotKnownOf(answers)));
    }
}
