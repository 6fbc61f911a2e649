using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;

namespace Tilth.Search;

/// <summary>What a trial is to do.</summary>
/// <param name="Candidate">What is fitted.</param>
/// <param name="Repeat">Which division into folds.</param>
internal sealed record Proposal(Candidate Candidate, int Repeat);

/// <summary>
/// Says what to try next: the portfolio in its order, then neighbours of the best, and on small data the best ones again on other
/// folds, which makes them steadier without choosing. A function of the seed and of the trials so far, so that a run that is
/// resumed goes on as if it had never stopped.
/// </summary>
internal sealed class Proposals(IReadOnlyList<Candidate> portfolio, SearchData search, ulong seed)
{
    const int RepeatedMembers = 6, Parents = 5, Attempts = 20;

    /// <summary>After so many trials the best is repeated once: without a second division no interval is wide enough (TrainingSpread).</summary>
    const int TrialsBeforeRepeat = 8, MostRowsToRepeat = 20_000;

    /// <summary>
    /// Candidates that the rows can tell apart: with few rows, choosing among hundreds fits their noise (AutoGluon stops at 4 to 100
    /// models by the same reasoning).
    /// </summary>
    readonly int mostCandidates = portfolio.Count + Math.Clamp(search.ScoredRows.Length / 100, 4, 300);

    /// <summary>Divisions into folds: the fewer the rows, the more the division itself matters, and the less a fit costs.</summary>
    readonly int mostRepeats = search.ScoredRows.Length < 1000 ? 6 : 3;

    /// <summary>The next trial, or null if another would bring nothing.</summary>
    /// <param name="trials">All so far, in their order.</param>
    public Proposal? Next(IReadOnlyList<Trial> trials)
    {
        if (trials.Count >= TrialsBeforeRepeat && search.ScoredRows.Length < MostRowsToRepeat && !trials.Any(trial => trial.Repeat > 0) && Repeat(Ranked(trials), trials) is { } second) return second;
        var known = trials.Select(trial => KeyOf(trial.Candidate)).ToHashSet(StringComparer.Ordinal);
        if (portfolio.FirstOrDefault(candidate => !known.Contains(KeyOf(candidate))) is { } fresh) return new(fresh, 0);
        Trial[] ranked = Ranked(trials);
        if (ranked.Length == 0) return null;
        var random = new RandomSource(seed).Child(trials.Count);
        bool repeatFirst = search.ScoredRows.Length < 5000 && trials.Count % 2 == 0;
        return repeatFirst ? Repeat(ranked, trials) ?? Neighbour(ranked, known, random) : Neighbour(ranked, known, random) ?? Repeat(ranked, trials);
    }

    static Trial[] Ranked(IReadOnlyList<Trial> trials) => [.. trials.Where(trial => trial.Status == TrialStatus.Done && trial.Repeat == 0).OrderBy(trial => trial.Error).ThenBy(trial => trial.Number)];

    /// <summary>The key without the number of steps, which the time may have shortened.</summary>
    static string KeyOf(Candidate candidate)
        => candidate.Learner is IStepsLearner steps ? candidate.With(steps.EndingAt(new FitProgress("", 1, 0))).Key : candidate.Key;

    Proposal? Repeat(Trial[] ranked, IReadOnlyList<Trial> trials)
    {
        if (!search.CanRepeat) return null;
        for (int repeat = 1; repeat < mostRepeats; repeat++)
            foreach (var trial in ranked.Take(RepeatedMembers))
                if (!trials.Any(other => other.Repeat == repeat && other.Candidate.Key == trial.Candidate.Key)) return new(trial.Candidate, repeat);
        return null;
    }

    Proposal? Neighbour(Trial[] ranked, HashSet<string> known, RandomSource random)
    {
        if (known.Count >= mostCandidates) return null;
        Trial[] parents = [.. ranked.Where(trial => trial.Candidate.Entry.Parameters.Any(parameter => parameter.Search is not null)).Take(Parents)];
        for (int attempt = 0; attempt < Attempts && parents.Length > 0; attempt++)
        {
            // The better a parent the likelier: rank r with a weight of 1 / (1 + r).
            double total = Enumerable.Range(1, parents.Length).Sum(rank => 1.0 / rank), at = random.NextDouble() * total;
            int chosen = 0;
            for (; chosen < parents.Length - 1 && (at -= 1.0 / (chosen + 1)) > 0; chosen++) { }
            var candidate = Mutate(parents[chosen].Candidate, random);
            if (!known.Contains(KeyOf(candidate))) return new(candidate, 0);
        }
        return null;
    }

    /// <summary>About a third of the searched hyperparameters take a step of a fifth of their range; at least one does.</summary>
    static Candidate Mutate(Candidate parent, RandomSource random)
    {
        Parameter[] searched = [.. parent.Entry.Parameters.Where(parameter => parameter.Search is not null)];
        var learner = parent.Learner;
        int sure = random.NextInt(searched.Length);
        for (int p = 0; p < searched.Length; p++)
        {
            if (p != sure && random.NextDouble() > 0.35) continue;
            learner = searched[p].Set(learner, Step(searched[p], searched[p].Get(learner), random));
        }
        return parent.With(learner);
    }

    static double Step(Parameter parameter, double value, RandomSource random)
    {
        var (low, high) = parameter.Search!.Value;
        if (parameter.Kind == ParameterKind.Flag) return 1 - value;
        if (parameter.Kind == ParameterKind.Choice) return random.NextInt((int)high + 1);
        bool log = parameter.Scale == ParameterScale.Log;
        double To(double x) => log ? Elementary.Log(Math.Max(x, low)) : x;
        double moved = Math.Clamp(To(Math.Clamp(value, low, high)) + 0.2 * (To(high) - To(low)) * random.NextGaussian(), To(low), To(high));
        double back = log ? Elementary.Exp(moved) : moved;
        back = Math.Clamp(parameter.Kind == ParameterKind.Integer ? Math.Round(back) : Rounded(back), low, high);
        return parameter.Kind == ParameterKind.Integer ? Math.Clamp(Math.Round(back), Math.Ceiling(low), Math.Floor(high)) : back;
    }

    /// <summary>Three digits: what people and logs can read.</summary>
    static double Rounded(double value) => double.Parse(value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
