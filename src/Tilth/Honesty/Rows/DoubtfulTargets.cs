using System.Globalization;
using Tilth.Honesty.Heads;
using Tilth.Statistics;

namespace Tilth.Honesty.Rows;

/// <summary>
/// Targets that contradict what is foreseen. Labels by confident learning (Northcutt, Jiang and Chuang 2021): another class is at
/// least as probable as is usual for rows of that class; we ask besides that the given one has at most 10 %. How many labels are
/// wrong cannot be told so: probabilities that were calibrated on wrong labels foresee them too.
/// </summary>
internal static class DoubtfulTargets
{
    const int MostRows = 20;
    const double Unlikely = 0.1, FarErrors = 8;

    public static (int Count, IReadOnlyList<DoubtfulRow> Rows) Labels(HeldRows held, Func<int, int> numberOf)
    {
        int classes = held.Target.ClassCount;
        double[] usual = new double[classes], rows = new double[classes];
        for (int row = 0; row < held.Count; row++)
        {
            int k = (int)held.Target.Values[row];
            usual[k] += held.ProbabilityOf(row, k);
            rows[k]++;
        }
        for (int k = 0; k < classes; k++) usual[k] = rows[k] > 0 ? usual[k] / rows[k] : double.PositiveInfinity;
        var doubtful = new List<(int Row, int Foreseen, double Chance)>();
        for (int row = 0; row < held.Count; row++)
        {
            int best = -1;
            for (int k = 0; k < classes; k++)
                if (held.ProbabilityOf(row, k) >= usual[k] && (best < 0 || held.ProbabilityOf(row, k) > held.ProbabilityOf(row, best))) best = k;
            int given = (int)held.Target.Values[row];
            if (best >= 0 && best != given && held.ProbabilityOf(row, given) is var p && p <= Unlikely) doubtful.Add((row, best, p));
        }
        string NameOf(int k) => held.Target.Schema.Classes[k];
        return (doubtful.Count, [.. doubtful.OrderBy(d => d.Chance).ThenBy(d => d.Row).Take(MostRows).Select(d => new DoubtfulRow(numberOf(d.Row), NameOf((int)held.Target.Values[d.Row]), NameOf(d.Foreseen), d.Chance))]);
    }

    /// <summary>Errors of more than eight times the usual one (the median, as a normal's standard deviation).</summary>
    public static (int Count, IReadOnlyList<DoubtfulRow> Rows) Numbers(HeldRows held, Func<int, int> numberOf)
    {
        double[] errors = [.. Enumerable.Range(0, held.Count).Select(row => Math.Abs(held.Target.Values[row] - held.Predictions[row]))];
        double usual = 1.4826 * BootstrapSample.At([.. errors.Order()], 0.5);
        if (!(usual > 0)) return (0, []);
        int[] far = [.. Enumerable.Range(0, held.Count).Where(row => errors[row] > FarErrors * usual).OrderByDescending(row => errors[row]).ThenBy(row => row)];
        static string Say(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
        return (far.Length, [.. far.Take(MostRows).Select(row => new DoubtfulRow(numberOf(row), Say(held.Target.Values[row]), Say(held.Predictions[row]), errors[row] / usual))]);
    }
}
