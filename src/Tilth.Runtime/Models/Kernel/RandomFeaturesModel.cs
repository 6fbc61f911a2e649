using Tilth.Data;
using Tilth.Models.Linear;
using Tilth.Parts;

namespace Tilth.Models.Kernel;

/// <summary>A linear model over random Fourier features of the dense numbers.</summary>
public sealed class RandomFeaturesModel : Model
{
    const int MostOnStack = 1024, MostNumbers = 1 << 28;

    readonly FourierFeatures fourier;
    readonly LinearModel top;

    internal RandomFeaturesModel(FourierFeatures fourier, LinearModel top) => (this.fourier, this.top) = (fourier, top);

    /// <inheritdoc/>
    public override int OutputCount => top.OutputCount;

    /// <inheritdoc/>
    public override Link Link => top.Link;

    /// <summary>Number of random features.</summary>
    public int ComponentCount => fourier.Count;

    internal override string PartKind => "random_features";

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        var dense = new float[features.Map.Dense.Count];
        var codes = new int[features.Map.Categories.Count];
        for (int i = 0; i < count; i++) ScoreRow(features.GetRow(start + i, dense, codes), scores.Slice(i * OutputCount, OutputCount));
    }

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        Span<float> bounded = fourier.Inputs <= MostOnStack ? stackalloc float[fourier.Inputs] : new float[fourier.Inputs];
        FourierFeatures.Bound(row.Dense, bounded);
        top.Intercepts.CopyTo(scores);
        for (int r = 0; r < fourier.Count; r++)
        {
            float value = fourier.Of(bounded, r);
            for (int k = 0; k < scores.Length; k++) scores[k] = Math.FusedMultiplyAdd(top.Weights(k)[r], value, scores[k]);
        }
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Array<double>("frequencies", fourier.Frequencies);
        writer.Array<double>("phases", fourier.Phases);
        writer.Part("top", top.Pack);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote for features of that map.</summary>
    internal static RandomFeaturesModel Unpack(PartReader reader, FeatureMap map)
    {
        var phases = reader.Array<double>("phases", 0, MostNumbers);
        long size = (long)phases.Length * map.Dense.Count;
        if (size > Array.MaxLength) throw reader.Wrong("phases", $"and {map.Dense.Count} features would need {size} frequencies");
        var frequencies = reader.Array<double>("frequencies", (int)size, (int)size);
        foreach (double value in (double[])[.. frequencies, .. phases])
            if (!(Math.Abs(value) < 1e6)) throw reader.Wrong("frequencies", $"holds {value}, outside -1e6 to 1e6");
        return new(new FourierFeatures(frequencies, phases, map.Dense.Count), LinearModel.Unpack(reader.Part("top"), new LinearShape(phases.Length, [], 0)));
    }
}
