using Tilth.Data;

namespace Tilth.Honesty.Leaks;

/// <summary>
/// Whether rows with an equal value of a column share their target so much more than rows of neighbouring values that the column
/// names a patient, a customer, a machine: then such rows must not stand on both sides of a split.
/// </summary>
internal static class GroupTells
{
    const int FewestGroups = 30;
    const double FewestRowsEach = 1.5, MostRowsEach = 20, Alike = 0.5, SureDeviations = 4;

    public static Suspicion? Find(string column, ColumnCells exact, double[]? values, Target target)
    {
        var groups = new List<int>[exact.Count];
        int known = 0;
        for (int row = 0; row < exact.Codes.Length; row++)
        {
            if (exact.Codes[row] < 0) continue;
            (groups[exact.Codes[row]] ??= []).Add(row);
            known++;
        }
        double each = (double)known / Math.Max(1, exact.Count);
        if (exact.Count < FewestGroups || each is < FewestRowsEach or > MostRowsEach || known < exact.Codes.Length / 2) return null;
        if (values is not null && values.Any(value => value != Math.Floor(value))) return null;

        var (y, classes) = (target.Values, target.Task != TaskKind.Regression);
        double within = 0, between = 0, square = 0, pairs = 0;
        for (int g = 0; g < groups.Length; g++)
        {
            int[] other = exact.Ordered ? [.. groups[Math.Max(0, g - 1)], .. groups[Math.Min(groups.Length - 1, g + 1)]] : [];
            for (int i = 1; i < groups[g].Count; i++)
            {
                int row = groups[g][i];
                // Numbers are compared with the rows of neighbouring values, names with rows anywhere.
                int stranger = exact.Ordered ? other[i % other.Length] : (row + exact.Codes.Length / 2) % exact.Codes.Length;
                double same = Difference(y[row], y[groups[g][i - 1]], classes), strange = Difference(y[row], y[stranger], classes);
                within += same;
                between += strange;
                square += (strange - same) * (strange - same);
                pairs++;
            }
        }
        double alike = between > 0 ? 1 - within / between : 0;
        if (pairs < FewestGroups || between - within < SureDeviations * Math.Sqrt(square)) return null;
        if (!(alike >= Alike)) return null;
        return new(LeakKind.GroupOverlap, column, false,
            $"Rows with the same '{column}' ({exact.Count:N0} different values in {known:N0} rows) have {(classes ? "the same" : "nearly the same")} '{target.Schema.Column}': {alike:P0} more alike than others",
            $"If '{column}' names whom or what the rows are about, use --group {column}; else the score is of old acquaintances, not of new ones.");
    }

    /// <summary>Of classes whether they differ; of numbers the squared difference.</summary>
    static double Difference(double a, double b, bool classes) => classes ? (a == b ? 0 : 1) : (a - b) * (a - b);
}
