using System.Buffers.Binary;

namespace Tilth.Packaging;

/// <summary>The CRC-32 that zip files carry (ISO 3309, polynomial 0xEDB88320), eight bytes at a time.</summary>
internal static class Crc32
{
    static readonly uint[] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        var t = Tables.AsSpan(0, 2048);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc, high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[(int)(1792 + (low & 255))] ^ t[(int)(1536 + (low >> 8 & 255))] ^ t[(int)(1280 + (low >> 16 & 255))] ^ t[(int)(1024 + (low >> 24))]
                ^ t[(int)(768 + (high & 255))] ^ t[(int)(512 + (high >> 8 & 255))] ^ t[(int)(256 + (high >> 16 & 255))] ^ t[(int)(high >> 24)];
        }
        foreach (byte value in bytes) crc = t[(int)((crc ^ value) & 255)] ^ crc >> 8;
        return ~crc;
    }

    /// <summary>Table k tells what a byte does to the remainder when k zero bytes follow it.</summary>
    static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            tables[i] = crc;
        }
        for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++)
        {
            uint before = tables[256 * (k - 1) + i];
            tables[256 * k + i] = tables[before & 255] ^ before >> 8;
        }
        return tables;
    }
}
