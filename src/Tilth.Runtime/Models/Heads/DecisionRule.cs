namespace Tilth.Models.Heads;

/// <summary>How a decision is made of a row's predictions.</summary>
public enum DecisionKind
{
    /// <summary>No decision; the value is the answer.</summary>
    None,
    /// <summary>Class 1 if its probability is at least the threshold, else class 0.</summary>
    Threshold,
    /// <summary>The most probable class; the first of equals.</summary>
    Argmax,
}

/// <summary>How a decision is made of a row's predictions.</summary>
/// <param name="Kind">None, threshold or argmax.</param>
/// <param name="Threshold">For <see cref="DecisionKind.Threshold"/>, in 0 to 1.</param>
public sealed record DecisionRule(DecisionKind Kind, double Threshold = 0.5)
{
    /// <summary>The class decided for, or -1 where there is no decision.</summary>
    public int Decide(ReadOnlySpan<double> predictions)
    {
        if (Kind == DecisionKind.None) return -1;
        if (Kind == DecisionKind.Threshold) return predictions[0] >= Threshold ? 1 : 0;
        int best = 0;
        for (int k = 1; k < predictions.Length; k++)
            if (predictions[k] > predictions[best]) best = k;
        return best;
    }
}
