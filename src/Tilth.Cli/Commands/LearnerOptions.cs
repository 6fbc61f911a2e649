using System.CommandLine;
using Tilth.Data;
using Tilth.Learners;

namespace Tilth.Cli.Commands;

/// <summary>Which algorithm, with which hyperparameters.</summary>
sealed class LearnerOptions
{
    readonly Option<string> learner = new("--learner")
    {
        Description = $"Fit this one without a search: {string.Join(", ", LearnerCatalog.All.Select(entry => entry.Name))}.", DefaultValueFactory = _ => "gradient_boosting",
    };

    readonly Option<string[]> settings = new("--set") { Description = "A hyperparameter of that one (gradient_boosting if --learner is not given): name=value, such as --set learning_rate=0.1. May repeat." };

    public void AddTo(Command command)
    {
        command.Options.Add(learner);
        command.Options.Add(settings);
    }

    /// <summary>The option that asks for one learner; null if none does.</summary>
    public string? Asked(ParseResult parsed) => parsed.GetResult(learner) is { Implicit: false } ? learner.Name : parsed.GetResult(settings) is { Implicit: false } ? settings.Name : null;

    /// <exception cref="LearningException">There is no such learner or hyperparameter, or a value is outside its range.</exception>
    public ISupervisedLearner Read(ParseResult parsed)
    {
        var entry = LearnerCatalog.Find(parsed.GetValue(learner)!);
        var chosen = entry.Default;
        foreach (string text in parsed.GetValue(settings) ?? [])
        {
            int at = text.IndexOf('=');
            if (at <= 0) throw new LearningException("set-value", $"--set is '{text}', but must be name=value, such as --set {entry.Parameters[0].Name}={entry.Parameters[0].Format(entry.Parameters[0].Get(entry.Default))}");
            string name = text[..at];
            var parameter = entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new LearningException("parameter-unknown", Unknown(entry, name));
            chosen = parameter.Parse(chosen, text[(at + 1)..]);
        }
        return chosen;
    }

    static string Unknown(LearnerEntry entry, string name)
    {
        var names = entry.Parameters.Select(parameter => parameter.Name);
        return $"{entry.Name} has no hyperparameter '{name}'; {(Spelling.Nearest(name, names) is { } nearest ? $"did you mean '{nearest}'?" : $"it has {string.Join(", ", names)}")}";
    }
}
