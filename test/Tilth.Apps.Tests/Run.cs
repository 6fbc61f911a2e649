using System.Diagnostics;
using System.Reflection;

namespace Tilth.Apps.Tests;

/// <summary>What a process did.</summary>
sealed record Ran(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n--- out\n{Output}\n--- err\n{Error}";
}

/// <summary>Starts processes and waits for them.</summary>
static class Run
{
    /// <summary>The command line tool, as built for these tests.</summary>
    public static Ran Tilth(params string[] args) => Process("dotnet", [ToolPath, .. args]);

    /// <summary>The tool inside this process, which is much faster to start; for calls that end before any work.</summary>
    public static Ran TilthHere(params string[] args)
    {
        lock (console)
        {
            var (output, error) = (Console.Out, Console.Error);
            using StringWriter told = new(), warned = new();
            try
            {
                Console.SetOut(told);
                Console.SetError(warned);
                var main = Assembly.LoadFrom(ToolPath).EntryPoint!;
                return new Ran((int)main.Invoke(null, [args])!, told.ToString(), warned.ToString());
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
            }
        }
    }

    static readonly Lock console = new();

    public static string ToolPath { get; } = Path.Combine(AppContext.BaseDirectory, "Tilth.Cli.dll");

    public static Ran Process(string file, string[] args, string? folder = null, (string Name, string Value)[]? environment = null, int seconds = 240)
    {
        using var process = Start(file, args, folder, environment);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', args)} did not end within {seconds} s");
        }
        return new Ran(process.ExitCode, output.Result, error.Result);
    }

    public static Process Start(string file, string[] args, string? folder = null, (string Name, string Value)[]? environment = null)
    {
        var start = new ProcessStartInfo(file, args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
