using System.Text;
using System.Text.Json.Nodes;
using Tilth.Packaging;

namespace Tilth.Tests.Packaging;

/// <summary>Files that are no sound packages, each with a sentence that says what is wrong.</summary>
public sealed class HostilePackageTests : IDisposable
{
    static readonly byte[] Sound = SamplePackages.MakeSmall().ToBytes();

    readonly string folder = Directory.CreateTempSubdirectory("tilth-hostile").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Missing_folders_empty_and_foreign_files_are_named()
    {
        Assert.Contains("'nowhere.tilth' does not exist", Message(() => ModelPackage.Open("nowhere.tilth")));
        Assert.Contains("is a folder", Message(() => ModelPackage.Open(folder)));
        string path = Path.Combine(folder, "m.tilth");
        File.WriteAllBytes(path, []);
        Assert.Contains($"'{path}' is empty", Message(() => ModelPackage.Open(path)));
        File.WriteAllText(path, "age,city\n1,Bern\n");
        Assert.Contains("not a Tilth package", Message(() => ModelPackage.Open(path)));
        Assert.Contains("'stream'", Message(() => ModelPackage.Open(new MemoryStream([1, 2, 3]))));
    }

    [Fact]
    public void Every_truncation_is_found()
    {
        for (int length = 0; length < Sound.Length; length += 1 + length / 50)
            Message(() => PackageFile.Parse(Sound.AsMemory(0, length), "cut.tilth"));
        Message(() => PackageFile.Parse((byte[])[.. Sound, 0], "long.tilth"));
    }

    [Fact]
    public void Every_changed_byte_is_found()
    {
        byte[] bytes = [.. Sound];
        for (int at = 0; at < bytes.Length; at += at < 500 || at > bytes.Length - 600 ? 1 : 37)
        {
            bytes[at] ^= 0x10;
            Message(() => PackageFile.Parse(bytes, "changed.tilth"));
            bytes[at] ^= 0x10;
        }
    }

    [Fact]
    public void Entries_that_lie_about_their_size_or_repeat_or_swap_are_refused()
    {
        byte[] huge = [.. Sound];
        BitConverter.TryWriteBytes(huge.AsSpan(18), 0x7FFFFFF0u);
        BitConverter.TryWriteBytes(huge.AsSpan(22), 0x7FFFFFF0u);
        Assert.Contains("cut off", Message(() => PackageFile.Parse(huge, "huge.tilth")));
        var entries = Repacked.EntriesOf(Sound);
        Assert.Contains("two entries named 'schema.json'", Refused([.. entries, entries[1]]));
        Assert.Contains("holds", Refused([entries[1], entries[0], .. entries.Skip(2)]));
        Assert.Contains("out of its order", Refused([.. entries.Take(3), entries[4], entries[3]]));
        Assert.Contains("no document", Refused([.. entries, ("zz.exe", [1])]));
        Assert.Contains("SHA-256", Message(() => PackageFile.Parse(Repacked.Of([.. Repacked.EntriesOf(Sound).Take(3), ("checksums.txt", "x"u8.ToArray())], withChecksums: false), "sums.tilth")));
    }

    [Theory]
    [InlineData("{\"kind\":\"tilth package\",\"format\":2}", "format")]
    [InlineData("{\"kind\":\"other\",\"format\":1}", "'other'")]
    [InlineData("{\"kind\":\"tilth package\",\"kind\":\"tilth package\",\"format\":1}", "valid JSON")]
    [InlineData("{\"kind\":\"\\ud800\",\"format\":1}", "Unicode")]
    [InlineData("{\"\\ud800\":1}", "")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "valid JSON")]
    [InlineData("", "valid JSON")]
    public void A_wrong_manifest_is_refused(string manifest, string part)
    {
        var entries = Repacked.EntriesOf(Sound);
        entries[0] = (entries[0].Name, Encoding.UTF8.GetBytes(manifest));
        Assert.Contains(part, Refused(entries));
    }

    [Fact]
    public void Deep_nesting_and_unknown_kinds_are_refused()
    {
        var entries = Repacked.EntriesOf(Sound);
        entries[0] = (entries[0].Name, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))));
        Refused(entries);
        Assert.Contains("'virus'", Refused(Edited(json => json["model"]!["root"]!["kind"] = "virus")));
        Assert.Contains("'virus'", Refused(Edited(json => json["model"]!["root"]!["children"]![0]!["model"]!["kind"] = "virus")));
        Assert.Contains("deep", Refused(Edited(json =>
        {
            var root = json["model"]!["root"]!.DeepClone();
            for (int i = 0; i < 8; i++) root = new JsonObject { ["kind"] = "mean", ["children"] = new JsonArray(root) };
            json["model"]!["root"] = root;
        })));
    }

    [Fact]
    public void A_small_file_cannot_make_much_memory_by_naming_one_array_often()
    {
        var edited = Edited(json =>
        {
            var children = json["model"]!["root"]!["children"]!.AsArray();
            for (int i = 0; i < 900; i++) children.Add(children[0]!.DeepClone());
        });
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            PackageFile.Parse(Repacked.Of(edited), "wide.tilth");
        }
        catch (PackageFormatException)
        {
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200 << 20);
    }

    static List<(string Name, byte[] Content)> Edited(Action<JsonNode> edit)
    {
        var entries = Repacked.EntriesOf(Sound);
        var json = JsonNode.Parse(entries[0].Content)!;
        edit(json);
        entries[0] = (entries[0].Name, Encoding.UTF8.GetBytes(json.ToJsonString()));
        return entries;
    }

    static string Refused(IEnumerable<(string, byte[])> entries) => Message(() => PackageFile.Parse(Repacked.Of(entries), "edited.tilth"));

    static string Message(Action open)
    {
        var fault = Assert.Throws<PackageFormatException>(open);
        Assert.NotEmpty(Assert.Single(fault.Problems).Code);
        Assert.Contains("'", fault.Message);
        return fault.Message;
    }
}
