using Tilth.Data;
using Tilth.Honesty.Heads;

namespace Tilth.Honesty.Rows;

/// <summary>A row whose target is far from what models that did not see it foresee.</summary>
/// <param name="Row">Its number in the table that was read, from 1.</param>
/// <param name="Given">The target it has.</param>
/// <param name="Foreseen">The class or number that is foreseen.</param>
/// <param name="Chance">Classes: the stated probability of the given one; numbers: the error over the usual error.</param>
public sealed record DoubtfulRow(int Row, string Given, string Foreseen, double Chance);

/// <summary>Rows of one value or range of a column, on which predictions are worse than elsewhere.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">The level, or the range.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Sentence">What is worse, with figures.</param>
public sealed record WeakGroup(string Column, string Value, int Rows, string Sentence);

/// <summary>What predictions of rows by models that did not see them tell about the data. Immutable.</summary>
/// <param name="Doubtful">How many rows have a target that contradicts what is foreseen.</param>
/// <param name="Rows">The most doubtful ones, at most 20; a package holds none.</param>
/// <param name="Groups">At most 5, the surest first.</param>
public sealed record DataIssues(int Doubtful, IReadOnlyList<DoubtfulRow> Rows, IReadOnlyList<WeakGroup> Groups)
{
    /// <summary>The same without single rows, which are nobody's business but the table's owner's.</summary>
    public DataIssues WithoutRows() => this with { Rows = [] };

    /// <summary>Looks.</summary>
    /// <param name="held">Predictions of rows that were not learned from.</param>
    /// <param name="schema">Of the table.</param>
    /// <param name="table">The same rows, conformed.</param>
    /// <param name="numberOf">The number of a row in the table that was read, from 1.</param>
    internal static DataIssues Of(HeldRows held, Schema schema, Table table, Func<int, int> numberOf)
    {
        var (doubtful, rows) = held.Target.Task == TaskKind.Regression ? DoubtfulTargets.Numbers(held, numberOf) : DoubtfulTargets.Labels(held, numberOf);
        return new(doubtful, rows, WeakGroups.Of(held, schema, table));
    }

    /// <summary>Sentences for people; none where nothing is odd.</summary>
    public IEnumerable<string> Sentences()
    {
        if (Doubtful > 0) yield return FormattableString.Invariant($"{Doubtful:N0} {(Doubtful == 1 ? "row has" : "rows have")} a target that contradicts what is foreseen: if targets can be wrong, look there first{Named()}.");
        foreach (var group in Groups) yield return group.Sentence;
    }

    string Named() => Rows.Count == 0 ? "" : FormattableString.Invariant($" (row {string.Join(", ", Rows.Take(5).Select(row => row.Row.ToString(System.Globalization.CultureInfo.InvariantCulture)))}{(Rows.Count > 5 ? " and others" : "")})");
}
