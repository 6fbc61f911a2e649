using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>
/// How long a row may take and how large the models may be. Members that do not hold alone are never blended; a blend that does not
/// hold loses the member that costs most until it does. What the clock said is logged by its result: who may be a member.
/// </summary>
internal sealed class ServingLimits(SearchPlan plan, SearchData search)
{
    const int Rows = 32, Repeats = 5;

    readonly Dictionary<int, double> seconds = [];

    /// <summary>Whether there are any.</summary>
    public bool Any => plan.MaxLatency is not null || plan.MaxBytes is not null;

    /// <summary>Why nothing is left.</summary>
    public LearningException Refusal(IReadOnlyList<Member> members)
    {
        var least = members.MinBy(member => plan.MaxBytes is { } most && member.Bytes > most ? 1e9 + member.Bytes : SecondsOf(member))!;
        return new("search-limits", string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"no model holds the limits{(plan.MaxLatency is { } time ? $" of {time.TotalMicroseconds:N0} microseconds a row" : "")}{(plan.MaxBytes is { } bytes ? $" of {bytes:N0} bytes" : "")}: {least.Candidate.Key} takes {1e6 * SecondsOf(least):N0} microseconds and {least.Bytes:N0} bytes; raise them, or give fewer --folds"));
    }

    /// <summary>Whether the members together hold.</summary>
    public bool Hold(IEnumerable<Member> members) => ShareOf([.. members]) <= 1;

    /// <summary>The part of what is allowed that the members together take: 1 is all of it.</summary>
    public double ShareOf(IReadOnlyList<Member> members)
        => Math.Max(plan.MaxBytes is { } most ? (double)members.Sum(member => member.Bytes) / most : 0, plan.MaxLatency is { } time ? members.Sum(SecondsOf) / time.TotalSeconds : 0);

    /// <summary>The member that uses most of what is limited.</summary>
    public Member Costliest(IEnumerable<Member> members) => members.MaxBy(member => ShareOf([member]))!;

    /// <summary>Seconds for one row alone, the best of some runs; measured once a member.</summary>
    double SecondsOf(Member member)
    {
        if (plan.MaxLatency is null) return 0;
        int key = member.Trials[^1].Number;
        if (seconds.TryGetValue(key, out double known)) return known;
        var rows = search.Data.Table.Take([.. search.Rows.Take(Rows)]);
        var columns = search.Data.Schema.Columns;
        var values = new RowValues(columns.Count);
        var prepared = new PreparedRow(member.Node, search.Data.Schema, values);
        var foreseen = new double[member.Node.OutputCount];
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            long start = plan.Clock.GetTimestamp();
            for (int row = 0; row < rows.RowCount; row++)
            {
                for (int c = 0; c < columns.Count; c++)
                    if (rows.Find(columns[c].Name) is { } column) values.Load(c, column, row);
                prepared.Begin();
                member.Node.PredictRow(prepared, foreseen);
            }
            best = Math.Min(best, plan.Clock.GetElapsedTime(start).TotalSeconds / rows.RowCount);
        }
        return seconds[key] = best;
    }
}
