using Tilth.Data;
using Tilth.Honesty;
using Tilth.Kernels;
using Tilth.Models.Heads;

namespace Tilth.Tests.Honesty;

public class GroupMeasureTests
{
    static readonly TargetSchema Two = new() { Column = "ill", Task = TaskKind.Binary, Classes = ["no", "yes"] };
    static readonly DecisionRule Half = new(DecisionKind.Threshold);

    [Fact]
    public void Counts_of_a_group_are_counted_and_small_groups_hidden()
    {
        // a: 20 rows, 10 ill, 8 found, 1 false alarm. b: 12 rows, 4 ill, 1 found, 3 false alarms. c: 9 rows.
        var rows = new List<(string Group, double Truth, double Stated)>();
        void Add(string group, int count, double truth, double stated) => rows.AddRange(Enumerable.Repeat((group, truth, stated), count));
        Add("a", 8, 1, 0.9); Add("a", 2, 1, 0.2); Add("a", 1, 0, 0.8); Add("a", 9, 0, 0.1);
        Add("b", 1, 1, 0.9); Add("b", 3, 1, 0.4); Add("b", 3, 0, 0.6); Add("b", 5, 0, 0.1);
        Add("c", 9, 1, 0.9);
        var column = new CategoryColumn("site", rows.Select(row => row.Group[0] - 'a').ToArray(), new LevelSet(["a", "b", "c"]));
        var found = GroupMeasure.Of(column, new Target(Two, [.. rows.Select(row => row.Truth)]), [.. rows.Select(row => row.Stated)], Half);
        Assert.Equal(["a", "b"], found.Groups.Select(group => group.Name));
        Assert.Equal(9, found.HiddenRows);
        var a = found.Groups[0];
        Assert.Equal((20, 0.5, 0.45, 0.8, 0.1, 8.0 / 9), (a.Rows, a.Actual.Value, a.Called.Value, a.Found.Value, a.FalseAlarms.Value, a.Right.Value));
        Assert.Equal((8 * 0.9 + 2 * 0.2 + 0.8 + 0.9) / 20, a.Foreseen.Value, 1e-12);
        // Wilson, 8 of 10: 0.4902 to 0.9433 (Newcombe, 1998).
        Assert.Equal(0.4902, a.Found.Lower, 1e-4);
        Assert.Equal(0.9433, a.Found.Upper, 1e-4);
        var gap = found.Gaps.Single(one => one.Measure == "found");
        Assert.Equal(("b", "a", 0.55), (gap.Low, gap.High, Math.Round(gap.Gap.Value, 12)));
    }

    [Fact]
    public void The_gap_of_two_groups_has_newcombes_interval()
    {
        // Newcombe (1998), table II, method 10: 56/70 and 48/80 differ by 0.2, 95 %: 0.0524 to 0.3339.
        double[] truth = [.. Enumerable.Repeat(1.0, 150)];
        double[] stated = [.. Enumerable.Range(0, 150).Select(row => row < 70 ? row < 56 ? 0.9 : 0.1 : row < 118 ? 0.9 : 0.1)];
        var column = new CategoryColumn("site", Enumerable.Range(0, 150).Select(row => row < 70 ? 0 : 1).ToArray(), new LevelSet(["a", "b"]));
        var gap = GroupMeasure.Of(column, new Target(Two, truth), stated, Half).Gaps.Single(one => one.Measure == "found").Gap;
        Assert.Equal(0.2, gap.Value, 1e-12);
        Assert.Equal(0.0524, gap.Lower, 1e-4);
        Assert.Equal(0.3339, gap.Upper, 1e-4);
    }

    [Fact]
    public void Groups_that_are_alike_seldom_show_a_gap_whatever_their_number()
    {
        int told = 0;
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new RandomSource(seed);
            double[] stated = [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())], truth = Array.ConvertAll(stated, p => random.NextDouble() < p ? 1.0 : 0);
            var column = new CategoryColumn("g", stated.Select(_ => random.NextInt(6)).ToArray(), new LevelSet(["a", "b", "c", "d", "e", "f"]));
            if (GroupMeasure.Of(column, new Target(Two, truth), stated, Half).Gaps.Any(gap => gap.Measure == "found" && gap.Gap.Lower > 0)) told++;
        }
        Assert.InRange(told, 0, 8); // 5 % of 60 are 3
    }

    [Fact]
    public void Numbers_make_four_bands_and_texts_are_refused()
    {
        var target = new Target(new TargetSchema { Column = "y", Task = TaskKind.Regression }, [.. Enumerable.Range(0, 200).Select(i => (double)i)]);
        double[] predictions = [.. target.Values.Select(y => y < 100 ? y + 1 : y + 5)];
        var found = GroupMeasure.Of(new NumberColumn("age", Enumerable.Range(0, 200).Select(i => (double)i).ToArray()), target, predictions, new DecisionRule(DecisionKind.None));
        Assert.Equal(["0 to 49", "100 to 149", "150 to 199", "50 to 99"], found.Groups.Select(group => group.Name).Order(StringComparer.Ordinal));
        Assert.Equal(4, Assert.Single(found.Gaps).Gap.Value, 1e-12);
        var texts = TextColumn.From("note", Enumerable.Range(0, 200).Select(i => $"note {i}"));
        Assert.Contains("no groups", Assert.Throws<LearningException>(() => GroupMeasure.Of(texts, target, predictions, new DecisionRule(DecisionKind.None))).Message);
    }

    [Fact]
    public void Findings_survive_their_json()
    {
        var score = new GroupScore("a", 12, new(0.5, 0.2, 0.8), new(double.NaN, double.NaN, double.NaN), new(1, 1, 1), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0));
        var read = Assert.Single(GroupJson.Read(GroupJson.Write([new("sex", [score], 3, [new("found", "a", "b", new(0.1, 0, 0.2))])])));
        Assert.Equal(("sex", 3, score), (read.Column, read.HiddenRows, read.Groups[0]));
        Assert.Throws<PackageFormatException>(() => GroupJson.Read("[null]"u8));
    }
}
