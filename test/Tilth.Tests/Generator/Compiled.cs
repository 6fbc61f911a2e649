using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Tilth.Data;
using Tilth.Generator;

namespace Tilth.Tests.Generator;

/// <summary>Runs the generator and the compiler inside the test.</summary>
static class Compiled
{
    static readonly Lazy<MetadataReference[]> references = new(() => [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is "Tilth.Runtime.dll" or "netstandard.dll" || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
        .Select(path => MetadataReference.CreateFromFile(path))]);

    public static CSharpCompilation Of(params string[] sources) => CSharpCompilation.Create($"compiled{Guid.NewGuid():N}",
        sources.Select(source => CSharpSyntaxTree.ParseText(source)), references.Value, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));

    /// <summary>The same in C# 13 and without any library of ours.</summary>
    public static CSharpCompilation OfPlatform(params string[] sources)
        => Of().AddSyntaxTrees(sources.Select(source => CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp13))))
            .WithReferences(references.Value.Where(reference => Path.GetFileName(reference.Display) != "Tilth.Runtime.dll"));

    /// <summary>The program with what the generator adds; errors of both.</summary>
    public static (Compilation Program, ImmutableArray<Diagnostic> Errors, string Code) Generate(string program, params SchemaFile[] files)
    {
        var driver = Driver(files).RunGeneratorsAndUpdateCompilation(Of(program), out var all, out var said, TestContext.Current.CancellationToken);
        string code = string.Join('\n', driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString()));
        return (all, [.. said, .. all.GetDiagnostics(TestContext.Current.CancellationToken).Where(one => one.Severity >= DiagnosticSeverity.Warning)], code);
    }

    public static GeneratorDriver Driver(params SchemaFile[] files) => CSharpGeneratorDriver.Create([new ModelGenerator().AsSourceGenerator()], files, null,
        new Options(), new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static Assembly Load(Compilation program)
    {
        using var bytes = new MemoryStream();
        var result = program.Emit(bytes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(bytes.ToArray());
    }

    sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(new() { ["build_property.RootNamespace"] = "My.App" });

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values(((SchemaFile)textFile).Metadata);
    }

    sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}

/// <summary>A package's schema as the build passes it on.</summary>
sealed class SchemaFile(string name, string json, string pin = "") : AdditionalText
{
    public SchemaFile(string name, Schema schema, string pin = "") : this(name, System.Text.Encoding.UTF8.GetString(SchemaJson.Write(schema)), pin) { }

    public override string Path => $"obj/tilth/{name}/schema.json";

    public Dictionary<string, string> Metadata => new()
    {
        ["build_metadata.AdditionalFiles.TilthModel"] = name, ["build_metadata.AdditionalFiles.TilthPackage"] = name + ".tilth", ["build_metadata.AdditionalFiles.TilthSchema"] = pin,
    };

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(json);
}
