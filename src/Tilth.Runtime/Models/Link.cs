using Tilth.Kernels;

namespace Tilth.Models;

/// <summary>How raw scores become predictions.</summary>
public enum Link
{
    /// <summary>The score is the prediction.</summary>
    Identity,
    /// <summary>A probability: 1 / (1 + e^-score).</summary>
    Logistic,
    /// <summary>Probabilities that sum to 1: e^score_k over their sum.</summary>
    Softmax,
    /// <summary>A positive number: e^score (Poisson, Gamma, Tweedie).</summary>
    Exponential,
}

/// <summary>Applies a <see cref="Link"/> to rows of scores.</summary>
internal static class Links
{
    /// <summary>Turns scores (rows x outputs, row by row) into predictions in place.</summary>
    public static void Apply(Link link, Span<double> scores, int outputs)
    {
        switch (link)
        {
            case Link.Logistic:
                for (int i = 0; i < scores.Length; i++) scores[i] = Elementary.Sigmoid(scores[i]);
                break;
            case Link.Exponential:
                for (int i = 0; i < scores.Length; i++) scores[i] = Elementary.Exp(scores[i]);
                break;
            case Link.Softmax:
                for (int at = 0; at < scores.Length; at += outputs) Softmax(scores.Slice(at, outputs));
                break;
        }
    }

    static void Softmax(Span<double> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double score in row) max = Math.Max(max, score);
        for (int k = 0; k < row.Length; k++) sum += row[k] = Elementary.Exp(row[k] - max);
        for (int k = 0; k < row.Length; k++) row[k] /= sum;
    }
}
