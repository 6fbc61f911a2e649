using System.Text.Json;
using System.Text.Json.Serialization;
using Tilth.Evaluation;

namespace Tilth.Honesty;

/// <summary>How the predictions do for the rows of one group.</summary>
/// <param name="Name">The level of the column.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Actual">Binary: the share that is positive. Regression: the mean of the target. Else NaN.</param>
/// <param name="Foreseen">Binary: the mean stated probability. Regression: the mean prediction. Else NaN.</param>
/// <param name="Called">Binary: the share that is called positive. Else NaN.</param>
/// <param name="Found">Binary: of the positive rows the share that is found. Several classes: the share that is named right. Else NaN.</param>
/// <param name="FalseAlarms">Binary: of the other rows the share that is called positive. Else NaN.</param>
/// <param name="Right">Binary: of the called rows the share that is positive. Regression: the mean absolute error. Else NaN.</param>
public sealed record GroupScore(string Name, int Rows, Interval Actual, Interval Foreseen, Interval Called, Interval Found, Interval FalseAlarms, Interval Right);

/// <summary>One measure's largest gap between two groups.</summary>
/// <param name="Measure">"found", "false alarms", "called", "right", "named right" or "mean absolute error".</param>
/// <param name="Low">The group with the lowest value.</param>
/// <param name="High">The group with the highest.</param>
/// <param name="Gap">Highest - lowest with its 95 % interval.</param>
public sealed record GroupGap(string Measure, string Low, string High, Interval Gap);

/// <summary>How the predictions do for the groups that one column makes. Immutable.</summary>
/// <param name="Column">The column.</param>
/// <param name="Groups">The largest first; none with fewer than 10 rows.</param>
/// <param name="HiddenRows">Rows of groups that are too small to show.</param>
/// <param name="Gaps">The largest gaps between groups.</param>
public sealed record GroupFindings(string Column, IReadOnlyList<GroupScore> Groups, int HiddenRows, IReadOnlyList<GroupGap> Gaps)
{
    /// <summary>The name of the package's document that holds them.</summary>
    public const string DocumentName = "groups.json";
}

/// <summary>Group findings as JSON.</summary>
public static class GroupJson
{
    /// <summary>Indented UTF-8; equal findings give equal bytes.</summary>
    public static byte[] Write(IReadOnlyList<GroupFindings> groups) => JsonSerializer.SerializeToUtf8Bytes(groups, GroupJsonContext.Default.IReadOnlyListGroupFindings);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="PackageFormatException">The bytes are no findings; the message says what is wrong.</exception>
    public static IReadOnlyList<GroupFindings> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, GroupJsonContext.Default.IReadOnlyListGroupFindings) is { } groups && groups.All(g => g?.Column is not null && g.Groups.All(one => one?.Name is not null) && g.Gaps.All(gap => gap?.Gap is not null))
                ? groups : throw new PackageFormatException("groups-json", "the groups are empty or have a hole");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new PackageFormatException("groups-json", $"the groups are not readable: {exception.Message}", exception);
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 16)]
[JsonSerializable(typeof(IReadOnlyList<GroupFindings>))]
sealed partial class GroupJsonContext : JsonSerializerContext;
