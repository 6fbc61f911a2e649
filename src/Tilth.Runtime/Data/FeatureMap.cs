using Tilth.Parts;

namespace Tilth.Data;

/// <summary>One feature that a learner sees, and the columns of the table that it was made from.</summary>
/// <param name="Name">Unique in its map; for people ("age", "city=Bern", "signup: month").</param>
/// <param name="Sources">Names of the source columns; at least one.</param>
public sealed record Feature(string Name, IReadOnlyList<string> Sources);

/// <summary>A feature of codes 0 to <paramref name="LevelCount"/> - 1, or -1 for missing.</summary>
/// <param name="Feature">Its name and sources.</param>
/// <param name="LevelCount">At least 1.</param>
public sealed record CategoryFeature(Feature Feature, int LevelCount);

/// <summary>Neighbouring sparse features made from one text or many-levelled column.</summary>
/// <param name="Feature">The name and sources they share.</param>
/// <param name="Start">The first column of the segment in the sparse block.</param>
/// <param name="Width">How many columns it has.</param>
/// <param name="Terms">What each column stands for, or null where they are hashed.</param>
public sealed record SparseSegment(Feature Feature, int Start, int Width, IReadOnlyList<string>? Terms);

/// <summary>
/// What stands where in a <see cref="FeatureMatrix"/>: features are numbered dense first, then categories, then sparse.
/// </summary>
public sealed class FeatureMap
{
    /// <summary>A map of the three blocks, each of which may be empty.</summary>
    public FeatureMap(IReadOnlyList<Feature> dense, IReadOnlyList<CategoryFeature> categories, IReadOnlyList<SparseSegment> sparse)
    {
        (Dense, Categories, Sparse) = (dense, categories, sparse);
        foreach (var segment in sparse)
        {
            if (segment.Start != SparseWidth) throw new ArgumentException($"segment '{segment.Feature.Name}' does not start where the one before it ends");
            SparseWidth += segment.Width;
        }
    }

    /// <summary>Features with a number a row (NaN = missing).</summary>
    public IReadOnlyList<Feature> Dense { get; }

    /// <summary>Features with a code a row (-1 = missing).</summary>
    public IReadOnlyList<CategoryFeature> Categories { get; }

    /// <summary>Segments of features that are zero for most rows.</summary>
    public IReadOnlyList<SparseSegment> Sparse { get; }

    /// <summary>Columns of the sparse block.</summary>
    public int SparseWidth { get; }

    /// <summary>Features in all.</summary>
    public int Count => Dense.Count + Categories.Count + SparseWidth;

    /// <summary>The number of the first category feature.</summary>
    public int CategoryStart => Dense.Count;

    /// <summary>The number of the first sparse feature.</summary>
    public int SparseStart => Dense.Count + Categories.Count;

    /// <summary>The sources of feature <paramref name="index"/>.</summary>
    public IReadOnlyList<string> SourcesOf(int index) => Owner(index).Sources;

    /// <summary>The name of feature <paramref name="index"/>; a sparse one is its segment and its term or number.</summary>
    public string NameOf(int index)
    {
        var owner = Owner(index);
        if (index < SparseStart) return owner.Name;
        var segment = SegmentOf(index - SparseStart);
        int offset = index - SparseStart - segment.Start;
        return $"{owner.Name}: {(segment.Terms is { } terms ? terms[offset] : $"#{offset}")}";
    }

    Feature Owner(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        if (index < CategoryStart) return Dense[index];
        if (index < SparseStart) return Categories[index - CategoryStart].Feature;
        return SegmentOf(index - SparseStart).Feature;
    }

    SparseSegment SegmentOf(int column)
    {
        int low = 0, high = Sparse.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Sparse[middle].Start <= column) low = middle;
            else high = middle - 1;
        }
        return Sparse[low];
    }

    internal void Pack(PartWriter writer)
    {
        writer.Parts("dense", Dense, PackFeature);
        writer.Parts("categories", Categories, (w, category) =>
        {
            PackFeature(w, category.Feature);
            w.Int("levels", category.LevelCount);
        });
        writer.Parts("sparse", Sparse, (w, segment) =>
        {
            PackFeature(w, segment.Feature);
            w.Int("width", segment.Width);
            if (segment.Terms is { } terms) w.Texts("terms", terms);
        });
    }

    static void PackFeature(PartWriter writer, Feature feature)
    {
        writer.Text("name", feature.Name);
        writer.Texts("sources", feature.Sources);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    internal static FeatureMap Unpack(PartReader reader)
    {
        const int most = 1 << 22;
        var dense = Array.ConvertAll(reader.Parts("dense", 0, most), UnpackFeature);
        var categories = Array.ConvertAll(reader.Parts("categories", 0, most),
            part => new CategoryFeature(UnpackFeature(part), part.Int("levels", 1, most)));
        var parts = reader.Parts("sparse", 0, most);
        var sparse = new SparseSegment[parts.Length];
        for (int s = 0, start = 0; s < sparse.Length; s++)
        {
            int width = parts[s].Int("width", 1, most);
            if ((long)start + width > int.MaxValue / 2) throw reader.Wrong("sparse", "has too many columns");
            var terms = parts[s].Has("terms") ? AllNamed(parts[s], parts[s].Texts("terms", width, width)) : null;
            sparse[s] = new SparseSegment(UnpackFeature(parts[s]), start, width, terms);
            start += width;
        }
        return new(dense, categories, sparse);
    }

    static Feature UnpackFeature(PartReader reader) => new(reader.Text("name"), AllNamed(reader, reader.Texts("sources", 1, 1 << 16)));

    static string[] AllNamed(PartReader reader, string?[] names)
        => Array.ConvertAll(names, name => name ?? throw reader.Wrong("name", "is null"));
}
