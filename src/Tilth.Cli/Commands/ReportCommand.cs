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
        Option<string?> data = new("--data") { Description = "Rows with the target, best ones that the model did not learn from; needed with --groups and --show-rows." };
        Option<bool> showRows = new("--show-rows") { Description = "Show how a few rows of --data come to their predictions, one of them wrong; the page then holds what these rows hold." };
        var output = CommonOptions.Out("Where the page goes; the package's name with .html if not given.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Write one HTML page about a package: how good, on which rows, why, from which data.") { package, output, data, groups, showRows, json };
        words.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!;
            var opened = ModelPackage.Open(path);
            string page = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".html");
            var terminal = new Terminal(parsed.GetValue(json));
            var content = words.Add(parsed, PackageReport.ContentOf(opened, Path.GetFileName(path)));
            string[] names = GroupOptions.Names(parsed.GetValue(groups));
            bool tell = parsed.GetValue(showRows);
            if (names.Length > 0 || tell)
            {
                string file = parsed.GetValue(data) ?? throw new SourceException("data-needed", $"{(tell ? "--show-rows" : "--groups")} needs rows: give them with --data FILE");
                var rows = TableFiles.Read([file], WorkerPool.Single, terminal);
                if (names.Length > 0) content = content with { Groups = GroupStep.Of(opened, rows, names) };
                if (tell) content = RealStories.Add(content, opened, ChosenRow.Of(opened, rows, 0, []), Path.GetFileName(file));
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
