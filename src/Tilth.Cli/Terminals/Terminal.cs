using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Tilth.Cli.Terminals;

/// <summary>
/// Where a verb writes: tables and sentences for people, or with --json one document on the standard output and everything
/// else on the standard error. NO_COLOR and pipes are respected; nothing is animated there.
/// </summary>
sealed class Terminal
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly bool json;

    public Terminal(bool json)
    {
        this.json = json;
        People = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out) });
        if (json ? Console.IsErrorRedirected : Console.IsOutputRedirected) People.Profile.Width = 160;
    }

    /// <summary>For tables and sentences.</summary>
    public IAnsiConsole People { get; }

    /// <summary>One sentence; what stands in it is not markup.</summary>
    public void Say(string sentence) => People.WriteLine(sentence);

    /// <summary>A heading.</summary>
    public void Head(string title) => People.Write(new Text(title + Environment.NewLine, new Style(decoration: Decoration.Bold)));

    /// <summary>A warning on the standard error.</summary>
    public static void Warn(Problem problem) => Console.Error.WriteLine($"warning: {problem.Message}");

    /// <summary>The result as one document, if --json was given.</summary>
    public void Result(Func<JsonObject> document)
    {
        if (json) Console.Out.WriteLine(document().ToJsonString(Indented));
    }
}
