using Tilth.Fitting;
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

    /// <summary>Fits until the validation rows say stop, and keeps also the rounds after the best.</summary>
    /// <param name="data">With validation rows.</param>
    /// <param name="context">Of the fit.</param>
    RoundsFit FitRounds(TrainingSet data, FitContext context);
}

/// <summary>A fit whose number of rounds is still open.</summary>
/// <param name="Best">Rounds that were best on the validation rows, at least 1 where there is any.</param>
/// <param name="ModelAfter">The model of the first so many rounds; of all there are, if they are fewer.</param>
internal sealed record RoundsFit(int Best, Func<int, Model> ModelAfter);
