using System.Text.Json;
using System.Text.Json.Serialization;
using Tilth.Data;

namespace Tilth.Evaluation;

/// <summary>An evaluation as JSON: camel case, numbers to the last bit, NaN and infinities as words.</summary>
public static class EvaluationJson
{
    /// <summary>Indented UTF-8; equal evaluations give equal bytes.</summary>
    public static byte[] Write(Evaluation evaluation) => JsonSerializer.SerializeToUtf8Bytes(evaluation, EvaluationJsonContext.Default.Evaluation);

    /// <summary>Reads what <see cref="Write"/> wrote; unknown properties are passed over.</summary>
    /// <exception cref="PackageFormatException">The bytes are no evaluation; the message says what is wrong.</exception>
    public static Evaluation Read(ReadOnlySpan<byte> json)
    {
        Evaluation? evaluation;
        try { evaluation = JsonSerializer.Deserialize(json, EvaluationJsonContext.Default.Evaluation); }
        catch (JsonException exception) { throw new PackageFormatException("evaluation-json", $"the evaluation is not readable: {exception.Message}", exception); }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new PackageFormatException("evaluation-json", $"the evaluation is not readable: {exception.Message}", exception);
        }
        if (evaluation is null) throw new PackageFormatException("evaluation-json", "the evaluation is empty");
        if (Fault(evaluation) is { } fault) throw new PackageFormatException("evaluation-json", $"the evaluation is not whole: {fault}");
        return evaluation;
    }

    /// <summary>What a reader of the record may rely on.</summary>
    static string? Fault(Evaluation e)
    {
        int classes = e.Classes.Count;
        if (!Enum.IsDefined(e.Task)) return $"{e.Task} is no task";
        if (e.RowCount < 1) return $"it has {e.RowCount} rows";
        if (e.Task == TaskKind.Regression ? classes != 0 : e.Task == TaskKind.Binary ? classes != 2 : classes < 2) return $"a {e.Task} target has {classes} classes";
        if (e.ClassRows.Count != classes) return $"there are {classes} classes, but rows of {e.ClassRows.Count}";
        if (e.Classes.Any(name => name is null)) return "a class has no name";
        if (e.Metrics.Any(m => m?.Name is null || m.Score is null || m.Difference is null || m.Method is null)) return "a metric lacks its value";
        if (e.Find(e.Headline) is null) return $"the headline metric '{e.Headline}' is missing";
        if (e.Confusion.Count != classes || e.Confusion.Any(row => row is null || row.Count != classes)) return $"the confusion matrix is not {classes} x {classes}";
        if (e.BaselinePrediction.Count != (e.Task == TaskKind.Multiclass ? classes : 1)) return "the baseline does not fit the task";
        if ((e.Task == TaskKind.Binary) != e.Curves is not null) return "curves stand with a binary target only";
        if ((e.Task == TaskKind.Regression) != e.Residuals is not null) return "residuals stand with a regression only";
        if (e.Curves is { } curves && (curves.Roc.Concat(curves.PrecisionRecall).Any(p => p is null) || curves.RocBand.Concat(curves.RecallBand).Concat(curves.NetBenefit).Concat(curves.Gains).Any(p => p is null) || curves.Calibration.Any(b => b?.Happened is null)))
            return "a curve has a hole";
        if (e.Residuals is { } r && (r.Quantiles.Count != ResidualSummary.Levels.Count || r.Histogram.Any(b => b is null) || r.Sample.Any(p => p is null)))
            return "the residuals have a hole";
        return null;
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(Evaluation))]
sealed partial class EvaluationJsonContext : JsonSerializerContext;
