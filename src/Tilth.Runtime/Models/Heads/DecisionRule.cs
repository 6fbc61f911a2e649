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
    /// <summary>The class whose expected cost is least; the first of equals.</summary>
    LeastCost,
}

/// <summary>How a decision is made of a row's predictions.</summary>
/// <param name="Kind">None, threshold, argmax or least cost.</param>
/// <param name="Threshold">For <see cref="DecisionKind.Threshold"/>, in 0 to 1.</param>
public sealed record DecisionRule(DecisionKind Kind, double Threshold = 0.5)
{
    double[] costs = [];

    /// <summary>For <see cref="DecisionKind.LeastCost"/>: classes x classes, what it costs to call true class i class j, row by row; else empty.</summary>
    public ReadOnlySpan<double> Costs => costs;

    /// <summary>A rule that decides by expected cost.</summary>
    /// <param name="costs">classes x classes, row by row: true class, then called class; finite.</param>
    public static DecisionRule LeastCost(IEnumerable<double> costs) => new(DecisionKind.LeastCost) { costs = [.. costs] };

    /// <summary>The class decided for, or -1 where there is no decision.</summary>
    public int Decide(ReadOnlySpan<double> predictions)
    {
        if (Kind == DecisionKind.None) return -1;
        if (Kind == DecisionKind.Threshold) return predictions[0] >= Threshold ? 1 : 0;
        if (Kind == DecisionKind.LeastCost) return Cheapest(predictions);
        int best = 0;
        for (int k = 1; k < predictions.Length; k++)
            if (predictions[k] > predictions[best]) best = k;
        return best;
    }

    int Cheapest(ReadOnlySpan<double> predictions)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int called = 0; called < predictions.Length; called++)
        {
            double cost = 0;
            for (int k = 0; k < predictions.Length; k++) cost += predictions[k] * costs[k * predictions.Length + called];
            if (cost < least) (least, best) = (cost, called);
        }
        return best;
    }
}
