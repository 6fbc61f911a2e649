using System.Xml.Linq;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Reporting;
using Tilth.Reporting.Charts;
using Tilth.Tests.Metrics;

namespace Tilth.Tests.Reporting;

public class HtmlReportTests
{
    const string Nasty = "<script>alert('x')</script>\"&\u0001";

    [Theory]
    [InlineData(TaskKind.Binary)]
    [InlineData(TaskKind.Multiclass)]
    [InlineData(TaskKind.Regression)]
    public void Hostile_names_are_only_words(TaskKind task)
    {
        string page = HtmlReport.Write(Content(task, Nasty));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page);
        Assert.DoesNotContain('\u0001', page);
        Assert.DoesNotContain("http://", page);
        Assert.DoesNotContain("https://", page);
        Assert.True(page.Length < 2_000_000);
        // Everything inside the body is also well-formed XML, so no tag is left open and no attribute is broken out of.
        string body = page[page.IndexOf("<main>", StringComparison.Ordinal)..(page.IndexOf("</main>", StringComparison.Ordinal) + 7)];
        Assert.NotEmpty(XElement.Parse(body).Descendants("svg"));
        if (Environment.GetEnvironmentVariable("TILTH_REPORT_FOLDER") is { } folder)
            File.WriteAllText(Path.Combine(folder, $"{task}.html"), HtmlReport.Write(Content(task, "rain tomorrow")));
    }

    [Fact]
    public void Noise_gets_the_verdict_none_and_signal_the_verdict_signal()
    {
        Assert.Contains(">None</b>", HtmlReport.Write(new() { Evaluation = Measure(TaskKind.Binary, "y", 0, 8) }));
        Assert.Contains(">Signal</b>", HtmlReport.Write(new() { Evaluation = Measure(TaskKind.Regression, "y", 1, 1) }));
    }

    [Fact]
    public void A_single_class_and_a_single_row_still_give_a_page()
    {
        var schema = MetricRows.SchemaOf(TaskKind.Binary);
        Assert.Contains("unknown", HtmlReport.Write(new() { Evaluation = Evaluator.Evaluate(new(schema, [0, 0, 0]), [0.1, 0.2, 0.1]) }));
        Assert.NotEmpty(HtmlReport.Write(new() { Evaluation = Evaluator.Evaluate(new(MetricRows.SchemaOf(TaskKind.Regression), [3]), [3]) }));
    }

    [Fact]
    public void A_wide_and_long_report_stays_small()
    {
        var columns = Enumerable.Range(0, 5000).Select(i => new ColumnSchema { Name = $"column {i} {Nasty}", Kind = ColumnKind.Number, Min = 0, Max = i });
        string page = HtmlReport.Write(Content(TaskKind.Binary, "y") with
        {
            Schema = new() { Columns = [.. columns] },
            Decisions = [.. Enumerable.Range(0, 5000).Select(i => new Decision($"column {i}", "number", "all 1,000 values are numbers"))],
        });
        Assert.True(page.Length < 2_000_000, $"{page.Length} characters");
    }

    [Fact]
    public void Ticks_are_nice_numbers_within_the_range()
    {
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], Numbers.Ticks(0, 1).Select(t => Math.Round(t, 12)));
        Assert.Equal([-200, -100, 0, 100], Numbers.Ticks(-230, 170, 4));
        Assert.Single(Numbers.Ticks(3, 3));
        foreach (double size in (double[])[1e-300, 1e-5, 3, 1e9, 1e300])
            Assert.InRange(Numbers.Ticks(-size, 2.3 * size).Length, 2, 9);
    }

    [Fact]
    public void No_number_of_a_waterfall_leaves_the_picture()
    {
        foreach (double size in (double[])[1, 100_000, 123_456_789])
            foreach (double direction in (double[])[1, -1])
            {
                (string, double)[] steps = [("a name that is much longer than the room there is", 3 * direction * size), ("b", 2 * direction * size), ("c", -0.5 * direction * size)];
                string svg = WaterfallChart.Draw("a row", 5 * size, steps, Numbers.Short, Numbers.Short);
                foreach (var text in XElement.Parse(svg).Elements("text"))
                {
                    double x = (double)text.Attribute("x")!, width = Svg.WidthOf(text.Value) * ((string?)text.Attribute("class") == "value" ? 15 / 13.0 : 1);
                    bool ends = (string?)text.Attribute("text-anchor") == "end";
                    Assert.InRange(ends ? x - width : x + width, -1, 400);
                }
            }
    }

    [Fact]
    public void Years_are_read_as_years_and_little_room_gets_short_numbers()
    {
        Assert.Equal(["1987", "12,345", "-2015", "9999", "10,000"], ((double[])[1987, 12_345, -2015, 9999.4, 9999.6]).Select(Numbers.Short));
        Assert.Equal(["12.3k", "1.23M", "999", "1234", "-0.5", "0"], ((double[])[12_345, 1_234_567, 999, 1234, -0.5, 0]).Select(Numbers.Compact));
    }

    static ReportContent Content(TaskKind task, string name) => new()
    {
        Evaluation = Measure(task, name, 1, 1),
        Schema = new()
        {
            Columns =
            [
                new() { Name = name, Kind = ColumnKind.Category, Role = ColumnRole.Target, Levels = new([name, "b"]) },
                new() { Name = "pressure " + name, Kind = ColumnKind.Number, Min = 960.4, Max = 1041 },
                new() { Name = "day", Kind = ColumnKind.DateTime, Min = 637134336000000000, Max = 637450560000000000 },
            ],
        },
        Importance = [new("pressure " + name, 0.61, 0.55, 0.68), new("humidity", 0.25), new("day", 0.14)],
        Decisions = [new(name, "positive class " + name, "the rarer one: 312 of 1,000 rows"), new("station", "ignored", "the same value in every row " + name)],
        Lineage = [new("learner", "gradient_boosting " + name), new("seed", "0"), new("rows", "1,000")],
        PackageFile = name + ".tilth",
    };

    static Tilth.Evaluation.Evaluation Measure(TaskKind task, string name, double signal, ulong seed)
    {
        var data = MetricRows.Make(task, 1000, seed, signal);
        var schema = data.Schema with { Column = name, Classes = [.. data.Schema.Classes.Select(c => c + (name == Nasty ? name : ""))] };
        return Evaluator.Evaluate(new(schema, data.Targets), data.Predictions, new() { RowsFrom = "out of fold", Resamples = 60 });
    }
}
