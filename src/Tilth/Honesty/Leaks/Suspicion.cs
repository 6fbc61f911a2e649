namespace Tilth.Honesty.Leaks;

/// <summary>Ways in which a score can be better than what comes true.</summary>
public enum LeakKind
{
    /// <summary>The column is the target under other names, or a rounded or rescaled copy.</summary>
    TargetCopy,
    /// <summary>The column is filled, or empty, only when the outcome is known.</summary>
    FilledWhenKnown,
    /// <summary>The column is an average of the target in which the row itself counts.</summary>
    TargetAggregate,
    /// <summary>One column alone foresees the target nearly perfectly.</summary>
    NearPerfect,
    /// <summary>A name or number of the row tells the target.</summary>
    IdentifierTells,
    /// <summary>Where a row stands in the file tells its target.</summary>
    RowOrderTells,
    /// <summary>Rows repeat others and fall on both sides of a split.</summary>
    RepeatedRows,
    /// <summary>Rows that belong together fall on both sides of a split.</summary>
    GroupOverlap,
    /// <summary>The column holds dates after the moment at which the prediction is made.</summary>
    LaterDate,
    /// <summary>The model learns from rows that are later than those it is tested on.</summary>
    FutureRows,
}

/// <summary>One reason to doubt a score that is not yet there.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Column">The column concerned, or null where it is about rows.</param>
/// <param name="LeftOut">True if the column is not learned from because of it.</param>
/// <param name="Evidence">One sentence: what was seen, with figures.</param>
/// <param name="Advice">One sentence: what to ask or do.</param>
public sealed record Suspicion(LeakKind Kind, string? Column, bool LeftOut, string Evidence, string Advice)
{
    /// <summary>The same as a warning.</summary>
    public Problem ToProblem() => new($"leak-{CodeOf(Kind)}", $"{Evidence}. {Advice}", Column);

    static string CodeOf(LeakKind kind) => kind switch
    {
        LeakKind.TargetCopy => "target-copy",
        LeakKind.FilledWhenKnown => "filled-when-known",
        LeakKind.TargetAggregate => "target-aggregate",
        LeakKind.NearPerfect => "near-perfect",
        LeakKind.IdentifierTells => "identifier",
        LeakKind.RowOrderTells => "row-order",
        LeakKind.RepeatedRows => "repeated-rows",
        LeakKind.GroupOverlap => "group-overlap",
        LeakKind.LaterDate => "later-date",
        _ => "future-rows",
    };
}
