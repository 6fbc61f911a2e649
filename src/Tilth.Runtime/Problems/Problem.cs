namespace Tilth;

/// <summary>
/// One thing that is wrong with what a user typed, uploaded or passed in: it names the thing, the rule and the value, and
/// suggests the mend where there is one. Problems are collected and told all at once.
/// </summary>
/// <param name="Code">Short, stable, lower case with hyphens, for programs ("column-missing").</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Column">The column concerned, if one.</param>
/// <param name="Row">The data row concerned, counted from 1 after the header, if one.</param>
public sealed record Problem(string Code, string Message, string? Column = null, long? Row = null)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => Message;
}
