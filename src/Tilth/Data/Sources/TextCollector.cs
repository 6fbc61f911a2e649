using System.Runtime.InteropServices;
using System.Text;
using Tilth.Kernels;

namespace Tilth.Data.Sources;

/// <summary>
/// Collects a textual column: codes into levels in the order of their first sight while these stay few, else the texts themselves.
/// </summary>
internal sealed class TextCollector
{
    /// <summary>More levels than this make a text column.</summary>
    public const int MostLevels = 65_536;

    /// <summary>Up to this many rows a category may have a level for each.</summary>
    public const int FewRows = 200;

    readonly Dictionary<ulong, int> codeOf = [];
    readonly List<string> names = [];
    readonly List<ulong> keys = [];
    readonly List<int> codes = [];
    TextColumnBuilder? texts;
    int rows;

    public int Count => rows;

    public void AddMissing()
    {
        rows++;
        if (texts is not null) texts.AddMissing();
        else codes.Add(-1);
    }

    /// <summary>Adds a text; an empty one is missing.</summary>
    public void Add(ReadOnlySpan<byte> utf8) => Add(utf8, StableHash.Of(utf8));

    /// <summary>Adds a text whose <see cref="StableHash"/> is known.</summary>
    public void Add(ReadOnlySpan<byte> utf8, ulong hash)
    {
        if (utf8.Length == 0)
        {
            AddMissing();
            return;
        }
        rows++;
        if (texts is not null)
        {
            texts.Add(utf8);
            return;
        }
        ref int code = ref CollectionsMarshal.GetValueRefOrAddDefault(codeOf, hash, out bool known);
        if (!known)
        {
            code = names.Count;
            names.Add(Encoding.UTF8.GetString(utf8));
            keys.Add(hash);
        }
        codes.Add(code);
        if (names.Count > MostLevels) TurnToText();
    }

    /// <summary>The column; <paramref name="canonical"/> may spell a level as a schema knows it.</summary>
    public Column Build(string name, Func<string, string>? canonical = null)
    {
        if (texts is null && rows > FewRows && names.Count > rows / 2) TurnToText();
        if (texts is not null) return texts.Build(name);
        if (canonical is not null) return Respelled(name, canonical);
        return new CategoryColumn(name, codes.ToArray(), new LevelSet([.. names], [.. keys]));
    }

    CategoryColumn Respelled(string name, Func<string, string> canonical)
    {
        var spelled = names.ConvertAll(level => canonical(level));
        var levels = spelled.Distinct(StringComparer.Ordinal).ToList();
        var codeOfName = levels.Select((level, code) => (level, code)).ToDictionary(pair => pair.level, pair => pair.code, StringComparer.Ordinal);
        return new CategoryColumn(name, codes.Select(code => code < 0 ? -1 : codeOfName[spelled[code]]).ToArray(), new LevelSet(levels));
    }

    void TurnToText()
    {
        texts = new TextColumnBuilder();
        foreach (int code in codes)
            if (code < 0) texts.AddMissing();
            else texts.Add(names[code]);
        codes.Clear();
        codes.TrimExcess();
        names.Clear();
        codeOf.Clear();
    }
}

/// <summary>Collects numbers into one array that grows by half where its first size was too small.</summary>
internal sealed class NumberCollector(long expected)
{
    double[] values = GC.AllocateUninitializedArray<double>((int)Math.Clamp(expected, 1024, Array.MaxLength));

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<double> more)
    {
        if (values.Length - Count < more.Length)
        {
            var larger = GC.AllocateUninitializedArray<double>((int)Math.Min(Array.MaxLength, Math.Max((long)Count + more.Length, values.Length * 3L / 2)));
            values.AsSpan(0, Count).CopyTo(larger);
            values = larger;
        }
        more.CopyTo(values.AsSpan(Count));
        Count += more.Length;
    }

    /// <summary>The column; memory beyond an eighth of it is given back.</summary>
    public NumberColumn Build(string name)
        => new(name, values.Length - Count > Count / 8 + 1024 ? values[..Count] : values.AsMemory(0, Count));
}
