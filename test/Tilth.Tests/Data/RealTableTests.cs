using System.Text.Json;
using Tilth.Data;

namespace Tilth.Tests.Data;

/// <summary>Inference on the real tables: the task and the kinds that a person would choose.</summary>
public class RealTableTests(ITestOutputHelper output)
{
    public static TheoryData<string> Sets => ["binary/adult", "binary/amazon_employee_access", "binary/bank_marketing", "binary/credit_g",
        "binary/disaster_tweets", "binary/heart_disease_cleveland", "binary/seismic_bumps", "binary/titanic", "multiclass/car", "multiclass/eucalyptus",
        "multiclass/github_issues_area", "multiclass/letter", "multiclass/segment", "multiclass/shuttle", "multiclass/vehicle", "regression/abalone",
        "regression/auto_imports", "regression/california_housing", "regression/diamonds", "regression/forest_fires", "regression/house_prices_ames",
        "regression/house_sales", "regression/taxi_fare"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_task_is_inferred_and_the_decisions_are_told(string set)
    {
        string? data = RawTables.DataFolder();
        Assert.SkipWhen(data is null, "no shared/data folder (set TILTH_DATA)");
        string folder = Path.Combine(data!, set);
        var about = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "about.json"))).RootElement;
        var raw = RawTables.Load(folder);
        var inferred = SchemaInference.Infer(raw, new SchemaRequest { Target = about.GetProperty("target").GetString()! });
        foreach (var decision in inferred.Decisions) output.WriteLine($"{decision.Subject}: {decision.Choice} | {decision.Evidence}");
        foreach (var column in inferred.Schema.Columns) output.WriteLine($"  {column.Name} {column.Kind} {column.Role} {column.Levels.Count} [{column.Min}, {column.Max}]");
        Assert.Equal(about.GetProperty("task").GetString(), inferred.Schema.Target!.Task.ToString().ToLowerInvariant());
        var warnings = new List<Problem>();
        var conformed = inferred.Schema.Conform(raw, warnings, targetRequired: true);
        Assert.Empty(warnings);
        Assert.Equal(raw.RowCount, TargetReader.Read(conformed, inferred.Schema).Rows.Length);
    }
}
