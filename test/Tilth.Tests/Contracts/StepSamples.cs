using Tilth.Data;
using Tilth.Kernels;
using Tilth.Prepare;

namespace Tilth.Tests.Contracts;

/// <summary>One small preparation for every kind of step, and a table with every nasty value.</summary>
static class StepSamples
{
    public static Table NastyTable(int rows = 300, ulong seed = 1)
    {
        var random = new RandomSource(seed);
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 0, -0.0, double.Epsilon];
        string?[] texts = [null, "", " ", "The quick brown Fox", "x", "ÄÖ straße 日本語 text", "!!!", "a b a b a b", new string('w', 700), "fox 12 3.5"];
        var x = Enumerable.Range(0, rows).Select(i => i < odd.Length ? odd[i] : random.NextGaussian() * 10).ToArray();
        var codes = Enumerable.Range(0, rows).Select(i => i < 2 ? -1 : random.NextInt(6)).ToArray();
        var ticks = Enumerable.Range(0, rows).Select(i => i switch
        {
            0 => DateTimeColumn.Missing, 1 => -5, 2 => long.MaxValue, 3 => 0,
            _ => new DateTime(2020, 1, 1).Ticks + random.NextInt(1 << 30) * 10_000_000L,
        }).ToArray();
        var flags = Enumerable.Range(0, rows).Select(i => (sbyte)(i % 3 - 1)).ToArray();
        var words = Enumerable.Range(0, rows).Select(i => i < texts.Length ? texts[i] : $"{texts[3 + random.NextInt(6)]} w{random.NextInt(20)}");
        return new([
            new NumberColumn("x", x), new CategoryColumn("k", codes, new LevelSet(["a", "b", "c", "d", "e", "unseen"])),
            new DateTimeColumn("d", ticks), new BooleanColumn("b", flags), TextColumn.From("t", words)]);
    }

    public static IReadOnlyList<(string Kind, Preparation Preparation)> All { get; } =
    [
        Number(new FillStep(0, 1, 0.5, -20, 20)),
        Number(new MissingStep(0, 1)),
        Number(new SkewStep(0, 1, 0, 2, 0.3)),
        Number(new ScaleStep(0, 1, 1.5, 3, clip: true)),
        (DatePartStep.Kind, new([new("d", ColumnKind.DateTime, 0)], new(2, 0, 0, 0), [new DatePartStep(0, 1, DatePart.Hour)], Dense("d", 1), [1], [])),
        (CycleStep.Kind, new([new("x", ColumnKind.Number, 0)], new(3, 0, 0, 0), [new CycleStep(0, 1, 2, 7)], Dense("x", 2), [1, 2], [])),
        (PairStep.Kind, new([new("x", ColumnKind.Number, 0), new("d", ColumnKind.DateTime, 1)], new(3, 0, 0, 0), [new PairStep(0, 1, 2, PairOperation.Ratio)], Dense("x", 1), [2], [])),
        (RecodeStep.Kind, new([new("k", ColumnKind.Category, 0)], new(0, 2, 0, 0), [new RecodeStep(0, 1, [2, 0, 1, -1, 2], 3)],
            new([], [new(new("k", ["k"]), 3)], []), [], [1])),
        Code(new LookupStep(0, 0, [0.5, 1, 1.5, 2], 9), 1),
        Code(new OneHotStep(0, 0, [0, 1, -1, 2, 2], 4, 3), 4),
        (SparseOneHotStep.Kind, new([new("k", ColumnKind.Category, 0)], new(0, 1, 0, 1), [new SparseOneHotStep(0, 0, [0, 1, -1, 2, 2], 4, 3)],
            new([], [], [new(new("k", ["k"]), 0, 4, null)]), [], [])),
        (TextCountStep.Kind, new([new("t", ColumnKind.Text, 0)], new(6, 0, 1, 0), [new TextCountStep(0, 0)], Dense("t", 6), [0, 1, 2, 3, 4, 5], [])),
        (TfIdfStep.Kind, new([new("t", ColumnKind.Text, 0)], new(0, 0, 1, 2), [Hashed(0, TermForm.WordPairs), Vocabulary(1)],
            new([], [], [new(new("words", ["t"]), 0, 64, null), new(new("characters", ["t"]), 64, 3, null)]), [], [])),
        (SparseScoreStep.Kind, new([new("t", ColumnKind.Text, 0)], new(2, 0, 1, 2),
            [Hashed(0, TermForm.WordPairs), Hashed(1, TermForm.Trigrams), new SparseScoreStep([0, 1], 0, [0.1, -2], [Weights(128), Weights(128)])],
            Dense("t", 2), [0, 1], [])),
    ];

    static (string, Preparation) Number(PreparationStep step)
        => (step.PartKind, new([new("x", ColumnKind.Number, 0)], new(2, 0, 0, 0), [step], Dense("x", 1), [1], []));

    static (string, Preparation) Code(PreparationStep step, int width)
        => (step.PartKind, new([new("k", ColumnKind.Category, 0)], new(width, 1, 0, 0), [step], Dense("k", width), [.. Enumerable.Range(0, width)], []));

    static FeatureMap Dense(string source, int count) => new([.. Enumerable.Range(0, count).Select(i => new Feature($"{source}{i}", [source]))], [], []);

    static TfIdfStep Hashed(int segment, TermForm form)
        => new(0, segment, form, new TermIndex([], 64), [.. Enumerable.Range(1, 64).Select(i => i * 0.1f)]);

    static TfIdfStep Vocabulary(int segment)
    {
        ulong[] keys = [.. new[] { "fox", " th", "日本語" }.Select(term => TextTerms.HashOf([.. term.EnumerateRunes().Select(rune => rune.Value)]))];
        return new(0, segment, TermForm.Trigrams, new TermIndex(keys, 3), [1, 2, 3]);
    }

    static float[] Weights(int count)
    {
        var random = new RandomSource(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
    }
}
