using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Tests.Data;

public class SplitsTests
{
    public static TheoryData<int, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool, bool, bool>();
            foreach (int rows in (int[])[20, 101, 1000])
                for (int bits = 0; bits < (rows == 20 ? 6 : 8); bits++) cases.Add(rows, (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0);
            return cases;
        }
    }

    static SplitKeys Keys(int rows, bool classes, bool groups, bool times, ulong seed)
    {
        var random = new RandomSource(seed);
        int[] group = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(Math.Max(12, rows / 6)))];
        return new()
        {
            Rows = rows,
            Classes = classes ? [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(10) switch { < 6 => 0, < 9 => 1, _ => 2 })] : null,
            Groups = groups ? group : null,
            Times = times ? [.. Enumerable.Range(0, rows).Select(_ => (long)random.NextInt(rows * 2))] : null,
        };
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Folds_are_disjoint_pure_ordered_and_even(int rows, bool classes, bool groups, bool times)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            var keys = Keys(rows, classes, groups, times, seed);
            Check(keys, Splits.Holdout(keys, 0.25, seed), complete: !(groups && times));
            var folds = Splits.KFold(keys, 5, seed);
            Assert.Equal(5, folds.Length);
            foreach (var fold in folds) Check(keys, fold, complete: !times);
            int[] tested = [.. folds.SelectMany(fold => fold.Test)];
            Assert.Equal(tested.Length, tested.Distinct().Count());
            if (!times) Assert.Equal(rows, tested.Length);
            if (!times && !groups) Assert.True(folds.Max(fold => fold.Test.Length) - folds.Min(fold => fold.Test.Length) <= 1);
            var again = Splits.KFold(keys, 5, seed);
            for (int i = 0; i < 5; i++) Assert.Equal(folds[i].Test, again[i].Test);
        }
    }

    static void Check(SplitKeys keys, Fold fold, bool complete)
    {
        Assert.NotEmpty(fold.Train);
        Assert.NotEmpty(fold.Test);
        Assert.Empty(fold.Train.Intersect(fold.Test));
        Assert.Equal(fold.Train.Order(), fold.Train);
        Assert.Equal(fold.Test.Order(), fold.Test);
        if (complete) Assert.Equal(keys.Rows, fold.Train.Length + fold.Test.Length);
        if (keys.Groups is { } groups) Assert.Empty(fold.Train.Select(row => groups[row]).Intersect(fold.Test.Select(row => groups[row])));
        if (keys.Times is { } times) Assert.True(fold.Train.Max(row => times[row]) < fold.Test.Min(row => times[row]));
        if (keys is { Classes: { } classes, Groups: null, Times: null })
            for (int label = 0; label < 3; label++)
            {
                double wanted = classes.Count(c => c == label) * (double)fold.Test.Length / keys.Rows;
                Assert.InRange(fold.Test.Count(row => classes[row] == label), wanted - 1.5, wanted + 1.5);
            }
    }

    [Fact]
    public void Grouped_folds_keep_classes_even()
    {
        var keys = Keys(3000, classes: true, groups: true, times: false, seed: 5);
        foreach (var fold in Splits.KFold(keys, 5, 1))
        {
            Assert.InRange(fold.Test.Length, 570, 630);
            for (int label = 0; label < 3; label++)
            {
                double share = keys.Classes!.Count(c => c == label) / 3000.0;
                Assert.InRange(fold.Test.Count(row => keys.Classes![row] == label) / (double)fold.Test.Length, share - 0.02, share + 0.02);
            }
        }
        Assert.InRange(Splits.Holdout(keys, 0.25, 1).Test.Length, 720, 780);
    }

    [Fact]
    public void Repeats_differ_and_seeds_matter()
    {
        var keys = Keys(100, classes: false, groups: false, times: false, seed: 1);
        var folds = Splits.RepeatedKFold(keys, 4, 3, 9);
        Assert.Equal(12, folds.Length);
        Assert.NotEqual(folds[0].Test, folds[4].Test);
        Assert.NotEqual(Splits.Holdout(keys, 0.3, 1).Test, Splits.Holdout(keys, 0.3, 2).Test);
    }

    [Fact]
    public void What_cannot_be_split_is_refused()
    {
        Assert.Throws<LearningException>(() => Splits.KFold(new SplitKeys { Rows = 3 }, 5, 0));
        Assert.Throws<LearningException>(() => Splits.KFold(new SplitKeys { Rows = 30, Groups = new int[30] }, 5, 0));
        Assert.Throws<LearningException>(() => Splits.Holdout(new SplitKeys { Rows = 30, Groups = new int[30] }, 0.2, 0));
        Assert.Throws<LearningException>(() => Splits.Holdout(new SplitKeys { Rows = 30, Times = new long[30] }, 0.2, 0));
        Assert.Throws<LearningException>(() => Splits.KFold(new SplitKeys { Rows = 30, Times = new long[30] }, 3, 0));
        Assert.Throws<LearningException>(() => Splits.Holdout(new SplitKeys { Rows = 30 }, 1.2, 0));
    }

    [Fact]
    public void Keys_come_from_the_roles()
    {
        var raw = RawTables.Parse("who,when,x,y\na,2020-01-02,1,u\na,2020-01-01,2,v\n,2020-01-03,3,u\n,2020-01-03,3,v\n");
        var schema = SchemaInference.Infer(raw, new SchemaRequest { Target = "y", Group = "who", Time = "when" }).Schema;
        var table = schema.Conform(raw, []);
        var keys = SplitKeys.From(table, schema, TargetReader.Read(table, schema).Target);
        Assert.Equal([0, 0, 1, 2], keys.Groups!);
        Assert.True(keys.Times![1] < keys.Times[0] && keys.Times[0] < keys.Times[2]);
        Assert.Equal([0, 1, 0, 1], keys.Classes!.Select(c => c == keys.Classes![0] ? 0 : 1));
        var hashes = DuplicateRows.Hash(table, schema);
        Assert.Equal(1, DuplicateRows.Count(hashes));
        Assert.Equal(1, DuplicateRows.CountCrossing(hashes, new Fold([0, 1, 2], [3])));
    }
}
