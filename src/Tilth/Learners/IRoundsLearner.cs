using Tilth.Models;

namespace Tilth.Learners;

/// <summary>A learner that finds its number of rounds by stopping early, and can be told it instead.</summary>
internal interface IRoundsLearner : ISupervisedLearner
{
    /// <summary>False if it always runs all its rounds.</summary>
    bool StopsEarly { get; }

    /// <summary>Rounds that a model of this learner ended with.</summary>
    double RoundsOf(Model model);

    /// <summary>The same learner without early stopping.</summary>
    /// <param name="rounds">At least 1.</param>
    ISupervisedLearner WithRounds(int rounds);
}
