using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.CodeAnalysis;
using Tilth.Data;
using Tilth.Prediction;
using Tilth.Tests.Contracts;
using Tilth.Tests.Models.Nodes;
using Tilth.Tests.Packaging;

namespace Tilth.Tests.Generator;

public class ModelGeneratorTests
{
    const string Empty = "";

    public static TheoryData<TaskKind> Tasks => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void Generated_types_predict_the_bits_of_the_predictor(TaskKind task)
    {
        var package = SamplePackages.Make(task);
        var (program, errors, _) = Compiled.Generate(Empty, new SchemaFile("sample", package.Schema));
        Assert.Empty(errors);
        var assembly = Compiled.Load(program);
        Type input = assembly.GetType("My.App.SampleInput")!, type = assembly.GetType("My.App.SampleModel")!;
        var predictor = new Predictor(package);
        object model = Activator.CreateInstance(type, predictor)!;
        var predict = type.GetMethod("Predict")!;
        var table = SampleNodes.Make(task).Table;
        for (int row = 0; row < 60; row++)
        {
            var values = table.Columns.ToDictionary(column => column.Name, column => row % 7 == 3 && column is CategoryColumn ? "never seen" : ValueOf(column, row));
            object given = Activator.CreateInstance(input)!;
            foreach (var property in input.GetProperties().Where(p => p.GetCustomAttribute<JsonPropertyNameAttribute>() is not null))
                property.SetValue(given, values[property.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name]);
            object answer = predict.Invoke(model, [given])!;
            T Of<T>(string name) => (T)answer.GetType().GetProperty(name)!.GetValue(answer)!;
            var expected = predictor.Predict(values);
            Assert.Equal(expected.Value, Of<double>(task == TaskKind.Regression ? "Value" : "Probability"));
            Assert.Equal(expected.PackageVersion, Of<string>("Version"));
            Assert.Equal(expected.Warnings.Count(warning => warning.Code != "column-missing"), Of<IReadOnlyList<Problem>>("Warnings").Count);
            if (task == TaskKind.Regression) Assert.Equal(expected.Intervals[0], Of<PredictionInterval?>("Interval"));
            else Assert.Equal(expected.Decision, Of<string>("Decision"));
            if (task == TaskKind.Multiclass) Assert.Equal(expected.Probabilities.Select(p => p.Value), [Of<double>("ProbabilityOfC0"), Of<double>("ProbabilityOfC1"), Of<double>("ProbabilityOfC2")]);
        }
    }

    [Theory, MemberData(nameof(Tasks))]
    public void A_call_allocates_nothing(TaskKind task)
    {
        var package = SamplePackages.Make(task);
        var (program, errors, _) = Compiled.Generate("""
            public static class Probe
            {
                public static System.Action Calls(Tilth.Prediction.Predictor predictor)
                {
                    var model = new My.App.SampleModel(predictor);
                    var input = new My.App.SampleInput { X = 1.5, Copy = null, Income = 1000, Constant = 7, Nothing = null, Flag = true, When = new System.DateTime(2020, 2, 3), Color = "color2", Two = "two1", City = "city7", Note = "good red apple" };
                    return () => { for (int i = 0; i < 1000; i++) model.Predict(input); };
                }
            }
            """, new SchemaFile("sample", package.Schema));
        Assert.True(errors.IsEmpty, string.Join('\n', errors));
        var calls = (Action)Compiled.Load(program).GetType("Probe")!.GetMethod("Calls")!.Invoke(null, [new Predictor(package)])!;
        Assert.Equal(0, Allocations.Least(calls));
    }

    [Theory, MemberData(nameof(Tasks))]
    public void The_contract_is_that_of_the_runtime(TaskKind task)
    {
        var schema = SamplePackages.Make(task).Schema;
        Assert.Equal(SchemaContract.Of(schema), Tilth.Generator.SchemaText.Read(System.Text.Encoding.UTF8.GetString(SchemaJson.Write(schema))).Contract());
    }

    [Fact]
    public void Any_name_gives_code_that_compiles()
    {
        string[] names = ["class", "2nd", "monthly charge", "Monthly-Charge", "monthlyCharge", "Equals", "OddInput", "contract", "€", "", "\"quoted\\", "line\nbreak", "</summary>", "*/ }", "naïve", "年", "𝒳", "new\u2028line", "fill", "a_b", "AB", "EqualityContract"];
        var levels = new LevelSet(["yes", "Yes", "no \"x\"", "", "1", "</see>", "CLevels", "Equals"]);
        var schema = new Schema
        {
            Columns =
            [
                .. names.Select((name, i) => new ColumnSchema { Name = name, Kind = (ColumnKind)(i % 5), Levels = i % 5 == 1 ? levels : LevelSet.Empty, Min = 0.1, Max = 5 }),
                new ColumnSchema { Name = "x\ty", Kind = ColumnKind.Category, Role = ColumnRole.Target, Levels = new LevelSet(["a\nb", "c\\"]) },
            ],
            Target = new TargetSchema { Column = "x\ty", Task = TaskKind.Binary, Classes = ["a\nb", "c\\"] },
        };
        var (program, errors, code) = Compiled.Generate(Empty, new SchemaFile("odd", schema));
        Assert.True(errors.IsEmpty, string.Join('\n', errors) + code);
        var assembly = Compiled.Load(program);
        Assert.Equal(SchemaContract.Of(schema), (string)assembly.GetType("My.App.OddModel")!.GetField("Contract")!.GetRawConstantValue()!);
        var properties = assembly.GetType("My.App.OddInput")!.GetProperties().Where(p => p.GetCustomAttribute<JsonPropertyNameAttribute>() is not null)
            .ToDictionary(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name, p => p.Name);
        Assert.Equal(names.Order(), properties.Keys.Order());
        Assert.Equal(("Class", "_2nd", "MonthlyCharge", "MonthlyCharge2", "MonthlyCharge3", "Equals2", "OddInput2", "Column9", "AB", "AB2"),
            (properties["class"], properties["2nd"], properties["monthly charge"], properties["Monthly-Charge"], properties["monthlyCharge"], properties["Equals"], properties["OddInput"], properties["€"], properties["a_b"], properties["AB"]));
    }

    [Fact]
    public void Documentation_tells_ranges_and_levels_and_levels_are_constants()
    {
        var schema = new Schema
        {
            Columns =
            [
                new ColumnSchema { Name = "age", Kind = ColumnKind.Number, Min = 18, Max = 92.5 },
                new ColumnSchema { Name = "city", Kind = ColumnKind.Category, Levels = new LevelSet(["Bern", "La Chaux"]) },
                new ColumnSchema { Name = "id", Kind = ColumnKind.Text, Role = ColumnRole.Identifier },
                new ColumnSchema { Name = "price", Kind = ColumnKind.Number, Role = ColumnRole.Target },
            ],
            Target = new TargetSchema { Column = "price", Task = TaskKind.Regression },
        };
        var (_, errors, code) = Compiled.Generate("""
            using My.App;
            static class Uses { public static object Make() => new HouseInput { Age = 3, City = HouseInput.CityLevels.LaChaux }; }
            """, new SchemaFile("house", schema));
        Assert.Empty(errors);
        Assert.Contains("<summary>Column 'age': a number, 18 to 92.5 in training.</summary>", code);
        Assert.Contains("one of Bern, La Chaux; other texts count as missing", code);
        Assert.Contains("public const string LaChaux = \"La Chaux\";", code);
        Assert.DoesNotContain("\"id\"", code);
    }

    [Fact]
    public void Code_that_the_schema_no_longer_fits_does_not_compile()
    {
        const string Program = """
            using My.App;
            static class Uses { public static object Make() => new SampleInput { A = 3, B = "x" }; }
            """;
        Schema Of(params (string Name, ColumnKind Kind)[] columns) => new()
        {
            Columns = [.. columns.Select(c => new ColumnSchema { Name = c.Name, Kind = c.Kind }), new ColumnSchema { Name = "y", Kind = ColumnKind.Number, Role = ColumnRole.Target }],
            Target = new TargetSchema { Column = "y", Task = TaskKind.Regression },
        };
        string Errors(Schema schema) => string.Join(' ', Compiled.Generate(Program, new SchemaFile("sample", schema)).Errors.Select(error => error.Id));
        Assert.Equal("", Errors(Of(("a", ColumnKind.Number), ("b", ColumnKind.Text))));
        Assert.Equal("CS0117", Errors(Of(("a", ColumnKind.Number))));
        Assert.Equal("CS9035", Errors(Of(("a", ColumnKind.Number), ("b", ColumnKind.Text), ("c", ColumnKind.Text))));
        Assert.Equal("CS0029", Errors(Of(("a", ColumnKind.Number), ("b", ColumnKind.Number))));
    }

    [Fact]
    public void What_is_wrong_is_an_error_with_a_sentence()
    {
        var schema = SamplePackages.Make(TaskKind.Binary).Schema;
        string pin = Tilth.Generator.SchemaText.Pin(SchemaContract.Of(schema));
        Assert.Empty(Compiled.Generate(Empty, new SchemaFile("sample", schema, pin)).Errors);
        Assert.Equal("The columns or classes of 'sample.tilth' are not those that this project pins: the item says Schema=\"0123456789ab\", but the package has \"" + pin + "\"; see that the code still fits and put the new one there",
            Said(new SchemaFile("sample", schema, "0123456789ab")));
        Assert.Equal("The schema of 'sample.tilth' cannot be used: it is not JSON at character 3", Said(new SchemaFile("sample", "{ ?")));
        Assert.Equal("The schema of 'sample.tilth' cannot be used: it has version 2, but this generator reads version 1", Said(new SchemaFile("sample", """{"format":"tilth-schema","version":2}""")));
        Assert.StartsWith("Two TilthModel items make the types SampleInput", Said(new SchemaFile("sample", schema), new SchemaFile("Sample", schema)));

        static string Said(params SchemaFile[] files) => Assert.Single(Compiled.Generate(Empty, files).Errors).GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Nothing_is_made_again_while_the_schema_is_the_same()
    {
        var schema = SamplePackages.Make(TaskKind.Binary).Schema;
        var file = new SchemaFile("sample", schema);
        var program = Compiled.Of(Empty);
        var driver = Compiled.Driver(file).RunGenerators(program, TestContext.Current.CancellationToken);
        driver = driver.RunGenerators(program.AddSyntaxTrees(Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("class More;", cancellationToken: TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Equal(IncrementalStepRunReason.Cached, Reason(driver));
        // Touched, but with the same text.
        driver = driver.ReplaceAdditionalText(file, new SchemaFile("sample", schema)).RunGenerators(program, TestContext.Current.CancellationToken);
        Assert.Equal(IncrementalStepRunReason.Unchanged, Reason(driver));
        Assert.All(driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));

        static IncrementalStepRunReason Reason(GeneratorDriver driver) => driver.GetRunResult().Results[0].TrackedSteps["models"].Single().Outputs.Single().Reason;
    }

    static object? ValueOf(Column column, int row) => column.IsMissing(row) ? null : column switch
    {
        NumberColumn numbers => numbers.Values.Span[row],
        BooleanColumn flags => flags.Values.Span[row] > 0,
        DateTimeColumn moments => new DateTime(moments.Ticks.Span[row]),
        _ => column.Format(row),
    };
}
