namespace Tilth.Search;

/// <summary>
/// How long a candidate will take: as long as the latest trial of its learner took, or, for a learner that was not tried, by the
/// usual ratio to one that was. Only decides what is begun near the end of the time.
/// </summary>
internal static class CostModel
{
    /// <summary>Ratios differ much between tables: what may fit is begun, as a trial that turns out slow is given up after a fold.</summary>
    const double Doubt = 0.3;

    /// <summary>Typical seconds a thousand rows relative to the linear model's.</summary>
    static readonly Dictionary<string, double> Relative = new(StringComparer.Ordinal)
    {
        ["linear"] = 1, ["extra_trees"] = 1.5, ["random_forest"] = 2.5, ["gradient_boosting"] = 4, ["oblivious_boosting"] = 6, ["additive_boosting"] = 6, ["neural_network"] = 15, ["kernel_ridge"] = 4, ["k_nearest_neighbors"] = 2,
    };

    /// <summary>Seconds for all folds; null as long as nothing was measured.</summary>
    public static double? Seconds(Candidate candidate, IEnumerable<Trial> trials)
    {
        var measured = trials.Where(trial => trial.Status == TrialStatus.Done && trial.Seconds > 0).ToList();
        if (measured.Count == 0) return null;
        if (measured.LastOrDefault(trial => trial.Candidate.Entry == candidate.Entry) is { } same) return same.Seconds * SizeOf(candidate) / SizeOf(same.Candidate);
        return Doubt * measured.Min(trial => trial.Seconds * RelativeOf(candidate) / RelativeOf(trial.Candidate));
    }

    static double RelativeOf(Candidate candidate) => Relative.GetValueOrDefault(candidate.Entry.Name, 5);

    /// <summary>What within a learner the time grows with: leaves and rate of boosting, the number of trees of a forest.</summary>
    static double SizeOf(Candidate candidate)
    {
        double Value(string name) => candidate.Entry.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Get(candidate.Learner) ?? 1;
        return candidate.Entry.Name.EndsWith("boosting", StringComparison.Ordinal) ? Math.Sqrt(Math.Max(4, Value("num_leaves"))) / Value("learning_rate") : Value("n_estimators");
    }
}
