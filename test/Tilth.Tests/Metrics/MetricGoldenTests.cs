using System.Text.Json;
using Tilth.Data;
using Tilth.Metrics;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Metrics;

/// <summary>The metrics against scikit-learn's; make_golden.py beside this file made the figures.</summary>
public class MetricGoldenTests
{
    [Fact]
    public void Every_metric_equals_scikit_learn()
    {
        var seen = new HashSet<string>();
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(CodeFiles.Root, "test/Tilth.Tests/Metrics/golden.json")));
        foreach (var test in file.RootElement.EnumerateArray())
        {
            var task = Enum.Parse<TaskKind>(test.GetProperty("task").GetString()!);
            var weights = test.GetProperty("w").ValueKind == JsonValueKind.Null ? null : Numbers(test.GetProperty("w"));
            var data = new EvaluationData(MetricRows.SchemaOf(task, 4), Numbers(test.GetProperty("y")), Numbers(test.GetProperty("p")), weights,
                test.GetProperty("threshold").GetDouble());
            foreach (var score in test.GetProperty("scores").EnumerateObject())
            {
                double expected = score.Value.GetDouble(), found = MetricCatalog.Find(score.Name).Compute(data);
                Assert.True(Math.Abs(found - expected) <= 1e-11 * Math.Max(1, Math.Abs(expected)), $"{task} {score.Name}: {found}, scikit-learn {expected}");
                seen.Add($"{task} {score.Name}");
            }
        }
        var all = MetricCatalog.All.SelectMany(metric => metric.Tasks.Select(task => $"{task} {metric.Name}"));
        Assert.Equal(all.Order(), seen.Order());
    }

    [Fact]
    public void A_misspelt_name_is_answered_with_the_nearest()
    {
        Assert.Contains("did you mean 'auc'", Assert.Throws<LearningException>(() => MetricCatalog.Find("acu")).Message);
        Assert.Contains("'rmse'", Assert.Throws<LearningException>(() => MetricCatalog.Find("something")).Message);
    }

    static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];
}
