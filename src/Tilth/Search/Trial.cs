using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>How a trial ended.</summary>
internal enum TrialStatus
{
    /// <summary>All folds were fitted; it may join the blend.</summary>
    Done,
    /// <summary>Given up after the first fold: clearly worse than the best, and of no use beside it.</summary>
    Dropped,
    /// <summary>The learner refused or broke.</summary>
    Failed,
    /// <summary>The time ended before it did.</summary>
    Cut,
    /// <summary>Never begun: it would not have fitted into the time or the memory left.</summary>
    Skipped,
}

/// <summary>One fit of a candidate on the folds of a repeat.</summary>
/// <param name="Number">From 1 in the order of the run; its seed depends on it.</param>
/// <param name="Candidate">What was fitted.</param>
/// <param name="Repeat">Which division into folds.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Error">Out of fold, lower is better; of the first fold if it was dropped; infinite where there is none.</param>
/// <param name="Seconds">By the clock; 0 without one.</param>
/// <param name="Reason">Why it is not done; empty otherwise.</param>
internal sealed record Trial(int Number, Candidate Candidate, int Repeat, TrialStatus Status, double Error, double Seconds, string Reason)
{
    /// <summary>The fold models; empty unless done.</summary>
    public IReadOnlyList<Node> Models { get; init; } = [];

    /// <summary>Scored rows x outputs; empty unless done.</summary>
    public double[] OutOfFold { get; init; } = [];

    /// <summary>Which scored rows were foreseen, if the time ended before all were; null for all. Such a trial stands alone.</summary>
    public int[]? Foreseen { get; init; }
}
