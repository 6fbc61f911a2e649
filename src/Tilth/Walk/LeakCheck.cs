using Tilth.Data;
using Tilth.Fitting;
using Tilth.Honesty.Leaks;

namespace Tilth.Walk;

/// <summary>Holds a training table against every known leak, and leaves out columns that are proven to be one.</summary>
internal static class LeakCheck
{
    /// <summary>The table without the columns that are left out, and every suspicion; both also told as decisions and warnings.</summary>
    /// <param name="data">What is learned from.</param>
    /// <param name="rows">The rows that are not sealed.</param>
    /// <param name="keep">Columns that are kept whatever is found.</param>
    /// <param name="knownAt">The column that says when the prediction is made, or null.</param>
    /// <param name="context">Seed and threads.</param>
    /// <param name="decisions">Gets the columns that are left out.</param>
    /// <param name="warnings">Gets the suspicions.</param>
    public static (TrainingTable Data, IReadOnlyList<Suspicion> Suspicions) Run(TrainingTable data, int[] rows, IReadOnlyList<string> keep, string? knownAt,
        FitContext context, DecisionLog decisions, List<Problem> warnings)
    {
        Problem[] unknown = [.. keep.Concat(knownAt is null ? [] : [knownAt]).Where(name => data.Schema.Find(name) is null).Select(name => new Problem("column-missing", $"keep or known-at: no column '{name}'; the columns are {Spelling.List(data.Schema.Columns.Select(column => column.Name))}", name))];
        if (unknown.Length > 0) throw new SchemaException(unknown);
        var found = LeakHunt.Look(data.Schema, data.Table, data.Target, rows, keep, context.Seed, context.Workers);
        if (knownAt is not null) found = [.. found, .. LaterDates.Look(data.Schema, data.Table, rows, knownAt, keep)];
        string[] dropped = [.. found.Where(suspicion => suspicion.LeftOut).Select(suspicion => suspicion.Column!).Distinct()];
        if (dropped.Length > 0 && data.Schema.Features.All(column => dropped.Contains(column.Name)))
            throw new LearningException([.. found.Where(s => s.LeftOut).Select(s => s.ToProblem()), new Problem("no-features", "no other column is left to learn from")]);
        foreach (var suspicion in found)
        {
            warnings.Add(suspicion.ToProblem());
            decisions.Add(suspicion.Column ?? "rows", suspicion.LeftOut ? "left out: it gives the target away" : "suspect: is it known when the prediction is made?", suspicion.Evidence);
        }
        return (data.Without(dropped), found);
    }

    /// <summary>The same between the table that is learned from and one that is tested on.</summary>
    public static IReadOnlyList<Suspicion> Between(TrainingTable train, TrainingTable test, List<Problem> warnings)
    {
        var found = TestTableLeaks.Look(train.Schema, train.Table, test.Table);
        warnings.AddRange(found.Select(suspicion => suspicion.ToProblem()));
        return found;
    }
}
