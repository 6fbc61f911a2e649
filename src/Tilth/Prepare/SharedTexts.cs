using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// What texts become, made once for all plans that are fitted on the same rows: it costs most of a preparation, and what else a plan
/// does to numbers and categories changes nothing of it. Its seed is its own, so that it does not matter which plan comes first.
/// </summary>
/// <param name="seed">Of every draw.</param>
internal sealed class SharedTexts(ulong seed)
{
    readonly Dictionary<(string Column, TextForm Form, int HashBits), ColumnRecipe> recipes = [];

    /// <summary>What a text becomes for these needs.</summary>
    public ColumnRecipe Of(ColumnSchema schema, TextColumn column, Target? target, int[] rows, PreparationNeeds needs, FitContext context)
    {
        var key = (schema.Name, needs.Text, needs.TextHashBits);
        if (recipes.TryGetValue(key, out var known)) return known;
        var own = context with { Seed = seed };
        var recipe = TextFit.Of(schema, column, rows, needs.Text == TextForm.Dense ? TargetFolds.Of(target!, rows, own) : null, needs, own);
        // What was cut short must not serve later plans.
        if (!context.ShouldFinish) recipes.Add(key, recipe);
        return recipe;
    }
}
