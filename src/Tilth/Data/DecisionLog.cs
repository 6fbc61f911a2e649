using System.Collections;

namespace Tilth.Data;

/// <summary>Something that was guessed or chosen for the user, who can overrule it.</summary>
/// <param name="Subject">What it is about: a column's name, "target", "split".</param>
/// <param name="Choice">What was chosen, in a few words.</param>
/// <param name="Evidence">Why: counts and examples.</param>
public sealed record Decision(string Subject, string Choice, string Evidence);

/// <summary>Every decision in the order it was made. Not thread-safe.</summary>
public sealed class DecisionLog : IReadOnlyList<Decision>
{
    readonly List<Decision> decisions = [];

    /// <inheritdoc/>
    public int Count => decisions.Count;

    /// <inheritdoc/>
    public Decision this[int index] => decisions[index];

    /// <summary>Adds one.</summary>
    public void Add(string subject, string choice, string evidence) => decisions.Add(new Decision(subject, choice, evidence));

    /// <summary>Adds several.</summary>
    public void AddRange(IEnumerable<Decision> more) => decisions.AddRange(more);

    /// <inheritdoc/>
    public IEnumerator<Decision> GetEnumerator() => decisions.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
