using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>Which columns a tree and a node may cut, and in which direction a column must move the score.</summary>
internal sealed class ColumnChoice
{
    readonly GrowthRules rules;
    readonly int[] all, directions;
    readonly int[][] groups;

    public ColumnChoice(GrowthRules rules, BinColumn[] columns)
    {
        this.rules = rules;
        all = OfTree = [.. Enumerable.Range(0, columns.Length)];
        directions = [.. columns.Select(column => !column.IsCategory && column.Feature < rules.Monotone.Count ? Math.Sign(rules.Monotone[column.Feature]) : 0)];
        groups = [.. rules.Interactions.Select(group => all.Where(at => group.Contains(columns[at].Feature)).ToArray())];
        if (groups.Length == 0) return;
        // A feature in no group may only stand alone.
        groups = [.. groups, .. all.Where(at => !groups.Any(group => group.Contains(at))).Select(at => (int[])[at])];
    }

    /// <summary>The tree's columns, ascending.</summary>
    public int[] OfTree { get; private set; }

    /// <summary>+1, -1 or 0.</summary>
    public int DirectionOf(int column) => directions[column];

    /// <summary>Draws the tree's share of the columns.</summary>
    public void DrawForTree(RandomSource random)
        => OfTree = rules.FeatureFraction < 1 ? Draw(all, rules.FeatureFraction, random) : all;

    /// <summary>Columns that may be cut below a path of columns, ascending.</summary>
    public int[] For(int[] path, ulong seed)
    {
        int[] columns = groups.Length == 0 || path.Length == 0 ? OfTree : Allowed(path);
        return rules.FeatureFractionByNode < 1 ? Draw(columns, rules.FeatureFractionByNode, new RandomSource(seed)) : columns;
    }

    /// <summary>The path with one more column; only kept where interactions are restricted.</summary>
    public int[] Extend(int[] path, int column) => groups.Length == 0 || path.Contains(column) ? path : [.. path, column];

    int[] Allowed(int[] path)
    {
        var allowed = groups.Where(group => path.All(group.Contains)).SelectMany(group => group).ToHashSet();
        return [.. OfTree.Where(allowed.Contains)];
    }

    static int[] Draw(int[] columns, double fraction, RandomSource random)
    {
        if (columns.Length <= 1) return columns;
        int count = Math.Clamp((int)Math.Ceiling(fraction * columns.Length), 1, columns.Length);
        return [.. random.Choose(columns.Length, count).Select(at => columns[at])];
    }
}
