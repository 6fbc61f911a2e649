namespace Tilth.Packaging;

/// <summary>
/// Brings the bytes of a file or stream into memory and gives every fault the package's name. Takes about as much memory as
/// the file has bytes, then at most 16 times the arrays and 16 times the JSON texts, plus 64 MiB.
/// </summary>
internal static class PackageFile
{
    public static ModelPackage Open(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            if (stream.CanSeek && stream.Length > StoredZip.MaxBytes) throw Faulty(path, "package-size", $"has {stream.Length} bytes; at most {StoredZip.MaxBytes} are read");
            return Open(stream, path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Faulty(path, "package-missing", "does not exist", fault);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw Faulty(path, "package-unreadable", Directory.Exists(path) ? "is a folder, not a package" : $"cannot be read: {fault.Message}", fault);
        }
    }

    public static ModelPackage Open(Stream stream, string name) => Parse(ReadAll(stream, name), name);

    public static ModelPackage Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            return PackageBody.Read(StoredZip.Read(bytes));
        }
        catch (PackageFormatException fault)
        {
            string what = fault.Problems[0].Message;
            throw Faulty(name, fault.Problems[0].Code, what.StartsWith("is ", StringComparison.Ordinal) || what.StartsWith("h", StringComparison.Ordinal) ? what : $"cannot be used: {what}", fault);
        }
    }

    static byte[] ReadAll(Stream stream, string name)
    {
        var bytes = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, 1, StoredZip.MaxBytes) : 1 << 16];
        int used = 0;
        for (int read; (read = stream.Read(bytes, used, bytes.Length - used)) > 0;)
        {
            used += read;
            if (used == StoredZip.MaxBytes) throw Faulty(name, "package-size", $"has more than {StoredZip.MaxBytes} bytes");
            if (used == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(StoredZip.MaxBytes, 2L * used));
        }
        return used == bytes.Length ? bytes : bytes.AsSpan(0, used).ToArray();
    }

    static PackageFormatException Faulty(string name, string code, string what, Exception? inner = null) => new(code, $"'{name}' {what}", inner);
}
