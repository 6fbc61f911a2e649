using System.CommandLine;
using Tilth.Data;

namespace Tilth.Cli.Commands;

/// <summary>What the user can say about the columns of a table.</summary>
sealed class ColumnOptions
{
    readonly Option<string?> target = new("--target", "-t") { Description = "The column to foresee." };
    readonly Option<string?> task = new("--task") { Description = "binary, multiclass or regression; found by looking if not given." };
    readonly Option<string?> positive = new("--positive") { Description = "The class whose probability is given; the rarer one if not given." };
    readonly Option<string?> schema = new("--schema") { Description = "A schema file that `inspect --write-schema` wrote and you may have edited." };
    readonly Option<string[]> kinds = new("--as") { Description = "Kind of a column: name=number, category, text, datetime or boolean. May repeat." };
    readonly Option<string[]> identifiers = new("--id") { Description = "A column that names the row; never learned from. May repeat." };
    readonly Option<string[]> ignored = new("--ignore", "--exclude") { Description = "A column to leave out, as one that is not known when the prediction is made. May repeat." };
    readonly Option<string?> weight = new("--weight") { Description = "The column that says how much a row counts." };
    readonly Option<string?> group = new("--group") { Description = "Rows of one group never stand on both sides of a split." };
    readonly Option<string?> time = new("--time-column") { Description = "When the row happened: tests are on later rows than training." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[target, task, positive, schema, kinds, identifiers, ignored, weight, group, time]) command.Options.Add(option);
    }

    /// <summary>The request; options win over the schema file.</summary>
    /// <exception cref="SchemaException">A value is not one of its kind.</exception>
    public SchemaRequest Read(ParseResult parsed, bool targetNeeded)
    {
        var written = parsed.GetValue(schema) is { } file ? SchemaRequest.From(SchemaFiles.Read(file)) : new SchemaRequest();
        var request = written with
        {
            Target = parsed.GetValue(target) ?? written.Target,
            Task = parsed.GetValue(task) is { } word ? Choice<TaskKind>("--task", word) : written.Task,
            Positive = parsed.GetValue(positive) ?? written.Positive,
            Identifiers = parsed.GetValue(identifiers) ?? [],
            Ignored = parsed.GetValue(ignored) ?? [],
            Weight = parsed.GetValue(weight),
            Group = parsed.GetValue(group),
            Time = parsed.GetValue(time),
            Overrides = WithKinds(written.Overrides, parsed.GetValue(kinds) ?? []),
        };
        if (targetNeeded && request.Target is null)
            throw new SchemaException("target-not-given", "say which column to foresee with --target NAME");
        return request;
    }

    static Dictionary<string, ColumnOverride> WithKinds(IReadOnlyDictionary<string, ColumnOverride> overrides, string[] kinds)
    {
        var all = new Dictionary<string, ColumnOverride>(overrides);
        foreach (string text in kinds)
        {
            int at = text.LastIndexOf('=');
            if (at <= 0) throw new SchemaException("as-value", $"--as is '{text}', but must be name=kind, such as --as zip=category");
            string name = text[..at];
            all[name] = (all.GetValueOrDefault(name) ?? new()) with { Kind = Choice<ColumnKind>("--as " + name, text[(at + 1)..]) };
        }
        return all;
    }

    static T Choice<T>(string option, string word) where T : struct, Enum
        => Enum.TryParse(word, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsAsciiDigit(word[0]) ? value
            : throw new SchemaException("option-value", $"{option} is '{word}', but must be one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}");
}
