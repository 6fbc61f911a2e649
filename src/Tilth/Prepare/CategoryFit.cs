using Tilth.Data;

namespace Tilth.Prepare;

/// <summary>A category becomes codes, indicators, or out-of-fold target statistics. Levels of one row are merged.</summary>
internal static class CategoryFit
{
    /// <summary>Levels seen in fewer rows share a place.</summary>
    const int FewestRows = 2;

    /// <summary>Levels seen in fewer rows are named by their hash: a package gives nobody's value away.</summary>
    const int FewestRowsForName = 10;

    /// <summary>With more indicators than this, a category becomes sparse.</summary>
    const int MostDense = 100;

    public static ColumnRecipe Of(ColumnSchema schema, CategoryColumn column, int[] rows, TargetFolds? labels, PreparationNeeds needs, bool statistics)
    {
        var levels = LevelCounts.Of(column, rows);
        ColumnRecipe? targets = needs.Categories == CategoryForm.TargetEncoded || statistics
            ? TargetStatistics.Of(schema, column, rows, labels!, levels, withCount: statistics) : null;
        return needs.Categories switch
        {
            CategoryForm.OneHot => OneHot(schema, column, levels),
            CategoryForm.TargetEncoded => targets!,
            _ => Codes(schema, levels, targets),
        };
    }

    /// <summary>Frequent levels get the low codes; all levels of one row get one code together; unknown levels are missing.</summary>
    static ColumnRecipe Codes(ColumnSchema schema, LevelCounts levels, ColumnRecipe? statistics)
    {
        var codes = new int[levels.Counts.Length];
        var frequent = levels.AtLeast(FewestRows);
        bool rare = levels.Seen > frequent.Length;
        Array.Fill(codes, -1);
        for (int i = 0; i < frequent.Length; i++) codes[frequent[i]] = i;
        for (int level = 0; level < codes.Length; level++)
            if (codes[level] < 0 && levels.Counts[level] > 0) codes[level] = frequent.Length;
        int count = frequent.Length + (rare ? 1 : 0);
        return (draft, notes) =>
        {
            if (count > 1 || levels.Missing > 0)
            {
                int input = draft.Input(schema), register = draft.NewCode();
                draft.Add(new RecodeStep(input, register, codes, count));
                draft.AddCategory(schema.Name, schema.Name, count, register);
            }
            else notes.Add(new(schema.Name, "left out: every value stands in one row only"));
            statistics?.Invoke(draft, notes);
        };
    }

    static ColumnRecipe OneHot(ColumnSchema schema, CategoryColumn column, LevelCounts levels)
    {
        var frequent = levels.AtLeast(FewestRows);
        bool rare = levels.Seen > frequent.Length;
        var names = frequent.Select(level => $"{schema.Name}={NameOf(column, level, levels)}").ToList();
        var slots = new int[levels.Counts.Length];
        Array.Fill(slots, rare ? frequent.Length : -1);
        for (int i = 0; i < frequent.Length; i++) slots[frequent[i]] = i;
        int missing = rare ? frequent.Length : -1;
        if (rare) names.Add($"{schema.Name}: other");
        if (levels.Missing > 0)
        {
            missing = names.Count;
            names.Add($"{schema.Name}: missing");
        }
        if (names.Count == 2) DropFirst(slots, names, ref missing);
        return (draft, notes) =>
        {
            if (rare && names.Count == 1 && frequent.Length == 0)
            {
                notes.Add(new(schema.Name, "left out: every value stands in one row only"));
                return;
            }
            int input = draft.Input(schema);
            if (names.Count <= MostDense)
            {
                int first = draft.NewNumbers(names.Count);
                draft.Add(new OneHotStep(input, first, slots, names.Count, missing));
                for (int i = 0; i < names.Count; i++) draft.AddNumber(names[i], [schema.Name], first + i, finished: true);
            }
            else
            {
                int segment = draft.NewSegment();
                draft.Add(new SparseOneHotStep(input, segment, slots, names.Count, missing));
                draft.AddSegment(schema.Name, schema.Name, names.Count, [.. names.Select(name => name[(schema.Name.Length + 1)..].Trim())], segment);
            }
        };
    }

    /// <summary>One of two indicators says it all.</summary>
    static void DropFirst(int[] slots, List<string> names, ref int missing)
    {
        names.RemoveAt(0);
        for (int i = 0; i < slots.Length; i++) slots[i] = Math.Max(-1, slots[i] - 1);
        missing = Math.Max(-1, missing - 1);
    }

    static string NameOf(CategoryColumn column, int level, LevelCounts levels)
        => levels.Counts[level] >= FewestRowsForName ? column.Levels.NameOf(level) : $"#{column.Levels.KeyOf(level):x16}";
}

/// <summary>How many of the rows that are learned from have each level.</summary>
internal sealed record LevelCounts(int[] Counts, int Missing)
{
    public static LevelCounts Of(CategoryColumn column, int[] rows)
    {
        var counts = new int[column.Levels.Count];
        var codes = column.Codes.Span;
        int missing = 0;
        foreach (int row in rows)
            if (codes[row] >= 0) counts[codes[row]]++;
            else missing++;
        return new(counts, missing);
    }

    /// <summary>Levels that occur.</summary>
    public int Seen => Counts.Count(count => count > 0);

    /// <summary>Levels with at least so many rows, the most frequent first.</summary>
    public int[] AtLeast(int rows)
        => [.. Enumerable.Range(0, Counts.Length).Where(level => Counts[level] >= rows).OrderByDescending(level => Counts[level])];
}
