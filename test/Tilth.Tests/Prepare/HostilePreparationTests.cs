using System.Text;
using System.Text.Json.Nodes;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parts;
using Tilth.Prepare;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Prepare;

/// <summary>A preparation from a stranger is either refused with a sentence or runs without harm.</summary>
public class HostilePreparationTests
{
    static readonly Table Table = PlanData.Mixed(60, 5);

    static PreparationBytes[] Samples()
    {
        var target = PlanData.RandomTarget(60, TaskKind.Multiclass, 6);
        PreparationNeeds[] needs = [new() { TargetStatisticsAbove = 20 },
            new() { Numbers = NumberForm.Standard, FillMissing = true, Categories = CategoryForm.OneHot, Text = TextForm.Sparse, TextHashBits = 8 },
            new() { Numbers = NumberForm.Robust, FillMissing = true, Categories = CategoryForm.TargetEncoded, Text = TextForm.Sparse }];
        return [.. needs.Select(n => PreparationBytes.Of(PreparationPlan.For(PlanData.SchemaOf(Table), n)
            .Fit(Table, target, [.. Enumerable.Range(0, 60)], FitContext.Default).Preparation)),
            .. StepSamples.All.Select(sample => PreparationBytes.Of(sample.Preparation))];
    }

    [Fact]
    public void Mutations_are_refused_or_harmless()
    {
        var samples = Samples();
        var random = new RandomSource(11);
        int refused = 0, ran = 0;
        var nasty = StepSamples.NastyTable(40);
        for (int round = 0; round < 3000; round++)
        {
            int which = round % samples.Length;
            var mutant = random.NextInt(2) == 0 ? MutateManifest(samples[which], random) : MutateArray(samples[which], random);
            try
            {
                var preparation = mutant.Read();
                preparation.Apply(which < 3 ? Table : nasty);
                ran++;
            }
            catch (PackageFormatException) { refused++; }
            catch (SchemaException) { refused++; }
            catch (System.Text.Json.JsonException) { }
        }
        Assert.True(refused > 500 && ran > 200, $"{refused} refused, {ran} ran");
    }

    static PreparationBytes MutateManifest(PreparationBytes sample, RandomSource random)
    {
        var root = JsonNode.Parse(sample.Json)!;
        var places = new List<JsonNode>();
        Collect(root, places);
        var place = places[random.NextInt(places.Count)];
        if (place.Parent is JsonArray list && random.NextInt(4) == 0) list.Add(place.DeepClone());
        else place.ReplaceWith(Odd(place, random));
        return sample with { Json = root.ToJsonString() };
    }

    static JsonNode? Odd(JsonNode place, RandomSource random)
    {
        int number = place.GetValueKind() == System.Text.Json.JsonValueKind.Number ? (int)place.AsValue().GetValue<double>() : 0;
        return random.NextInt(8) switch
        {
            0 => JsonValue.Create(number + 1), 1 => JsonValue.Create(number - 1), 2 => JsonValue.Create(-1), 3 => JsonValue.Create(int.MaxValue),
            4 => JsonValue.Create("x"), 5 => null, 6 => JsonValue.Create(random.NextInt(4)), _ => new JsonArray(),
        };
    }

    static void Collect(JsonNode node, List<JsonNode> places)
    {
        if (node.Parent is not null) places.Add(node);
        if (node is JsonObject o) foreach (var (_, child) in o) { if (child is not null) Collect(child, places); }
        else if (node is JsonArray a) foreach (var child in a) if (child is not null) Collect(child, places);
    }

    static PreparationBytes MutateArray(PreparationBytes sample, RandomSource random)
    {
        var arrays = new ArrayStore();
        int victim = random.NextInt(Math.Max(1, sample.Arrays.Count));
        for (int i = 0; i < sample.Arrays.Count; i++)
        {
            var (type, bytes) = sample.Arrays.Entries[i];
            byte[] copy = bytes.ToArray();
            if (i == victim)
            {
                int size = ElementTypes.SizeOf(type);
                if (random.NextInt(4) == 0) copy = copy[..(copy.Length / size / 2 * size)];
                else if (copy.Length > 0) copy[random.NextInt(copy.Length)] = (byte)random.NextInt(256);
            }
            arrays.Append(type, copy);
        }
        return sample with { Arrays = arrays };
    }

    [Fact]
    public void Unsound_programs_are_named()
    {
        Refuses("read before it is written", new FrameLayout(3, 0, 0, 0), [new MissingStep(1, 2), new MissingStep(0, 1)]);
        Refuses("written twice", new FrameLayout(2, 0, 0, 0), [new MissingStep(0, 1), new MissingStep(0, 1)]);
        Refuses("outside", new FrameLayout(2, 0, 0, 0), [new MissingStep(0, 2)]);
        Refuses("outside", new FrameLayout(2, 0, 0, 0), [new MissingStep(-1, 1)]);
        Refuses("no step writes", new FrameLayout(1_000_000, 0, 0, 0), [new MissingStep(0, 1)]);
    }

    static void Refuses(string why, FrameLayout layout, PreparationStep[] steps)
        => Assert.Contains(why, Assert.Throws<PackageFormatException>(() =>
            new Preparation([new("x", ColumnKind.Number, 0)], layout, steps, new([], [], []), [], [])).Message);

    [Fact]
    public void Terms_chosen_to_collide_are_refused()
    {
        var keys = Enumerable.Range(0, 2000).Select(i => (ulong)i << 50).ToArray();
        Assert.Throws<ArgumentException>(() => new TermIndex(keys, keys.Length));
    }

    [Fact]
    public void Any_bytes_are_a_text()
    {
        var random = new RandomSource(3);
        var scratch = new TextScratch();
        for (int round = 0; round < 2000; round++)
        {
            var bytes = new byte[random.NextInt(60)];
            foreach (ref byte b in bytes.AsSpan()) b = random.NextInt(2) == 0 ? (byte)random.NextInt(256) : Encoding.UTF8.GetBytes(" aÄ日")[random.NextInt(7)];
            Assert.InRange(TextTerms.Words(bytes, 2, scratch), 0, bytes.Length + 1);
            Assert.InRange(TextTerms.Characters(bytes, 3, 5, scratch), 0, bytes.Length * 6 + 6);
            Assert.InRange(TextCounts.Of(bytes).Characters, 0, bytes.Length);
        }
    }
}
