using System.Text;
using Tilth.Data;

namespace Tilth.Prediction;

/// <summary>
/// What code that was written for a schema relies on: the target with its classes, and the name and kind of every feature,
/// in order. Not the ranges and levels, so that a model that was learned again on newer rows still fits. One line each:
/// "target binary churned", "class no", "number age"; line breaks and backslashes in names are written \n, \r and \\.
/// Tilth.Generator writes the same text from schema.json.
/// </summary>
public static class SchemaContract
{
    /// <summary>The contract of a schema.</summary>
    public static string Of(Schema schema)
    {
        var text = new StringBuilder();
        if (schema.Target is { } target)
        {
            Line(text, "target " + SchemaJson.Word(target.Task), target.Column);
            foreach (string name in target.Classes) Line(text, "class", name);
        }
        foreach (var column in schema.Features) Line(text, SchemaJson.Word(column.Kind), column.Name);
        return text.ToString();
    }

    /// <summary>Refuses a schema that is not the one that code was made for.</summary>
    /// <param name="schema">Of the package.</param>
    /// <param name="contract">What the code was made for.</param>
    /// <param name="code">The name of the code, for the message.</param>
    /// <exception cref="SchemaException">They differ; a problem for each line.</exception>
    public static void Check(Schema schema, string contract, string code)
    {
        string now = Of(schema);
        if (now == contract) return;
        string[] then = Lines(contract), there = Lines(now);
        var problems = new List<Problem>();
        foreach (string line in then.Except(there)) problems.Add(new Problem("schema-changed", $"{code} was made for a package with '{line}', which this package has not; build the program again with this package"));
        foreach (string line in there.Except(then)) problems.Add(new Problem("schema-changed", $"the package has '{line}', of which {code} knows nothing; build the program again with this package"));
        if (problems.Count == 0) problems.Add(new Problem("schema-changed", $"the package has the columns or classes of {code} in another order; build the program again with this package"));
        throw new SchemaException(problems);
    }

    static void Line(StringBuilder text, string what, string name)
        => text.Append(what).Append(' ').Append(name.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r")).Append('\n');

    static string[] Lines(string contract) => contract.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
