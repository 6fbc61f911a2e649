using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Tilth.Cli.Terminals;

/// <summary>
/// Where a verb writes: tables and sentences for people, or with --json one document on the standard output and everything
/// else on the standard error. In pipes and with NO_COLOR there are no escape sequences, and nothing is animated.
/// </summary>
sealed class Terminal
{
    const int PipedWidth = 160;

    static readonly JsonSerializerOptions Document = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly bool json;

    public Terminal(bool json)
    {
        this.json = json;
        bool piped = json ? Console.IsErrorRedirected : Console.IsOutputRedirected;
        bool plain = piped || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        People = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(json ? Console.Error : Console.Out), Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (piped) People.Profile.Width = PipedWidth;
    }

    /// <summary>Somebody sits there to be asked: input and output are a terminal, and no build server runs this.</summary>
    public bool CanAsk => !json && !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("CI") is not { Length: > 0 };

    /// <summary>For tables.</summary>
    public IAnsiConsole People { get; }

    /// <summary>One sentence, as it is: not markup, not wrapped.</summary>
    public void Say(string sentence) => People.Profile.Out.Writer.WriteLine(sentence);

    /// <summary>A heading.</summary>
    public void Head(string title)
    {
        if (People.Profile.Capabilities.Ansi) People.Write(new Text(title + Environment.NewLine, new Style(decoration: Decoration.Bold)));
        else Say(title);
    }

    /// <summary>A warning on the standard error.</summary>
    public static void Warn(Problem problem) => Console.Error.WriteLine($"warning: {problem.Message}");

    /// <summary>The result as one document, if --json was given.</summary>
    public void Result(Func<JsonObject> document)
    {
        if (json) WriteDocument(document());
    }

    /// <summary>Writes one JSON document to the standard output.</summary>
    public static void WriteDocument(JsonObject document) => Console.Out.WriteLine(document.ToJsonString(Document));
}
