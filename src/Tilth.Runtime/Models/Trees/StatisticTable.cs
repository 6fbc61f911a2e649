using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Models.Trees;

/// <summary>
/// Numbers that stand for the level of a category, or for the levels of several together: means of the target
/// over all training rows, one list of numbers a combination of levels that was seen. Immutable.
/// </summary>
internal sealed class StatisticTable
{
    const int MostCategories = 4, MostColumns = 1 << 12, MostDirect = 4, AlwaysDirect = 4096;

    readonly int[] radices;
    readonly long[] keys;
    readonly int[]? direct;

    /// <param name="map">The features of the rows, before these numbers.</param>
    /// <param name="categories">Category features, counted within their block, ascending.</param>
    /// <param name="keys">The combinations of levels (<see cref="KeyOf(FeatureMap, int[], ReadOnlySpan{int})"/>), ascending.</param>
    /// <param name="values">A list a column, a number a key.</param>
    /// <param name="unseen">A number a column, for combinations that no training row has.</param>
    public StatisticTable(FeatureMap map, int[] categories, long[] keys, float[][] values, float[] unseen)
    {
        (Categories, this.keys, Values, Unseen) = (categories, keys, values, unseen);
        radices = RadicesOf(map, categories);
        long most = Combinations(map, categories);
        if (most > Math.Max(AlwaysDirect, MostDirect * (long)keys.Length)) return;
        direct = new int[most];
        direct.AsSpan().Fill(-1);
        for (int i = 0; i < keys.Length; i++) direct[keys[i]] = i;
    }

    public int[] Categories { get; }

    /// <summary>A list a column, a number a key.</summary>
    public float[][] Values { get; }

    public float[] Unseen { get; }

    /// <summary>The combinations of levels, ascending.</summary>
    public ReadOnlySpan<long> Keys => keys;

    public int ColumnCount => Values.Length;

    /// <summary>How many combinations of levels there can be, missing ones counted; beyond 2^62 it is that.</summary>
    public static long Combinations(FeatureMap map, int[] categories)
    {
        long product = 1;
        foreach (int radix in RadicesOf(map, categories)) product = product > (1L << 62) / radix ? 1L << 62 : product * radix;
        return product;
    }

    /// <summary>The number of a combination of levels; missing is a level of its own.</summary>
    public static long KeyOf(FeatureMap map, int[] categories, ReadOnlySpan<int> codes) => KeyOf(RadicesOf(map, categories), categories, codes);

    /// <summary>Writes the row's numbers, one a column.</summary>
    public void Fill(ReadOnlySpan<int> codes, Span<float> numbers)
    {
        long key = KeyOf(radices, Categories, codes);
        int at = key < 0 ? -1 : direct is not null ? direct[key] : Array.BinarySearch(keys, key);
        for (int column = 0; column < Values.Length; column++) numbers[column] = at < 0 ? Unseen[column] : Values[column][at];
    }

    static int[] RadicesOf(FeatureMap map, int[] categories) => Array.ConvertAll(categories, category => map.Categories[category].LevelCount + 1);

    static long KeyOf(int[] radices, int[] categories, ReadOnlySpan<int> codes)
    {
        long key = 0;
        for (int i = 0; i < categories.Length; i++)
        {
            int digit = Math.Max(0, codes[categories[i]] + 1);
            if (digit >= radices[i]) return -1;
            key = key * radices[i] + digit;
        }
        return key;
    }

    public void Pack(PartWriter writer)
    {
        writer.Array<int>("categories", Categories);
        writer.Array<long>("keys", keys);
        writer.Array<float>("values", [.. Values.SelectMany(column => column)]);
        writer.Array<float>("unseen", Unseen);
    }

    /// <exception cref="PackageFormatException">The part is not a table over the categories of the map.</exception>
    public static StatisticTable Unpack(PartReader reader, FeatureMap map)
    {
        int[] categories = reader.Array<int>("categories", 1, MostCategories);
        for (int i = 0; i < categories.Length; i++)
            if (categories[i] < 0 || categories[i] >= map.Categories.Count || (i > 0 && categories[i] <= categories[i - 1]))
                throw reader.Wrong("categories", $"holds {categories[i]}; the model has {map.Categories.Count} categories, and they ascend");
        long most = Combinations(map, categories);
        if (most >= 1L << 62) throw reader.Wrong("categories", "have too many levels together");
        long[] keys = reader.Array<long>("keys", 0, int.MaxValue);
        for (int i = 0; i < keys.Length; i++)
            if (keys[i] < 0 || keys[i] >= most || (i > 0 && keys[i] <= keys[i - 1])) throw reader.Wrong("keys", $"holds {keys[i]}; they ascend and are below {most}");
        float[] unseen = Finite(reader, "unseen", reader.Array<float>("unseen", 1, MostColumns));
        long size = (long)unseen.Length * keys.Length;
        if (size > int.MaxValue) throw reader.Wrong("keys", $"are {keys.Length}, too many for {unseen.Length} columns");
        float[] values = Finite(reader, "values", reader.Array<float>("values", (int)size, (int)size));
        return new(map, categories, keys, [.. Enumerable.Range(0, unseen.Length).Select(column => values.AsSpan(column * keys.Length, keys.Length).ToArray())], unseen);
    }

    static float[] Finite(PartReader reader, string name, float[] numbers)
        => Array.TrueForAll(numbers, float.IsFinite) ? numbers : throw reader.Wrong(name, "holds a number that is not finite");
}
