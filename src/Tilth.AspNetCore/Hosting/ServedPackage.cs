using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using Tilth.AspNetCore.Rows;
using Tilth.Monitoring;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.AspNetCore.Hosting;

/// <summary>An open package with what it takes to answer calls. Thread-safe.</summary>
internal sealed class ServedPackage
{
    readonly ConcurrentBag<RowSlot> idle = [];
    readonly ColumnNames names;

    /// <summary>Prepares a package; its golden rows must be predicted to the bit.</summary>
    /// <param name="package">What predicts.</param>
    /// <param name="loaded">When it was opened.</param>
    /// <exception cref="PackageFormatException">It does not predict what it did when it was made.</exception>
    public ServedPackage(ModelPackage package, DateTimeOffset loaded)
    {
        package.Verify();
        (Package, Loaded) = (package, loaded);
        Predictor = new Predictor(package);
        names = new ColumnNames(Predictor.Columns);
        Answers = new AnswerWriter(package);
        Sketch = new LiveSketch(package);
        HashHeader = package.ContentHash;
    }

    public ModelPackage Package { get; }

    public string Version => Package.Version;

    public DateTimeOffset Loaded { get; }

    public Predictor Predictor { get; }

    public AnswerWriter Answers { get; }

    /// <summary>What the rows that it predicted look like beside training.</summary>
    public LiveSketch Sketch { get; }

    /// <summary>What this package did as a shadow.</summary>
    public ShadowDifferences Shadowing { get; } = new();

    /// <summary>What its calls took, and how many it could not answer.</summary>
    public WorkCounts Work { get; } = new();

    /// <summary>The header that every answer of it carries.</summary>
    public StringValues HashHeader { get; }

    /// <summary>Whether another package foresees the same column, with the same classes.</summary>
    public bool Foresees(ServedPackage other)
    {
        var (own, its) = (Package.Target, other.Package.Target);
        return own.Column == its.Column && own.Task == its.Task && own.Classes.SequenceEqual(its.Classes);
    }

    public RowSlot Rent() => idle.TryTake(out var slot) ? slot : new RowSlot(Predictor, names, Sketch.NewCounter());

    public void Return(RowSlot slot) => idle.Add(slot);
}
