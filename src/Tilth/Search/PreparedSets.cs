using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>
/// Prepared features with their bins, made once for each form that learners need and shared by all trials and folds. What
/// reads the target is prepared for each fold apart. The least recently used are forgotten when memory runs short. The seed is that
/// of the fold, whichever trial comes first: a replay passes over trials that were dropped.
/// </summary>
internal sealed class PreparedSets(SearchData search, long mostBytes)
{
    /// <summary>No trial has this number, so that no draw of a trial comes twice.</summary>
    const int Seeds = -3, RelevantSeeds = -4;

    readonly Dictionary<(PreparationNeeds Needs, bool Relevant, int Repeat, int Fold), Entry> entries = [];
    readonly Dictionary<(int Repeat, int Fold), Schema> relevant = [];
    readonly Dictionary<(int Repeat, int Fold), SharedTexts> texts = [];
    long clock;

    /// <summary>Features for the candidate, prepared from the rows of one fold or, where nothing reads the target, from all.</summary>
    public (Preparation Preparation, TrainingSet Set) Of(Candidate candidate, int repeat, int fold, int[] train, FitContext context)
        => Of(candidate.Needs, candidate.Relevant, repeat, fold, train, context);

    (Preparation Preparation, TrainingSet Set) Of(PreparationNeeds needs, bool relevantOnly, int repeat, int fold, int[] train, FitContext context)
    {
        var plan = PreparationPlan.For(relevantOnly ? RelevantOf(repeat, fold, train, context) : search.Data.Schema, needs);
        if (!plan.ReadsTarget && !relevantOnly) (repeat, fold) = (-1, -1);
        var key = (needs, relevantOnly, repeat, fold);
        if (!entries.TryGetValue(key, out var entry))
        {
            context = context.Child(Seeds).Child(repeat).Child(fold);
            if (!texts.TryGetValue((repeat, fold), out var shared)) texts.Add((repeat, fold), shared = new SharedTexts(context.Seed));
            var fitted = plan.Fit(search.Data.Table, search.Data.Target, plan.ReadsTarget ? train : search.Rows, context, shared);
            entry = new(fitted.Preparation, new TrainingSet(fitted.TrainingFeatures, search.Data.Target, search.Data.Weights ?? default(ReadOnlyMemory<double>)), BytesOf(fitted.TrainingFeatures));
            Forget(mostBytes - entry.Bytes);
            // What was cut short by a limit must not serve later trials.
            if (!context.ShouldFinish) entries.Add(key, entry);
        }
        entry.Used = ++clock;
        return (entry.Preparation, entry.Set);
    }

    Schema RelevantOf(int repeat, int fold, int[] train, FitContext context)
    {
        if (relevant.TryGetValue((repeat, fold), out var known)) return known;
        var set = Of(RelevantColumns.Needs, false, repeat, fold, train, context).Set;
        var schema = RelevantColumns.Of(search.Data.Schema, set, train, context.Child(RelevantSeeds).Child(repeat).Child(fold) with { Progress = null });
        if (!context.ShouldFinish) relevant.Add((repeat, fold), schema);
        return schema;
    }

    void Forget(long left)
    {
        foreach (var (key, _) in entries.OrderBy(entry => entry.Value.Used).ToList())
        {
            if (entries.Values.Sum(entry => entry.Bytes) <= left) return;
            entries.Remove(key);
        }
    }

    /// <summary>Features and, later, a byte of bins a value.</summary>
    static long BytesOf(FeatureMatrix features)
        => (long)features.RowCount * (features.Map.Dense.Count * 5L + features.Map.Categories.Count * 5L) + (features.Sparse is { } sparse ? sparse.Columns.LongLength * 8 : 0);

    sealed record Entry(Preparation Preparation, TrainingSet Set, long Bytes)
    {
        public long Used { get; set; }
    }
}
