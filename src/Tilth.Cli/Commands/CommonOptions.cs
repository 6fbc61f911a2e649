using System.CommandLine;
using System.Globalization;

namespace Tilth.Cli.Commands;

/// <summary>Options that several verbs have, with one name and one meaning.</summary>
static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document to the standard output." };

    public static Option<ulong> Seed() => new("--seed") { Description = "Decides every random draw; the same seed gives the same package, byte for byte.", DefaultValueFactory = _ => 0 };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads to use; changes no result.", DefaultValueFactory = _ => Environment.ProcessorCount,
        Validators = { result => { if (result.GetValueOrDefault<int>() is < 1 or > 1024) result.AddError("--threads must be a number from 1 to 1024"); } },
    };

    public static Option<TimeSpan?> Time() => new("--time")
    {
        Description = "Stop after this time with the best so far: 90, 90s, 5m or 1h.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string digits = text.TrimEnd('s', 'm', 'h');
            double unit = text[^1] switch { 'm' => 60, 'h' => 3600, _ => 1 };
            if (text.Length - digits.Length <= 1 && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1e6)
                return TimeSpan.FromSeconds(value * unit);
            result.AddError($"--time is '{text}', but must be a time such as 90, 90s, 5m or 1h");
            return null;
        },
    };

    public static Option<string?> Out(string description) => new("--out", "-o") { Description = description };

    public static Argument<string[]> Files(string description) => new("files") { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Argument<string> Package() => new("package") { Description = "A .tilth file." };
}
