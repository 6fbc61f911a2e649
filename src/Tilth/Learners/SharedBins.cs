namespace Tilth.Learners;

/// <summary>Holds the binned form of a feature matrix, made at its first use and shared by every view of it.</summary>
internal sealed class SharedBins
{
}
