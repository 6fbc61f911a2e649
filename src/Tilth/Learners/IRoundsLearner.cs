using Tilth.Models;

namespace Tilth.Learners;

/// <summary>A learner that finds its number of rounds by stopping early, and can be told it instead.</summary>
internal interface IRoundsLearner : ISupervisedLearner
{
    /// <summary>The same learner without early stopping, with the rounds that a model of it ended with.</summary>
    /// <param name="model">A model that this learner fitted.</param>
    /// <param name="growth">How many times as many rounds: above 1 where there are now more rows.</param>
    ISupervisedLearner WithRoundsOf(Model model, double growth);
}
