using Tilth.Evaluation;
using Tilth.Honesty.Ledger;

namespace Tilth.Tests.Honesty;

public class OpeningLedgerTests
{
    static readonly Interval Score = new(0.8, 0.76, 0.84);

    [Fact]
    public void Openings_are_counted_for_the_rows_they_were_of()
    {
        using var file = new TemporaryLedger();
        var ledger = OpeningLedger.Read(file.Path);
        Assert.Null(ledger.Warning("rows A", "v1", Score));
        ledger.Add(new("2026-01-02", "ada", "v1", "rows A", "auc", 0.8));
        ledger.Add(new("2026-01-03", "bob", "v2", "rows A", "auc", double.NaN));
        var read = OpeningLedger.Read(file.Path);
        Assert.Null(read.BrokenLine);
        Assert.Equal(["ada", "bob"], read.Openings.Select(opening => opening.Who));
        Assert.Null(read.Warning("rows B", "v1", Score));
        string warning = read.Warning("rows A", "v3", Score)!;
        Assert.Contains("2 times before, last by bob on 2026-01-03", warning);
        Assert.Contains("3 packages", warning);
        // The largest of three normals is 0.8463 on average (Blom: 0.8193 = quantile of 2.625 / 3.25), a standard error here 0.04 / 1.96.
        Assert.Contains("up to about 0.0177", warning);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void A_line_that_was_changed_or_taken_away_shows(int line, bool taken)
    {
        using var file = new TemporaryLedger();
        var ledger = OpeningLedger.Read(file.Path);
        for (int i = 0; i < 3; i++) ledger.Add(new($"day {i}", "ada", $"v{i}", "rows", "auc", 0.5 + i / 10.0));
        var lines = File.ReadAllLines(file.Path).ToList();
        if (taken) lines.RemoveAt(line);
        else lines[line] = lines[line].Replace("0.5", "0.4");
        File.WriteAllLines(file.Path, lines);
        Assert.NotNull(OpeningLedger.Read(file.Path).BrokenLine);
        File.AppendAllText(file.Path, "not json\n");
        Assert.Contains("was changed", OpeningLedger.Read(file.Path).Warning("other rows", "v9", Score));
    }

    sealed class TemporaryLedger : IDisposable
    {
        readonly string folder = Directory.CreateTempSubdirectory("tilth-ledger").FullName;

        public string Path => System.IO.Path.Combine(folder, "test.csv.openings");

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
