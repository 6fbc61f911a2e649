using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Trees;
using Tilth.Parallelism;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Trees;

public class TreeRoutesTests
{
    [Fact]
    public void A_block_of_rows_comes_to_the_leaves_that_its_rows_walk_to()
    {
        var random = new RandomSource(1);
        const int Rows = 5000;
        var dense = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, Rows).Select(_ => (float)random.NextInt(200)).ToArray()).ToArray();
        var matrix = BinnedMatrix.Of(new FeatureMatrix(ContractData.MapOf(5, [], 0), Rows, dense, [], null), default, WorkerPool.Single);
        foreach (bool chain in (bool[])[false, true])
            foreach (int cuts in (int[])[0, 1, 2, 40])
            {
                var tree = Grown(cuts, chain, matrix, random);
                foreach (int length in (int[])[0, 1, 7, 9, 70, TreeRoutes.Block])
                {
                    int[] rows = [.. Enumerable.Range(0, length).Select(_ => random.NextInt(Rows))], leaves = new int[length];
                    TreeRoutes.Leaves(tree, matrix, rows, leaves);
                    Assert.Equal(rows.Select(row => tree.FindLeaf(matrix, row, tree.Root)), leaves);
                }
            }
    }

    /// <summary>A tree of random cuts: each cuts a random leaf, or in a chain always the newest.</summary>
    static GrownTree Grown(int cuts, bool chain, BinnedMatrix matrix, RandomSource random)
    {
        var tree = new GrownTree();
        var open = new List<(int Parent, bool Left)> { (-1, false) };
        for (int cut = 0; cut < cuts; cut++)
        {
            int at = chain ? open.Count - 1 : random.NextInt(open.Count), column = random.NextInt(5);
            Attach(open[at], cut);
            open.RemoveAt(at);
            var set = Enumerable.Range(0, 4).Select(_ => random.NextUInt64()).ToArray();
            tree.Nodes.Add(new GrownNode { Column = column, Bin = 0, MissingLeft = false, LeftSet = set, Weight = 1 });
            open.AddRange([(cut, true), (cut, false)]);
        }
        for (int leaf = 0; leaf < open.Count; leaf++)
        {
            Attach(open[leaf], ~leaf);
            tree.Leaves.Add(new GrownLeaf { Start = 0, Count = 0, Weight = 1 });
        }
        return tree;

        void Attach((int Parent, bool Left) place, int child)
        {
            if (place.Parent < 0) return;
            if (place.Left) tree.Nodes[place.Parent].Left = child;
            else tree.Nodes[place.Parent].Right = child;
        }
    }
}
