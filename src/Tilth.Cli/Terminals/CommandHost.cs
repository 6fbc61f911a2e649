using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Tilth.Cli.Terminals;

/// <summary>Runs a verb and maps what goes wrong to a sentence and an exit code, in one place for all verbs.</summary>
static class CommandHost
{
    const int BrokenPipe = 32;

    public static int Run(RootCommand root, string[] args)
    {
        bool json = args.Contains("--json");
        return Guard(json, () =>
        {
            var parsed = root.Parse(args);
            bool asksForHelp = parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action;
            if (!asksForHelp && UsageProblems.Of(parsed) is { Count: > 0 } problems) return Fail(json, problems);
            if (parsed.Action is SynchronousCommandLineAction) StopSignal.LeaveWhenNobodyListens();
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        });
    }

    /// <summary>Runs what ends the process, and gives its exit code whatever goes wrong.</summary>
    public static int Guard(bool json, Func<int> body)
    {
        try
        {
            return body();
        }
        catch (TilthException exception)
        {
            return Fail(json, exception.Problems);
        }
        catch (OptionsValidationException exception)
        {
            return Fail(json, [.. exception.Failures.Select(fault => new Problem("options", fault))]);
        }
        catch (OperationCanceledException)
        {
            Fail(json, [new Problem("stopped", "stopped; nothing was written")]);
            return ExitCode.Stopped;
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            return ExitCode.Ok; // who read our output, as `head` does, has seen enough
        }
        catch (OutOfMemoryException)
        {
            return Fail(json, [new Problem("memory", "there is not enough memory for this; give fewer rows or columns, or a larger machine")]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Fail(json, [new Problem("failed", exception.Message)]);
        }
        catch (Exception exception)
        {
            string where = Environment.GetEnvironmentVariable("TILTH_TRACE") is { Length: > 0 } ? $"{Environment.NewLine}{exception}" : "";
            return Fail(json, [new Problem("defect", $"this is a defect of tilth, please report it ({exception.GetType().Name}: {exception.Message}); with TILTH_TRACE=1 it also says where{where}")]);
        }
    }

    static int Fail(bool json, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems) Console.Error.WriteLine($"tilth: {problem.Message}");
        if (!json) return ExitCode.UserError;
        try
        {
            Terminal.WriteDocument(new JsonObject { ["ok"] = false, ["problems"] = TrainingView.ToJson(problems) });
        }
        catch (IOException)
        {
            // The sentence is out on the standard error; the standard output takes nothing.
        }
        return ExitCode.UserError;
    }
}
