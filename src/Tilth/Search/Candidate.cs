using Tilth.Learners;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>What a trial fits: a learner with its settings, and what is asked of the preparation beyond the learner's own needs.</summary>
/// <param name="Entry">The learner's line in the catalogue.</param>
/// <param name="Learner">With its hyperparameters.</param>
/// <param name="StatisticsAbove">Categories of more levels than this also give target statistics; null for the learner's own rule.</param>
/// <param name="LogTarget">Learns the logarithm of a positive target (<see cref="LogTarget"/>).</param>
internal sealed record Candidate(LearnerEntry Entry, ISupervisedLearner Learner, int? StatisticsAbove = null, bool LogTarget = false)
{
    const string LogTargetName = "log_target";

    /// <summary>The preparation's part of the plan.</summary>
    public PreparationNeeds Needs => StatisticsAbove is { } above ? Learner.Needs with { TargetStatisticsAbove = above } : Learner.Needs;

    /// <summary>Settings that differ from the learner's defaults, as a person types them.</summary>
    public IEnumerable<(string Name, string Value)> Settings => SettingsOf(Entry, Learner, LogTarget);

    /// <summary>Equal for equal candidates; also what a person reads.</summary>
    public string Key { get; } = KeyOf(Entry, SettingsOf(Entry, Learner, LogTarget), StatisticsAbove);

    /// <summary>A candidate from names and typed values.</summary>
    /// <exception cref="LearningException">A name is unknown or a value outside its range.</exception>
    public static Candidate Parse(string learner, IEnumerable<(string Name, string Value)> settings, int? statisticsAbove)
    {
        var entry = LearnerCatalog.Find(learner);
        var fitted = entry.Default;
        bool logTarget = false;
        foreach (var (name, value) in settings)
        {
            if (name == LogTargetName && bool.TryParse(value, out logTarget)) continue;
            var parameter = entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new LearningException("parameter-unknown", $"{learner} has no hyperparameter '{name}'");
            fitted = parameter.Parse(fitted, value);
        }
        return new(entry, fitted, statisticsAbove, logTarget);
    }

    /// <summary>The same, with other hyperparameters.</summary>
    public Candidate With(ISupervisedLearner learner) => new(Entry, learner, StatisticsAbove, LogTarget);

    static IEnumerable<(string Name, string Value)> SettingsOf(LearnerEntry entry, ISupervisedLearner learner, bool logTarget)
    {
        var settings = entry.Parameters.Where(parameter => parameter.Get(learner) != parameter.Get(entry.Default))
            .Select(parameter => (parameter.Name, parameter.Format(parameter.Get(learner))));
        return logTarget ? settings.Append((LogTargetName, "true")) : settings;
    }

    static string KeyOf(LearnerEntry entry, IEnumerable<(string Name, string Value)> settings, int? statisticsAbove)
    {
        var words = settings.Select(setting => $"{setting.Name}={setting.Value}");
        if (statisticsAbove is { } above) words = words.Append($"target_statistics_above={above}");
        return string.Join(' ', words.Prepend(entry.Name));
    }
}
