using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Tilth.Cli.Commands;

/// <summary>Options that several verbs have, with one name and one meaning.</summary>
static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write one JSON document to the standard output." };

    public static Option<ulong> Seed() => new("--seed")
    {
        Description = "Decides every random draw; the same seed gives the same package, byte for byte.", DefaultValueFactory = _ => 0, CustomParser = Whole<ulong>("--seed", 0, ulong.MaxValue),
    };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads to use; changes no result.", DefaultValueFactory = _ => Environment.ProcessorCount, CustomParser = Whole("--threads", 1, 1024),
    };

    public static Option<TimeSpan?> Time() => new("--time")
    {
        Description = "Time from the start of the process to its end, everything included: 90, 90s, 5m or 1h. Chosen from the size of the table if not given.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string digits = text.TrimEnd('s', 'm', 'h');
            double unit = text.LastOrDefault() switch { 'm' => 60, 'h' => 3600, _ => 1 };
            if (text.Length - digits.Length <= 1 && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 0 and < 1e6)
                return TimeSpan.FromSeconds(value * unit);
            result.AddError($"--time is '{text}', but must be a time such as 90, 90s, 5m or 1h");
            return null;
        },
    };

    public static Option<long?> Bytes(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value, upper = text.ToUpperInvariant();
            double unit = upper switch { [.., 'K', 'B'] => 1 << 10, [.., 'M', 'B'] => 1 << 20, [.., 'G', 'B'] => 1 << 30, _ => 1 };
            string digits = unit == 1 ? upper : upper[..^2].TrimEnd();
            if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value * unit is >= 1 and < 1e15) return (long)(value * unit);
            result.AddError($"{name} is '{text}', but must be a number of bytes such as 500MB or 2GB");
            return null;
        },
    };

    /// <summary>Reads a whole number in a range.</summary>
    public static Func<ArgumentResult, T> Whole<T>(string option, T least, T most) where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => result =>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        result.AddError($"{option} is '{text}', but must be a whole number {(most == T.MaxValue ? $"from {least} on" : $"from {least} to {most}")}");
        return default(T);
    };

    public static Option<string?> Out(string description) => new("--out", "-o") { Description = description };

    public static Argument<string[]> Files(string description) => new("files") { Description = description, Arity = ArgumentArity.OneOrMore };

    public static Argument<string> Package() => new("package") { Description = "A .tilth file." };
}
