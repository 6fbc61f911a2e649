using System.Reflection;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Tilth.Data;
using Tilth.Exporting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Prediction;
using Tilth.Prepare;
using Tilth.Tests.Contracts;
using Tilth.Tests.Generator;
using Tilth.Tests.Models.Nodes;
using Tilth.Tests.Prepare;

namespace Tilth.Tests.Exporting;

/// <summary>The exported file is compiled here and predicts what the package predicts, to the bit, or it is refused.</summary>
public class CSharpExportTests
{
    [Fact]
    public void Every_learner_is_exported_to_the_bit_or_refused_with_a_sentence()
    {
        var exported = new List<(string, ModelPackage)>();
        var refused = new List<string>();
        foreach (var entry in LearnerCatalog.All)
        {
            var task = entry.Traits.Tasks[0];
            var (schema, table) = Data(task);
            var node = SampleNodes.Pipeline(schema, table, TargetOf(table, schema.Target!, positive: entry.Traits.TargetRange != TargetRange.Any), LearnerContract.Small(entry.Name));
            var package = new ModelPackage(schema, node, Head.For(schema.Target!));
            if (CSharpExport.FaultOf(package) is not { } fault) exported.Add((entry.Name, package));
            else
            {
                Assert.Equal($"a model of the kind '{node.Model.PartKind}' cannot be exported; trees, linear and additive models can, so leave that learner out and train again", fault);
                refused.Add(node.Model.PartKind);
            }
        }
        Assert.Equal(["kernel", "neighbors", "network"], refused.Order());
        SameBits(exported, rows: 150);
    }

    public static TheoryData<TaskKind> Tasks => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void Blends_means_stacks_and_every_calibrator_are_exported_to_the_bit(TaskKind task)
    {
        var (schema, table) = Data(task);
        var target = TargetOf(table, schema.Target!, positive: false);
        Node[] nodes = [.. new[] { "gradient_boosting", "linear", "additive_boosting", "extra_trees" }.Select(name => SampleNodes.Pipeline(schema, table, target, LearnerContract.Small(name)))];
        var blend = new Blend([3, 1, 0.7], [nodes[0], new Mean([nodes[1], nodes[2]]), nodes[3]]);
        Calibrator?[] calibrators = task switch
        {
            TaskKind.Binary => [null, new PlattCalibrator(1.2, -0.1), new TemperatureCalibrator(1.7), new BetaCalibrator(0.9, 1.3, -0.1), new IsotonicCalibrator([0.1, 0.35, 0.8], [0, 0.4, 0.9])],
            TaskKind.Multiclass => [null, new TemperatureCalibrator(0.6)],
            _ => [null],
        };
        var packages = calibrators.Select(calibrator => ($"{calibrator}", new ModelPackage(schema, blend, Head.For(schema.Target!) with
        {
            Calibrator = calibrator, Conformal = task == TaskKind.Regression ? new Conformal([0.8, 0.9], [1.25, 2], default, new WidthCurve([-1, 2, 9], [1, 0.3, 2])) : null,
        }))).ToList();

        var children = new[] { nodes[0], nodes[1] };
        var map = Stack.MapOf(children);
        var features = new FeatureMatrix(map, table.RowCount, [.. Enumerable.Range(0, map.Dense.Count).Select(f =>
        {
            int outputs = children[0].OutputCount;
            double[] all = children[f / outputs].Predict(table);
            return Enumerable.Range(0, table.RowCount).Select(row => (float)all[row * outputs + f % outputs]).ToArray();
        })], [], null);
        var top = LearnerContract.Small("linear").Fit(new TrainingSet(features, target), new Fitting.FitContext { Seed = 3 });
        packages.Add(("stack", new ModelPackage(schema, new Stack(children, top), Head.For(schema.Target!))));
        if (task == TaskKind.Regression) packages.Add(("logarithm of pairs", new ModelPackage(schema, LogOfPairs(schema, table, target), Head.For(schema.Target!))));
        SameBits(packages, rows: 400);
    }

    /// <summary>Every operation on two numbers, and a score of which the limits cut something off.</summary>
    static Pipeline LogOfPairs(Schema schema, Table table, Target target)
    {
        string[] names = [.. schema.Features.Where(column => column.Kind == ColumnKind.Number).Take(2).Select(column => column.Name)];
        var operations = Enum.GetValues<PairOperation>();
        var map = new FeatureMap([.. operations.Select(operation => new Feature($"{operation}", names))], [], []);
        var preparation = new Preparation([new(names[0], ColumnKind.Number, 0), new(names[^1], ColumnKind.Number, names.Length - 1)], new(names.Length + operations.Length, 0, 0, 0),
            [.. operations.Select((operation, i) => new PairStep(0, names.Length - 1, names.Length + i, operation))], map, [.. operations.Select((_, i) => names.Length + i)], []);
        var model = LearnerContract.Small("gradient_boosting").Fit(new TrainingSet(preparation.Apply(table), target), new Fitting.FitContext { Seed = 3 });
        return new Pipeline(preparation, new LogTargetModel(model, 0.1, -0.2, 0.3));
    }

    [Fact]
    public void Texts_are_exported_to_the_bit()
    {
        var (schema, _, node) = SampleNodes.Make(TaskKind.Multiclass);
        SameBits([("texts", new ModelPackage(schema, node, Head.For(schema.Target!)))], rows: 600);
    }

    [Fact]
    public void Names_that_no_class_can_have_are_refused()
    {
        var (schema, _, node) = SampleNodes.Make(TaskKind.Binary);
        var package = new ModelPackage(schema, node, Head.For(schema.Target!));
        foreach (string name in (string[])["a b", "", "2", "Row", "Elementary", "Predict"]) Assert.Throws<ArgumentException>(() => CSharpExport.Write(package, name));
    }

    /// <summary>Compiles the files of several packages into one library and compares thousands of rows.</summary>
    static void SameBits(IReadOnlyList<(string What, ModelPackage Package)> packages, int rows)
    {
        string[] sources = [.. packages.Select((package, i) => CSharpExport.Write(package.Package, $"Exported{i}", "Some.Where"))];
        var program = Compiled.OfPlatform(sources);
        using var bytes = new MemoryStream();
        var result = program.Emit(bytes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Diagnostics.All(one => one.Severity < DiagnosticSeverity.Warning), string.Join('\n', result.Diagnostics.Take(5)));
        var assembly = Assembly.Load(bytes.ToArray());
        for (int i = 0; i < packages.Count; i++) SameBits(packages[i].Package, assembly.GetType($"Some.Where.Exported{i}")!, packages[i].What, rows);
    }

    static void SameBits(ModelPackage package, Type type, string what, int rows)
    {
        Type rowType = type.GetNestedType("Row")!;
        MethodInfo predict = type.GetMethod("Predict")!, decide = type.GetMethod("Decide")!;
        var predictor = new Predictor(package);
        var read = package.Node.SourceColumns.ToHashSet();
        var columns = package.Schema.Features.Where(column => read.Contains(column.Name)).Zip(rowType.GetProperties().Where(property => property.CanWrite)).ToList();
        Assert.Equal(read.Count, columns.Count);
        var random = new RandomSource(7);
        for (int i = 0; i < rows; i++)
        {
            object row = Activator.CreateInstance(rowType)!;
            var values = new Dictionary<string, object?>();
            foreach (var (column, property) in columns)
            {
                object? value = random.NextInt(9) == 0 ? null : ValueFor(column, random);
                values[column.Name] = value;
                property.SetValue(row, value);
            }
            var outputs = predictor.NewRow();
            foreach (var (name, value) in values) outputs.SetObject(name, value);
            var expected = new double[predictor.OutputCount];
            predictor.Predict(outputs, expected);
            double[] exported = (double[])predict.Invoke(null, [row])!;
            Assert.True(expected.AsSpan().SequenceEqual(exported), $"{what}, row {i}: {string.Join(' ', expected)} became {string.Join(' ', exported)} for {JsonSerializer.Serialize(values.Where(v => v.Value is not double d || double.IsFinite(d)))}");
            if (decide is not null) Assert.Equal(package.Target.Classes[predictor.Decide(expected)], decide.CreateDelegate<Decider>()(exported));
            else if (package.Head.Conformal is not null) Assert.Equal(predictor.Predict(values).Intervals.Select(x => (x.Coverage, x.Low, x.High)), ((double, double, double)[])type.GetMethod("Intervals")!.Invoke(null, [exported[0]])!);
        }
    }

    delegate string Decider(ReadOnlySpan<double> outputs);

    static readonly string[] words = ["red", "Green", "blue", "good", "BAD", "Apple", "pear", "über", "42", "of", "ἀρετή", "naïve", "\ud83d\ude00", "\ud800", "_x", "日本語"];

    static object ValueFor(ColumnSchema column, RandomSource random) => column.Kind switch
    {
        ColumnKind.Number => random.NextInt(30) switch { 0 => double.PositiveInfinity, 1 => double.NaN, 2 => -1e300, 3 => 0.0, _ => 3 * random.NextGaussian() * (random.NextInt(3) == 0 ? 1000 : 1) },
        ColumnKind.Boolean => random.NextInt(2) == 0,
        ColumnKind.Text => string.Join(random.NextInt(2) == 0 ? " " : ", ", Enumerable.Range(0, random.NextInt(6)).Select(_ => words[random.NextInt(words.Length)])),
        ColumnKind.DateTime => new DateTime(2018, 1, 1).AddHours(random.NextInt(30_000)),
        _ => random.NextInt(8) switch
        {
            0 => "never seen", 1 => " " + column.Levels.NameOf(random.NextInt(column.Levels.Count)) + "\t", 2 => random.NextInt(12) + ".0", 3 => "?", 4 => "",
            _ => column.Levels.NameOf(random.NextInt(column.Levels.Count)),
        },
    };

    /// <summary>The mixed table without its text, with a category whose levels are numbers and one that many rows miss.</summary>
    static (Schema Schema, Table Table) Data(TaskKind task)
    {
        var mixed = PlanData.Mixed(300, 5).Without("note", "id");
        var random = new RandomSource(11);
        var table = new Table([.. mixed.Columns, new CategoryColumn("grade", Enumerable.Range(0, 300).Select(_ => random.NextInt(13) - 1).ToArray(), new LevelSet([.. Enumerable.Range(0, 12).Select(i => $"{i}")]))]);
        var schema = SampleNodes.SchemaOf(table, ContractData.TargetOf(task));
        return (schema with { Columns = [.. schema.Columns.Select(column => column.Kind == ColumnKind.Category && column.Role == ColumnRole.Feature ? column with { Format = new ValueFormat { MissingMarkers = ["?"] } } : column)] }, table);
    }

    static Target TargetOf(Table table, TargetSchema schema, bool positive)
    {
        var random = new RandomSource(9);
        var x = ((NumberColumn)table["x"]).Values;
        var grade = ((CategoryColumn)table["grade"]).Codes;
        return new(schema, [.. Enumerable.Range(0, table.RowCount).Select(row =>
        {
            double z = 2 * x.Span[row] + grade.Span[row] / 3.0 + random.NextGaussian();
            return schema.Task switch { TaskKind.Binary => z > 1 ? 1 : 0, TaskKind.Multiclass => z < 0 ? 0 : z < 2 ? 1 : 2, _ => positive ? Math.Exp(z / 3) : z };
        })]);
    }
}
