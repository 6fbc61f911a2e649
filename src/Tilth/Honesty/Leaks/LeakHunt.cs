using System.Globalization;
using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Looks for leaks before anything is learned: columns that are the target again, that are filled only when it is known, or that
/// foresee it alone; identifiers and row order that tell it; repeated rows, overlapping groups, future rows. Strength alone never
/// leaves a column out (carat honestly foresees a diamond's price); only a second proof does.
/// </summary>
public static class LeakHunt
{
    /// <summary>From this normalised Gini of a single column on it is a suspect (as DataRobot's moderate leakage).</summary>
    public const double SuspectGini = 0.85;

    /// <summary>The same for numbers, as a coefficient of determination.</summary>
    public const double SuspectDetermination = 0.9;

    const double IdentifierGini = 0.3, IdentifierDetermination = 0.15;
    const int MostRows = 20_000, FewestRows = 30;

    /// <summary>Every suspicion, those about columns first, in the order of the schema.</summary>
    /// <param name="schema">With a target.</param>
    /// <param name="conformed">Rows that have a target.</param>
    /// <param name="target">One a row of <paramref name="conformed"/>.</param>
    /// <param name="rows">The rows that may be looked at, ascending; sealed ones are not among them.</param>
    /// <param name="keep">Columns that are kept whatever is found.</param>
    /// <param name="seed">Decides which rows are looked at where there are more than 20,000.</param>
    /// <param name="workers">Spreads the columns over threads.</param>
    public static IReadOnlyList<Suspicion> Look(Schema schema, Table conformed, Target target, int[] rows, IReadOnlyCollection<string> keep, ulong seed, WorkerPool workers)
    {
        if (rows.Length < FewestRows) return [];
        int[] sample = Sample(rows, seed);
        var known = target.Take(sample);
        var ranked = TargetRanks.Of(known);
        ColumnSchema[] columns = [.. schema.Columns.Where(column => column.Role is ColumnRole.Feature or ColumnRole.Identifier)];
        var found = new List<Suspicion>[columns.Length];
        workers.For(columns.Length, i =>
        {
            var cells = ColumnCells.Exact(conformed[columns[i].Name], sample);
            found[i] = [.. OfColumn(columns[i], conformed[columns[i].Name], cells, known, ranked, sample, schema, keep, seed)];
        });
        var all = found.SelectMany(list => list).ToList();
        if (schema.Columns.All(column => column.Role != ColumnRole.Time) && RowTells.Order(ranked, sample, seed) is { } order) all.Add(order);
        var open = target.Take(rows);
        if ((RepeatedRows.Find(conformed, schema, open, rows) ?? NearRows.Find(conformed, schema, open, rows)) is { } repeats) all.Add(repeats);
        return all;
    }

    /// <summary>"Gini 0.97" or "R² 0.95".</summary>
    internal static string Say(Target target, double strength)
        => string.Create(CultureInfo.InvariantCulture, $"{(target.Task == TaskKind.Regression ? "R²" : "Gini")} {strength:0.00}");

    static IEnumerable<Suspicion> OfColumn(ColumnSchema column, Column values, ColumnCells exact, Target target, Target ranked, int[] rows, Schema schema, IReadOnlyCollection<string> keep, ulong seed)
    {
        string name = column.Name, foreseen = target.Schema.Column;
        double[]? numbers = ColumnCells.ValuesOf(values, rows);
        bool mayGroup = schema.Columns.All(c => c.Role != ColumnRole.Group);
        if (column.Role == ColumnRole.Identifier)
        {
            if (mayGroup && GroupTells.Find(name, exact, numbers, ranked) is { } together) yield return together;
            double tells = IdentifierCells.Strength(values, exact, rows, ranked, seed);
            if (tells >= (target.Task == TaskKind.Regression ? IdentifierDetermination : IdentifierGini))
                yield return new(LeakKind.IdentifierTells, name, false, $"The identifier '{name}' tells '{foreseen}' ({Say(target, tells)}); it is not learned from",
                    "Ask how the table was put together: rows seem to be numbered or sorted by the outcome.");
            yield break;
        }
        bool kept = keep.Contains(name);
        string fate = kept ? "It is kept, as asked with --keep." : $"It is left out; --keep {name} keeps it.";
        if (TargetCopies.Find(exact, numbers, target) is { } copy)
        {
            yield return new(LeakKind.TargetCopy, name, !kept, $"'{name}' is the target again: {copy}", fate);
            yield break;
        }
        if (MissingTells.Find(exact, target) is var (sentence, proof))
        {
            yield return new(LeakKind.FilledWhenKnown, name, proof && !kept, $"'{name}' seems to be filled in when the outcome is known: {sentence}",
                proof ? fate : Ask(name));
            yield break;
        }
        if (TargetAggregates.Find(numbers, target) is { } aggregate)
        {
            yield return new(LeakKind.TargetAggregate, name, false, $"'{name}' seems to be an average of '{foreseen}' that counts the row itself: {aggregate}",
                $"Leave the row's own outcome out of the average, or use --exclude {name}.");
            yield break;
        }
        double strength = ColumnStrength.Of(ColumnCells.Binned(exact), target, seed);
        bool near = strength >= (target.Task == TaskKind.Regression ? SuspectDetermination : SuspectGini) && IsSure(strength, target);
        double told = near ? strength : ColumnStrength.Of(ColumnCells.Binned(exact), ranked, seed);
        if (IdentifierCells.NumbersRows(exact, numbers) && (near || told >= SuspectDetermination))
            yield return new(LeakKind.IdentifierTells, name, !kept, $"'{name}' numbers the rows one by one and tells '{foreseen}' ({Say(target, told)})", fate);
        else if (mayGroup && GroupTells.Find(name, exact, numbers, ranked) is { } group) yield return group;
        else if (near)
            yield return new(LeakKind.NearPerfect, name, false, $"'{name}' alone foresees '{foreseen}' nearly perfectly ({Say(target, strength)} on rows not looked at)", Ask(name));
        if (column.Kind == ColumnKind.DateTime && schema.Columns.All(c => c.Role != ColumnRole.Time) && RowTells.Date(name, told, target) is { } date) yield return date;
    }

    static string Ask(string column) => $"Is it known when the prediction is made? If not, use --exclude {column}.";

    /// <summary>The AUC behind a Gini is well above 0.85 also two standard errors down, so that a few rows do not raise an alarm.</summary>
    static bool IsSure(double gini, Target target)
    {
        if (target.Task == TaskKind.Regression) return true;
        double auc = (1 + gini) / 2;
        int largest = target.Values.CountBy(y => y).Max(pair => pair.Value);
        return auc - 2 * Math.Sqrt(auc * (1 - auc) / Math.Max(1, Math.Min(target.Values.Length - largest, largest))) > 0.85;
    }

    static int[] Sample(int[] rows, ulong seed)
    {
        if (rows.Length <= MostRows) return rows;
        int[] chosen = [.. new RandomSource(seed).Choose(rows.Length, MostRows)];
        Array.Sort(chosen);
        return Array.ConvertAll(chosen, i => rows[i]);
    }
}
