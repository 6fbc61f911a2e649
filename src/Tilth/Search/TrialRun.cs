using Tilth.Fitting;
using Tilth.Learners;

namespace Tilth.Search;

/// <summary>Fits one candidate fold by fold. What goes wrong becomes a trial that says so; only cancellation leaves by an exception.</summary>
internal sealed class TrialRun(SearchData search, PreparedSets prepared, FitContext outside)
{
    /// <summary>Weights of the newcomer when a pair with the rival is tried.</summary>
    static readonly double[] Pairs = [0.15, 0.4];

    /// <summary>Fits and scores.</summary>
    /// <param name="number">From 1; decides the seed.</param>
    /// <param name="candidate">What is fitted.</param>
    /// <param name="repeat">Which division into folds.</param>
    /// <param name="rival">The best so far, which decides whether the trial goes on after its first fold; null to go on anyway.</param>
    /// <param name="time">How long it may take; null for as long as it takes, and then what is done when the whole time ends is kept.</param>
    /// <param name="onTheWay">Told after some folds, while others are to come, what makes a trial of them and which part of all they are; or null.</param>
    public Trial Run(int number, Candidate candidate, int repeat, Trial? rival, TrialTime? time, Action<Func<Trial>, double>? onTheWay = null)
    {
        bool keepCut = time is null;
        Trial Ended(TrialStatus status, string reason, double error = double.PositiveInfinity) => new(number, candidate, repeat, status, error, 0, reason);
        // A trial that will not be kept need not end well when the time ends: it is abandoned, which is faster.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(outside.Cancellation, keepCut ? default : outside.FinishEarly, time?.Ended ?? default);
        var context = outside with { Cancellation = ended.Token };
        try
        {
            var fits = new FoldFits(search, prepared, candidate, repeat, number);
            int folds = fits.Count, done = 0;
            while (done < folds)
            {
                context.ThrowIfCancelled();
                // The first fold alone decides whether the others are worth their time.
                int wave = time is not null && done == 0 ? 1 : fits.AtOnce(context);
                var staged = Staged(context, candidate, done, folds);
                if (time is null || done > 0 || fits.Steps is not { } steps) fits.Fit(done, Math.Min(folds, done + wave), staged, staged);
                else if (FitFirst(fits, steps, staged, time) is { } shorter) fits.GoOnWith(candidate = candidate.With(shorter));
                else return Ended(TrialStatus.Cut, "its share of the time ended with its first steps");
                if (context.ShouldFinish) return keepCut ? Partial(Math.Max(1, done)) : Ended(TrialStatus.Cut, $"the time ended in fold {done + 1} of {folds}");
                done = Math.Min(folds, done + wave);
                if (folds == 1) break;
                if (done < folds) onTheWay?.Invoke(() => Partial(done), (double)done / folds);
                if (done == 1 && rival is not null && IsHopeless(fits.PositionsOf(0), fits.FirstForeseen(), rival, out double error))
                    return Ended(TrialStatus.Dropped, $"after fold 1: {search.Metric.Name} {search.ScoreOf(error):G4}, clearly worse than the best, and no help beside it", error);
                if (done < folds && time?.FitsAfter(done) == false) return Ended(TrialStatus.Cut, $"{folds - done} more folds would not have fitted into the time");
            }
            var (models, outOfFold) = fits.Finish(folds, context);
            return new(number, candidate, repeat, TrialStatus.Done, search.Error(outOfFold), 0, "") { Models = models, OutOfFold = outOfFold };

            Trial Partial(int finished)
            {
                var (models, outOfFold) = fits.Finish(finished, context);
                int[] positions = [.. Enumerable.Range(0, finished).SelectMany(fits.PositionsOf).Order()];
                return new(number, candidate, repeat, TrialStatus.Done, search.Error(positions, search.Take(outOfFold, positions)), 0, $"cut short: {finished} of {folds} folds")
                {
                    Models = models, OutOfFold = outOfFold, Foreseen = positions,
                };
            }
        }
        catch (OperationCanceledException) when (outside.Cancellation.IsCancellationRequested) { throw; }
        catch (OperationCanceledException) { return Ended(TrialStatus.Cut, outside.ShouldFinish ? "the time ended before it did" : "took more than its share of the time"); }
        catch (Exception exception)
        {
            return Ended(TrialStatus.Failed, exception is OutOfMemoryException ? "needs more memory than is allowed" : exception.Message.Split('\n')[0]);
        }
    }

    /// <summary>
    /// Fits the first fold as long as its share of the time lasts. Gives the learner whose fit ends there, with which the other folds
    /// end there too, so that nothing hangs on the clock any more; null if it had hardly begun.
    /// </summary>
    static ISupervisedLearner? FitFirst(FoldFits fits, IStepsLearner learner, FitContext context, TrialTime time)
    {
        var told = new LastTold(context.Progress);
        fits.Fit(0, 1, context, context with { FinishEarly = time.FirstEnded, Progress = told });
        if (!time.FirstEnded.IsCancellationRequested) return learner;
        time.Prolong();
        return told.Value.Done > 0 ? learner.EndingAt(told.Value) : null;
    }

    /// <summary>Worse than the rival on the same rows by more than twice the standard error, and no better when blended with it.</summary>
    bool IsHopeless(int[] positions, double[] foreseen, Trial rival, out double error)
    {
        double[] theirs = search.Take(rival.OutOfFold, positions);
        error = search.Error(positions, foreseen);
        double best = search.Error(positions, theirs);
        if (error <= best || !IsClear(positions, foreseen, theirs)) return false;
        foreach (double share in Pairs)
        {
            var blend = new double[foreseen.Length];
            for (int i = 0; i < blend.Length; i++) blend[i] = share * foreseen[i] + (1 - share) * theirs[i];
            if (search.Error(positions, blend) < best) return false;
        }
        return true;
    }

    /// <summary>Paired over rows: squared distance (Brier score for classes), which has a plain standard error for every target.</summary>
    bool IsClear(int[] positions, double[] foreseen, double[] theirs)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            double difference = Distance(positions[i], foreseen.AsSpan(i * search.Outputs, search.Outputs)) - Distance(positions[i], theirs.AsSpan(i * search.Outputs, search.Outputs));
            sum += difference;
            squares += difference * difference;
        }
        double mean = sum / positions.Length, variance = Math.Max(0, squares / positions.Length - mean * mean);
        return mean > 2 * Math.Sqrt(variance / positions.Length);
    }

    double Distance(int position, ReadOnlySpan<double> foreseen)
    {
        double y = search.Scored.Values[position], sum = 0;
        if (foreseen.Length == 1) return (foreseen[0] - y) * (foreseen[0] - y);
        for (int k = 0; k < foreseen.Length; k++)
        {
            double gap = foreseen[k] - (k == (int)y ? 1 : 0);
            sum += gap * gap;
        }
        return sum;
    }

    static FitContext Staged(FitContext context, Candidate candidate, int fold, int folds)
        => context.Progress is { } progress ? context with { Progress = new FoldProgress(candidate.Entry.Title, $"fold {fold + 1} of {folds}", progress) } : context;

    /// <summary>Keeps what the learner told last.</summary>
    sealed class LastTold(IProgress<FitProgress>? progress) : IProgress<FitProgress>
    {
        public FitProgress Value { get; private set; }

        public void Report(FitProgress value)
        {
            Value = value;
            progress?.Report(value);
        }
    }

    sealed class FoldProgress(string stage, string detail, IProgress<FitProgress> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(value with { Stage = stage, Detail = detail });
    }
}
