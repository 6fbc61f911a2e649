using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Fitting;

/// <summary>
/// What a fit gets from outside beside its data: the seed, the threads, the limits and the two ways to stop. Nothing here
/// is a hyperparameter, and only the seed may change the result.
/// </summary>
public sealed record FitContext
{
    /// <summary>A context with one thread, seed 0 and no limits.</summary>
    public static FitContext Default { get; } = new();

    /// <summary>Every random draw comes from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where work is spread over threads; the caller owns it.</summary>
    public WorkerPool Workers { get; init; } = WorkerPool.Single;

    /// <summary>Bytes that the fit may hold beside its data.</summary>
    public long MemoryLimit { get; init; } = long.MaxValue;

    /// <summary>Told of rounds, rows and scores; null for silence.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>Abandon: the fit throws <see cref="OperationCanceledException"/> and leaves nothing behind.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Stop and keep: the fit ends soon with the best model so far. Learners look after every block, tree or epoch.</summary>
    public CancellationToken FinishEarly { get; init; }

    /// <summary>True once the fit should end with what it has.</summary>
    public bool ShouldFinish => FinishEarly.IsCancellationRequested;

    /// <summary>A fresh stream of this context's seed.</summary>
    public RandomSource NewRandom() => new(Seed);

    /// <summary>The same context with the seed of part <paramref name="index"/> (a fold, a tree, a trial).</summary>
    public FitContext Child(long index) => this with { Seed = new RandomSource(Seed).ChildSeed(index) };

    /// <summary>Throws if the fit is to be abandoned.</summary>
    public void ThrowIfCancelled() => Cancellation.ThrowIfCancellationRequested();
}

/// <summary>How far a fit has come.</summary>
/// <param name="Stage">What is being done ("fold 2 of 5", "boosting").</param>
/// <param name="Done">Rounds, epochs or rows that are finished.</param>
/// <param name="Total">Out of how many; 0 if that is not known.</param>
/// <param name="Metric">Name of the score, if there is one yet.</param>
/// <param name="Score">The score on rows that were not learned from, if there is one yet.</param>
/// <param name="Detail">What changes within the stage ("fold 2 of 5, 40 s left"); empty if nothing does.</param>
public readonly record struct FitProgress(string Stage, long Done, long Total, string? Metric = null, double? Score = null, string Detail = "");
