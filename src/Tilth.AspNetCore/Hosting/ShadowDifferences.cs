using Tilth.Prediction;

namespace Tilth.AspNetCore.Hosting;

/// <summary>How a shadow's answers differ from those that were given. Thread-safe.</summary>
internal sealed class ShadowDifferences
{
    readonly Lock counting = new();
    long rows, decisions, failed, dropped;
    double sum, largest;

    /// <summary>Compares one row.</summary>
    public void Count(Predictor answered, ReadOnlySpan<double> given, Predictor shadow, ReadOnlySpan<double> unseen)
    {
        double difference = 0;
        for (int k = 0; k < given.Length; k++) difference = Math.Max(difference, Math.Abs(given[k] - unseen[k]));
        bool other = answered.Decide(given) != shadow.Decide(unseen);
        lock (counting)
        {
            rows++;
            if (other) decisions++;
            sum += difference;
            largest = Math.Max(largest, difference);
        }
    }

    /// <summary>A call whose rows the shadow could not use.</summary>
    public void CountFailed()
    {
        lock (counting) failed++;
    }

    /// <summary>A call that was left out because too many waited.</summary>
    public void CountDropped()
    {
        lock (counting) dropped++;
    }

    public ShadowReport Report()
    {
        lock (counting) return new ShadowReport(rows, decisions, rows == 0 ? 0 : sum / rows, largest, failed, dropped);
    }
}

/// <summary>What a shadow did so far.</summary>
/// <param name="Rows">Rows that both scored.</param>
/// <param name="OtherDecisions">Rows that the two decide differently.</param>
/// <param name="MeanDifference">Mean over rows of the largest absolute difference of an output.</param>
/// <param name="LargestDifference">The largest such difference.</param>
/// <param name="FailedCalls">Calls that the shadow could not answer.</param>
/// <param name="DroppedCalls">Calls left out because too many waited.</param>
internal readonly record struct ShadowReport(long Rows, long OtherDecisions, double MeanDifference, double LargestDifference, long FailedCalls, long DroppedCalls);
