using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models;

/// <summary>
/// A fitted model over features: immutable and thread-safe. Scores are raw; <see cref="Link"/> makes predictions of them.
/// Binary and regression models have one output, multiclass models one a class. A batch gives the same bits as its rows
/// one by one, whatever the instruction set.
/// </summary>
public abstract class Model
{
    /// <summary>Scores a row.</summary>
    public abstract int OutputCount { get; }

    /// <summary>How scores become predictions.</summary>
    public abstract Link Link { get; }

    /// <summary>Writes the raw scores of rows start to start + count - 1, row by row, into the caller's span.</summary>
    /// <param name="features">Features with the map that the model was fitted on.</param>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="scores">count x <see cref="OutputCount"/>.</param>
    public virtual void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        for (int i = 0; i < count; i++) ScoreRow(features.GetRow(start + i, dense, codes), scores.Slice(i * OutputCount, OutputCount));
    }

    /// <summary>Writes the raw scores of one row; allocates nothing.</summary>
    /// <param name="row">Features of the row.</param>
    /// <param name="scores"><see cref="OutputCount"/> numbers.</param>
    public abstract void ScoreRow(FeatureRow row, Span<double> scores);

    /// <summary>Writes predictions (scores after the link) for rows start to start + count - 1.</summary>
    public void Predict(FeatureMatrix features, int start, int count, Span<double> predictions)
    {
        Score(features, start, count, predictions);
        Links.Apply(Link, predictions, OutputCount);
    }

    /// <summary>Writes the predictions of one row; allocates nothing.</summary>
    public void PredictRow(FeatureRow row, Span<double> predictions)
    {
        ScoreRow(row, predictions);
        Links.Apply(Link, predictions, OutputCount);
    }

    /// <summary>Whether the model has row attributions (<see cref="Attribute"/>).</summary>
    internal virtual bool CanAttribute => false;

    /// <summary>
    /// Writes how far each feature moved each raw score of one row: the baseline plus the sum over features is the score.
    /// Allocates nothing. Called only if <see cref="CanAttribute"/>.
    /// </summary>
    /// <param name="row">Features of the row.</param>
    /// <param name="contributions">Features x outputs, feature by feature, numbered as in the map; overwritten.</param>
    /// <param name="baseline">One number an output; overwritten.</param>
    internal virtual void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
        => throw new NotSupportedException($"a model of kind '{PartKind}' has no row attributions");

    /// <summary>The kind under which a package stores the model; stands in the closed list of kinds.</summary>
    internal abstract string PartKind { get; }

    /// <summary>Writes everything that the model is made of.</summary>
    internal abstract void Pack(PartWriter writer);
}
