using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>Turns numbers into bins: the bin of v is the count of edges below v. NaN gets the missing bin.</summary>
internal static unsafe class BinKernel
{
    /// <summary>Bins every value; <paramref name="edges"/> ascending, at most 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bin(ReadOnlySpan<float> values, ReadOnlySpan<float> edges, byte missing, Span<byte> bins)
    {
        // A complete search tree of 255 in array order of a binary search, padded with infinity: eight steps, no branch.
        float* table = stackalloc float[256];
        for (int i = 0; i < 256; i++) table[i] = i < edges.Length ? edges[i] : float.PositiveInfinity;
        int steps = 1;
        while ((1 << steps) <= edges.Length) steps++;
        int done = 0;
        fixed (float* from = values)
        fixed (byte* to = bins)
        {
            if (Avx2.IsSupported) done = BinEights(from, values.Length, table, steps, missing, to);
            for (; done < values.Length; done++) to[done] = float.IsNaN(from[done]) ? missing : (byte)Find(from[done], table, steps);
        }
    }

    /// <summary>The bin of one value; the reference of the vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Find(float value, float* table, int steps)
    {
        int at = 0;
        for (int half = 1 << (steps - 1); half > 0; half >>= 1)
        {
            bool above = table[at + half - 1] < value;
            at += half & -Unsafe.As<bool, byte>(ref above);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int BinEights(float* values, int count, float* table, int steps, byte missing, byte* bins)
    {
        int i = 0;
        for (; i <= count - 16; i += 16)
        {
            var a = Vector256.Load(values + i);
            var b = Vector256.Load(values + i + 8);
            var atA = Vector256<int>.Zero;
            var atB = Vector256<int>.Zero;
            for (int half = 1 << (steps - 1); half > 0; half >>= 1)
            {
                var step = Vector256.Create(half);
                var edgeA = Avx2.GatherVector256(table + (half - 1), atA, 4);
                var edgeB = Avx2.GatherVector256(table + (half - 1), atB, 4);
                atA += Vector256.LessThan(edgeA, a).AsInt32() & step;
                atB += Vector256.LessThan(edgeB, b).AsInt32() & step;
            }
            var gap = Vector256.Create((int)missing);
            atA = Vector256.ConditionalSelect(Vector256.Equals(a, a).AsInt32(), atA, gap);
            atB = Vector256.ConditionalSelect(Vector256.Equals(b, b).AsInt32(), atB, gap);
            var words = Vector256.Narrow(atA.AsUInt32(), atB.AsUInt32());
            Vector128.Narrow(words.GetLower(), words.GetUpper()).Store(bins + i);
        }
        return i;
    }
}
