using Tilth.Data;
using Tilth.Honesty;
using Tilth.Kernels;
using Tilth.Learners.Linear;

namespace Tilth.Tests.Honesty;

public class VerdictTests
{
    [Fact]
    public void Noise_is_hardly_ever_called_a_signal_and_signal_hardly_ever_none()
    {
        int signals = 0, hints = 0, missed = 0;
        const int Tables = 40;
        for (ulong seed = 0; seed < Tables; seed++)
        {
            var noise = Mark(Make(250, 0, seed));
            if (noise == VerdictMark.Signal) signals++;
            if (noise != VerdictMark.None) hints++;
            if (Mark(Make(500, 1, seed)) == VerdictMark.None) missed++;
        }
        Assert.True(signals <= 1 && hints <= 5 && missed <= 2, $"{signals} signals and {hints} hints in {Tables} tables of noise, {missed} signals missed");
    }

    [Fact]
    public void The_sentences_say_how_sure_and_whether_rows_are_enough()
    {
        var few = Run(Make(60, 0, 5));
        Assert.Contains("more rows are needed", few.Enough);
        var many = Run(Make(4000, 2, 5));
        Assert.Contains("enough rows", many.Enough);
        Assert.Contains("fewer than 1 of 1,000", many.Sentence);
        Assert.Contains("not learned from it", many.Optimism);
    }

    static VerdictMark Mark(Table table) => Run(table).Mark;

    static Verdict Run(Table table) => (Training.For("y") with { Learner = new LogisticRegression(), Calibrate = false }).Run(table).Findings.Verdict!;

    static Table Make(int rows, double effect, ulong seed)
    {
        var random = new RandomSource(seed);
        var columns = Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextGaussian()).ToArray()).ToArray();
        string[] y = [.. Enumerable.Range(0, rows).Select(row => random.NextDouble() < Elementary.Sigmoid(effect * columns[0][row]) ? "b" : "a")];
        return new([.. columns.Select((values, i) => new NumberColumn($"x{i}", values)), Tilth.Tests.Data.RawTables.Dictionary("y", y)]);
    }
}
