using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Packaging;
using Tilth.Tests.Models.Nodes;

namespace Tilth.Tests.Packaging;

public sealed class ModelPackageTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("tilth-package").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<TaskKind> Tasks => [TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression];

    [Theory, MemberData(nameof(Tasks))]
    public void A_package_comes_back_with_every_part_and_the_same_bytes(TaskKind task)
    {
        var package = SamplePackages.Make(task);
        string path = Path.Combine(folder, "m.tilth");
        package.Save(path);
        var back = ModelPackage.Open(path);
        back.Verify();
        Assert.Equal(package.ContentHash, back.ContentHash);
        Assert.Equal(package.Version, package.ContentHash[..12]);
        Assert.Equal(File.ReadAllBytes(path), back.ToBytes());
        var table = SampleNodes.Make(task).Table;
        Assert.Equal(package.Node.Predict(table), back.Node.Predict(table));
        Assert.Equal(package.Head.Outputs, back.Head.Outputs);
        Assert.Equal(package.Documents.Keys.Order(), back.Documents.Keys);
        Assert.Equal("""{"seed":1}""", Encoding.UTF8.GetString(back.Documents["lineage.json"].Span));
        Assert.Equal(package.Profile!.Columns.Select(c => c.Name), back.Profile!.Columns.Select(c => c.Name));
        Assert.Equal(package.Profile.Columns.SelectMany(c => c.Quantiles), back.Profile.Columns.SelectMany(c => c.Quantiles));
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public void The_same_objects_give_the_same_bytes_and_another_part_another_hash()
    {
        var package = SamplePackages.Make(TaskKind.Binary);
        Assert.Equal(package.ToBytes(), SamplePackages.Make(TaskKind.Binary).ToBytes());
        var other = new ModelPackage(package.Schema, package.Node, package.Head with { Rule = new DecisionRule(DecisionKind.Threshold, 0.41) }, package.Profile, package.Documents);
        Assert.NotEqual(package.ContentHash, other.ContentHash);
    }

    [Fact]
    public void Any_zip_program_can_look_inside_and_sha256sum_can_check_it()
    {
        using var zip = new ZipArchive(new MemoryStream(SamplePackages.Make(TaskKind.Binary).ToBytes()));
        Assert.Equal(["manifest.json", "schema.json", "arrays.bin", "evaluation.json", "lineage.json", "checksums.txt"], zip.Entries.Select(entry => entry.FullName));
        var sums = Encoding.ASCII.GetString(ContentOf(zip.Entries[^1])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int e = 0; e < sums.Length; e++)
        {
            Assert.Equal(1980, zip.Entries[e].LastWriteTime.Year);
            Assert.Equal(zip.Entries[e].CompressedLength, zip.Entries[e].Length);
            Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(ContentOf(zip.Entries[e])))}  {zip.Entries[e].FullName}", sums[e]);
        }
        using var manifest = JsonDocument.Parse(ContentOf(zip.Entries[0]));
        Assert.Equal(1, manifest.RootElement.GetProperty("format").GetInt32());
    }

    [Fact]
    public void Verify_finds_a_prediction_that_has_changed()
    {
        var package = SamplePackages.Make(TaskKind.Regression);
        var entries = StoredZip.Read(package.ToBytes());
        var doubled = Repacked.WithChangedPrediction(entries);
        var opened = PackageFile.Parse(doubled, "changed.tilth");
        Assert.Contains("golden row 1", Assert.Throws<PackageFormatException>(opened.Verify).Message);
    }

    [Fact]
    public void Golden_rows_cover_missing_values_ends_and_levels()
    {
        var package = SamplePackages.Make(TaskKind.Binary);
        var rows = package.Golden.Rows;
        Assert.All(rows.Columns, column => Assert.True(column.IsMissing(0)));
        Assert.Equal(package.Schema.Find("x")!.Min, ((NumberColumn)rows["x"]).Values.Span[1]);
        Assert.Equal(package.Schema.Find("x")!.Max, ((NumberColumn)rows["x"]).Values.Span[2]);
        Assert.True(((CategoryColumn)rows["city"]).Codes.ToArray().Distinct().Count() > 5);
        Assert.Equal(rows.RowCount, package.Golden.Predictions.Length);
    }

    [Fact]
    public void A_failed_save_leaves_the_old_package_and_no_litter()
    {
        var package = SamplePackages.Make(TaskKind.Binary);
        string path = Path.Combine(folder, "m.tilth");
        package.Save(path);
        string blocked = Path.Combine(folder, "folder.tilth");
        Directory.CreateDirectory(blocked);
        Assert.ThrowsAny<Exception>(() => package.Save(blocked));
        Assert.ThrowsAny<IOException>(() => package.Save(Path.Combine(folder, "no", "where.tilth")));
        Assert.Equal([path], Directory.GetFiles(folder));
        ModelPackage.Open(path).Verify();
    }

    [Fact]
    public void Parts_that_do_not_fit_each_other_are_refused()
    {
        var package = SamplePackages.Make(TaskKind.Binary);
        var (schema, node, head) = (package.Schema, package.Node, package.Head);
        Assert.Throws<ArgumentException>(() => new ModelPackage(schema with { Target = null }, node, head));
        Assert.Throws<ArgumentException>(() => new ModelPackage(schema, SampleNodes.Make(TaskKind.Multiclass).Node, head));
        var without = schema with { Columns = [.. schema.Columns.Where(column => column.Name != "x")] };
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => new ModelPackage(without, node, head)).Message);
        foreach (string name in (string[])["../x.json", "manifest.json", "schema.json", "X.json", "x.txt", "", ".json"])
            Assert.Throws<ArgumentException>(() => new ModelPackage(schema, node, head, null, new Dictionary<string, ReadOnlyMemory<byte>> { [name] = default }));
    }

    static byte[] ContentOf(ZipArchiveEntry entry)
    {
        using var from = entry.Open();
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }
}
