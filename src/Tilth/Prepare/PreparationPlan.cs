using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// How the feature columns of a schema become what a learner needs; not fitted yet. Fitting sees the named rows only.
/// Numbers, dates and flags become numbers, categories codes, indicators or target statistics, texts sparse terms or scores.
/// </summary>
public sealed record PreparationPlan
{
    PreparationPlan(Schema schema, PreparationNeeds needs) => (Schema, Needs) = (schema, needs);

    /// <summary>What the columns mean; only those of the role Feature are used.</summary>
    public Schema Schema { get; }

    /// <summary>What the learner needs.</summary>
    public PreparationNeeds Needs { get; }

    /// <summary>The plan for a schema's features and a learner's needs.</summary>
    public static PreparationPlan For(Schema schema, PreparationNeeds needs)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(needs);
        return new(schema, needs);
    }

    /// <summary>True if a step learns from the target: then each fold needs a fit of its own; else one fit may serve all.</summary>
    public bool ReadsTarget => Needs.Arithmetic > 0 || Schema.Features.Any(ReadsTargetFor);

    bool ReadsTargetFor(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Category => Needs.Categories == CategoryForm.TargetEncoded || WantsStatistics(column),
        ColumnKind.Text => Needs.Text == TextForm.Dense,
        _ => false,
    };

    bool WantsStatistics(ColumnSchema column)
        => Needs.Categories == CategoryForm.Codes && column.Levels.Count > Needs.TargetStatisticsAbove;

    /// <summary>
    /// Fits every step on the named rows and prepares the whole table. If <see cref="ReadsTarget"/>, rows that a model is
    /// scored on (folds, validation rows) must not be among them: out-of-fold values of some rows know the others' targets.
    /// </summary>
    /// <param name="conformed">Conforms to the schema.</param>
    /// <param name="target">One value a row of the table; only those of <paramref name="rows"/> are read. Needed if <see cref="ReadsTarget"/>.</param>
    /// <param name="rows">The rows to learn from, ascending; at least one.</param>
    /// <param name="context">Seed, threads and cancellation.</param>
    /// <exception cref="LearningException">There are no rows, or the target is needed and absent.</exception>
    /// <exception cref="SchemaException">The table does not conform.</exception>
    public FittedPreparation Fit(Table conformed, Target? target, int[] rows, FitContext context) => Fit(conformed, target, rows, context, null);

    /// <summary>The same, with texts that other plans fitted on the same rows.</summary>
    internal FittedPreparation Fit(Table conformed, Target? target, int[] rows, FitContext context, SharedTexts? texts)
    {
        if (rows.Length == 0) throw new LearningException("no-rows", "there are no rows to fit the preparation on");
        if (target is null && ReadsTarget)
            throw new LearningException("no-target", "the preparation has steps that learn from the target, but no target was given");
        var notes = new List<PreparationNote>();
        var columns = UselessColumns.Without(Schema.Features, conformed, rows, context.Workers, notes);
        var labels = target is null || !ReadsTarget ? null : TargetFolds.Of(target, rows, context);
        var draft = new PreparationDraft(conformed, rows, context);
        foreach (var recipe in FitColumns(columns, conformed, rows, labels, context, column => texts?.Of(column, (TextColumn)conformed[column.Name], target, rows, Needs, context))) recipe(draft, notes);
        if (Needs.Arithmetic > 0) PairFit.Apply(draft, labels!, Needs.Arithmetic);
        NumberFinish.Apply(draft, Needs, notes);
        var preparation = draft.Build();
        return new FittedPreparation(preparation, draft.Features(preparation), notes);
    }

    /// <summary>Columns are fitted side by side, except texts, which spread their own rows over the threads.</summary>
    IEnumerable<ColumnRecipe> FitColumns(IReadOnlyList<ColumnSchema> columns, Table table, int[] rows, TargetFolds? labels, FitContext context, Func<ColumnSchema, ColumnRecipe?> shared)
    {
        var recipes = new ColumnRecipe?[columns.Count];
        context.Workers.For(columns.Count, i =>
        {
            context.ThrowIfCancelled();
            recipes[i] = columns[i].Kind == ColumnKind.Text ? null : FitColumn(columns[i], table[columns[i].Name], rows, labels);
        });
        for (int i = 0; i < columns.Count; i++)
            yield return recipes[i] ?? shared(columns[i]) ?? TextFit.Of(columns[i], (TextColumn)table[columns[i].Name], rows, labels, Needs, context);
    }

    ColumnRecipe FitColumn(ColumnSchema schema, Column column, int[] rows, TargetFolds? labels) => column switch
    {
        CategoryColumn category => CategoryFit.Of(schema, category, rows, labels, Needs, WantsStatistics(schema)),
        DateTimeColumn moments => DateFit.Of(schema, moments, rows, Needs),
        _ => (draft, _) => draft.AddNumber(schema.Name, [schema.Name], draft.Input(schema)),
    };
}

/// <summary>Adds what a column becomes to the draft; made beforehand, so that columns can be fitted side by side.</summary>
internal delegate void ColumnRecipe(PreparationDraft draft, List<PreparationNote> notes);
