using Tilth.Data;
using Tilth.Models.Trees;

namespace Tilth.Learners.Oblivious;

/// <summary>The levels of a category, or the combined levels of several, at the rows of a fit: numbered from 0 on, by key.</summary>
internal sealed class CodedLevels
{
    const long MostDirect = 1 << 20;

    CodedLevels(int[] categories, long[] keys, int[] levelOf) => (Categories, Keys, LevelOf) = (categories, keys, levelOf);

    /// <summary>Category features, counted within their block, ascending.</summary>
    public int[] Categories { get; }

    /// <summary>The key of each level, ascending.</summary>
    public long[] Keys { get; }

    /// <summary>The level of each position.</summary>
    public int[] LevelOf { get; }

    public static CodedLevels Of(FeatureMatrix features, int[] categories, int[] rows)
    {
        var map = features.Map;
        var keyOf = new long[rows.Length];
        var codes = new int[map.Categories.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (int category in categories) codes[category] = features.Codes[category][rows[i]];
            keyOf[i] = StatisticTable.KeyOf(map, categories, codes);
        }
        long most = StatisticTable.Combinations(map, categories);
        return most <= MostDirect ? Direct(categories, keyOf, (int)most) : Sorted(categories, keyOf);
    }

    static CodedLevels Direct(int[] categories, long[] keyOf, int most)
    {
        var levelOf = new int[most];
        foreach (long key in keyOf) levelOf[key] = 1;
        var keys = new List<long>();
        for (int key = 0; key < most; key++)
            if (levelOf[key] != 0)
            {
                levelOf[key] = keys.Count;
                keys.Add(key);
            }
        return new(categories, [.. keys], Array.ConvertAll(keyOf, key => levelOf[key]));
    }

    static CodedLevels Sorted(int[] categories, long[] keyOf)
    {
        var sorted = (long[])keyOf.Clone();
        Array.Sort(sorted);
        int count = 0;
        foreach (long key in sorted)
            if (count == 0 || sorted[count - 1] != key) sorted[count++] = key;
        long[] keys = sorted[..count];
        return new(categories, keys, Array.ConvertAll(keyOf, key => Array.BinarySearch(keys, key)));
    }
}
