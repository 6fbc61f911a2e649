namespace Tilth.Learners.Linear;

/// <summary>What holds the weights of a logistic regression small.</summary>
public enum LogisticPenalty
{
    /// <summary>The sum of squares: |w|^2 / 2.</summary>
    L2,
    /// <summary>The sum of sizes: |w|_1.</summary>
    L1,
    /// <summary>A mixture of the two by the L1 ratio.</summary>
    Elasticnet,
    /// <summary>Nothing: maximum likelihood.</summary>
    None,
}
