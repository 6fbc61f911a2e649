using Tilth.Learners;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>What a trial fits: a learner with its settings, and what is asked of the preparation beyond the learner's own needs.</summary>
/// <param name="Entry">The learner's line in the catalogue.</param>
/// <param name="Learner">With its hyperparameters.</param>
/// <param name="StatisticsAbove">Categories of more levels than this also give target statistics; null for the learner's own rule.</param>
internal sealed record Candidate(LearnerEntry Entry, ISupervisedLearner Learner, int? StatisticsAbove = null)
{
    /// <summary>The preparation's part of the plan.</summary>
    public PreparationNeeds Needs => StatisticsAbove is { } above ? Learner.Needs with { TargetStatisticsAbove = above } : Learner.Needs;

    /// <summary>Settings that differ from the learner's defaults, as a person types them.</summary>
    public IEnumerable<(string Name, string Value)> Settings => Entry.Parameters
        .Where(parameter => parameter.Get(Learner) != parameter.Get(Entry.Default))
        .Select(parameter => (parameter.Name, parameter.Format(parameter.Get(Learner))));

    /// <summary>Equal for equal candidates; also what a person reads.</summary>
    public string Key { get; } = KeyOf(Entry, Learner, StatisticsAbove);

    /// <summary>A candidate from names and typed values.</summary>
    /// <exception cref="LearningException">A name is unknown or a value outside its range.</exception>
    public static Candidate Parse(string learner, IEnumerable<(string Name, string Value)> settings, int? statisticsAbove)
    {
        var entry = LearnerCatalog.Find(learner);
        var fitted = entry.Default;
        foreach (var (name, value) in settings)
        {
            var parameter = entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new LearningException("parameter-unknown", $"{learner} has no hyperparameter '{name}'");
            fitted = parameter.Parse(fitted, value);
        }
        return new(entry, fitted, statisticsAbove);
    }

    static string KeyOf(LearnerEntry entry, ISupervisedLearner learner, int? statisticsAbove)
    {
        var candidate = entry.Parameters.Where(parameter => parameter.Get(learner) != parameter.Get(entry.Default))
            .Select(parameter => $"{parameter.Name}={parameter.Format(parameter.Get(learner))}");
        if (statisticsAbove is { } above) candidate = candidate.Append($"target_statistics_above={above}");
        string settings = string.Join(' ', candidate);
        return settings.Length == 0 ? entry.Name : $"{entry.Name} {settings}";
    }
}
