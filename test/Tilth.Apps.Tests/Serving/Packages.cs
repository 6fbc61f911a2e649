using Tilth.Data;
using Tilth.Learners.Boosting;
using Tilth.Packaging;

namespace Tilth.Apps.Tests.Serving;

/// <summary>Small packages, each trained once, and rows for them.</summary>
static class Packages
{
    static readonly Lazy<ModelPackage> first = new(() => Churn(rounds: 20)), second = new(() => Churn(rounds: 40)), number = new(Price), narrow = new(Narrower), hostile = new(Scripted);

    /// <summary>Two classes; columns of every kind.</summary>
    public static ModelPackage First => first.Value;

    /// <summary>As <see cref="First"/>, learned longer.</summary>
    public static ModelPackage Second => second.Value;

    /// <summary>Foresees a number.</summary>
    public static ModelPackage Number => number.Value;

    /// <summary>As <see cref="First"/>, without the column "spend": callers of the others' schema are refused.</summary>
    public static ModelPackage Narrow => narrow.Value;

    /// <summary>Column, levels and classes that are markup, formulas and line ends.</summary>
    public static ModelPackage Hostile => hostile.Value;

    /// <summary>What stands in <see cref="Hostile"/> as a level.</summary>
    public const string Script = "<script>document.title='owned'</script>", Attribute = "\"><img src=x onerror=\"document.title='owned'\">";

    public static Table Customers(int rows = 400) => new(
    [
        new NumberColumn("age", Enumerable.Range(0, rows).Select(i => i % 17 == 0 ? double.NaN : 18 + i * 37 % 60).ToArray()),
        TextColumn.From("city", Enumerable.Range(0, rows).Select(i => (string?)new[] { "Bern", "Basel", "Thun", "Zürich" }[i * 7 % 4])),
        new BooleanColumn("member", Enumerable.Range(0, rows).Select(i => (sbyte)(i % 3 == 0 ? 1 : 0)).ToArray()),
        TextColumn.From("since", Enumerable.Range(0, rows).Select(i => (string?)new DateTime(2020, 1, 1).AddDays(i * 13 % 1500).ToString("yyyy-MM-dd"))),
        new NumberColumn("spend", Enumerable.Range(0, rows).Select(i => i * 101 % 997 * 0.37).ToArray()),
        TextColumn.From("churn", Enumerable.Range(0, rows).Select(i => (string?)((i * 37 % 60) + (i % 3 == 0 ? 20 : 0) + (i * 101 % 997 / 40) > 50 ? "yes" : "no"))),
    ]);

    static ModelPackage Churn(int rounds) => (Training.For("churn") with { Learner = new GradientBoosting { NEstimators = rounds }, Folds = 2 }).Run(Customers()).Package;

    static ModelPackage Narrower()
        => (Training.For("churn") with { Learner = new GradientBoosting { NEstimators = 20 }, Folds = 2 }).Run(new Table([.. Customers().Columns.Where(column => column.Name != "spend")])).Package;

    static ModelPackage Scripted()
    {
        var customers = Customers();
        string[] levels = [Script, Attribute, "=cmd|' /C calc'!A0", "a\r\nSet-Cookie: x=1"];
        var table = new Table(
        [
            .. customers.Columns.Where(column => column.Name is "age" or "spend"),
            TextColumn.From("<b>'city'</b>", Enumerable.Range(0, customers.RowCount).Select(i => (string?)levels[i * 7 % 4])),
            TextColumn.From("churn", Enumerable.Range(0, customers.RowCount).Select(i => (string?)(i * 37 % 60 > 30 ? "=1+1" : "<i>no</i>"))),
        ]);
        return (Training.For("churn") with { Learner = new GradientBoosting { NEstimators = 20 }, Folds = 2 }).Run(table).Package;
    }

    static ModelPackage Price() => (Training.For("spend") with { Learner = new GradientBoosting { NEstimators = 20 }, Folds = 2 }).Run(Customers()).Package;
}
