using Tilth.Evaluation;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>The evaluation that a package carries.</summary>
public static class PackagedEvaluation
{
    /// <summary>The evaluation from training, or null if the package carries none.</summary>
    public static Evaluation.Evaluation? Of(ModelPackage package)
        => package.Documents.TryGetValue(PackageDocuments.Evaluation, out var json) ? EvaluationJson.Read(json.Span) : null;
}
