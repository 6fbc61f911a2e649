using System.Globalization;
using Tilth.Learners;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>What a trial fits: a learner with its settings, and what is asked of the preparation beyond the learner's own needs.</summary>
/// <param name="Entry">The learner's line in the catalogue.</param>
/// <param name="Learner">With its hyperparameters.</param>
/// <param name="StatisticsAbove">Categories of more levels than this also give target statistics; null for the learner's own rule.</param>
/// <param name="LogTarget">Learns the logarithm of a positive target (<see cref="LogTarget"/>).</param>
/// <param name="Arithmetic">At most so many sums, differences, products and ratios of two numbers are features too.</param>
/// <param name="TextScores">A learner that takes texts as sparse terms gets the scores of a linear model of them instead: with many classes that is much faster.</param>
/// <param name="Relevant">Reads only columns that say more than shuffled ones (<see cref="RelevantColumns"/>).</param>
internal sealed record Candidate(LearnerEntry Entry, ISupervisedLearner Learner, int? StatisticsAbove = null, bool LogTarget = false, int Arithmetic = 0, bool TextScores = false, bool Relevant = false)
{
    const string LogTargetName = "log_target", ArithmeticName = "arithmetic", TextScoresName = "text_scores", RelevantName = "relevant_only";

    /// <summary>The preparation's part of the plan.</summary>
    public PreparationNeeds Needs => Learner.Needs with { TargetStatisticsAbove = StatisticsAbove ?? Learner.Needs.TargetStatisticsAbove, Arithmetic = Arithmetic, Text = TextScores ? TextForm.Dense : Learner.Needs.Text };

    /// <summary>Settings that differ from the learner's defaults, as a person types them.</summary>
    public IEnumerable<(string Name, string Value)> Settings => SettingsOf(Entry, Learner, LogTarget, Arithmetic, TextScores, Relevant);

    /// <summary>Equal for equal candidates; also what a person reads.</summary>
    public string Key { get; } = KeyOf(Entry, SettingsOf(Entry, Learner, LogTarget, Arithmetic, TextScores, Relevant), StatisticsAbove);

    /// <summary>A candidate from names and typed values.</summary>
    /// <exception cref="LearningException">A name is unknown or a value outside its range.</exception>
    public static Candidate Parse(string learner, IEnumerable<(string Name, string Value)> settings, int? statisticsAbove)
    {
        var entry = LearnerCatalog.Find(learner);
        var fitted = entry.Default;
        bool logTarget = false, textScores = false, relevant = false;
        int arithmetic = 0;
        foreach (var (name, value) in settings)
        {
            if (name == LogTargetName && bool.TryParse(value, out logTarget)) continue;
            if (name == TextScoresName && bool.TryParse(value, out textScores)) continue;
            if (name == RelevantName && bool.TryParse(value, out relevant)) continue;
            if (name == ArithmeticName && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out arithmetic)) continue;
            var parameter = entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)
                ?? throw new LearningException("parameter-unknown", $"{learner} has no hyperparameter '{name}'");
            fitted = parameter.Parse(fitted, value);
        }
        return new(entry, fitted, statisticsAbove, logTarget, arithmetic, textScores, relevant);
    }

    /// <summary>The same, with other hyperparameters.</summary>
    public Candidate With(ISupervisedLearner learner) => new(Entry, learner, StatisticsAbove, LogTarget, Arithmetic, TextScores, Relevant);

    static IEnumerable<(string Name, string Value)> SettingsOf(LearnerEntry entry, ISupervisedLearner learner, bool logTarget, int arithmetic, bool textScores, bool relevant)
    {
        var settings = entry.Parameters.Where(parameter => parameter.Get(learner) != parameter.Get(entry.Default))
            .Select(parameter => (parameter.Name, parameter.Format(parameter.Get(learner))));
        if (logTarget) settings = settings.Append((LogTargetName, "true"));
        if (relevant) settings = settings.Append((RelevantName, "true"));
        if (textScores) settings = settings.Append((TextScoresName, "true"));
        return arithmetic > 0 ? settings.Append((ArithmeticName, arithmetic.ToString(CultureInfo.InvariantCulture))) : settings;
    }

    static string KeyOf(LearnerEntry entry, IEnumerable<(string Name, string Value)> settings, int? statisticsAbove)
    {
        var words = settings.Select(setting => $"{setting.Name}={setting.Value}");
        if (statisticsAbove is { } above) words = words.Append($"target_statistics_above={above}");
        return string.Join(' ', words.Prepend(entry.Name));
    }
}
