namespace Tilth.AspNetCore.Logs;

/// <summary>Where and how much of what was predicted is written down.</summary>
public sealed class PredictionLogOptions
{
    /// <summary>Gets the files predictions-{time}-{number}.jsonl; made if it is not there.</summary>
    public required string Folder { get; set; }

    /// <summary>Share of the rows that are written, in 0 to 1.</summary>
    public double Share { get; set; } = 1;

    /// <summary>Columns whose values are never written.</summary>
    public IReadOnlyList<string> LeaveOut { get; set; } = [];

    /// <summary>
    /// Whether the rows that the application's own code predicts with <see cref="IPredictor"/> are written too. Their ids come
    /// with the answers of the overloads that give one.
    /// </summary>
    public bool OwnCalls { get; set; }

    /// <summary>A file of about this many bytes is full; at least 1.</summary>
    public long SegmentBytes { get; set; } = 64 << 20;

    /// <summary>Full files that are kept, the oldest are deleted; 0 keeps all.</summary>
    public int MaxSegments { get; set; }

    /// <summary>Bytes that may wait to be written; rows beyond are dropped and counted, never waited for.</summary>
    public long MaxWaitingBytes { get; set; } = 32 << 20;

    internal IEnumerable<string> Faults()
    {
        if (Share is not (>= 0 and <= 1)) yield return $"the prediction log's Share is {Share}, but must lie in 0 to 1";
        if (SegmentBytes < 1) yield return $"the prediction log's SegmentBytes is {SegmentBytes}, but must be at least 1";
        if (MaxSegments < 0) yield return $"the prediction log's MaxSegments is {MaxSegments}, but must be at least 0";
        if (MaxWaitingBytes < 0) yield return $"the prediction log's MaxWaitingBytes is {MaxWaitingBytes}, but must be at least 0";
    }
}
