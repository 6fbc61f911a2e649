using System.Text.Json;
using Tilth.Explanation;
using Tilth.Honesty;
using Tilth.Models.Additive;
using Tilth.Packaging;
using Tilth.Reporting.Charts;
using Tilth.Walk;

namespace Tilth.Reporting;

/// <summary>The report of a package, from what the package itself carries.</summary>
public static class PackageReport
{
    /// <summary>Stands before the names of the learner's settings in a lineage.</summary>
    internal const string SettingMark = "setting: ";

    /// <summary>One self-contained HTML page.</summary>
    /// <param name="package">With the documents that training put into it.</param>
    /// <param name="fileName">The package's file name, for the lines that show how to use it.</param>
    /// <exception cref="PackageFormatException">The package carries no evaluation.</exception>
    public static string Of(ModelPackage package, string fileName) => HtmlReport.Write(ContentOf(package, fileName));

    /// <summary>What a page, or a card, of the package tells.</summary>
    /// <param name="package">With the documents that training put into it.</param>
    /// <param name="fileName">The package's file name.</param>
    /// <exception cref="PackageFormatException">The package carries no evaluation, or a document in it is unsound.</exception>
    public static ReportContent ContentOf(ModelPackage package, string fileName)
    {
        var additive = package.Node.Pipelines.All(pipeline => pipeline.Model is AdditiveModel) ? package.Node.Pipelines.Select(pipeline => pipeline.Model).OfType<AdditiveModel>().FirstOrDefault() : null;
        return new()
        {
            Evaluation = PackagedEvaluation.Of(package) ?? throw new PackageFormatException("evaluation-missing", $"{fileName} carries no evaluation to report on"),
            Schema = package.Schema,
            Profile = package.Profile,
            Importance = [.. ImportanceJson.Read(package).Select(column => new NamedBar(column.Column, column.Share))],
            Explanation = package.Documents.TryGetValue(ExplanationFindings.DocumentName, out var explanation) ? ExplanationJson.Read(explanation.Span) : null,
            Stories = MadeUpStories.Of(package),
            Shapes = additive is null ? [] : AdditiveShapes.Of(additive, package.Schema),
            ShapePairs = additive is null ? [] : AdditiveShapes.PairsOf(additive, package.Schema),
            Readable = LeaderboardJson.Readable(package) is var (metric, readable, best) ? new ReadablePrice(metric, readable, best) : null,
            Groups = package.Documents.TryGetValue(GroupFindings.DocumentName, out var groups) ? GroupJson.Read(groups.Span) : [],
            Findings = package.Documents.TryGetValue(Findings.DocumentName, out var findings) ? FindingsJson.Read(findings.Span) : null,
            Decisions = package.Documents.TryGetValue(PackageDocuments.Decisions, out var decisions) ? DecisionJson.Read(decisions) : [],
            Lineage = [KeyValuePair.Create("version", package.Version), .. package.Documents.TryGetValue(PackageDocuments.Lineage, out var lineage) ? Pairs(lineage) : []],
            PackageFile = fileName,
        };
    }

    static List<KeyValuePair<string, string>> Pairs(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var property in document.RootElement.EnumerateObject())
            if (property.Value.ValueKind == JsonValueKind.Object)
                pairs.AddRange(property.Value.EnumerateObject().Select(inner => KeyValuePair.Create(SettingMark + inner.Name, inner.Value.ToString())));
            else pairs.Add(KeyValuePair.Create(property.Name, property.Value.ToString()));
        return pairs;
    }
}
