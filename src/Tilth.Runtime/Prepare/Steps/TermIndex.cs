using System.Numerics;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>
/// The column of a term, by its hash: a vocabulary (open addressing; unknown terms have no column) or, without keys, the
/// hash's low bits (every term has one, and terms may share it). Immutable.
/// </summary>
internal sealed class TermIndex
{
    // Far beyond what mixed hashes reach in a half-empty table; keys chosen to collide would make look-ups slow.
    const int LongestProbe = 500;

    readonly ulong[] keys;
    readonly int[] slots; // column + 1, 0 = free

    /// <param name="keys">The hash of each column's term, all different; empty for hashing.</param>
    /// <param name="width">Number of columns; as many as keys, or a power of two for hashing.</param>
    /// <exception cref="ArgumentException">Two keys are equal, or fall together.</exception>
    public TermIndex(ulong[] keys, int width)
    {
        (this.keys, Width) = (keys, width);
        slots = Place(keys) ?? throw new ArgumentException("terms stand twice in the vocabulary, or their hashes fall together");
    }

    TermIndex(ulong[] keys, int width, int[] slots) => (this.keys, Width, this.slots) = (keys, width, slots);

    public int Width { get; }

    /// <summary>The term's column, or -1.</summary>
    public int Find(ulong key)
    {
        if (keys.Length == 0) return (int)key & (Width - 1);
        int mask = slots.Length - 1;
        for (int slot = (int)(key >> 20) & mask; slots[slot] != 0; slot = (slot + 1) & mask)
            if (keys[slots[slot] - 1] == key) return slots[slot] - 1;
        return -1;
    }

    static int[]? Place(ulong[] keys)
    {
        if (keys.Length == 0) return [];
        int mask = (int)BitOperations.RoundUpToPowerOf2((uint)keys.Length * 2) - 1;
        var slots = new int[mask + 1];
        for (int column = 0; column < keys.Length; column++)
        {
            int slot = (int)(keys[column] >> 20) & mask;
            for (int probe = 0; slots[slot] != 0; slot = (slot + 1) & mask)
                if (keys[slots[slot] - 1] == keys[column] || ++probe > LongestProbe) return null;
            slots[slot] = column + 1;
        }
        return slots;
    }

    public void Pack(PartWriter writer)
    {
        writer.Array<ulong>("keys", keys);
        writer.Int("width", Width);
    }

    public static TermIndex Unpack(PartReader reader)
    {
        var keys = reader.Array<ulong>("keys", 0, StepKinds.Most);
        int width = reader.Int("width", 1, StepKinds.Most);
        if (keys.Length == 0 ? !BitOperations.IsPow2(width) : width != keys.Length)
            throw reader.Wrong("width", $"is {width} for {keys.Length} terms");
        return new(keys, width, Place(keys) ?? throw reader.Wrong("keys", "holds a term twice, or hashes that fall together"));
    }
}
