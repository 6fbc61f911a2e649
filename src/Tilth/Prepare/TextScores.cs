using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// Linear scores of texts, one an output (one against the rest for classes): a model of all rows for serving, and for each
/// row that is learned from the score of the model that did not see its fold.
/// </summary>
internal sealed class TextScores
{
    readonly SparseLinearFit full;

    TextScores(SparseLinearFit full, double[][] outOfFold) => (this.full, OutOfFold) = (full, outOfFold);

    /// <summary>For each output a value a row of the table; NaN where the row was not learned from.</summary>
    public double[][] OutOfFold { get; }

    /// <param name="texts">The sparse rows of the whole table.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="labels">Their targets and folds.</param>
    /// <param name="context">Seed, threads and cancellation.</param>
    public static TextScores Fit(SparseRows texts, int[] rows, TargetFolds labels, FitContext context)
    {
        const int Parts = TargetFolds.Count + 1;
        bool classes = labels.Target.Task != TaskKind.Regression;
        double[][] outOfFold = [.. labels.Outputs.Select(_ => Enumerable.Repeat(double.NaN, texts.RowCount).ToArray())];
        SparseLinearFit? full = null;
        context.Workers.For(Parts, without =>
        {
            context.ThrowIfCancelled();
            // The last part leaves no fold out.
            int[] kept = [.. Enumerable.Range(0, rows.Length).Where(i => labels.Fold[i] != without)];
            double[][] y = [.. labels.Outputs.Select(output => Array.ConvertAll(kept, i => output.Values[i]))];
            var fit = SparseLinearFit.Of(texts, Array.ConvertAll(kept, i => rows[i]), y, classes, Parts, context.Child(without).NewRandom());
            if (without == TargetFolds.Count) full = fit;
            for (int i = 0; i < rows.Length; i++)
            {
                if (labels.Fold[i] != without) continue;
                double[] scores = fit.Score(texts, rows[i]);
                for (int k = 0; k < scores.Length; k++) outOfFold[k][rows[i]] = scores[k];
            }
        });
        return new(full!, outOfFold);
    }

    /// <summary>The serving models as a step over segments of the given widths.</summary>
    public SparseScoreStep Step(int[] segments, int to, int[] widths)
    {
        var weights = new float[segments.Length][];
        for (int s = 0, start = 0; s < segments.Length; start += widths[s++])
        {
            weights[s] = new float[widths[s] * full.Outputs];
            for (int column = 0; column < widths[s]; column++)
            for (int k = 0; k < full.Outputs; k++)
                weights[s][column * full.Outputs + k] = full.WeightOf(start + column, k);
        }
        return new(segments, to, [.. Enumerable.Range(0, full.Outputs).Select(full.BiasOf)], weights);
    }
}
