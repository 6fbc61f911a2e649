using Tilth.Data;
using Tilth.Prediction;

namespace Tilth.Monitoring;

/// <summary>Counts rows for a <see cref="LiveSketch"/>; for one thread at a time; allocates nothing.</summary>
public sealed class SketchCounter
{
    readonly ValueBins?[] columns, scores;
    readonly long[][] columnCounts, scoreCounts;
    long rows;

    internal SketchCounter(ValueBins?[] columns, ValueBins?[] scores)
    {
        (this.columns, this.scores) = (columns, scores);
        columnCounts = Array.ConvertAll(columns, bins => new long[bins?.Count ?? 0]);
        scoreCounts = Array.ConvertAll(scores, bins => new long[bins?.Count ?? 0]);
    }

    /// <summary>Rows counted.</summary>
    public long RowCount => Volatile.Read(ref rows);

    /// <summary>Counts a row and what was predicted for it.</summary>
    /// <param name="row">Set as it was predicted.</param>
    /// <param name="outputs">Its predictions.</param>
    public void Add(PredictorRow row, ReadOnlySpan<double> outputs)
    {
        var schema = row.Predictor.Columns;
        for (int c = 0; c < columns.Length; c++)
            if (columns[c] is { } bins) columnCounts[c][BinOf(bins, schema[c].Kind, row, c)]++;
        for (int k = 0; k < scores.Length; k++)
            if (scores[k] is { } bins) scoreCounts[k][double.IsNaN(outputs[k]) ? bins.Missing : bins.OfValue(outputs[k])]++;
        Volatile.Write(ref rows, rows + 1);
    }

    internal long[] ColumnCounts(int column) => columnCounts[column];

    internal long[] ScoreCounts(int output) => scoreCounts[output];

    static int BinOf(ValueBins bins, ColumnKind kind, PredictorRow row, int column) => row.Outcomes[column] switch
    {
        CellOutcome.Missing => bins.Missing,
        CellOutcome.Value => kind switch
        {
            ColumnKind.Category => bins.OfCode(row.CodeOf(column)),
            ColumnKind.Boolean => bins.OfCode((int)row.NumberOf(column)),
            ColumnKind.Text => bins.OfValue(row.TextOf(column).Length),
            _ => bins.OfValue(row.NumberOf(column)),
        },
        _ => bins.Unseen,
    };
}
