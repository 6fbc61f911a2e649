using System.CommandLine;
using System.Text.Json.Nodes;
using Tilth.AspNetCore.Security;
using Tilth.Cli.Terminals;

namespace Tilth.Cli.Commands;

/// <summary>tilth keys: makes the keys that callers of tilth serve need.</summary>
static class KeysCommand
{
    public static Command Build()
    {
        Argument<string> name = new("name") { Description = "Who holds the key; stands in the audit log." };
        Option<string> keys = new("--keys") { Description = "The file of hashed keys.", Required = true };
        Option<string> scope = new("--scope") { Description = "predict, read, write, promote or admin, separated by commas.", DefaultValueFactory = _ => "predict" };
        Option<bool> json = CommonOptions.Json();
        var add = new Command("add", "Make a key and keep its hash; delete its line in the file to take it back.") { name, keys, scope, json };
        add.SetAction(parsed =>
        {
            string secret = ApiKeys.Add(parsed.GetValue(keys)!, parsed.GetValue(name)!, parsed.GetValue(scope)!);
            var terminal = new Terminal(parsed.GetValue(json));
            terminal.Say(secret);
            Console.Error.WriteLine("the key is shown once; only its hash is kept");
            terminal.Result(() => new JsonObject { ["ok"] = true, ["name"] = parsed.GetValue(name), ["key"] = secret });
            return ExitCode.Ok;
        });
        return new Command("keys", "Keys for tilth serve.") { add };
    }
}
