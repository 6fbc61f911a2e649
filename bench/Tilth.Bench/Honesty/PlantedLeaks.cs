using System.Globalization;
using Tilth.Data;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;

namespace Tilth.Bench.Honesty;

/// <summary>A leak put into a table.</summary>
/// <param name="Table">With the leak.</param>
/// <param name="Column">The column that must be named, or null where it is about rows.</param>
/// <param name="Kinds">What it may be called.</param>
/// <param name="Test">A table that is tested on, where the leak lies between two tables; or null.</param>
/// <param name="Request">What the user says of the columns.</param>
sealed record PlantedLeak(Table Table, string? Column, IReadOnlyList<LeakKind> Kinds, Table? Test = null, SchemaRequest? Request = null);

/// <summary>Ten ways in which real tables leak, planted into any table.</summary>
static class PlantedLeaks
{
    const string Name = "planted";

    public static readonly string[] Kinds = ["copy of the target", "post-event date", "aggregate with itself", "row order", "identifier", "duplicated rows", "group overlap", "future rows", "filled when known", "noisy copies"];

    /// <summary>The table with the leak, or null if the table does not take it.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="table">As a source gave it; its rows are shuffled.</param>
    /// <param name="target">Name of the target's column.</param>
    /// <param name="classes">True if the target is a class.</param>
    /// <param name="random">Where the leak needs chance.</param>
    public static PlantedLeak? Plant(string kind, Table table, string target, bool classes, RandomSource random)
    {
        int n = table.RowCount;
        string?[] y = [.. Enumerable.Range(0, n).Select(table[target].Format)];
        int[] order = [.. Enumerable.Range(0, n)];
        string common = y.OfType<string>().CountBy(v => v).MaxBy(pair => pair.Value).Key;
        double[] number = classes ? Array.ConvertAll(y, v => v == common ? 0.0 : 1.0) : Array.ConvertAll(y, v => v is null ? double.NaN : double.Parse(v, CultureInfo.InvariantCulture));
        double middle = number.Where(v => !double.IsNaN(v)).Order().ElementAt(number.Count(v => !double.IsNaN(v)) / 2);
        // What happened: another than the most common class, or a number above the median.
        bool[] happened = Array.ConvertAll(number, v => classes ? v == 1 : v > middle);
        string[] names = [.. y.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        switch (kind)
        {
            case "copy of the target":
                return With(table, row => classes ? $"code {Array.IndexOf(names, y[row]) * 7 % 1000}" : Text(Math.Round(number[row] * 1.1 + 3, 4)), LeakKind.TargetCopy, LeakKind.NearPerfect);
            case "post-event date":
                return With(table, row => happened[row] && random.NextDouble() < 0.95 ? Day(random.NextInt(700)) : !happened[row] && random.NextDouble() < 0.02 ? Day(random.NextInt(700)) : null, LeakKind.FilledWhenKnown, LeakKind.NearPerfect);
            case "aggregate with itself":
            {
                int[] group = [.. order.Select(_ => random.NextInt(Math.Max(1, n / 3)))];
                var sums = new Dictionary<int, (double Sum, int Rows)>();
                for (int row = 0; row < n; row++)
                    if (!double.IsNaN(number[row])) sums[group[row]] = sums.GetValueOrDefault(group[row]) is var (sum, rows) ? (sum + number[row], rows + 1) : default;
                return With(table, row => sums.TryGetValue(group[row], out var s) ? Text(Math.Round(s.Sum / s.Rows, 6)) : null, LeakKind.NearPerfect, LeakKind.TargetCopy, LeakKind.TargetAggregate);
            }
            case "row order":
            {
                double[] key = [.. order.Select(row => Rank(row) + 0.5 * random.NextGaussian())];
                return new(table.Take([.. order.OrderBy(row => key[row])]), null, [LeakKind.RowOrderTells]);
            }
            case "identifier":
            {
                double[] key = [.. order.Select(row => Rank(row) + 0.3 * random.NextGaussian())];
                var place = new int[n];
                int at = 0;
                foreach (int row in order.OrderBy(row => key[row])) place[row] = 100_000 + at++;
                return With(table, row => Text(place[row]), LeakKind.IdentifierTells, LeakKind.NearPerfect);
            }
            case "noisy copies":
            {
                // A tenth of the rows again, their numbers with noise of a hundredth of their standard deviation.
                int[] rows = [.. order, .. random.Choose(n, n / 10)], mixed = [.. Enumerable.Range(0, rows.Length)];
                random.Shuffle<int>(mixed);
                var noisy = table.Take(rows).Columns.Select(column => column is NumberColumn numbers && column.Name != target ? Noisy(numbers, n, random) : column);
                return new(new Table([.. noisy]).Take(mixed), null, [LeakKind.RepeatedRows]);
            }
            case "duplicated rows":
            {
                int[] rows = [.. order, .. random.Choose(n, n / 10)];
                random.Shuffle<int>(rows);
                return new(table.Take(rows), null, [LeakKind.RepeatedRows]);
            }
            case "group overlap":
            {
                int people = Math.Max(1, n / 4);
                int[] first = random.Choose(n, people), rows = [.. order.Select(_ => random.NextInt(people))];
                var repeated = table.Take(Array.ConvertAll(rows, person => first[person]));
                // What is measured again differs a little.
                var columns = repeated.Columns.Select(column => column is NumberColumn numbers && column.Name != target
                    ? new NumberColumn(column.Name, Array.ConvertAll(numbers.Values.ToArray(), v => v + 0.01 * Math.Abs(v) * random.NextGaussian())) : column);
                return With(new Table([.. columns]), row => $"person {rows[row]}", LeakKind.GroupOverlap);
            }
            case "future rows":
            {
                double[] key = [.. order.Select(row => Rank(row) + 1.5 * random.NextGaussian())];
                var day = new int[n];
                int at = 0;
                foreach (int row in order.OrderBy(row => key[row])) day[row] = (int)(at++ * 1000.0 / n);
                return With(table, row => Day(day[row]), LeakKind.FutureRows, LeakKind.NearPerfect);
            }
            default:
                return With(table, row => happened[row] && random.NextDouble() < 0.6 ? $"reason {random.NextInt(6)}" : null, LeakKind.FilledWhenKnown, LeakKind.NearPerfect);
        }

        // About a standard normal that rises with the target.
        double Rank(int row) => classes ? 2.0 * Array.IndexOf(names, y[row]) / Math.Max(1, names.Length - 1) * (names.Length == 2 ? 1 : 1.5) : number[row] > middle ? 1.5 : 0;
    }

    static PlantedLeak With(Table table, Func<int, string?> value, params LeakKind[] kinds)
    {
        var cells = Enumerable.Range(0, table.RowCount).Select(value).ToList();
        bool numbers = cells.All(cell => cell is null || double.TryParse(cell, CultureInfo.InvariantCulture, out _));
        Column column = numbers ? new NumberColumn(Name, cells.Select(cell => cell is null ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()) : TextColumn.From(Name, cells);
        return new(table.With(column), Name, kinds);
    }

    static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    static string Day(int day) => new DateTime(2022, 1, 1).AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static NumberColumn Noisy(NumberColumn column, int from, RandomSource random)
    {
        double[] values = column.Values.ToArray(), known = [.. values.Where(double.IsFinite)];
        double mean = known.Average(), deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
        for (int row = from; row < values.Length; row++) values[row] += 0.01 * deviation * random.NextGaussian();
        return new(column.Name, values);
    }
}
