using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// One fitted step: reads registers of a frame and writes others, for all rows of the frame at once. Immutable and
/// thread-safe. The same code runs over a block of a table and over a single row, so training and serving cannot differ.
/// A step allocates nothing; the memory that texts need beside registers is the frame's scratch, which only ever grows.
/// </summary>
internal abstract class PreparationStep
{
    /// <summary>The kind under which a package stores the step; stands in the closed list of kinds.</summary>
    public abstract string PartKind { get; }

    /// <summary>Names every register that the step reads, then every one that it writes; a broken program throws here.</summary>
    public abstract void Declare(RegisterCheck check);

    /// <summary>Computes the step's outputs for the frame's rows.</summary>
    public abstract void Apply(PreparationFrame frame);

    /// <summary>Writes everything that the step is made of.</summary>
    public abstract void Pack(PartWriter writer);
}
