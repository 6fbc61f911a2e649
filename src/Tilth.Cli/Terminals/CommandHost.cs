using System.CommandLine;
using System.Text.Json.Nodes;

namespace Tilth.Cli.Terminals;

/// <summary>Runs a verb and maps what goes wrong to a sentence and an exit code, in one place for all verbs.</summary>
static class CommandHost
{
    public static int Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        bool json = args.Contains("--json");
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (TilthException exception)
        {
            return Fail(json, exception.Problems);
        }
        catch (OperationCanceledException)
        {
            Fail(json, [new Problem("stopped", "stopped; nothing was written")]);
            return ExitCode.Stopped;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or OutOfMemoryException)
        {
            return Fail(json, [new Problem("failed", exception.Message)]);
        }
    }

    static int Fail(bool json, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"tilth: {problem.Message}");
        if (json) Console.Out.WriteLine(new JsonObject
        {
            ["ok"] = false,
            ["problems"] = new JsonArray([.. problems.Select(problem => (JsonNode)new JsonObject
            {
                ["code"] = problem.Code, ["message"] = problem.Message, ["column"] = problem.Column, ["row"] = problem.Row,
            })]),
        }.ToJsonString());
        return ExitCode.UserError;
    }
}
