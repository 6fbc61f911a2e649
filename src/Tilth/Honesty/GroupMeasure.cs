using System.Globalization;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Models.Heads;
using Tilth.Statistics;

namespace Tilth.Honesty;

/// <summary>
/// Measures predictions group by group: shares with Wilson intervals, means with normal ones. The widest gap of each measure has
/// Newcombe's (1998) interval, widened for the number of pairs that it was the widest of.
/// </summary>
internal static class GroupMeasure
{
    const int Fewest = 10, MostGroups = 30, MostLevels = 12, Bands = 4;

    /// <summary>Measures the groups that a column makes: levels as they are, numbers in four bands of about equally many rows.</summary>
    /// <param name="column">One value a row.</param>
    /// <param name="target">What happened.</param>
    /// <param name="predictions">Rows x outputs.</param>
    /// <param name="rule">How rows are called.</param>
    /// <exception cref="LearningException">The column makes no groups.</exception>
    public static GroupFindings Of(Column column, Target target, double[] predictions, DecisionRule rule)
    {
        string[] names = NamesOf(column);
        int outputs = target.Schema.OutputCount;
        int[] called = [.. Enumerable.Range(0, names.Length).Select(row => rule.Decide(predictions.AsSpan(row * outputs, outputs)))];
        var groups = Enumerable.Range(0, names.Length).GroupBy(row => names[row]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, Rows: group.ToArray())).ToList();
        var shown = groups.Where(group => group.Rows.Length >= Fewest).Take(MostGroups).ToList();
        var scores = shown.Select(group => ScoreOf(group.Key, group.Rows, target, predictions, called)).ToList();
        return new(column.Name, scores, names.Length - shown.Sum(group => group.Rows.Length), [.. GapsOf(scores, target.Task)]);
    }

    static string[] NamesOf(Column column)
    {
        string[] texts = [.. Enumerable.Range(0, column.Count).Select(row => column.Format(row) ?? "(missing)")];
        int different = texts.Distinct().Count();
        if (column is CategoryColumn or BooleanColumn || different <= MostLevels) return texts;
        double[] values = column switch
        {
            NumberColumn numbers => numbers.Values.ToArray(),
            DateTimeColumn moments => Array.ConvertAll(moments.Ticks.ToArray(), ticks => ticks == DateTimeColumn.Missing ? double.NaN : ticks),
            _ => throw new LearningException("groups-column", string.Create(CultureInfo.InvariantCulture, $"'{column.Name}' has {different:N0} different texts, which make no groups; name a column of levels or numbers")),
        };
        int[] order = [.. Enumerable.Range(0, values.Length).Where(row => !double.IsNaN(values[row])).OrderBy(row => values[row])];
        for (int from = 0, band = 1; from < order.Length; band++)
        {
            int to = Math.Max(from + 1, (int)((long)order.Length * band / Bands));
            while (to < order.Length && values[order[to]] == values[order[to - 1]]) to++;
            string name = $"{texts[order[from]]} to {texts[order[to - 1]]}";
            foreach (int row in order[from..to]) texts[row] = name;
            from = to;
        }
        return texts;
    }

    static GroupScore ScoreOf(string name, int[] rows, Target target, double[] predictions, int[] called)
    {
        Interval Share(Func<int, bool> among, Func<int, bool> hit)
        {
            int trials = rows.Count(among), hits = rows.Count(row => among(row) && hit(row));
            if (trials == 0) return None;
            var (low, high) = ProportionInterval.Wilson((double)hits / trials, trials);
            return new((double)hits / trials, low, high);
        }
        Interval Mean(Func<int, double> value)
        {
            double mean = rows.Average(value), error = Math.Sqrt(rows.Sum(row => (value(row) - mean) * (value(row) - mean)) / (rows.Length - 1.0) / rows.Length);
            return new(mean, mean - ProportionInterval.Z95 * error, mean + ProportionInterval.Z95 * error);
        }
        bool Positive(int row) => target.Values[row] == 1;
        return target.Task switch
        {
            TaskKind.Binary => new(name, rows.Length, Share(_ => true, Positive), Mean(row => predictions[row]), Share(_ => true, row => called[row] == 1),
                Share(Positive, row => called[row] == 1), Share(row => !Positive(row), row => called[row] == 1), Share(row => called[row] == 1, Positive)),
            TaskKind.Regression => new(name, rows.Length, Mean(row => target.Values[row]), Mean(row => predictions[row]), None, None, None, Mean(row => Math.Abs(predictions[row] - target.Values[row]))),
            _ => new(name, rows.Length, None, None, None, Share(_ => true, row => called[row] == (int)target.Values[row]), None, None),
        };
    }

    static IEnumerable<GroupGap> GapsOf(IReadOnlyList<GroupScore> groups, TaskKind task)
    {
        (string, Func<GroupScore, Interval>)[] measures = task switch
        {
            TaskKind.Binary => [("called", group => group.Called), ("found", group => group.Found), ("false alarms", group => group.FalseAlarms), ("right", group => group.Right)],
            TaskKind.Regression => [("mean absolute error", group => group.Right)],
            _ => [("named right", group => group.Found)],
        };
        foreach (var (measure, of) in measures)
        {
            GroupScore[] known = [.. groups.Where(group => !double.IsNaN(of(group).Value)).OrderBy(group => of(group).Value)];
            if (known.Length < 2) continue;
            Interval low = of(known[0]), high = of(known[^1]);
            // Bonferroni over the pairs: the normal quantile takes the place of 1.96.
            double wider = NormalDistribution.Quantile(1 - 0.025 / (known.Length * (known.Length - 1) / 2.0)) / ProportionInterval.Z95, gap = high.Value - low.Value;
            double down = wider * Root(high.Value - high.Lower, low.Upper - low.Value), up = wider * Root(high.Upper - high.Value, low.Value - low.Lower);
            yield return new(measure, known[0].Name, known[^1].Name, new(gap, gap - down, gap + up));
        }
    }

    static double Root(double a, double b) => Math.Sqrt(a * a + b * b);

    static Interval None => new(double.NaN, double.NaN, double.NaN);
}
