using System.Globalization;
using System.Text;

namespace Tilth.Learners;

/// <summary>The hyperparameters of a learner in rows that people read; the command line and the documentation show the same.</summary>
/// <param name="Name">As in <see cref="Parameter.Name"/>.</param>
/// <param name="Default">The default, as a person writes it.</param>
/// <param name="Values">What is allowed.</param>
/// <param name="Searched">What a search looks in; empty if it leaves the default alone.</param>
/// <param name="Help">One sentence.</param>
public sealed record ParameterTableRow(string Name, string Default, string Values, string Searched, string Help);

/// <summary>Makes the table of a learner's hyperparameters.</summary>
public static class ParameterTable
{
    /// <summary>One row a hyperparameter, in the order of their declaration.</summary>
    public static IReadOnlyList<ParameterTableRow> Of(LearnerEntry entry) => [.. entry.Parameters.Select(parameter => new ParameterTableRow(
        parameter.Name, parameter.Format(parameter.Get(entry.Default)), Values(parameter), Searched(parameter), Sentence(parameter.Help)))];

    /// <summary>The same as a Markdown table.</summary>
    public static string Markdown(LearnerEntry entry)
    {
        var text = new StringBuilder("| name | default | values | searched | |\n|---|---|---|---|---|\n");
        foreach (var row in Of(entry)) text.Append(CultureInfo.InvariantCulture, $"| `{row.Name}` | {row.Default} | {row.Values} | {row.Searched} | {row.Help} |\n");
        return text.ToString();
    }

    static string Values(Parameter parameter) => parameter.Kind switch
    {
        ParameterKind.Choice => string.Join(", ", parameter.Choices),
        ParameterKind.Flag => "true, false",
        _ => $"{Short(parameter.Min)} to {Short(parameter.Max)}",
    };

    static string Searched(Parameter parameter) => parameter.Search is not { } range ? ""
        : parameter.Kind is ParameterKind.Choice or ParameterKind.Flag ? "all"
        : $"{Short(range.Low)} to {Short(range.High)}{(parameter.Scale == ParameterScale.Log ? ", log" : "")}";

    static string Short(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    static string Sentence(string help) => char.ToUpperInvariant(help[0]) + help[1..].TrimEnd('.');
}
