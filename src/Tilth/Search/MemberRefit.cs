using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models.Nodes;

namespace Tilth.Search;

/// <summary>Learns a member once more from all rows, as one model in the place of its fold models.</summary>
internal sealed class MemberRefit(SearchData search, PreparedSets prepared)
{
    /// <summary>All rows bear a few more rounds than those of a fold.</summary>
    const double MoreRounds = 1.05;

    /// <summary>No repeat: what reads the target is prepared from all rows.</summary>
    const int OfAllRows = -2;

    /// <summary>About how long it will take: a fold's share of the trial, with the rows that a fold leaves out.</summary>
    public double Seconds(Member member)
    {
        double fits = member.Trials.Sum(trial => trial.Models.Count);
        return member.Seconds / fits * (search.Folds > 1 ? search.Folds / (search.Folds - 1.0) : 1.1);
    }

    /// <summary>The member's learner on all rows; one that stops early takes the mean number of rounds of its fold models.</summary>
    public Node Fit(Member member, FitContext context)
    {
        var candidate = member.Candidate;
        var own = context.Child(OfAllRows).Child(member.Trials[0].Number);
        var (preparation, set) = prepared.Of(candidate, OfAllRows, 0, search.Rows, context);
        ISupervisedLearner learner = candidate.Learner is IRoundsLearner { StopsEarly: true } rounds
            ? rounds.WithRounds(Math.Max(1, (int)Math.Round(MoreRounds * member.Trials.SelectMany(trial => trial.Models).Average(node => rounds.RoundsOf(((Pipeline)node).Model))))) : candidate.Learner;
        return new Pipeline(preparation, learner.Fit(set.View(search.Rows), own));
    }
}
