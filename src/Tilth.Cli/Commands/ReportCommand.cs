using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Packaging;
using Tilth.Parallelism;
using Tilth.Reporting;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth report: a package in one page that people can read, print and send.</summary>
static class ReportCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var words = new ReportOptions();
        Option<string[]> groups = GroupOptions.Groups();
        Option<string?> data = new("--data") { Description = "Rows with the target to measure groups on; needed with --groups." };
        var output = CommonOptions.Out("Where the page goes; the package's name with .html if not given.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Write one HTML page about a package: how good, on which rows, why, from which data.") { package, output, data, groups, json };
        words.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!;
            var opened = ModelPackage.Open(path);
            string page = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".html");
            var terminal = new Terminal(parsed.GetValue(json));
            var content = words.Add(parsed, PackageReport.ContentOf(opened, Path.GetFileName(path)));
            if (GroupOptions.Names(parsed.GetValue(groups)) is { Length: > 0 } names)
            {
                string rows = parsed.GetValue(data) ?? throw new SourceException("data-needed", "--groups measures rows: give them with --data FILE");
                content = content with { Groups = GroupStep.Of(opened, TableFiles.Read([rows], WorkerPool.Single, terminal), names) };
            }
            Write(HtmlReport.Write(content), page);
            terminal.Say($"wrote {page}");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["report"] = page, ["version"] = opened.Version });
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Writes the page of a package.</summary>
    public static void Write(ModelPackage package, string fileName, string path)
        => Write(PackageReport.Of(package, fileName), path);

    static void Write(string page, string path) => OutputFile.Write(OutputFile.ForWriting(path), stream => stream.Write(Encoding.UTF8.GetBytes(page)));
}
