using System.Security.Cryptography;

namespace Tilth.Parts;

/// <summary>The element types that an array in a package may have; the numbers are part of the format.</summary>
internal enum ElementType : byte { Byte = 1, SByte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Single, Double }

/// <summary>Maps between C# types and <see cref="ElementType"/>.</summary>
internal static class ElementTypes
{
    public static ElementType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return ElementType.Byte;
        if (typeof(T) == typeof(sbyte)) return ElementType.SByte;
        if (typeof(T) == typeof(short)) return ElementType.Int16;
        if (typeof(T) == typeof(ushort)) return ElementType.UInt16;
        if (typeof(T) == typeof(int)) return ElementType.Int32;
        if (typeof(T) == typeof(uint)) return ElementType.UInt32;
        if (typeof(T) == typeof(long)) return ElementType.Int64;
        if (typeof(T) == typeof(ulong)) return ElementType.UInt64;
        if (typeof(T) == typeof(float)) return ElementType.Single;
        if (typeof(T) == typeof(double)) return ElementType.Double;
        throw new ArgumentException($"packages hold no arrays of {typeof(T)}");
    }

    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Byte or ElementType.SByte => 1,
        ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Single => 4,
        _ => 8,
    };
}

/// <summary>The arrays of a package, numbered in the order of their first use; equal arrays share a number.</summary>
internal sealed class ArrayStore
{
    readonly List<(ElementType Type, ReadOnlyMemory<byte> Bytes)> entries = [];
    readonly Dictionary<(ElementType, Int128, Int128), int> known = [];

    public int Count => entries.Count;

    public IReadOnlyList<(ElementType Type, ReadOnlyMemory<byte> Bytes)> Entries => entries;

    /// <summary>Stores a copy, or finds the equal array stored before.</summary>
    public int Add(ReadOnlySpan<byte> bytes, ElementType type)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        var key = (type, BitConverter.ToInt128(hash), BitConverter.ToInt128(hash[16..]));
        if (!known.TryGetValue(key, out int index))
        {
            known[key] = index = entries.Count;
            entries.Add((type, bytes.ToArray()));
        }
        return index;
    }

    /// <summary>Takes an array as it was read.</summary>
    public void Append(ElementType type, ReadOnlyMemory<byte> bytes) => entries.Add((type, bytes));

    /// <summary>
    /// Bytes that may still be handed out: a small hostile file could else name one array a million times, and each time it
    /// is copied.
    /// </summary>
    public long Allowance { get; set; } = long.MaxValue;

    public ReadOnlyMemory<byte> Get(int index, ElementType type)
    {
        var entry = entries[index];
        Allowance -= entry.Bytes.Length;
        if (Allowance < 0) throw new PackageFormatException("array", "the package's parts name its arrays more often than is allowed");
        if (entry.Type != type) throw new PackageFormatException("array", $"array {index} of the package holds {entry.Type}, not {type}");
        return entry.Bytes;
    }
}
