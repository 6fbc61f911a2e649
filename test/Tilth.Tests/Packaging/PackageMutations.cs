using System.Text;
using Tilth.Kernels;
using Tilth.Packaging;

namespace Tilth.Tests.Packaging;

/// <summary>
/// Changes a sound package: one mutation in four hits the file's raw bytes, the others hit an entry's content and put the
/// check sums right, so that they reach the readers of JSON, schema, nodes, preparations and models.
/// </summary>
sealed class PackageMutations(byte[] sound)
{
    static readonly string[] Tokens =
        ["-1", "0", "1", "2", "63", "2147483647", "4294967296", "1e308", "null", "true", "false", "[]", "{}", "\"\"", "\"trees\"", "\"linear\"", "\"Number\"", "\"Text\"", "\"Category\""];

    readonly List<(string Name, byte[] Content)> entries = Repacked.EntriesOf(sound);

    public byte[] Make(RandomSource random)
    {
        if (random.NextInt(4) == 0) return Mutate(sound, random);
        var changed = entries.ToList();
        int which = random.NextInt(8) is var draw && draw < 4 ? 0 : draw < 6 ? 2 : 1;
        byte[] content = changed[which].Content;
        if (which != 2 && random.NextInt(3) > 0) content = MutateToken(content, random);
        else content = Mutate(content, random);
        changed[which] = (changed[which].Name, content);
        if (random.NextInt(20) == 0)
        {
            int a = random.NextInt(changed.Count), b = random.NextInt(changed.Count);
            (changed[a], changed[b]) = ((changed[a].Name, changed[b].Content), (changed[b].Name, changed[a].Content));
        }
        return Repacked.Of(changed);
    }

    /// <summary>Turns bits, overwrites, removes, inserts or doubles a few bytes.</summary>
    static byte[] Mutate(byte[] from, RandomSource random)
    {
        var bytes = from.ToList();
        for (int change = random.NextInt(4); change >= 0; change--)
        {
            if (bytes.Count == 0) break;
            int at = random.NextInt(bytes.Count), length = Math.Min(bytes.Count - at, 1 + random.NextInt(16));
            switch (random.NextInt(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.NextInt(8)); break;
                case 1: bytes[at] = (byte)random.NextInt(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: for (int i = 0; i < length; i++) bytes[at + i] = (byte)(random.NextInt(2) * 255); break;
                default: if (random.NextInt(10) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Replaces a whole number or text of a JSON entry, so that it mostly stays valid JSON.</summary>
    static byte[] MutateToken(byte[] from, RandomSource random)
    {
        string json = Encoding.Latin1.GetString(from);
        int at = random.NextInt(json.Length);
        at = json.AsSpan(at).IndexOfAny(':', ',', '[') is var skip && skip < 0 ? -1 : at + skip;
        if (at < 0) return Mutate(from, random);
        int start = at + 1;
        while (start < json.Length && json[start] is ' ' or '\n') start++;
        int end = start;
        while (end < json.Length && json[end] is not (',' or ']' or '}' or '\n')) end++;
        return Encoding.Latin1.GetBytes(string.Concat(json.AsSpan(0, start), Tokens[random.NextInt(Tokens.Length)], json.AsSpan(end)));
    }

    /// <summary>
    /// Opens a mutated package and, if it opens, predicts its golden rows. True if it opened. Anything but a
    /// <see cref="PackageFormatException"/> comes through.
    /// </summary>
    public static bool Opens(byte[] mutated)
    {
        try
        {
            var package = PackageFile.Parse(mutated, "mutated.tilth");
            try
            {
                package.Verify();
            }
            catch (PackageFormatException)
            {
            }
            return true;
        }
        catch (PackageFormatException fault)
        {
            if (fault.Problems.Count == 0 || string.IsNullOrWhiteSpace(fault.Message)) throw new InvalidOperationException("a fault without a sentence");
            return false;
        }
    }
}
