namespace Tilth.Data;

/// <summary>What is foreseen about a row; the target's kind picks the loss, so there are no twins of learners.</summary>
public enum TaskKind
{
    /// <summary>One of two classes; the model gives the probability of the positive one.</summary>
    Binary,
    /// <summary>One of three or more classes; the model gives a probability for each.</summary>
    Multiclass,
    /// <summary>A number.</summary>
    Regression,
}
