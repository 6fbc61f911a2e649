using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tilth.Explanation;

/// <summary>What one column does to the prediction, the other columns as they are.</summary>
public sealed record EffectFinding
{
    /// <summary>The column.</summary>
    public required string Column { get; init; }

    /// <summary>"number", "date" or "category".</summary>
    public required string Kind { get; init; }

    /// <summary>The values as people write them.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Where they lie: numbers, ticks of dates, 0, 1, 2 ... for categories.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    /// <summary>The mean prediction if every row had the value (partial dependence).</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The same of a few single rows: rows x values.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Rows { get; init; }

    /// <summary>Numbers and dates: the accumulated local effect at edges, moved to the mean prediction; else empty.</summary>
    public required IReadOnlyList<Evaluation.CurvePoint> Local { get; init; }
}

/// <summary>What two columns do to the prediction together, the other columns as they are: a table of values of the first x values of the second.</summary>
public sealed record PairFinding
{
    /// <summary>The column whose values go down.</summary>
    public required string First { get; init; }

    /// <summary>The column whose values go across.</summary>
    public required string Second { get; init; }

    /// <summary>The first column's values as people write them.</summary>
    public required IReadOnlyList<string> FirstLabels { get; init; }

    /// <summary>The second column's.</summary>
    public required IReadOnlyList<string> SecondLabels { get; init; }

    /// <summary>The mean prediction if every row had both values; NaN where no row is like this, so that it would be made up.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Mean { get; init; }
}

/// <summary>How far a column moved the raw score of rows, and how high its value was there. The rows of each column are in an order of
/// their own, so that no row can be put together again.</summary>
/// <param name="Column">The column.</param>
/// <param name="Moves">On the raw score's scale, ascending.</param>
/// <param name="Ranks">The value's place among the rows' values, in 0 to 1; -1 where values have no order or are missing.</param>
public sealed record SwarmColumn(string Column, IReadOnlyList<double> Moves, IReadOnlyList<double> Ranks);

/// <summary>What moves the predictions of a package. Immutable.</summary>
public sealed record ExplanationFindings
{
    /// <summary>The name of the package's document that holds them.</summary>
    public const string DocumentName = "explanation.json";

    /// <summary>What effects are measured in: "the probability of 'yes'", "price".</summary>
    public required string Unit { get; init; }

    /// <summary>Rows that effects were measured on.</summary>
    public required int RowCount { get; init; }

    /// <summary>The most important columns first.</summary>
    public IReadOnlyList<EffectFinding> Effects { get; init; } = [];

    /// <summary>Pairs of the most important columns, the strongest first.</summary>
    public IReadOnlyList<InteractionStrength> Interactions { get; init; } = [];

    /// <summary>Tables of the pairs that work together most; those with dates have none.</summary>
    public IReadOnlyList<PairFinding> Pairs { get; init; } = [];

    /// <summary>The most important columns first; empty where the models have no attributions.</summary>
    public IReadOnlyList<SwarmColumn> Swarm { get; init; } = [];
}

/// <summary>Findings as JSON: camel case, numbers to six digits.</summary>
public static class ExplanationJson
{
    /// <summary>UTF-8; equal findings give equal bytes.</summary>
    public static byte[] Write(ExplanationFindings findings) => JsonSerializer.SerializeToUtf8Bytes(findings, ExplanationJsonContext.Default.ExplanationFindings);

    /// <summary>Reads what <see cref="Write"/> wrote; unknown properties are passed over.</summary>
    /// <exception cref="PackageFormatException">The bytes are no findings; the message says what is wrong.</exception>
    public static ExplanationFindings Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var findings = JsonSerializer.Deserialize(json, ExplanationJsonContext.Default.ExplanationFindings);
            bool whole = findings is not null && findings.Swarm.All(one => one?.Column is not null && one.Moves.Count == one.Ranks.Count) && findings.Interactions.All(one => one?.First is not null && one.Second is not null)
                && findings.Effects.All(one => one?.Column is not null && one.Labels.All(label => label is not null) && one.Positions.Count == one.Labels.Count && one.Mean.Count == one.Labels.Count
                    && one.Rows.All(row => row?.Count == one.Labels.Count) && one.Local.All(point => point is not null))
                && findings.Pairs.All(one => one?.First is not null && one.Second is not null && one.FirstLabels.Concat(one.SecondLabels).All(label => label is not null)
                    && one.Mean.Count == one.FirstLabels.Count && one.Mean.All(row => row?.Count == one.SecondLabels.Count));
            return whole ? findings! : throw new PackageFormatException("explanation-json", "the explanation is empty or has a hole");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new PackageFormatException("explanation-json", $"the explanation is not readable: {exception.Message}", exception);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(ExplanationFindings))]
sealed partial class ExplanationJsonContext : JsonSerializerContext;
