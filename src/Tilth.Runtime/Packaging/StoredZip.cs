using System.Buffers.Binary;
using System.Text;

namespace Tilth.Packaging;

/// <summary>A named run of bytes inside a package.</summary>
internal readonly record struct Entry(string Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// The one zip layout that a package may have: entries stored one after the other without gaps, dated 1980-01-01, contents
/// at multiples of 64 bytes, no comment, no zip64, no encryption. Every byte outside the contents follows from names and
/// contents, and the reader compares them all; so two readers can never see different entries in one file.
/// </summary>
internal static class StoredZip
{
    public const int MaxEntries = 64, MaxName = 64, Alignment = 64;

    /// <summary>No file is larger than one array can hold.</summary>
    public const long MaxBytes = 0x7FFFFFC7;

    const uint LocalSignature = 0x04034B50, CentralSignature = 0x02014B50, EndSignature = 0x06054B50;
    const int Version = 10, FirstOf1980 = 0x21, Padding = 0xD935; // the extra field that zipalign uses

    /// <summary>True for 1 to 64 lower-case letters, digits, dots, hyphens and underscores that begin with a letter or digit.</summary>
    public static bool IsName(string name)
        => name.Length is > 0 and <= MaxName && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_');

    public static void Write(Stream stream, IReadOnlyList<Entry> entries)
    {
        long at = 0;
        var crcs = new uint[entries.Count];
        for (int e = 0; e < crcs.Length; e++)
        {
            var (name, content) = entries[e];
            crcs[e] = Crc32.Of(content.Span);
            byte[] header = Header(name, content.Length, crcs[e], at);
            stream.Write(header);
            stream.Write(content.Span);
            at += header.Length + content.Length;
            if (at > MaxBytes) throw new IOException($"the package would have more than {MaxBytes} bytes");
        }
        stream.Write(Tail(entries, crcs));
    }

    /// <summary>
    /// Writes the file beside its place and then moves it there, so that a full disk or a crash leaves what was there before as
    /// it was.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or the folder does not exist.</exception>
    public static void Save(string path, IReadOnlyList<Entry> entries)
    {
        string full = Path.GetFullPath(path), temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                Write(stream, entries);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            if (Directory.Exists(Path.GetDirectoryName(full))) File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The entries, sharing the file's memory.</summary>
    /// <exception cref="PackageFormatException">The bytes are not exactly what <see cref="Write"/> makes of some entries.</exception>
    public static List<Entry> Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length == 0) throw new PackageFormatException("package-empty", "is empty (0 bytes)");
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != LocalSignature)
            throw new PackageFormatException("package-foreign", "is not a Tilth package: it does not begin as one");
        var entries = new List<Entry>();
        var crcs = new List<uint>();
        int at = 0;
        while (bytes.Length - at >= 30 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) == LocalSignature)
        {
            if (entries.Count == MaxEntries) throw new PackageFormatException("package-entries", $"has more than {MaxEntries} entries");
            var (entry, crc) = ReadEntry(file, at, out at);
            if (entries.Exists(other => other.Name == entry.Name))
                throw new PackageFormatException("package-entries", $"has two entries named '{entry.Name}'");
            entries.Add(entry);
            crcs.Add(crc);
        }
        if (!bytes[at..].SequenceEqual(Tail(entries, crcs)))
            throw new PackageFormatException("package-layout", $"is damaged or cut off after {at} bytes: what follows '{entries.LastOrDefault().Name}' is not a package's directory");
        return entries;
    }

    static (Entry Entry, uint Crc) ReadEntry(ReadOnlyMemory<byte> file, int at, out int next)
    {
        var bytes = file.Span[at..];
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]), size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[18..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]);
        string name = nameLength <= MaxName && bytes.Length >= 30 + nameLength ? Encoding.Latin1.GetString(bytes.Slice(30, nameLength)) : "";
        if (!IsName(name)) throw new PackageFormatException("package-layout", $"is damaged at byte {at}: the entry's name is not one that packages use");
        byte[] header = Header(name, size, crc, at);
        if (!bytes.StartsWith(header))
            throw new PackageFormatException("package-layout", $"is damaged at byte {at}, or was zipped by another program: the head of '{name}' is not laid out as packages are");
        if (size > bytes.Length - header.Length)
            throw new PackageFormatException("package-truncated", $"is cut off: '{name}' says that it has {size} bytes, but {bytes.Length - header.Length} follow");
        var content = file.Slice(at + header.Length, (int)size);
        if (Crc32.Of(content.Span) != crc) throw new PackageFormatException("package-checksum", $"is damaged: the check sum (CRC-32) of '{name}' does not match");
        next = at + header.Length + (int)size;
        return (new Entry(name, content), crc);
    }

    static byte[] Header(string name, long size, uint crc, long at)
    {
        int bare = 30 + name.Length;
        int pad = (int)((Alignment - (at + bare) % Alignment) % Alignment);
        if (pad is > 0 and < 4) pad += Alignment;
        var header = new byte[bare + pad];
        BinaryPrimitives.WriteUInt32LittleEndian(header, LocalSignature);
        WriteFacts(header.AsSpan(4), name, size, crc, pad);
        Encoding.Latin1.GetBytes(name, header.AsSpan(30));
        if (pad > 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(bare), Padding);
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(bare + 2), (ushort)(pad - 4));
        }
        return header;
    }

    /// <summary>The 26 bytes that local and central headers share: version, flags, method, time, date, CRC, sizes, lengths.</summary>
    static void WriteFacts(Span<byte> to, string name, long size, uint crc, int extra)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, Version);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], FirstOf1980);
        BinaryPrimitives.WriteUInt32LittleEndian(to[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(to[14..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[18..], (uint)size);
        BinaryPrimitives.WriteUInt16LittleEndian(to[22..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(to[24..], (ushort)extra);
    }

    static byte[] Tail(IReadOnlyList<Entry> entries, IReadOnlyList<uint> crcs)
    {
        int directory = entries.Sum(entry => 46 + entry.Name.Length);
        var tail = new byte[directory + 22];
        int to = 0;
        long at = 0;
        for (int e = 0; e < entries.Count; e++)
        {
            var (name, content) = entries[e];
            var header = tail.AsSpan(to);
            BinaryPrimitives.WriteUInt32LittleEndian(header, CentralSignature);
            BinaryPrimitives.WriteUInt16LittleEndian(header[4..], Version);
            WriteFacts(header[6..], name, content.Length, crcs[e], extra: 0);
            BinaryPrimitives.WriteUInt32LittleEndian(header[42..], (uint)at);
            Encoding.Latin1.GetBytes(name, header[46..]);
            to += 46 + name.Length;
            at += Header(name, content.Length, crcs[e], at).Length + content.Length;
        }
        var end = tail.AsSpan(to);
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)entries.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)directory);
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)at);
        return tail;
    }
}
