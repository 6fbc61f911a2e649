using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.Cli.Terminals;
using Tilth.Packaging;
using Tilth.Reporting;

namespace Tilth.Cli.Commands;

/// <summary>tilth report: a package in one page that people can read, print and send.</summary>
static class ReportCommand
{
    public static Command Build()
    {
        var package = CommonOptions.Package();
        var output = CommonOptions.Out("Where the page goes; the package's name with .html if not given.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command("report", "Write one HTML page about a package: how good, on which rows, why, from which data.") { package, output, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!;
            var opened = ModelPackage.Open(path);
            string page = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".html");
            Write(opened, Path.GetFileName(path), page);
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"wrote {page}");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["report"] = page, ["version"] = opened.Version });
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Writes the page of a package.</summary>
    public static void Write(ModelPackage package, string fileName, string path)
    {
        byte[] page = Encoding.UTF8.GetBytes(PackageReport.Of(package, fileName));
        OutputFile.Write(OutputFile.ForWriting(path), stream => stream.Write(page));
    }
}
