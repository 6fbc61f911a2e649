using Tilth.Data;
using Tilth.Prepare;
using Tilth.Tests.Prepare;

namespace Tilth.Tests.Contracts;

/// <summary>What is true of every kind of preparation step.</summary>
public class StepContract
{
    public static TheoryData<string> Kinds() => [.. StepKinds.All];

    static Preparation Sample(string kind) => StepSamples.All.Single(sample => sample.Kind == kind).Preparation;

    [Fact]
    public void The_list_of_kinds_forgets_no_step()
    {
        var steps = typeof(PreparationStep).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PreparationStep)));
        Assert.Equal(steps.Count(), StepKinds.All.Count);
        Assert.Equal(StepKinds.All, StepSamples.All.Select(sample => sample.Kind));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_table_equals_its_rows_one_by_one(string kind)
    {
        var preparation = Sample(kind);
        var table = StepSamples.NastyTable(9000, seed: 2);
        AssertRowsEqual(preparation, table, preparation.Apply(table));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Packing_loses_no_bit(string kind)
    {
        var preparation = Sample(kind);
        var bytes = PreparationBytes.Of(preparation);
        var again = bytes.Read();
        Assert.True(bytes.SameAs(PreparationBytes.Of(again)));
        AssertRowsEqual(again, StepSamples.NastyTable(), preparation.Apply(StepSamples.NastyTable()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void One_row_costs_no_allocation(string kind)
    {
        var preparation = Sample(kind);
        var columns = preparation.ColumnsOf(StepSamples.NastyTable());
        var frame = preparation.NewFrame(1);
        var dense = new float[preparation.Map.Dense.Count];
        var codes = new int[preparation.Map.Categories.Count];
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (int row = 0; row < 300; row++)
            {
                preparation.Load(frame, columns, row, 1);
                preparation.Run(frame);
                preparation.RowOf(frame, dense, codes);
            }
        }));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Features_stay_within_their_map_and_know_their_sources(string kind)
    {
        var table = StepSamples.NastyTable();
        var features = Sample(kind).Apply(table);
        for (int f = 0; f < features.Map.Count; f++)
        {
            Assert.NotEmpty(features.Map.NameOf(f));
            Assert.All(features.Map.SourcesOf(f), source => Assert.NotNull(table.Find(source)));
        }
        for (int f = 0; f < features.Map.Categories.Count; f++)
            foreach (int code in features.CodeColumn(f)) Assert.InRange(code, -1, features.Map.Categories[f].LevelCount - 1);
        for (int row = 0; features.Sparse is { } sparse && row < features.RowCount; row++)
        {
            var columns = sparse.ColumnsOf(row);
            for (int i = 0; i < columns.Length; i++)
                Assert.InRange(columns[i], i == 0 ? 0 : columns[i - 1] + 1, sparse.Width - 1);
            foreach (float value in sparse.ValuesOf(row)) Assert.True(float.IsFinite(value));
        }
    }

    internal static void AssertRowsEqual(Preparation preparation, Table table, FeatureMatrix expected)
    {
        var columns = preparation.ColumnsOf(table);
        var frame = preparation.NewFrame(1);
        float[] dense = new float[expected.Map.Dense.Count], wantDense = new float[dense.Length];
        int[] codes = new int[expected.Map.Categories.Count], wantCodes = new int[codes.Length];
        for (int row = 0; row < table.RowCount; row++)
        {
            preparation.Load(frame, columns, row, 1);
            preparation.Run(frame);
            var want = expected.GetRow(row, wantDense, wantCodes);
            var got = preparation.RowOf(frame, dense, codes);
            Assert.Equal(Bits(want.Dense), Bits(got.Dense));
            Assert.Equal(want.Codes, got.Codes);
            Assert.Equal(want.SparseColumns, got.SparseColumns);
            Assert.Equal(Bits(want.SparseValues), Bits(got.SparseValues));
        }
    }

    static int[] Bits(ReadOnlySpan<float> values)
    {
        var bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++) bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        return bits;
    }
}
