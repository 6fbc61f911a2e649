using System.Runtime.InteropServices;
using Tilth.Kernels;

namespace Tilth.Models.Trees;

/// <summary>
/// Collects the questions that the trees of one group ask, until a feature has more cuts than a byte can tell apart; then
/// gives each question its column and threshold.
/// </summary>
/// <param name="maxColumns">Most columns that the group may have.</param>
internal sealed class TreeQuestions(int maxColumns)
{
    readonly Dictionary<int, HashSet<float>> cuts = [];
    readonly HashSet<int> missingFirst = [];
    readonly HashSet<(int, bool, string)> sets = [];
    readonly Dictionary<(int Feature, bool MissingLeft), int> numberColumns = [];
    readonly Dictionary<(int, bool, string), int> setColumns = [];
    readonly Dictionary<int, float[]> sorted = [];

    /// <summary>Columns that <see cref="Build"/> will make.</summary>
    public int ColumnCount => cuts.Count + missingFirst.Count + sets.Count;

    /// <summary>Adds a tree's questions; false, and nothing added, if they do not fit.</summary>
    public bool TryAdd(Tree tree)
    {
        var undo = new List<Action>();
        for (int n = 0; n < tree.Feature.Length; n++)
        {
            int feature = tree.Feature[n];
            if (tree.CategoryStart[n] >= 0)
            {
                var key = SetKey(tree, n);
                if (sets.Add(key)) undo.Add(() => sets.Remove(key));
            }
            else
            {
                float cut = tree.Threshold[n];
                if (!cuts.TryGetValue(feature, out var known))
                {
                    cuts[feature] = known = [];
                    undo.Add(() => cuts.Remove(feature));
                }
                if (known.Add(cut)) undo.Add(() => known.Remove(cut));
                if (tree.MissingLeft[n] && missingFirst.Add(feature)) undo.Add(() => missingFirst.Remove(feature));
                if (known.Count <= CutKernel.MaxCuts && !float.IsNaN(cut) && ColumnCount <= maxColumns) continue;
            }
            if (tree.CategoryStart[n] >= 0 && ColumnCount <= maxColumns) continue;
            foreach (var step in undo) step();
            return false;
        }
        return true;
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
