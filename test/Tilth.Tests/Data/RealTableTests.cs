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
        foreach (var column in inferred.Schema.Columns.Where(column => column.Role != ColumnRole.Target)) CheckKind(set, column, about.GetProperty("schema"));
        Assert.Equal(about.GetProperty("task").GetString(), inferred.Schema.Target!.Task.ToString().ToLowerInvariant());
        var warnings = new List<Problem>();
        var conformed = inferred.Schema.Conform(raw, warnings, targetRequired: true);
        Assert.Empty(warnings);
        Assert.Equal(raw.RowCount, TargetReader.Read(conformed, inferred.Schema).Rows.Length);
    }

    /// <summary>Numbers stay numbers and words stay words, but for what a person would call codes, dates or truth values.</summary>
    static void CheckKind(string set, ColumnSchema column, JsonElement schema)
    {
        bool number = schema.GetProperty(column.Name).GetProperty("type").GetString() == "number";
        bool code = set == "binary/amazon_employee_access" || column.Name is "zipcode" or "rate_code";
        bool numberInWords = column.Name is "normalized-losses" or "bore" or "stroke" or "horsepower" or "peak-rpm" or "LotFrontage" or "MasVnrArea" or "GarageYrBlt";
        bool constant = column.Name is "nbumps6" or "nbumps7" or "nbumps89" or "region-pixel-count";
        bool text = column.Name is "Name" or "Ticket" or "Cabin" or "location" or "text" or "Title" or "Description";
        bool date = column.Name is "date";
        bool flag = column.Name is "default" or "loan" or "foreign_worker" or "fbs" or "exang" or "CentralAir" || $"{set}/{column.Name}" == "binary/bank_marketing/housing";
        var expected = code ? ColumnKind.Category : number || numberInWords ? ColumnKind.Number : text ? ColumnKind.Text : date ? ColumnKind.DateTime
            : flag ? ColumnKind.Boolean : ColumnKind.Category;
        Assert.Equal((column.Name, expected), (column.Name, column.Kind));
        Assert.Equal((column.Name, constant ? ColumnRole.Ignored : ColumnRole.Feature), (column.Name, column.Role));
    }
}
