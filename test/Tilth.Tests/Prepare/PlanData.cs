using Tilth.Data;
using Tilth.Kernels;
using Tilth.Prepare;

namespace Tilth.Tests.Prepare;

/// <summary>A mixed table with its schema, for tests of whole plans.</summary>
static class PlanData
{
    /// <summary>Every way in which the forms can be combined.</summary>
    public static IEnumerable<PreparationNeeds> AllNeeds =>
        from numbers in Enum.GetValues<NumberForm>()
        from fill in new[] { false, true }
        from categories in Enum.GetValues<CategoryForm>()
        from text in Enum.GetValues<TextForm>()
        select new PreparationNeeds { Numbers = numbers, FillMissing = fill, Categories = categories, Text = text, TargetStatisticsAbove = 20 };

    public static Schema SchemaOf(Table table) => new()
    {
        Columns = [.. table.Columns.Select(column => new ColumnSchema
        {
            Name = column.Name, Kind = column.Kind, Levels = (column as CategoryColumn)?.Levels ?? LevelSet.Empty,
            Role = column.Name == "id" ? ColumnRole.Identifier : ColumnRole.Feature,
        })],
    };

    public static Table Mixed(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        int next = 0;
        double[] Column(Func<double> draw) => [.. Enumerable.Range(0, rows).Select(_ => draw())];
        string[] words = ["red", "green", "blue", "good", "bad", "Apple", "pear", "über", "42", "of"];
        var x = Column(random.NextGaussian);
        return new([
            new NumberColumn("id", Column(() => next++)),
            new NumberColumn("x", x),
            new NumberColumn("copy", x),
            new NumberColumn("income", Column(() => random.NextInt(10) == 0 ? double.NaN : 1000 * Elementary.Exp(random.NextGaussian()))),
            new NumberColumn("constant", Column(() => 7)),
            new NumberColumn("nothing", Column(() => double.NaN)),
            new BooleanColumn("flag", Enumerable.Range(0, rows).Select(_ => (sbyte)(random.NextInt(3) - 1)).ToArray()),
            new DateTimeColumn("when", Enumerable.Range(0, rows).Select(_ => random.NextInt(20) == 0 ? DateTimeColumn.Missing
                : new DateTime(2019, 1, 1).Ticks + random.NextInt(900) * TimeSpan.TicksPerDay).ToArray()),
            Category("color", rows, 4, random, true),
            Category("two", rows, 2, random, false),
            Category("city", rows, 300, random, false),
            TextColumn.From("note", Enumerable.Range(0, rows).Select(_ => random.NextInt(15) == 0 ? null
                : string.Join(' ', Enumerable.Range(0, random.NextInt(8)).Select(_ => words[random.NextInt(words.Length)])))),
        ]);
    }

    static CategoryColumn Category(string name, int rows, int levels, RandomSource random, bool missing)
        => new(name, Enumerable.Range(0, rows).Select(_ => missing && random.NextInt(10) == 0 ? -1 : random.NextInt(levels)).ToArray(),
            new LevelSet([.. Enumerable.Range(0, levels).Select(i => $"{name}{i}")]));

    public static Target RandomTarget(int rows, TaskKind task, ulong seed)
    {
        var random = new RandomSource(seed);
        return new(Contracts.ContractData.TargetOf(task), [.. Enumerable.Range(0, rows).Select(_ => task switch
        {
            TaskKind.Binary => random.NextInt(2),
            TaskKind.Multiclass => random.NextInt(3),
            _ => random.NextGaussian(),
        })]);
    }
}
