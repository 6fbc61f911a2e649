using System.CommandLine;
using Tilth.Reporting;

namespace Tilth.Cli.Commands;

/// <summary>What only people know about a model, for its report and its card.</summary>
sealed class ReportOptions
{
    readonly Option<string?> use = new("--use") { Description = "What the model is for, in a sentence or two." };
    readonly Option<string?> notFor = new("--not-for") { Description = "What it must not be used for, beside what is always said." };
    readonly Option<string?> rows = new("--rows-are") { Description = "What a row is, in the plural: patients, customers." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[use, notFor, rows]) command.Options.Add(option);
    }

    public ReportContent Add(ParseResult parsed, ReportContent content)
        => content with { Use = parsed.GetValue(use), NotFor = parsed.GetValue(notFor), Rows = parsed.GetValue(rows) ?? content.Rows };
}
