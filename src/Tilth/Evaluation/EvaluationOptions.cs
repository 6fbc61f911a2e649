using Tilth.Parallelism;

namespace Tilth.Evaluation;

/// <summary>What an evaluation needs to know beside the rows and their predictions.</summary>
public sealed record EvaluationOptions
{
    /// <summary>The defaults.</summary>
    public static EvaluationOptions Default { get; } = new();

    /// <summary>What <see cref="RowsFrom"/> says of rows that were each foreseen by models which learned from the others.</summary>
    public const string OutOfFold = "out of fold";

    /// <summary>Which rows these are, for the report: "sealed hold-out", "out of fold", "test file".</summary>
    public string RowsFrom { get; init; } = "test file";

    /// <summary>One weight a row, at least 0; null if every row counts once.</summary>
    public double[]? Weights { get; init; }

    /// <summary>One number a row; rows of equal number belong together and are drawn together. Null if rows are independent.</summary>
    public int[]? Groups { get; init; }

    /// <summary>A binary row is called positive from this probability on.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Three or more classes: classes x classes, what it costs to call true class i class j; null to call the most likely class.</summary>
    public double[]? Costs { get; init; }

    /// <summary>What the trivial baseline foresees for every row, one number an output: the training rows' mean or class shares
    /// (binary: the positive share). Null to take it from the evaluated rows.</summary>
    public double[]? Baseline { get; init; }

    /// <summary>Bootstrap resamples, at least 40; fewer are drawn above 50,000 rows, where they tell as much.</summary>
    public int Resamples { get; init; } = 300;

    /// <summary>Seed of the resamples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where resamples are spread over threads; the thread count changes no bit.</summary>
    public WorkerPool Workers { get; init; } = WorkerPool.Single;
}
