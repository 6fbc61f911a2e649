using Tilth.Fitting;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners;

/// <summary>Makes a model of data. A learner is an immutable record of hyperparameters and nothing else.</summary>
public interface ILearner<in TData, out TModel>
{
    /// <summary>Fits; changes neither the learner nor the data. The same data, seed and hyperparameters give the same bits.</summary>
    /// <exception cref="LearningException">Nothing can be learned from the data as asked.</exception>
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    TModel Fit(TData data, FitContext context);
}

/// <summary>A learner of a target from features; the target's kind picks the loss.</summary>
public interface ISupervisedLearner : ILearner<TrainingSet, Model>
{
    /// <summary>What preparation has to do first.</summary>
    PreparationNeeds Needs { get; }
}
