using System.Text.Json;
using System.Text.Json.Serialization;
using Tilth.Honesty.Heads;
using Tilth.Honesty.Leaks;
using Tilth.Honesty.Rows;

namespace Tilth.Honesty;

/// <summary>What was found about how far a score and its predictions can be trusted. Immutable.</summary>
public sealed record Findings
{
    /// <summary>The name of the package's document that holds them.</summary>
    public const string DocumentName = "honesty.json";

    /// <summary>What to tell first; null before there is a score.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>What calibration brought; null for numbers and few rows.</summary>
    public CalibrationFinding? Calibration { get; init; }

    /// <summary>What deciding by costs brings; null where no costs were told.</summary>
    public CostFinding? Costs { get; init; }

    /// <summary>What deciding by a capacity, a cost matrix or a metric brings; null where none was told.</summary>
    public GoalFinding? Goal { get; init; }

    /// <summary>What the promised coverage costs; null for few rows.</summary>
    public ConformalFinding? Conformal { get; init; }

    /// <summary>The columns that the model leans on most: each asks whether it is known when the prediction is made.</summary>
    public IReadOnlyList<ColumnQuestion> Questions { get; init; } = [];

    /// <summary>What is odd about rows and groups; null where no rows were held back.</summary>
    public DataIssues? Issues { get; init; }

    /// <summary>Leaks that were suspected before training.</summary>
    public IReadOnlyList<Suspicion> Suspicions { get; init; } = [];
}

/// <summary>"Was this column known when the prediction is made?": only people can answer it.</summary>
/// <param name="Column">The column.</param>
/// <param name="Share">Its part of what moves the predictions, in 0 to 1.</param>
public sealed record ColumnQuestion(string Column, double Share)
{
    /// <summary>How many columns are asked about.</summary>
    public const int Most = 3;

    /// <summary>The question.</summary>
    public string Sentence() => FormattableString.Invariant($"Is '{Column}' ({Share:P0} of what moves the predictions) known when the prediction is made? If not, use --exclude {Column}.");
}

/// <summary>Findings as JSON: camel case, numbers to the last bit, NaN and infinities as words.</summary>
public static class FindingsJson
{
    /// <summary>Indented UTF-8; equal findings give equal bytes.</summary>
    public static byte[] Write(Findings findings) => JsonSerializer.SerializeToUtf8Bytes(findings, FindingsJsonContext.Default.Findings);

    /// <summary>Reads what <see cref="Write"/> wrote; unknown properties are passed over.</summary>
    /// <exception cref="PackageFormatException">The bytes are no findings; the message says what is wrong.</exception>
    public static Findings Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FindingsJsonContext.Default.Findings) is { } findings && findings.Suspicions.All(s => s is not null)
                ? findings : throw new PackageFormatException("honesty-json", "the findings are empty or have a hole");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new PackageFormatException("honesty-json", $"the findings are not readable: {exception.Message}", exception);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(Findings))]
sealed partial class FindingsJsonContext : JsonSerializerContext;
