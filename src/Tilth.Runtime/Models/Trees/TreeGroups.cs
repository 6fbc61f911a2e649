namespace Tilth.Models.Trees;

/// <summary>Cuts an ensemble into groups of trees whose questions fit into bytes and whose leaf values add up within 32 bits.</summary>
internal static class TreeGroups
{
    /// <param name="trees">The ensemble's trees; their order in a group does not matter to a sum.</param>
    /// <param name="maxLeaves">Trees of more leaves belong to no group.</param>
    /// <param name="maxColumns">Most columns of a group.</param>
    /// <param name="make">Compiles a group.</param>
    /// <returns>The groups, and the trees that belong to none.</returns>
    public static (T[] Groups, Tree[] Others) Cut<T>(Tree[] trees, int maxLeaves, int maxColumns, Func<IReadOnlyList<Tree>, TreeQuestions, T> make)
    {
        var (groups, rest) = (new List<T>(), new List<Tree>());
        var (members, questions, sum) = (new List<Tree>(), new TreeQuestions(maxColumns), 0L);
        foreach (var tree in trees)
        {
            long greatest = tree.LeafValues.Max(value => Math.Abs((long)value));
            if (tree.LeafCount > maxLeaves || greatest > int.MaxValue)
            {
                rest.Add(tree);
                continue;
            }
            if (members.Count > 0 && (sum + greatest > int.MaxValue || !questions.TryAdd(tree)))
            {
                groups.Add(make(members, questions));
                (members, questions, sum) = ([], new(maxColumns), 0);
            }
            if (members.Count > 0 || questions.TryAdd(tree))
            {
                members.Add(tree);
                sum += greatest;
            }
            else rest.Add(tree);
        }
        if (members.Count > 0) groups.Add(make(members, questions));
        return ([.. groups], [.. rest]);
    }
}
