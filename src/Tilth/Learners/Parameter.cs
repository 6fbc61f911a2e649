using System.Globalization;

namespace Tilth.Learners;

/// <summary>What values a hyperparameter has.</summary>
public enum ParameterKind
{
    /// <summary>Whole numbers.</summary>
    Integer,
    /// <summary>Real numbers.</summary>
    Real,
    /// <summary>Yes or no.</summary>
    Flag,
    /// <summary>One of a list of words.</summary>
    Choice,
}

/// <summary>How a search walks a range.</summary>
public enum ParameterScale
{
    /// <summary>Evenly.</summary>
    Linear,
    /// <summary>Evenly in the logarithm.</summary>
    Log,
}

/// <summary>
/// A hyperparameter, declared once: its name (scikit-learn's or LightGBM's), range, scale and help. Validation, the command
/// line, the search space and the documentation all read this. Values travel as numbers: a flag is 0 or 1, a choice its index.
/// </summary>
public sealed class Parameter
{
    readonly Func<ISupervisedLearner, double> get;
    readonly Func<ISupervisedLearner, double, ISupervisedLearner> set;

    Parameter(string name, ParameterKind kind, Func<ISupervisedLearner, double> get, Func<ISupervisedLearner, double, ISupervisedLearner> set)
        => (Name, Kind, this.get, this.set) = (name, kind, get, set);

    /// <summary>Snake case, as in scikit-learn or LightGBM.</summary>
    public string Name { get; }

    /// <summary>Integer, real, flag or choice.</summary>
    public ParameterKind Kind { get; }

    /// <summary>The smallest value that is allowed.</summary>
    public double Min { get; private init; }

    /// <summary>The largest value that is allowed.</summary>
    public double Max { get; private init; }

    /// <summary>The range that a search looks in; within <see cref="Min"/> and <see cref="Max"/>, null if it is not searched.</summary>
    public (double Low, double High)? Search { get; private init; }

    /// <summary>How a search walks the range.</summary>
    public ParameterScale Scale { get; private init; }

    /// <summary>The words of a choice; empty otherwise.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>One sentence for people.</summary>
    public string Help { get; private init; } = "";

    /// <summary>Declares a whole number.</summary>
    public static Parameter Integer<T>(string name, Func<T, int> get, Func<T, int, T> set, int min, int max, string help,
        (double Low, double High)? search = null, ParameterScale scale = ParameterScale.Linear) where T : class, ISupervisedLearner
        => new(name, ParameterKind.Integer, l => get((T)l), (l, v) => set((T)l, (int)v)) { Min = min, Max = max, Help = help, Search = search, Scale = scale };

    /// <summary>Declares a real number.</summary>
    public static Parameter Real<T>(string name, Func<T, double> get, Func<T, double, T> set, double min, double max, string help,
        (double Low, double High)? search = null, ParameterScale scale = ParameterScale.Linear) where T : class, ISupervisedLearner
        => new(name, ParameterKind.Real, l => get((T)l), (l, v) => set((T)l, v)) { Min = min, Max = max, Help = help, Search = search, Scale = scale };

    /// <summary>Declares a yes or no.</summary>
    public static Parameter Flag<T>(string name, Func<T, bool> get, Func<T, bool, T> set, string help, bool search = false)
        where T : class, ISupervisedLearner
        => new(name, ParameterKind.Flag, l => get((T)l) ? 1 : 0, (l, v) => set((T)l, v != 0)) { Min = 0, Max = 1, Help = help, Search = search ? (0, 1) : null };

    /// <summary>Declares a choice; its words are the enum's names in snake case.</summary>
    public static Parameter Choice<T, TEnum>(string name, Func<T, TEnum> get, Func<T, TEnum, T> set, string help, bool search = false)
        where T : class, ISupervisedLearner where TEnum : struct, Enum
    {
        var values = Enum.GetValues<TEnum>();
        return new(name, ParameterKind.Choice, l => Array.IndexOf(values, get((T)l)), (l, v) => set((T)l, values[(int)v]))
        {
            Min = 0, Max = values.Length - 1, Help = help, Search = search ? (0, values.Length - 1) : null,
            Choices = [.. values.Select(value => SnakeCase(value.ToString()))],
        };
    }

    /// <summary>The learner's value.</summary>
    public double Get(ISupervisedLearner learner) => get(learner);

    /// <summary>The learner with another value.</summary>
    /// <exception cref="LearningException">The value is outside the range.</exception>
    public ISupervisedLearner Set(ISupervisedLearner learner, double value)
    {
        if (Check(value) is { } problem) throw new LearningException([problem]);
        return set(learner, value);
    }

    /// <summary>The learner with a value as somebody typed it.</summary>
    /// <exception cref="LearningException">The text is not a value, or outside the range.</exception>
    public ISupervisedLearner Parse(ISupervisedLearner learner, string text) => Set(learner, Kind switch
    {
        ParameterKind.Choice when Choices.ToList().IndexOf(text) is var index && index >= 0 => index,
        ParameterKind.Flag when bool.TryParse(text, out bool flag) => flag ? 1 : 0,
        ParameterKind.Integer or ParameterKind.Real when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
        _ => throw new LearningException("parameter-value", $"{Name} is '{text}', but must be {Rule}"),
    });

    /// <summary>The problem with the learner's value, or null.</summary>
    public Problem? Check(ISupervisedLearner learner) => Check(get(learner));

    /// <summary>The value as a person writes it.</summary>
    public string Format(double value) => Kind switch
    {
        ParameterKind.Choice => Choices[(int)value],
        ParameterKind.Flag => value != 0 ? "true" : "false",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    string Rule => Kind switch
    {
        ParameterKind.Choice => $"one of {string.Join(", ", Choices)}",
        ParameterKind.Flag => "true or false",
        ParameterKind.Integer => string.Create(CultureInfo.InvariantCulture, $"a whole number from {Min} to {Max}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a number from {Min} to {Max}"),
    };

    Problem? Check(double value)
    {
        bool whole = Kind == ParameterKind.Real || value == Math.Floor(value);
        if (value >= Min && value <= Max && whole) return null;
        return new("parameter-range", string.Create(CultureInfo.InvariantCulture, $"{Name} is {value:R}, but must be {Rule}"));
    }

    static string SnakeCase(string name)
        => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
