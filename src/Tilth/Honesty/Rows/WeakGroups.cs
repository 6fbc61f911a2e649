using Tilth.Data;
using Tilth.Honesty.Heads;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;
using Tilth.Statistics;

namespace Tilth.Honesty.Rows;

/// <summary>
/// Levels and quarters of columns on which predictions are worse than they should be. Classes: the log loss beyond the entropy
/// of the stated probabilities, which is 0 on average where these are right, however hard the rows are; numbers: the size of the
/// error. A difference must be sure after correction for the number of groups (Bonferroni), and large enough to matter.
/// </summary>
internal static class WeakGroups
{
    const int FewestRows = 30, MostLevels = 30, Quarters = 4, MostGroups = 5;
    const double Sure = 0.01, LargerError = 1.25;

    public static IReadOnlyList<WeakGroup> Of(HeldRows held, Schema schema, Table table)
    {
        bool classes = held.Target.Task != TaskKind.Regression;
        double[] loss = [.. Enumerable.Range(0, held.Count).Select(row => classes ? Excess(held, row) : Math.Abs(held.Target.Values[row] - held.Predictions[row]))];
        int[] all = [.. Enumerable.Range(0, held.Count)];
        var groups = schema.Features.Where(column => column.Kind != ColumnKind.Text).SelectMany(column => GroupsOf(table[column.Name], all)).ToList();
        double total = loss.Sum(), limit = groups.Count == 0 ? 0 : NormalDistribution.Quantile(1 - Sure / groups.Count);
        var found = new List<(double Z, WeakGroup Group)>();
        foreach (var (column, value, rows) in groups)
        {
            double inside = rows.Average(row => loss[row]), outside = (total - inside * rows.Length) / (held.Count - rows.Length);
            double variance = rows.Sum(row => (loss[row] - inside) * (loss[row] - inside)) / (rows.Length - 1) / rows.Length;
            double z = (inside - (classes ? Math.Max(0, outside) : outside)) / Math.Sqrt(variance);
            if (!(z > limit) || (!classes && inside < LargerError * outside)) continue;
            found.Add((z, new(column, value, rows.Length, Sentence(held, column, value, rows, inside, outside))));
        }
        return [.. found.OrderByDescending(pair => pair.Z).ThenBy(pair => pair.Group.Column, StringComparer.Ordinal).DistinctBy(pair => pair.Group.Column).Take(MostGroups).Select(pair => pair.Group)];
    }

    static string Sentence(HeldRows held, string column, string value, int[] rows, double inside, double outside)
    {
        string where = FormattableString.Invariant($"Predictions do badly where '{column}' is {value} ({rows.Length:N0} rows): ");
        if (held.Target.Task == TaskKind.Regression) return FormattableString.Invariant($"{where}the mean error is {inside:G4}, elsewhere {outside:G4}.");
        if (held.Target.Task == TaskKind.Binary)
            return FormattableString.Invariant($"{where}'{held.Target.Schema.Classes[1]}' is stated for {rows.Average(row => held.Predictions[row]):P0} of them and true for {rows.Average(row => held.Target.Values[row]):P0}.");
        return FormattableString.Invariant($"{where}they are surer than they are right, by {inside:0.###} in log loss a row.");
    }

    /// <summary>Log loss - entropy of what was stated.</summary>
    static double Excess(HeldRows held, int row)
    {
        double entropy = 0;
        for (int k = 0; k < held.Target.ClassCount; k++)
        {
            double p = held.ProbabilityOf(row, k);
            if (p > 0) entropy -= p * Elementary.Log(p);
        }
        return -Elementary.Log(Math.Max(held.ProbabilityOf(row, (int)held.Target.Values[row]), 1e-15)) - entropy;
    }

    static IEnumerable<(string Column, string Value, int[] Rows)> GroupsOf(Column column, int[] all)
    {
        if (ColumnCells.ValuesOf(column, all) is { } values)
        {
            double[] known = [.. values.Where(value => !double.IsNaN(value)).Order()];
            if (known.Length == 0) return [];
            double[] cuts = [.. Enumerable.Range(1, Quarters - 1).Select(i => known[i * known.Length / Quarters]).Distinct()];
            return all.GroupBy(row => double.IsNaN(values[row]) ? -1 : cuts.Count(cut => values[row] >= cut)).Where(Enough)
                .Select(group => (column.Name, group.Key < 0 ? "missing" : RangeOf(column, [.. group], values), group.ToArray()));
        }
        return all.GroupBy(row => column.Format(row) ?? "").Where(Enough).OrderByDescending(group => group.Count()).Take(MostLevels)
            .Select(group => (column.Name, group.Key.Length == 0 ? "missing" : $"'{group.Key}'", group.ToArray()));

        bool Enough<T>(IGrouping<T, int> group) => group.Count() >= FewestRows && group.Count() <= all.Length - FewestRows;
    }

    static string RangeOf(Column column, int[] rows, double[] values) => $"{column.Format(rows.MinBy(row => values[row]))} to {column.Format(rows.MaxBy(row => values[row]))}";
}
