using System.CommandLine;
using System.CommandLine.Parsing;
using Tilth.Data;

namespace Tilth.Cli.Terminals;

/// <summary>What is wrong with how the tool was called, in sentences that suggest the mend.</summary>
static class UsageProblems
{
    /// <summary>Unknown words first, since they are often why something else is missing; empty if all is well.</summary>
    public static IReadOnlyList<Problem> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // The parser takes a misspelt option for one more file where files may repeat.
        var unknown = parsed.UnmatchedTokens.Concat(parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens.Select(token => token.Value)))
            .Where(word => word.Length > 1 && word.StartsWith('-') && !File.Exists(word)).ToList();
        if (unknown.Count > 0) return [.. unknown.Select(token => new Problem("option-unknown", Unknown("option", token, command.Options.Select(option => option.Name), command)))];
        if (parsed.Errors.Count == 0) return [];
        if (command.Subcommands.Count > 0)
            return [parsed.UnmatchedTokens is [var word, ..]
                ? new Problem("command-unknown", Unknown("command", word, command.Subcommands.Select(verb => verb.Name), command))
                : new Problem("command-missing", $"say what to do: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}; see {CallOf(command)} --help")];
        return [.. parsed.Errors.Select(error => new Problem("usage", Sentence(error, command)))];
    }

    static string Sentence(ParseError error, Command command) => error.SymbolResult switch
    {
        ArgumentResult { Argument: var argument, Tokens.Count: 0 } when command.Arguments.Contains(argument) => $"{CallOf(command)} needs <{argument.Name}>: {argument.Description}",
        OptionResult { Option: var option, Tokens: [var token, ..] } when error.Message.Contains("as expected type", StringComparison.Ordinal) => $"{option.Name} is '{token.Value}', which it cannot be: {option.Description}",
        _ => error.Message,
    };

    static string Unknown(string kind, string word, IEnumerable<string> names, Command command) => Spelling.Nearest(word, names) is { } nearest
        ? $"no {kind} '{word}'; did you mean '{nearest}'?" : $"no {kind} '{word}'; see {CallOf(command)} --help";

    static string CallOf(Command command) => command is RootCommand ? "tilth" : $"{CallOf(command.Parents.OfType<Command>().First())} {command.Name}";
}
