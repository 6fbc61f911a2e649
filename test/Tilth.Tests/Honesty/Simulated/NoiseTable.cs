using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Tests.Honesty.Simulated;

/// <summary>Tables of mixed columns whose target was drawn without looking at any of them.</summary>
static class NoiseTable
{
    static readonly string[] Words = "red green blue late early door window price broken refund please thanks order never again arrived small large".Split(' ');

    /// <summary>4 to 15 columns: numbers, counts, skewed amounts, truth values, few and many levels, dates, texts; some with holes.</summary>
    /// <param name="task">The target "y" is of 2 or 3 to 5 classes, even or rare, or a number, plain or skewed.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="seed">Decides everything.</param>
    public static Table Draw(TaskKind task, int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var columns = new List<Column>();
        int count = 4 + random.NextInt(12);
        for (int c = 0; c < count; c++) columns.Add(Feature($"x{c}", random.NextInt(8), rows, random.Child(c)));
        columns.Add(Target(task, rows, random.Child(-1)));
        return new Table(columns);
    }

    static Column Feature(string name, int kind, int rows, RandomSource random)
    {
        double holes = random.NextInt(3) == 0 ? 0.1 * random.NextDouble() : 0;
        bool Hole() => holes > 0 && random.NextDouble() < holes;
        double[] Numbers(Func<double> next) => [.. Enumerable.Range(0, rows).Select(_ => Hole() ? double.NaN : next())];
        int levels = kind == 5 ? Math.Max(10, rows / 20) : 2 + random.NextInt(9);
        return kind switch
        {
            0 => new NumberColumn(name, Numbers(random.NextGaussian)),
            1 => new NumberColumn(name, Numbers(() => random.NextInt(12))),
            2 => new NumberColumn(name, Numbers(() => Math.Round(100 * Elementary.Exp(1.2 * random.NextGaussian()), 2))),
            3 => TextColumn.From(name, [.. Enumerable.Range(0, rows).Select(_ => Hole() ? null : random.NextInt(3) == 0 ? "yes" : "no")]),
            6 => TextColumn.From(name, [.. Enumerable.Range(0, rows).Select(_ => Hole() ? null : new DateTime(2023, 1, 1).AddDays(random.NextInt(900)).ToString("yyyy-MM-dd"))]),
            7 => TextColumn.From(name, [.. Enumerable.Range(0, rows).Select(_ => Hole() ? null : string.Join(' ', Enumerable.Range(0, 3 + random.NextInt(9)).Select(_ => Words[random.NextInt(Words.Length)])))]),
            _ => TextColumn.From(name, [.. Enumerable.Range(0, rows).Select(_ => Hole() ? null : $"level {(int)(levels * random.NextDouble() * random.NextDouble())}")]),
        };
    }

    static Column Target(TaskKind task, int rows, RandomSource random)
    {
        bool skewed = random.NextInt(2) == 0;
        if (task == TaskKind.Regression) return new NumberColumn("y", Enumerable.Range(0, rows).Select(_ => skewed ? 1000 * Elementary.Exp(random.NextGaussian()) : 50 + 10 * random.NextGaussian()).ToArray());
        int classes = task == TaskKind.Binary ? 2 : 3 + random.NextInt(3);
        double first = skewed ? 0.8 : 1.0 / classes;
        return TextColumn.From("y", [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < first ? "class 0" : $"class {1 + random.NextInt(classes - 1)}")]);
    }
}
