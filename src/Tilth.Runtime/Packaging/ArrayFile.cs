using Tilth.Parts;

namespace Tilth.Packaging;

/// <summary>The entry arrays.bin: every array of the package one after the other, each at a multiple of 64 bytes, zeros between.</summary>
internal static class ArrayFile
{
    public static byte[] Write(ArrayStore arrays)
    {
        long size = 0;
        foreach (var (_, bytes) in arrays.Entries) size = Aligned(size) + bytes.Length;
        if (size > StoredZip.MaxBytes) throw new IOException($"the package's arrays would have more than {StoredZip.MaxBytes} bytes");
        var file = new byte[size];
        long at = 0;
        foreach (var (_, bytes) in arrays.Entries)
        {
            at = Aligned(at);
            bytes.Span.CopyTo(file.AsSpan((int)at));
            at += bytes.Length;
        }
        return file;
    }

    /// <summary>The manifest's list of the arrays' types and sizes.</summary>
    public static void WriteList(PartWriter writer, ArrayStore arrays)
        => writer.Parts("arrays", arrays.Entries, (w, entry) =>
        {
            w.Choice("type", entry.Type);
            w.Int("bytes", entry.Bytes.Length);
        });

    public static ArrayStore Read(PartReader manifest, ReadOnlyMemory<byte> file)
    {
        var arrays = new ArrayStore();
        long at = 0;
        foreach (var part in manifest.Parts("arrays", 0, 1 << 24))
        {
            var type = part.Choice<ElementType>("type");
            int size = part.Int("bytes", 0, int.MaxValue);
            if (size % ElementTypes.SizeOf(type) != 0) throw part.Wrong("bytes", $"is {size}, not a multiple of what one {type} takes");
            long start = Aligned(at);
            if (start + size > file.Length) throw part.Wrong("bytes", $"is {size}, more than is left in arrays.bin");
            if (file.Span[(int)at..(int)start].ContainsAnyExcept((byte)0)) throw part.Wrong("arrays", "lie with something between them");
            arrays.Append(type, file.Slice((int)start, size));
            at = start + size;
        }
        if (at != file.Length) throw manifest.Wrong("arrays", $"take {at} of the {file.Length} bytes of arrays.bin");
        return arrays;
    }

    static long Aligned(long at) => (at + StoredZip.Alignment - 1) / StoredZip.Alignment * StoredZip.Alignment;
}
