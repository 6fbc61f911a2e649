using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Search;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

public sealed class RelevantColumnsTests
{
    static readonly Candidate Relevant = Candidate.Parse("gradient_boosting", [("n_estimators", "40"), ("early_stopping_rounds", "0"), ("num_leaves", "8"), ("learning_rate", "0.15"), ("relevant_only", "true")], null);

    /// <summary>Three columns of numbers that say something, one of two levels that does, and columns of noise of both kinds.</summary>
    static Table Noisy(int rows, int noise, bool texts = false)
    {
        var random = new RandomSource(3);
        var plain = Make(rows, 4, classes: false);
        var side = new double[rows];
        for (int row = 0; row < rows; row++) side[row] = random.NextInt(2);
        double[] y = [.. ((NumberColumn)plain.Find("y")!).Values.ToArray().Select((value, row) => value + 2 * side[row])];
        var columns = new List<Column>(plain.Columns.Where(column => column.Name != "y"))
        {
            Codes("side", side), new NumberColumn("y", y),
        };
        for (int c = 0; c < noise; c++)
        {
            var column = new double[rows];
            for (int row = 0; row < rows; row++) column[row] = c % 5 == 0 ? random.NextInt(4) : random.NextGaussian();
            columns.Add(c % 5 == 0 ? Codes($"noise{c}", column) : new NumberColumn($"noise{c}", column));
        }
        if (texts) columns.Add(TextColumn.From("words", Enumerable.Range(0, rows).Select(row => (string?)$"word{random.NextInt(50)} and word{random.NextInt(50)} of row {row}")));
        return new Table([.. columns]);
    }

    static TextColumn Codes(string name, double[] codes) => TextColumn.From(name, codes.Select(code => (string?)"abcd".Substring((int)code, 1)));

    static HashSet<string> KeptOf(TrainingTable data)
    {
        var prepared = new PreparedSets(new SearchData(data, [.. Enumerable.Range(0, data.RowCount)], 3, null, 1), long.MaxValue);
        return [.. prepared.Of(Relevant, 0, 0, [.. Enumerable.Range(0, data.RowCount)], FitContext.Default).Preparation.Inputs.Select(input => input.Column)];
    }

    [Fact]
    public void What_says_something_stays_and_most_noise_goes()
    {
        var kept = KeptOf(Read(Noisy(700, 60)));
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "x1", "x2", "x3", "side" }, kept);
        Assert.True(kept.Count <= 12, $"{kept.Count} of 65 columns are kept: {string.Join(", ", kept)}");
    }

    [Fact]
    public void Texts_stay()
        => Assert.Contains("words", KeptOf(Read(Noisy(200, 5, texts: true))));

    [Fact]
    public void Noise_alone_leaves_a_column_and_a_model()
    {
        var found = Run(Make(150, 5, noise: true), new SearchPlan { Trials = 1 }, portfolio: [Relevant]);
        Assert.NotEmpty(found.Node.SourceColumns);
    }

    [Fact]
    public void Fewer_columns_are_better_among_much_noise()
    {
        var table = Noisy(500, 100);
        var found = Run(table, new SearchPlan { Trials = 2 }, portfolio: [Relevant, Candidate.Parse("gradient_boosting", Relevant.Settings.Where(setting => setting.Name != "relevant_only"), null)]);
        Assert.Contains("relevant_only=true", found.Board!.Rows[0].Model);
    }

    [Fact]
    public void It_gives_the_same_bits_on_three_threads_and_when_its_key_is_read_again()
    {
        var table = Noisy(200, 30);
        using var three = new WorkerPool(3);
        var one = Run(table, new SearchPlan { Trials = 1 }, portfolio: [Relevant]);
        var again = Candidate.Parse(Relevant.Entry.Name, Relevant.Settings, null);
        Assert.Equal(Relevant.Key, again.Key);
        var other = Run(table, new SearchPlan { Trials = 1 }, FitContext.Default with { Workers = three }, portfolio: [again]);
        Assert.Equal(one.Node.Predict(Read(table).Table), other.Node.Predict(Read(table).Table));
    }
}
