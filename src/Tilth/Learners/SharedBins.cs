using Tilth.Learners.Trees;
using Tilth.Parallelism;

namespace Tilth.Learners;

/// <summary>Holds the binned form of a feature matrix, made at its first use and shared by every view of it.</summary>
internal sealed class SharedBins
{
    readonly object making = new();
    BinnedMatrix? matrix;

    /// <summary>The bins; the first caller makes them, others wait.</summary>
    public BinnedMatrix Of(TrainingSet set, WorkerPool workers)
    {
        lock (making) return matrix ??= BinnedMatrix.Of(set.Features, set.Weights, workers);
    }
}
