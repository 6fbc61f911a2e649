using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Tilth.Generator;

/// <summary>
/// Makes types of the schemas of a project's packages: one property a column, so that a column that is no longer there is a
/// compile error. The .targets file beside this one passes each package's schema.json on as an additional file.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    static readonly DiagnosticDescriptor Unreadable = Error("TILTH001", "The package's schema cannot be read", "The schema of '{0}' cannot be used: {1}");
    static readonly DiagnosticDescriptor Twice = Error("TILTH002", "Two packages make the same types", "Two TilthModel items make the types {0}Input, {0}Prediction and {0}Model; give one of them another name with Name=\"...\"");
    static readonly DiagnosticDescriptor Changed = Error("TILTH003", "The package's schema has changed", "The columns or classes of '{0}' are not those that this project pins: the item says Schema=\"{1}\", but the package has \"{2}\"; see that the code still fits and put the new one there");

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var models = context.AdditionalTextsProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => (File: pair.Left, Of: Wanted(pair.Right, pair.Left)))
            .Where(static model => model.Of.Name.Length > 0)
            .Select(static (model, stop) => Make(model.Of, model.File.GetText(stop)?.ToString() ?? ""))
            .WithTrackingName("models");
        context.RegisterSourceOutput(models.Collect(), static (output, models) => Add(output, models));
    }

    static (string Name, string Space, string Package, string Pin) Wanted(AnalyzerConfigOptionsProvider provider, AdditionalText file)
    {
        var options = provider.GetOptions(file);
        string Of(string name) => options.TryGetValue("build_metadata.AdditionalFiles." + name, out string? value) ? value : "";
        string name = Of("TilthModel"), space = Of("TilthNamespace");
        if (name.Length == 0) return ("", "", "", "");
        if (space.Length == 0 && provider.GlobalOptions.TryGetValue("build_property.RootNamespace", out string? root)) space = root;
        string pascal = MemberNames.Pascal(name);
        return (pascal.Length == 0 ? "Tilth" : pascal, space, Of("TilthPackage") is { Length: > 0 } package ? package : name + ".tilth", Of("TilthSchema"));
    }

    /// <summary>The code, or the numbers of a diagnostic; texts only, so that equal results end the work.</summary>
    static (string Name, string Code, string Fault, string First, string Second, string Third) Make((string Name, string Space, string Package, string Pin) of, string json)
    {
        try
        {
            var schema = SchemaText.Read(json);
            string pin = SchemaText.Pin(schema.Contract());
            string code = ModelCode.Write(of.Name, of.Space, of.Package, schema);
            return of.Pin.Length > 0 && of.Pin != pin ? (of.Name, code, Changed.Id, of.Package, of.Pin, pin) : (of.Name, code, "", "", "", "");
        }
        catch (FormatException fault)
        {
            return (of.Name, "", Unreadable.Id, of.Package, fault.Message, "");
        }
    }

    static void Add(SourceProductionContext output, ImmutableArray<(string Name, string Code, string Fault, string First, string Second, string Third)> models)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in models)
        {
            if (!names.Add(model.Name))
            {
                output.ReportDiagnostic(Diagnostic.Create(Twice, Location.None, model.Name));
                continue;
            }
            if (model.Fault == Unreadable.Id) output.ReportDiagnostic(Diagnostic.Create(Unreadable, Location.None, model.First, model.Second));
            if (model.Fault == Changed.Id) output.ReportDiagnostic(Diagnostic.Create(Changed, Location.None, model.First, model.Second, model.Third));
            if (model.Code.Length > 0) output.AddSource(model.Name + ".g.cs", SourceText.From(model.Code, Encoding.UTF8));
        }
    }

    static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, "Tilth", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
