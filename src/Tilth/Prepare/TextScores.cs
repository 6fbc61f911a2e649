using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// Linear scores of texts, one an output (one against the rest for classes): a model of all rows for serving, and for each
/// row that is learned from the score of the model that did not see its fold.
/// </summary>
internal sealed class TextScores
{
    readonly SparseLinearFit[] full;

    TextScores(SparseLinearFit[] full, double[][] outOfFold) => (this.full, OutOfFold) = (full, outOfFold);

    /// <summary>For each output a value a row of the table; NaN where the row was not learned from.</summary>
    public double[][] OutOfFold { get; }

    /// <param name="texts">The sparse rows of the whole table.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="labels">Their targets and folds.</param>
    /// <param name="context">Seed, threads and cancellation.</param>
    public static TextScores Fit(SparseRows texts, int[] rows, TargetFolds labels, FitContext context)
    {
        bool classes = labels.Target.Task != TaskKind.Regression;
        int outputs = labels.Outputs.Count, parts = TargetFolds.Count + 1;
        var fits = new SparseLinearFit[outputs * parts];
        context.Workers.For(fits.Length, item =>
        {
            context.ThrowIfCancelled();
            // The last part leaves no fold out.
            int output = item / parts, without = item % parts;
            var kept = Enumerable.Range(0, rows.Length).Where(i => labels.Fold[i] != without).ToArray();
            var y = labels.Outputs[output].Values;
            fits[item] = SparseLinearFit.Of(texts, Array.ConvertAll(kept, i => rows[i]), Array.ConvertAll(kept, i => y[i]),
                classes, fits.Length, context.Child(item).NewRandom());
        });
        var outOfFold = new double[outputs][];
        for (int k = 0; k < outputs; k++)
        {
            outOfFold[k] = new double[texts.RowCount];
            Array.Fill(outOfFold[k], double.NaN);
            for (int i = 0; i < rows.Length; i++) outOfFold[k][rows[i]] = fits[k * parts + labels.Fold[i]].Score(texts, rows[i]);
        }
        return new([.. Enumerable.Range(0, outputs).Select(k => fits[k * parts + parts - 1])], outOfFold);
    }

    /// <summary>The serving models as a step over segments of the given widths.</summary>
    public SparseScoreStep Step(int[] segments, int to, int[] widths)
    {
        var weights = new float[segments.Length][];
        for (int s = 0, start = 0; s < segments.Length; start += widths[s++])
        {
            weights[s] = new float[widths[s] * full.Length];
            for (int column = 0; column < widths[s]; column++)
            for (int k = 0; k < full.Length; k++)
                weights[s][column * full.Length + k] = (float)full[k].Weights[start + column];
        }
        return new(segments, to, [.. full.Select(fit => fit.Bias)], weights);
    }
}
