using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>
/// One small model in the place of a blend that is too large or too slow to serve: a boosted student learns what the blend foresees
/// of the rows, not their target (Bucila, Caruana and Niculescu-Mizil, 2006). The score is that of students a fold. The student of
/// a fold learns what the members' models of that same fold foresee, none of which saw its rows. Out-of-fold predictions would be
/// better teachers, but must not teach a student that is scored: whatever foresaw one row has learned from the others.
/// </summary>
internal sealed class Distillation(SearchData search, PreparedSets prepared, ServingLimits limits)
{
    /// <summary>What a teacher foresees has less noise than a target, and bears more rounds.</summary>
    const double MoreRounds = 2;

    /// <summary>A student that is too large becomes smaller so often; it aims at this part of the limits.</summary>
    const int Attempts = 4;
    const double Aimed = 0.9;

    /// <summary>Fewer rounds take longer steps, up to this; a student of fewer than this is none.</summary>
    const double LongestStep = 0.3;
    const int FewestRounds = 8;

    /// <summary>All students together take about so many times as long as the trial whose settings they have.</summary>
    const double Times = 3;

    /// <summary>No trial has these: what is drawn here is drawn nowhere else. No repeat: all rows.</summary>
    const int Seeds = -5, OfAllRows = -2;

    /// <summary>About how long it will take; infinite where there is nobody to teach.</summary>
    public static double Seconds(IReadOnlyList<Member> members) => Times * ModelFor(members)?.Trials[0].Seconds ?? double.PositiveInfinity;

    /// <summary>A student that holds the limits, with the settings of the best boosted member and as many rounds as fit; null if none does.</summary>
    /// <param name="members">Of the blend and besides; all fold models of a first division must be there.</param>
    /// <param name="teacher">The blend of them.</param>
    /// <param name="context">Of the search: features that were prepared are used again.</param>
    public Member? Of(IReadOnlyList<Member> members, FinalBlend teacher, FitContext context)
    {
        if (ModelFor(members) is not { } model) return null;
        var rounds = (IRoundsLearner)model.Candidate.Learner;
        var student = Resized(model.Candidate, MoreRounds, model.Trials[0].Models.Average(node => rounds.RoundsOf(((Pipeline)node).Model)));
        for (int attempt = 0; attempt < Attempts && student is not null; attempt++)
        {
            var whole = Whole(student, teacher, context, attempt);
            double share = limits.ShareOf([whole]);
            if (share <= 1) return Scored(whole, members, teacher, context);
            student = Resized(student, Aimed / share, rounds.RoundsOf(((Pipeline)whole.Node).Model));
        }
        return null;
    }

    /// <summary>The student of these settings, whatever the limits: a replay's.</summary>
    public Member Again(Candidate student, IReadOnlyList<Member> members, FinalBlend teacher, FitContext context)
        => Scored(Whole(student, teacher, context, 0), members, teacher, context);

    /// <summary>The best member that is boosted, in the target's own unit and with its own loss.</summary>
    static Member? ModelFor(IEnumerable<Member> members)
        => members.Where(member => member.Candidate is { LogTarget: false, Entry.Name: "gradient_boosting" or "oblivious_boosting" } candidate && !candidate.Settings.Any(setting => setting.Name == "objective")).MinBy(member => member.Error);

    /// <summary>The same with a multiple of the rounds, in steps that are longer where they are fewer; null if that leaves too few.</summary>
    static Candidate? Resized(Candidate student, double factor, double rounds)
    {
        int kept = (int)Math.Round(factor * rounds);
        if (kept < FewestRounds) return null;
        var step = student.Entry.Parameters.First(parameter => parameter.Name == "learning_rate");
        double rate = step.Get(student.Learner), longer = factor < 1 ? Math.Max(rate, Math.Round(Math.Min(LongestStep, rate / factor), 4)) : rate;
        return student.With(step.Set(((IRoundsLearner)student.Learner).WithRounds(kept), longer));
    }

    /// <summary>Taught by the whole blend; not yet scored.</summary>
    Member Whole(Candidate student, FinalBlend teacher, FitContext context, int attempt)
    {
        var node = Learn(student, OfAllRows, 0, search.Rows, teacher.Node.Predict(search.Data.Table.Take(search.Rows)), context);
        return new(student, [new Trial(-1 - attempt, student, 0, TrialStatus.Done, double.PositiveInfinity, 0, "") { Models = [node] }], [], double.PositiveInfinity) { Distilled = true };
    }

    /// <summary>With what students that were taught without a fold foresee of it.</summary>
    Member Scored(Member whole, IReadOnlyList<Member> members, FinalBlend teacher, FitContext context)
    {
        var greedy = new GreedyBlend(search, [.. members.Select(member => member.OutOfFold)], context.Workers);
        var outOfFold = new double[search.ScoredRows.Length * search.Outputs];
        for (int fold = 0; fold < search.FirstFolds.Length; fold++)
        {
            var (train, test) = search.FirstFolds[fold];
            int[] known = [.. train.Select(search.PositionOf).Where(position => position >= 0)];
            // A single fold leaves no scored row to choose by but its own.
            double[] weights = known.Length > 0 ? greedy.Weights(known, context.Child(Seeds).Child(fold).Seed) : teacher.Weights;
            double[] foreseen = Learn(whole.Candidate, 0, fold, train, Taught(members, weights, fold, search.Data.Table.Take(train), context), context).Predict(search.Data.Table.Take(test));
            for (int i = 0; i < test.Length; i++) foreseen.AsSpan(i * search.Outputs, search.Outputs).CopyTo(outOfFold.AsSpan(search.PositionOf(test[i]) * search.Outputs));
        }
        return whole with { OutOfFold = outOfFold, Error = search.Error(outOfFold) };
    }

    /// <summary>What the members' models of one fold foresee of rows that these learned from.</summary>
    double[] Taught(IReadOnlyList<Member> members, double[] weights, int fold, Table rows, FitContext context)
    {
        var taught = new double[rows.RowCount * search.Outputs];
        for (int m = 0; m < members.Count; m++)
        {
            if (weights[m] == 0) continue;
            context.ThrowIfCancelled();
            double[] one = members[m].Trials.First(trial => trial.Repeat == 0).Models[fold].Predict(rows);
            for (int i = 0; i < taught.Length; i++) taught[i] += weights[m] * one[i];
        }
        return taught;
    }

    Pipeline Learn(Candidate student, int repeat, int fold, int[] rows, double[] taught, FitContext context)
    {
        context.ThrowIfCancelled();
        var (preparation, set) = prepared.Of(student, repeat, fold, rows, context);
        return new Pipeline(preparation, student.Learner.Fit(SoftTarget.Of(set, rows, taught), context.Child(Seeds).Child(repeat).Child(fold)));
    }
}
