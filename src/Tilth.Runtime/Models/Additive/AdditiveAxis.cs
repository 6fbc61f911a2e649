using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Additive;

/// <summary>
/// One feature cut into bins, as a term of an <see cref="AdditiveModel"/> sees it. Numbers: bin b holds what is at most
/// <see cref="Edges"/>[b] and above the edge before; the last bin holds what is above all edges. Categories: every level
/// has a bin. Missing values have the last bin of all, if any were seen.
/// </summary>
public sealed class AdditiveAxis
{
    const int MostBins = 1 << 16;

    readonly float[]? edges;
    readonly int[]? binOfLevel;

    internal AdditiveAxis(int feature, string name, float[]? edges, int[]? binOfLevel, int valueBins, bool hasMissing)
        => (Feature, Name, this.edges, this.binOfLevel, ValueBins, HasMissing) = (feature, name, edges, binOfLevel, valueBins, hasMissing);

    /// <summary>The feature's number in the model's feature map.</summary>
    public int Feature { get; }

    /// <summary>The feature's name.</summary>
    public string Name { get; }

    /// <summary>The feature has levels instead of numbers.</summary>
    public bool IsCategory => binOfLevel is not null;

    /// <summary>Numbers: thresholds between the bins, ascending, in the feature's unit. Empty for categories.</summary>
    public ReadOnlySpan<float> Edges => edges;

    /// <summary>Categories: the bin of each level's code, or -1 for a level that no training row had. Empty for numbers.</summary>
    public ReadOnlySpan<int> BinOfLevel => binOfLevel;

    /// <summary>Bins that hold values.</summary>
    public int ValueBins { get; }

    /// <summary>Training rows missed the value; they have bin <see cref="ValueBins"/>.</summary>
    public bool HasMissing { get; }

    /// <summary>All bins.</summary>
    public int Bins => ValueBins + (HasMissing ? 1 : 0);

    /// <summary>The row's bin, or -1 for a value of which nothing was learned.</summary>
    internal int BinOf(in FeatureRow row)
    {
        int at = Feature - row.Dense.Length;
        if (at < 0) return BinOf(row.Dense[Feature]);
        if (at >= row.Codes.Length) return BinOf(row.SparseValue(at - row.Codes.Length));
        int code = row.Codes[at];
        return code < 0 ? MissingBin : code < binOfLevel!.Length ? binOfLevel[code] : -1;
    }

    int MissingBin => HasMissing ? ValueBins : -1;

    int BinOf(float value)
    {
        if (float.IsNaN(value)) return MissingBin;
        int low = 0, high = edges!.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (edges[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    internal void Pack(PartWriter writer)
    {
        writer.Int("feature", Feature);
        writer.Flag("missing", HasMissing);
        if (edges is not null) writer.Array<float>("edges", edges);
        else
        {
            writer.Int("valueBins", ValueBins);
            writer.Array<int>("binOfLevel", binOfLevel);
        }
    }

    internal static AdditiveAxis Unpack(PartReader reader, FeatureMap map)
    {
        int feature = reader.Int("feature", 0, map.Count - 1);
        bool missing = reader.Flag("missing"), category = feature >= map.CategoryStart && feature < map.SparseStart;
        if (!category)
        {
            var edges = reader.Array<float>("edges", 0, MostBins);
            for (int i = 0; i < edges.Length; i++)
                if (!float.IsFinite(edges[i]) || (i > 0 && edges[i] <= edges[i - 1])) throw reader.Wrong("edges", $"holds {edges[i]} at {i}, where numbers must be finite and ascend");
            return new(feature, map.NameOf(feature), edges, null, edges.Length + 1, missing);
        }
        int valueBins = reader.Int("valueBins", 0, MostBins), levels = map.Categories[feature - map.CategoryStart].LevelCount;
        var bins = reader.Array<int>("binOfLevel", levels, levels);
        foreach (int bin in bins)
            if (bin < -1 || bin >= valueBins) throw reader.Wrong("binOfLevel", $"holds {bin}, but there are {valueBins} bins");
        return new(feature, map.NameOf(feature), null, bins, valueBins, missing);
    }
}
