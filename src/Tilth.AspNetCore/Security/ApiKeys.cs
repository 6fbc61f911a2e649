using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tilth.AspNetCore.Security;

/// <summary>
/// A file of keys, a line each: "name scopes sha256", scopes separated by commas. Only hashes are kept: a key is 256 random
/// bits, so that its plain SHA-256 cannot be searched. A changed file counts from the next second on, without a restart; one
/// that cannot be read leaves the keys as they were.
/// </summary>
internal sealed class ApiKeys
{
    /// <summary>Every key begins so, so that leaked ones can be searched for.</summary>
    public const string Prefix = "tilth_";

    const int MostLines = 10_000, MostLetters = 256;

    readonly string path;
    readonly TimeProvider clock;
    readonly Lock reading = new();
    long looked;
    DateTime written;
    volatile Key[] keys;

    /// <exception cref="SourceException">The file is missing, or a line is not a key.</exception>
    public ApiKeys(string path, TimeProvider clock)
    {
        (this.path, this.clock) = (path, clock);
        if (!File.Exists(path)) throw new SourceException("keys-missing", $"there is no file of keys '{path}'; make one with: tilth keys add NAME --keys {path}");
        written = File.GetLastWriteTimeUtc(path);
        keys = Read(path);
        looked = clock.GetTimestamp();
    }

    /// <summary>Number of keys.</summary>
    public int Count => keys.Length;

    /// <summary>The name and scope of a presented key, or null. Takes the same time whichever key it is.</summary>
    public (string Name, KeyScope Scope)? Find(ReadOnlySpan<char> presented)
    {
        Refresh();
        if (presented.Length is 0 or > MostLetters) return null;
        Span<byte> utf8 = stackalloc byte[3 * MostLetters], hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(presented, utf8)], hash);
        Key? found = null;
        foreach (var key in keys)
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash)) found = key;
        return found is null ? null : (found.Name, found.Scope);
    }

    /// <summary>Makes a key and adds its hash to a file.</summary>
    /// <returns>The key; it is nowhere else.</returns>
    /// <exception cref="SourceException">The name or scope is unfit.</exception>
    public static string Add(string path, string name, string scopes)
    {
        if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new SourceException("key-name", $"'{name}' is not a key's name: 1 to 64 letters, digits, hyphens, underscores and dots");
        ScopeOf(scopes);
        if (File.Exists(path) && Read(path).Any(key => key.Name == name))
            throw new SourceException("key-name", $"'{path}' already has a key '{name}'; delete its line first, or take another name");
        string secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        File.AppendAllText(path, $"{name} {scopes} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return secret;
    }

    void Refresh()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref looked)) < TimeSpan.FromSeconds(1) || !reading.TryEnter()) return;
        try
        {
            Volatile.Write(ref looked, clock.GetTimestamp());
            var now = File.GetLastWriteTimeUtc(path);
            if (now == written || !File.Exists(path)) return;
            keys = Read(path);
            written = now;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SourceException)
        {
            // Half-written or unreadable: the keys stay, and the next look tries again.
        }
        finally
        {
            reading.Exit();
        }
    }

    static Key[] Read(string path)
    {
        var found = new List<Key>();
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            if (++line > MostLines) throw new SourceException("keys", $"'{path}' has more than {MostLines} lines");
            if (text.Length == 0 || text[0] == '#') continue;
            string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length != 3 || parts[2].Length != 2 * SHA256.HashSizeInBytes || !parts[2].All(char.IsAsciiHexDigit))
                throw new SourceException("keys", $"line {line} of '{path}' is not \"name scopes sha256\"");
            found.Add(new Key(parts[0], ScopeOf(parts[1]), Convert.FromHexString(parts[2])));
        }
        return [.. found];
    }

    static KeyScope ScopeOf(string text)
    {
        var scope = KeyScope.None;
        foreach (string word in text.Split(','))
            scope |= word switch
            {
                "predict" => KeyScope.Predict,
                "read" => KeyScope.Read,
                "write" => KeyScope.Write,
                "promote" => KeyScope.Promote,
                "admin" => KeyScope.Admin,
                _ => throw new SourceException("key-scope", $"'{word}' is not a scope; the scopes are predict, read, write, promote and admin, separated by commas"),
            };
        return scope;
    }

    sealed record Key(string Name, KeyScope Scope, byte[] Hash);
}
