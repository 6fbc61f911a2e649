using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Parallelism;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Trees;

public unsafe class HistogramTests
{
    [Fact]
    public void A_cell_holds_the_largest_gradients_of_as_many_rows_as_are_added_before_a_flush()
    {
        // 2^31 rows in one bin: the most extreme gradient over and over, flushed as the builder does.
        long* cells = stackalloc long[4 * HistogramKernel.Stride];
        long* sums = stackalloc long[2];
        byte* record = stackalloc byte[8];
        int* same = stackalloc int[1];
        foreach (int sign in (int[])[1, -1])
        {
            new Span<long>(cells, 4 * HistogramKernel.Stride).Clear();
            (sums[0], sums[1]) = (0, 0);
            *(int*)record = sign * short.MaxValue << 16 | ushort.MaxValue;
            for (int row = 0; row < HistogramKernel.MaxRows; row++) HistogramKernel.AddListed(record, 8, 4, same, 1, cells);
            long full = cells[0];
            for (int flush = 0; flush < 1 << 15; flush++)
            {
                cells[0] = full;
                HistogramKernel.Flush(cells, 1, sums, set: false);
            }
            Assert.Equal(sign * (1L << 31) * short.MaxValue, sums[0]);
            Assert.Equal((1L << 31) * ushort.MaxValue, sums[1]);
        }
    }

    [Fact]
    public void Histograms_equal_plain_sums_for_any_columns_rows_and_threads()
    {
        foreach (var (columns, values) in ((int, int)[])[(1, 100), (3, 100), (28, 100), (29, 100), (61, 100), (9, 2), (30, 3), (12, 8)])
        {
            var random = new RandomSource((ulong)columns);
            const int Rows = 9000;
            var dense = Enumerable.Range(0, columns).Select(_ => Enumerable.Range(0, Rows).Select(_ => (float)random.NextInt(values)).ToArray()).ToArray();
            var features = new FeatureMatrix(ContractData.MapOf(columns, [], 0), Rows, dense, [], null);
            using var pool = new WorkerPool(3);
            foreach (var workers in (WorkerPool[])[WorkerPool.Single, pool])
            {
                var matrix = BinnedMatrix.Of(features, default, workers);
                using var rows = new TrainingRows(matrix, [.. Enumerable.Range(0, Rows)], workers);
                var g = Enumerable.Range(0, Rows).Select(row => (float)Math.Sin(row)).ToArray();
                var h = Enumerable.Range(0, Rows).Select(row => 1 + (float)Math.Cos(row)).ToArray();
                var pack = new GradientPack();
                pack.Prepare(g, h, null, GradientExtremes.Of(g, h, default));
                foreach (var tile in rows.Tiles) pack.Write(rows, tile, 0, Rows);
                using var histograms = new Histograms(rows, workers);
                int[] listed = [.. Enumerable.Range(0, Rows).Where(row => row % 3 != 0)];
                fixed (int* list = listed)
                {
                    long* found = histograms.Build(list, listed.Length);
                    for (int c = 0; c < columns; c++)
                        for (int bin = 0; bin < matrix.Columns[c].Bins; bin++)
                        {
                            var members = listed.Where(row => matrix.Bins(c)[row] == bin).ToList();
                            Assert.Equal(members.Sum(row => g[row]), histograms.Column(found, c)[2 * bin] * pack.GradientScale, 1e-4 * (members.Count + 1));
                            Assert.Equal(members.Sum(row => h[row]), histograms.Column(found, c)[2 * bin + 1] * pack.HessianScale, 1e-4 * (members.Count + 1));
                        }
                }
                GC.KeepAlive(matrix);
            }
        }
    }

    [Fact]
    public void Bins_are_the_count_of_edges_below()
    {
        var random = new RandomSource(3);
        for (int length = 0; length <= 70; length++)
        {
            float[] edges = [.. Enumerable.Range(0, random.NextInt(256)).Select(_ => (float)random.NextGaussian()).Distinct().Order()];
            float[] values = [.. Enumerable.Range(0, length).Select(i => i % 7 == 3 ? float.NaN : i % 5 == 1 && edges.Length > 0 ? edges[random.NextInt(edges.Length)] : (float)random.NextGaussian())];
            var bins = new byte[length];
            BinKernel.Bin(values, edges, 255, bins);
            for (int i = 0; i < length; i++) Assert.Equal(float.IsNaN(values[i]) ? 255 : edges.Count(edge => edge < values[i]), bins[i]);
        }
    }

    [Fact]
    public void Radix_order_is_the_order_of_numbers()
    {
        var random = new RandomSource(4);
        foreach (int length in (int[])[0, 1, 100, 5000])
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => i % 50 == 0 ? -0f : (float)(random.NextGaussian() * Math.Exp(30 * random.NextGaussian())))];
            uint[] keys = [.. values.Select(RadixSort.KeyOf)];
            RadixSort.Sort(keys, new uint[length]);
            Assert.Equal(values.Order().Select(v => v + 0f), keys.Select(RadixSort.ValueOf));
        }
    }

    [Fact]
    public void Vector_gradients_and_packs_are_the_scalar_ones_to_the_bit()
    {
        var random = new RandomSource(5);
        for (int length = 0; length <= 70; length++)
        {
            double[] scores = [.. Enumerable.Range(0, length).Select(i => i % 23 == 7 ? 800 * random.NextGaussian() : 5 * random.NextGaussian())];
            double[] labels = [.. Enumerable.Range(0, length).Select(_ => (double)random.NextInt(2))];
            var (g, h, g1, h1) = (new float[length], new float[length], new float[length], new float[length]);
            LogisticKernel.Gradients(scores, labels, g, h);
            LogisticKernel.Scalar(scores, labels, g1, h1);
            Assert.Equal(g1, g);
            Assert.Equal(h1, h);
            var packed = new int[length];
            PackKernel.Pack(g, h, 8192, 32768, packed);
            for (int i = 0; i < length; i++) Assert.Equal(PackKernel.Join(Math.Round(g[i] * 8192.0), Math.Round(h[i] * 32768.0)), packed[i]);
            Assert.Equal((g.Select(Math.Abs).DefaultIfEmpty(0).Max(), h.DefaultIfEmpty(0).Max()), PackKernel.Largest(g, h));
            if (length == 0) continue;
            h[^1] = -1;
            g[0] = float.NaN;
            Assert.Equal((float.NaN, float.NaN), PackKernel.Largest(g, h));
        }
    }
}
