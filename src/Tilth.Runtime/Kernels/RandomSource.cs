using System.Numerics;

namespace Tilth.Kernels;

/// <summary>
/// Seeded random numbers, the same on every platform: xoshiro256** (Blackman and Vigna, 2018) started by SplitMix64.
/// <see cref="Child"/> gives independent streams that depend on the seed and the index alone, so that work drawn before a
/// parallel loop does not depend on who runs it. Not thread-safe; one child per item.
/// </summary>
public sealed class RandomSource
{
    readonly ulong seed;
    ulong s0, s1, s2, s3;

    /// <summary>Starts the stream that belongs to <paramref name="seed"/>.</summary>
    public RandomSource(ulong seed)
    {
        this.seed = seed;
        ulong x = seed;
        s0 = SplitMix(ref x);
        s1 = SplitMix(ref x);
        s2 = SplitMix(ref x);
        s3 = SplitMix(ref x);
    }

    /// <summary>The stream of item <paramref name="index"/>; does not depend on how much was drawn from this one.</summary>
    public RandomSource Child(long index) => new(ChildSeed(index));

    /// <summary>The seed of <see cref="Child"/>, for plans that store seeds.</summary>
    public ulong ChildSeed(long index) => StableHash.Mix(StableHash.Mix(seed + 0x9E3779B97F4A7C15) ^ (ulong)index);

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9, t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform on [0, <paramref name="bound"/>), without bias (Lemire, 2019).</summary>
    /// <param name="bound">At least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong product = (NextUInt64() >> 32) * (ulong)bound;
        uint low = (uint)product;
        if (low < (uint)bound)
        {
            uint threshold = (uint)-bound % (uint)bound;
            while (low < threshold)
            {
                product = (NextUInt64() >> 32) * (ulong)bound;
                low = (uint)product;
            }
        }
        return (int)(product >> 32);
    }

    /// <summary>Uniform on [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / 9007199254740992.0);

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        while (true)
        {
            double u = 2 * NextDouble() - 1, v = 2 * NextDouble() - 1, s = u * u + v * v;
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * Elementary.Log(s) / s);
        }
    }

    /// <summary>Puts the items in a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary><paramref name="count"/> different numbers below <paramref name="bound"/>, ascending (Knuth's algorithm S).</summary>
    public int[] Choose(int bound, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bound);
        var chosen = new int[count];
        for (int i = 0, taken = 0; taken < count; i++)
        {
            // Without a branch: chance cannot be predicted.
            chosen[taken] = i;
            taken += NextDouble() * (bound - i) < count - taken ? 1 : 0;
        }
        return chosen;
    }

    static ulong SplitMix(ref ulong x)
    {
        ulong z = x += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
