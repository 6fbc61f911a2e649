using Tilth.Kernels;

namespace Tilth.Data;

/// <summary>
/// The levels of a category, numbered from 0. A level is found by the 64-bit hash of its UTF-8 text; its name may be
/// withheld (packages keep only the hash of rare levels, so that they give nobody's value away).
/// Immutable and thread-safe; look-ups allocate nothing.
/// </summary>
public sealed class LevelSet
{
    readonly string?[] names;
    readonly ulong[] keys;
    readonly int[] slots; // open addressing: code + 1, 0 = free; a power of two at least twice the count

    /// <summary>Levels with their names; each different.</summary>
    public LevelSet(IReadOnlyList<string> names) : this([.. names], KeysOf(names)) { }

    internal LevelSet(string?[] names, ulong[] keys)
    {
        (this.names, this.keys) = (names, keys);
        int size = 4;
        while (size < 2L * keys.Length) size <<= 1;
        slots = new int[size];
        for (int code = 0; code < keys.Length; code++)
        {
            int slot = (int)keys[code] & (size - 1);
            for (; slots[slot] != 0; slot = (slot + 1) & (size - 1))
                if (keys[slots[slot] - 1] == keys[code])
                    throw new ArgumentException($"the level '{names[code]}' stands twice in the set");
            slots[slot] = code + 1;
        }
    }

    /// <summary>No level at all.</summary>
    public static LevelSet Empty { get; } = new([]);

    /// <summary>Number of levels.</summary>
    public int Count => keys.Length;

    /// <summary>The level's name, or "#" and its hash where the name is withheld.</summary>
    public string NameOf(int code) => names[code] ?? $"#{keys[code]:x16}";

    /// <summary>False where only the level's hash is kept.</summary>
    public bool HasName(int code) => names[code] is not null;

    internal ulong KeyOf(int code) => keys[code];

    /// <summary>The level's code, or -1 if it is not in the set.</summary>
    public int IndexOf(ReadOnlySpan<char> level) => Find(StableHash.Of(level));

    /// <summary>The level's code by its UTF-8 text, or -1 if it is not in the set.</summary>
    public int IndexOf(ReadOnlySpan<byte> utf8) => Find(StableHash.Of(utf8));

    internal int Find(ulong key)
    {
        int mask = slots.Length - 1;
        for (int slot = (int)key & mask; slots[slot] != 0; slot = (slot + 1) & mask)
            if (keys[slots[slot] - 1] == key) return slots[slot] - 1;
        return -1;
    }

    /// <summary>For each level here its code in <paramref name="other"/>, or -1.</summary>
    internal int[] MapTo(LevelSet other) => Array.ConvertAll(keys, other.Find);

    /// <summary>The same levels and codes, of which only those that <paramref name="keep"/> accepts keep their names.</summary>
    internal LevelSet Withhold(Func<int, bool> keep) => new([.. names.Select((name, code) => keep(code) ? name : null)], keys);

    static ulong[] KeysOf(IReadOnlyList<string> names)
    {
        var keys = new ulong[names.Count];
        for (int i = 0; i < keys.Length; i++) keys[i] = StableHash.Of(names[i]);
        return keys;
    }
}
