namespace Tilth.Search;

/// <summary>
/// How long one trial may take: a share of the time, spread over its folds. A trial whose first fold takes more than its part is
/// given up in the middle of it; a learner that is good after any number of steps ends them instead, and its other folds too.
/// </summary>
internal sealed class TrialTime : IDisposable
{
    /// <summary>The first fold also prepares and bins what later folds share.</summary>
    const double FirstFold = 1.5;

    /// <summary>What a trial that was shortened may take beyond its share: that of its preparation, roughly.</summary>
    const double Prolonged = 1.25;

    readonly Deadline deadline;
    readonly int folds;
    readonly double start;
    readonly CancellationTokenSource timer, firstTimer;
    double most;

    public TrialTime(Deadline deadline, int folds, double most)
    {
        (this.deadline, this.folds, this.most, start) = (deadline, folds, most, deadline.Elapsed);
        timer = deadline.TimerOf(FirstFold * most / folds);
        firstTimer = deadline.TimerOf(most / folds);
    }

    /// <summary>Cancelled when the trial has had its time.</summary>
    public CancellationToken Ended => timer.Token;

    /// <summary>Cancelled when the first fold has had its share.</summary>
    public CancellationToken FirstEnded => firstTimer.Token;

    /// <summary>Makes room for the other folds of a trial whose first one was ended at its share.</summary>
    public void Prolong() => most *= Prolonged;

    /// <summary>Whether the other folds fit into the time, if they take as long as those that are done.</summary>
    public bool FitsAfter(int done)
    {
        double spent = deadline.Elapsed - start;
        if (spent / done * folds > most) return false;
        if (double.IsFinite(most)) timer.CancelAfter(TimeSpan.FromSeconds(Math.Max(0.01, most - spent)));
        return true;
    }

    public void Dispose()
    {
        timer.Dispose();
        firstTimer.Dispose();
    }
}
