using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tilth.Kernels;

/// <summary>
/// A 64-bit hash of bytes that is the same in every process, on every platform and in every release: category keys inside
/// packages and hashed text features depend on it. Not cryptographic. Words of 8 bytes are multiplied and rotated in, and
/// the finaliser is MurmurHash3's (Appleby, 2011).
/// </summary>
internal static class StableHash
{
    const ulong K1 = 0x9E3779B185EBCA87, K2 = 0xC2B2AE3D27D4EB4F;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong h = seed ^ ((ulong)bytes.Length * K1);
        while (bytes.Length >= 8)
        {
            h = BitOperations.RotateLeft(h ^ (MemoryMarshal.Read<ulong>(bytes) * K1), 29) * K2;
            bytes = bytes[8..];
        }
        ulong tail = 0;
        for (int i = 0; i < bytes.Length; i++) tail |= (ulong)bytes[i] << (8 * i);
        h = BitOperations.RotateLeft(h ^ (tail * K1), 29) * K2;
        return Mix(h);
    }

    /// <summary>The hash of the text's UTF-8 form.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong seed = 0)
    {
        int max = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = max <= 1024 ? stackalloc byte[1024] : new byte[max];
        return Of(bytes[..Encoding.UTF8.GetBytes(text, bytes)], seed);
    }

    /// <summary>A bijection of 64-bit words in which every input bit reaches every output bit.</summary>
    public static ulong Mix(ulong h)
    {
        h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCD;
        h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53;
        return h ^ (h >> 33);
    }
}
