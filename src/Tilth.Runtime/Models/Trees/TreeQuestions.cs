using System.Runtime.InteropServices;

namespace Tilth.Models.Trees;

/// <summary>
/// Collects the questions that the trees of one group ask, until a feature has more cuts than a byte can tell apart; then
/// gives each question its column and threshold.
/// </summary>
internal sealed class TreeQuestions
{
    const int MaxColumns = 1024;

    readonly Dictionary<int, HashSet<float>> cuts = [];
    readonly HashSet<int> missingFirst = [];
    readonly HashSet<(int, bool, string)> sets = [];
    readonly Dictionary<(int Feature, bool MissingLeft), int> numberColumns = [];
    readonly Dictionary<(int, bool, string), int> setColumns = [];
    readonly Dictionary<int, float[]> sorted = [];

    /// <summary>Adds a tree's questions; false, and nothing added, if they do not fit.</summary>
    public bool TryAdd(Tree tree)
    {
        var added = new List<(int Feature, float Cut)>();
        bool fits = true;
        for (int n = 0; n < tree.Feature.Length && fits; n++)
        {
            if (tree.CategoryStart[n] >= 0) continue;
            var known = CutsOf(tree.Feature[n]);
            if (known.Add(tree.Threshold[n])) added.Add((tree.Feature[n], tree.Threshold[n]));
            fits = known.Count <= Kernels.CutKernel.MaxCuts && !float.IsNaN(tree.Threshold[n]);
        }
        if (fits && cuts.Count + missingFirst.Count + sets.Count + tree.Feature.Length > MaxColumns) fits = cuts.Count + missingFirst.Count + sets.Count == 0;
        if (!fits)
        {
            foreach (var (feature, cut) in added) cuts[feature].Remove(cut);
            return false;
        }
        for (int n = 0; n < tree.Feature.Length; n++)
            if (tree.CategoryStart[n] >= 0) sets.Add(SetKey(tree, n));
            else if (tree.MissingLeft[n]) missingFirst.Add(tree.Feature[n]);
        return true;
    }

    HashSet<float> CutsOf(int feature)
    {
        if (!cuts.TryGetValue(feature, out var known)) cuts[feature] = known = [];
        return known;
    }

    static (int, bool, string) SetKey(Tree tree, int node)
        => (tree.Feature[node], tree.MissingLeft[node], new string(MemoryMarshal.Cast<ulong, char>(WordsOf(tree, node))));

    static ReadOnlySpan<ulong> WordsOf(Tree tree, int node)
        => tree.CategoryBits.AsSpan(tree.CategoryStart[node] + 1, (int)tree.CategoryBits[tree.CategoryStart[node]]);

    /// <summary>Numbers the columns; call once, after the last <see cref="TryAdd"/>.</summary>
    public QuestionColumn[] Build()
    {
        var columns = new List<QuestionColumn>();
        foreach (int feature in cuts.Keys.Order())
        {
            sorted[feature] = [.. cuts[feature].Order()];
            numberColumns[(feature, false)] = columns.Count;
            columns.Add(QuestionColumn.OfNumber(feature, sorted[feature]));
            if (!missingFirst.Contains(feature)) continue;
            numberColumns[(feature, true)] = columns.Count;
            columns.Add(QuestionColumn.WithMissingFirst(feature, columns.Count - 1));
        }
        foreach (var key in sets)
        {
            setColumns[key] = columns.Count;
            columns.Add(QuestionColumn.OfSet(key.Item1, MemoryMarshal.Cast<char, ulong>(key.Item3), key.Item2));
        }
        return [.. columns];
    }

    /// <summary>The column of a node's question and the greatest byte that goes left.</summary>
    public (int Column, sbyte Threshold) Locate(Tree tree, int node)
    {
        if (tree.CategoryStart[node] >= 0) return (setColumns[SetKey(tree, node)], 0);
        int feature = tree.Feature[node];
        return (numberColumns[(feature, tree.MissingLeft[node])], (sbyte)(Array.BinarySearch(sorted[feature], tree.Threshold[node]) - 128));
    }
}
