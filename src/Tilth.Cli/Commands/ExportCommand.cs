using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Tilth.Cli.Exports;
using Tilth.Cli.Terminals;
using Tilth.Exporting;
using Tilth.Generator;
using Tilth.Packaging;

namespace Tilth.Cli.Commands;

/// <summary>tilth export: a package as source code.</summary>
static class ExportCommand
{
    public static Command Build()
    {
        var command = new Command("export", "Write a package as source code (docs/export.md).");
        command.Subcommands.Add(BuildCSharp());
        command.Subcommands.Add(BuildServer());
        return command;
    }

    static Command BuildServer()
    {
        var package = CommonOptions.Package();
        var output = CommonOptions.Out("The folder to write, new or empty; the model's name with -server if not given.");
        Option<string?> name = new("--name") { Description = "The model's name in addresses; the package's file name if not given." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("server", "An ASP.NET project that serves the package, with Dockerfile, compose file, systemd unit and Kubernetes manifests.") { package, output, name, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!, model = parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path), folder = parsed.GetValue(output) ?? model + "-server";
            var opened = ModelPackage.Open(path);
            IReadOnlyList<string> written = [];
            OutputFile.Guard(folder, () => written = ServerProject.Write(opened, model, folder));
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"wrote {folder}: {string.Join(", ", written)}; its README.md says how to run it");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["folder"] = folder, ["files"] = new JsonArray([.. written.Select(file => JsonValue.Create(file))]), ["version"] = opened.Version });
            return ExitCode.Ok;
        });
        return command;
    }

    static Command BuildCSharp()
    {
        var package = CommonOptions.Package();
        var output = CommonOptions.Out("Where the file goes; the class's name with .cs if not given.");
        Option<string?> name = new("--name") { Description = "The class's name; the package's file name if not given." };
        Option<string?> space = new("--namespace") { Description = "The class's namespace; none if not given." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("csharp", "One C# file without any dependency that predicts the same bits: trees, linear and additive models, and blends of them.") { package, output, name, space, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(package)!, type = parsed.GetValue(name) ?? MemberNames.Pascal(Path.GetFileNameWithoutExtension(path));
            var opened = ModelPackage.Open(path);
            string file = OutputFile.ForWriting(parsed.GetValue(output) ?? type + ".cs");
            byte[] code = Encoding.UTF8.GetBytes(Written(opened, type, parsed.GetValue(space)));
            OutputFile.Write(file, stream => stream.Write(code));
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say($"wrote {file}: class {type}, {code.Length:N0} bytes");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["file"] = file, ["class"] = type, ["version"] = opened.Version });
            return ExitCode.Ok;
        });
        return command;
    }

    /// <exception cref="SourceException">The package, or a name, cannot be written.</exception>
    static string Written(ModelPackage package, string type, string? space)
    {
        if (space is not null && !space.Split('.').All(part => MemberNames.Pascal(part) == part))
            throw new SourceException("export-namespace", $"--namespace is '{space}', but must be words with a capital each, with dots between, such as Shop.Models");
        try
        {
            return CSharpExport.Write(package, type, space);
        }
        catch (Exception fault) when (fault is NotSupportedException or ArgumentException)
        {
            throw new SourceException("export", fault.Message, fault);
        }
    }
}
