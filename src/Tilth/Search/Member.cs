using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>A candidate with all its repeats: one possible member of the blend.</summary>
/// <param name="Candidate">What was fitted.</param>
/// <param name="Trials">One a repeat.</param>
/// <param name="OutOfFold">Scored rows x outputs: the mean over repeats.</param>
/// <param name="Error">Of these predictions; lower is better.</param>
internal sealed record Member(Candidate Candidate, IReadOnlyList<Trial> Trials, double[] OutOfFold, double Error)
{
    /// <summary>The mean of all fold models.</summary>
    public Node Node { get; init; } = Trials.Sum(trial => trial.Models.Count) == 1 ? Trials[0].Models[0] : new Mean([.. Trials.SelectMany(trial => trial.Models)]);

    /// <summary>Whether it learned what a blend foresees, and not the target.</summary>
    public bool Distilled { get; init; }

    /// <summary>What a person reads.</summary>
    public string Key => Distilled ? "distilled " + Candidate.Key : Candidate.Key;

    /// <summary>By the clock, all repeats together.</summary>
    public double Seconds => Trials.Sum(trial => trial.Seconds);

    /// <summary>Of the models in a package, roughly.</summary>
    public long Bytes => Leaderboard.BytesOf(Node);

    /// <summary>The members that finished trials make, in the order of their first trial.</summary>
    public static IReadOnlyList<Member> Of(IEnumerable<Trial> trials, SearchData search)
        => [.. trials.Where(trial => trial.Status == TrialStatus.Done).GroupBy(trial => trial.Candidate.Key, StringComparer.Ordinal).Select(group => Of([.. group], search))];

    static Member Of(Trial[] trials, SearchData search)
    {
        if (trials.Length == 1) return new(trials[0].Candidate, trials, trials[0].OutOfFold, trials[0].Error);
        var mean = new double[trials[0].OutOfFold.Length];
        foreach (var trial in trials)
            for (int i = 0; i < mean.Length; i++) mean[i] += trial.OutOfFold[i] / trials.Length;
        return new(trials[0].Candidate, trials, mean, search.Error(mean));
    }
}
