using Tilth.Fitting;

namespace Tilth.Learners;

/// <summary>
/// A learner whose fit is good after any number of steps. Where the clock ended a fit, the settings that end there too let the
/// other folds do the same, and the whole be done again without a clock.
/// </summary>
internal interface IStepsLearner : ISupervisedLearner
{
    /// <summary>The same learner, whose fit ends where a fit ended that last told of this progress, with the same bits.</summary>
    /// <param name="last">With <see cref="FitProgress.Done"/> at least 1.</param>
    ISupervisedLearner EndingAt(FitProgress last);
}
