namespace Tilth.Evaluation;

/// <summary>The same rows foreseen under several divisions into folds: what one division cannot tell, two can.</summary>
/// <param name="Predictions">Rows x outputs under each division; empty where there was only one.</param>
/// <param name="Folds">Parts of each division.</param>
/// <param name="Models">How many models are packed as a mean, of which one a division foresaw each row.</param>
internal sealed record Divisions(IReadOnlyList<double[]> Predictions, int Folds, int Models)
{
    /// <summary>Of how many models' predictions the scored ones are the mean: of all divisions, unless told otherwise.</summary>
    public double MeanOf { get; init; } = Predictions.Count;

    /// <summary>Nothing beyond the one division that there was.</summary>
    public static Divisions None { get; } = new([], 1, 1);
}
