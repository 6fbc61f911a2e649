using System.Text;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Tests.Data;

public class SchemaJsonTests
{
    static readonly Schema Full = new()
    {
        Columns =
        [
            new() { Name = "a \"b\" é <x>", Kind = ColumnKind.Number, Min = -0.1, Max = double.PositiveInfinity, Format = new() { DecimalComma = true, Affix = "€", MissingMarkers = ["?", "NA"] } },
            new() { Name = "when", Kind = ColumnKind.DateTime, Role = ColumnRole.Time, Min = new DateTime(2020, 1, 2).Ticks, Max = (double)new DateTime(2021, 3, 4, 5, 6, 7, 89).Ticks, Format = new() { DatePattern = "d.M.yyyy" } },
            new() { Name = "flag", Kind = ColumnKind.Boolean, Min = 0, Max = 1, Format = new() { TrueWord = "ja", FalseWord = "nein" } },
            new() { Name = "city", Kind = ColumnKind.Category, Levels = new LevelSet(["Bern", "Zürich", "#1"]) },
            new() { Name = "note", Kind = ColumnKind.Text, Role = ColumnRole.Ignored },
            new() { Name = "y", Kind = ColumnKind.Category, Role = ColumnRole.Target, Levels = new LevelSet(["no", "yes"]) },
        ],
        Target = new() { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] },
    };

    [Fact]
    public void A_round_trip_keeps_everything()
    {
        byte[] json = SchemaJson.Write(Full);
        var read = SchemaJson.Read(json);
        Assert.Equal(json, SchemaJson.Write(read));
        for (int i = 0; i < Full.Columns.Count; i++)
        {
            var (a, b) = (Full.Columns[i], read.Columns[i]);
            Assert.Equal((a.Name, a.Kind, a.Role, a.Min, a.Max), (b.Name, b.Kind, b.Role, b.Min, b.Max));
            Assert.Equal(Enumerable.Range(0, a.Levels.Count).Select(a.Levels.NameOf), Enumerable.Range(0, b.Levels.Count).Select(b.Levels.NameOf));
            Assert.Equal((a.Format.DecimalComma, a.Format.Affix, a.Format.DatePattern, a.Format.TrueWord), (b.Format.DecimalComma, b.Format.Affix, b.Format.DatePattern, b.Format.TrueWord));
            Assert.Equal(a.Format.MissingMarkers, b.Format.MissingMarkers);
        }
        Assert.Equal(Full.Target!.Classes, read.Target!.Classes);
    }

    [Theory]
    [InlineData("[]", "is a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{\"version\":2,\"columns\":[]}", "version 2")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"a\",\"knd\":\"number\"}]}", "did you mean 'kind'?")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"a\",\"kind\":\"nmber\"}]}", "'number', 'category'")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"a\",\"kind\":\"number\"},{\"name\":\"a\",\"kind\":\"number\"}]}", "stands twice")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"a\",\"kind\":\"category\",\"levels\":[\"x\",\"x\"]}]}", "level 'x' twice")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"a\",\"kind\":\"category\",\"levels\":[7]}]}", "neither a text")]
    [InlineData("{\"version\":1,\"columns\":[{\"name\":\"\\ud800\",\"kind\":\"number\"}]}", "'name' must be a text")]
    [InlineData("{\"version\":1,\"\\ud800\":1,\"columns\":[]}", "schema")]
    [InlineData("{\"version\":1,\"columns\":[],\"target\":{\"column\":\"y\",\"task\":\"binary\"}}", "not among the columns")]
    public void What_is_wrong_is_said(string json, string words)
        => Assert.Contains(words, Assert.Throws<SchemaException>(() => SchemaJson.Read(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void Mutated_bytes_give_a_schema_or_a_schema_exception()
    {
        byte[] json = SchemaJson.Write(Full);
        for (ulong seed = 0; seed < 5000; seed++)
        {
            var random = new RandomSource(seed);
            byte[] bytes = [.. json];
            for (int i = random.NextInt(4); i >= 0; i--) bytes[random.NextInt(bytes.Length)] = (byte)"\"{}[]:,0a\\\u007f"[random.NextInt(11)];
            if (random.NextInt(5) == 0) bytes = bytes[..random.NextInt(bytes.Length)];
            try { SchemaJson.Read(bytes); }
            catch (SchemaException) { }
            try { SchemaJson.ReadFromPackage(bytes); }
            catch (PackageFormatException) { }
        }
    }
}
