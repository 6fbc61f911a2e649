using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

public unsafe class ForestKernelTests
{
    const int Bins = 256, Classes = 3, Most = 70;

    [Fact]
    public void Sums_by_bin_are_plain_sums_and_every_bin_that_occurs_is_listed_once()
    {
        var random = new RandomSource(1);
        for (int length = 0; length <= Most; length++)
            foreach (int bins in (int[])[1, 5, Bins])
            {
                byte[] binOf = [.. Enumerable.Range(0, 100).Select(_ => (byte)random.NextInt(bins))];
                int[] rows = [.. Enumerable.Range(0, length).Select(_ => random.NextInt(100))];
                int[] weights = [.. rows.Select(_ => 1 + random.NextInt(5))], classes = [.. rows.Select(_ => random.NextInt(Classes))];
                long[] pairs = [.. Enumerable.Range(0, length).SelectMany(i => (long[])[weights[i], weights[i] * (random.NextInt(9) - 4L)])];
                long[] cells = new long[2 * Bins], byClass = new long[Classes * Bins], totals = new long[Bins];
                byte[] seen = new byte[Bins + 1], seenByClass = new byte[Bins + 1];
                int used, usedByClass;
                fixed (byte* b = binOf, s = seen, t = seenByClass)
                fixed (int* r = rows, w = weights, k = classes)
                fixed (long* c = cells, p = pairs, of = byClass, all = totals)
                {
                    used = ForestKernel.AddPairs(c, b, r, p, length, s);
                    usedByClass = ForestKernel.AddClasses(of, all, Classes, b, r, w, k, length, t);
                }
                var occurring = rows.Select(row => binOf[row]).Distinct().Order().ToArray();
                Assert.Equal(occurring, seen.Take(used).Order());
                Assert.Equal(occurring, seenByClass.Take(usedByClass).Order());
                for (int bin = 0; bin < Bins; bin++)
                {
                    var members = Enumerable.Range(0, length).Where(i => binOf[rows[i]] == bin).ToArray();
                    Assert.Equal((members.Sum(i => pairs[2 * i]), members.Sum(i => pairs[2 * i + 1])), (cells[2 * bin], cells[2 * bin + 1]));
                    Assert.Equal(members.Sum(i => (long)weights[i]), totals[bin]);
                    for (int k = 0; k < Classes; k++) Assert.Equal(members.Where(i => classes[i] == k).Sum(i => (long)weights[i]), byClass[bin * Classes + k]);
                }
            }
    }

    [Fact]
    public void A_list_of_places_is_cut_in_order()
    {
        var random = new RandomSource(2);
        for (int length = 0; length <= Most; length++)
        {
            byte[] bins = [.. Enumerable.Range(0, 100).Select(_ => (byte)random.NextInt(Bins))];
            int[] rowOf = [.. Enumerable.Range(0, Most).Select(_ => random.NextInt(100))], places = [.. Enumerable.Range(0, length)], right = new int[length];
            ulong[] set = [.. Enumerable.Range(0, 4).Select(_ => random.NextUInt64())];
            int left;
            fixed (byte* b = bins)
            fixed (int* p = places, r = right, of = rowOf)
            fixed (ulong* s = set)
                left = PartitionKernel.Cut(p, r, length, of, b, s);
            bool GoesLeft(int place) => (set[bins[rowOf[place]] >> 6] >> bins[rowOf[place]] & 1) != 0;
            Assert.Equal(Enumerable.Range(0, length).Where(GoesLeft), places.Take(left));
            Assert.Equal(Enumerable.Range(0, length).Where(place => !GoesLeft(place)), right.Take(length - left));
        }
    }
}
