using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>One column that would have to be different.</summary>
/// <param name="Column">Its name.</param>
/// <param name="From">What it is; null where it is missing.</param>
/// <param name="To">What it would have to be.</param>
public sealed record ColumnChange(string Column, string? From, string To);

/// <summary>
/// What would have to be different for another prediction (Wachter et al., 2018), within the columns that may change: few
/// columns first, then small steps. It says what the model would foresee, not that changing the world changes the outcome.
/// </summary>
/// <param name="Changes">At least one.</param>
/// <param name="Prediction">What the model foresees then.</param>
public sealed record Counterfactual(IReadOnlyList<ColumnChange> Changes, double Prediction)
{
    const int Beam = 12, MostChanges = 4;

    /// <summary>Looks for the smallest changes, by a beam over the columns' grids.</summary>
    /// <param name="predict">One number a row.</param>
    /// <param name="row">A table of one row.</param>
    /// <param name="grids">The columns that may change, with the values that they may take.</param>
    /// <param name="above">True if the prediction must become at least <paramref name="goal"/>; false if it must fall below it.</param>
    /// <param name="goal">The threshold.</param>
    /// <param name="most">How many to give, each of other columns.</param>
    /// <returns>The one with the fewest and smallest changes first; none if no change within the grids is enough.</returns>
    public static IReadOnlyList<Counterfactual> Of(RowPredictor predict, Table row, IReadOnlyList<ColumnGrid> grids, bool above, double goal, int most = 3)
    {
        if (row.RowCount != 1) throw new ArgumentException($"one row is changed at a time, not {row.RowCount}");
        bool Reached(double prediction) => above ? prediction >= goal : prediction < goal;
        var found = new List<(int[] Value, double Prediction, double Size)>();
        List<int[]> beam = [Enumerable.Repeat(-1, grids.Count).ToArray()];
        for (int changes = 1; changes <= MostChanges && found.Count < most && beam.Count > 0; changes++)
        {
            var tried = new List<int[]>();
            foreach (int[] from in beam)
                for (int c = 0; c < grids.Count; c++)
                    for (int v = 0; v < grids[c].Count; v++)
                        if (from[c] < 0 && grids[c].Label(v) != row[grids[c].Name].Format(0)) tried.Add([.. from[..c], v, .. from[(c + 1)..]]);
            tried = [.. tried.DistinctBy(ColumnsOf)]; // a set is met once for each order of its columns
            if (tried.Count == 0) break;
            double[] predictions = predict(Changed(row, grids, tried));
            var scored = tried.Select((value, i) => (Value: value, Prediction: predictions[i], Size: SizeOf(row, grids, value))).ToList();
            foreach (var one in scored.Where(one => Reached(one.Prediction)).OrderBy(one => one.Size))
                if (found.Count < most && !found.Exists(other => Covers(one.Value, other.Value))) found.Add(one);
            // A set that has reached the goal needs no further column.
            beam = [.. scored.Where(one => !Reached(one.Prediction)).OrderBy(one => Math.Abs(goal - one.Prediction)).ThenBy(one => one.Size).Take(Beam).Select(one => one.Value)];
        }
        return [.. found.Select(one => new Counterfactual(
            [.. Enumerable.Range(0, grids.Count).Where(c => one.Value[c] >= 0).Select(c => new ColumnChange(grids[c].Name, row[grids[c].Name].Format(0), grids[c].Label(one.Value[c])))], one.Prediction))];
    }

    static Table Changed(Table row, IReadOnlyList<ColumnGrid> grids, List<int[]> values)
    {
        var rows = row.Take(new int[values.Count]);
        for (int c = 0; c < grids.Count; c++)
        {
            int number = c;
            if (!values.Exists(value => value[number] >= 0)) continue;
            var joined = ColumnJoin.Of(grids[c].Filled(grids[c].Count, v => v), row[grids[c].Name]);
            rows = rows.With(joined.Take([.. values.Select(value => value[number] >= 0 ? value[number] : grids[number].Count)]));
        }
        return rows;
    }

    /// <summary>Each changed column counts 1, and its step along the grid, which has equal shares of rows, at most 1 more.</summary>
    static double SizeOf(Table row, IReadOnlyList<ColumnGrid> grids, int[] value)
    {
        double size = 0;
        for (int c = 0; c < grids.Count; c++)
            if (value[c] >= 0) size += 1 + (grids[c].IsOrdered ? Math.Abs(value[c] - Nearest(row[grids[c].Name], grids[c])) / grids[c].Count : 0.5);
        return size;
    }

    static double Nearest(Column column, ColumnGrid grid)
    {
        double own = column switch
        {
            NumberColumn numbers => numbers.Values.Span[0],
            DateTimeColumn moments when !moments.IsMissing(0) => moments.Ticks.Span[0],
            _ => double.NaN,
        };
        if (double.IsNaN(own)) return grid.Count / 2;
        int best = 0;
        for (int v = 1; v < grid.Count; v++)
            if (Math.Abs(grid.Values[v] - own) < Math.Abs(grid.Values[best] - own)) best = v;
        return best;
    }

    static bool Covers(int[] value, int[] other) => Enumerable.Range(0, value.Length).All(c => other[c] < 0 || value[c] >= 0);

    static string ColumnsOf(int[] value) => string.Join(',', Enumerable.Range(0, value.Length).Where(c => value[c] >= 0).Select(c => $"{c}:{value[c]}"));
}
