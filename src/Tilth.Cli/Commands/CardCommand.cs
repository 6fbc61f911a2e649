using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Packaging;
using Tilth.Reporting;

namespace Tilth.Cli.Commands;

/// <summary>tilth card: the model card of a package as Markdown.</summary>
static class CardCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var words = new ReportOptions();
        var output = CommonOptions.Out("Where the card goes; the package's name with .md if not given; - writes to the standard output.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("card", "Write the model card of a package as Markdown, in the order of TRIPOD+AI.") { package };
        words.AddTo(command);
        foreach (Option option in (Option[])[output, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!;
            var opened = ModelPackage.Open(path);
            string card = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".md");
            string text = ModelCard.Write(words.Add(parsed, PackageReport.ContentOf(opened, Path.GetFileName(path))));
            if (card == "-")
            {
                if (parsed.GetValue(json)) throw new SourceException("output-needed", "with --json give --out FILE for the card");
                Console.Out.Write(text);
                return ExitCode.Ok;
            }
            OutputFile.Write(OutputFile.ForWriting(card), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"wrote {card}");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["card"] = card, ["version"] = opened.Version });
            return ExitCode.Ok;
        });
        return command;
    }
}
