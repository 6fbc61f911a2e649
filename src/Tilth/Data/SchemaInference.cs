using Tilth.Parallelism;

namespace Tilth.Data;

/// <summary>A schema, and why it is so.</summary>
/// <param name="Schema">Every column of the raw table, in its order.</param>
/// <param name="Decisions">Each guess with its evidence.</param>
public sealed record InferredSchema(Schema Schema, DecisionLog Decisions);

/// <summary>
/// Finds out what the columns of a raw table mean, from every row: numbers, dates and truth values written as text, missing
/// markers, identifiers, constants, codes that are categories, free text, and what task the target sets. The user's word in
/// the request always wins. Numbers that may stand for "missing" (-999) are never guessed.
/// </summary>
public static class SchemaInference
{
    /// <summary>Infers the schema of <paramref name="raw"/>.</summary>
    /// <param name="raw">The table as its source gave it.</param>
    /// <param name="request">What the user says.</param>
    /// <param name="workers">Spreads the columns over threads; null for one.</param>
    /// <exception cref="SchemaException">The request names columns that are not there, or kinds that their values refuse.</exception>
    /// <exception cref="LearningException">The target has no values, a single class, or as many classes as rows.</exception>
    public static InferredSchema Infer(Table raw, SchemaRequest request, WorkerPool? workers = null)
    {
        RequireColumns(raw, request);
        var decisions = new DecisionLog();
        decisions.AddRange(request.Reading);
        var columns = new ColumnSchema[raw.Columns.Count];
        var notes = new List<Decision>[columns.Length];
        (workers ?? WorkerPool.Single).For(columns.Length, i =>
        {
            notes[i] = [];
            if (raw.Columns[i].Name != request.Target) columns[i] = InferColumn(raw.Columns[i], request, notes[i]);
        });
        foreach (var note in notes) decisions.AddRange(note);
        if (request.Target is null) return new(new Schema { Columns = columns }, decisions);

        int at = Array.FindIndex([.. raw.Columns], column => column.Name == request.Target);
        var (column, target) = TargetInference.Infer(raw.Columns[at], request, decisions);
        columns[at] = column;
        var schema = new Schema { Columns = columns, Target = target };
        if (!schema.Features.Any())
            throw new LearningException("no-features", columns.Length == 1 ? $"the target '{request.Target}' is the only column; at least one other is needed to learn from"
                : "no column is left to learn from: " + Spelling.List(columns.Where(c => c.Role != ColumnRole.Target).Select(c => $"{c.Name} ({c.Role.ToString().ToLowerInvariant()})")));
        return new(schema, decisions);
    }

    static void RequireColumns(Table raw, SchemaRequest request)
    {
        var problems = request.Named().Where(named => raw.Find(named.Column) is null)
            .Select(named => new Problem("column-missing", $"{named.Option}: {raw.MissingColumn(named.Column)}", named.Column)).ToList();
        if (raw.RowCount == 0) problems.Add(new Problem("no-rows", "the table has no rows"));
        if (problems.Count > 0) throw new SchemaException(problems);
    }

    static ColumnSchema InferColumn(Column raw, SchemaRequest request, List<Decision> notes)
    {
        var wish = request.For(raw.Name);
        var guess = ColumnGuess.Of(raw);
        var role = wish.Role ?? guess.Role;
        var kind = wish.Kind ?? KindFor(role, guess, raw);
        var format = wish.Format ?? (kind == guess.Kind || raw is not (CategoryColumn or TextColumn)
            ? guess.Format : TextGuess.FormatFor(kind, TextEvidence.Of(raw)));
        if (wish.Kind is null && wish.Role is null)
        {
            if (guess.Choice is not null) notes.Add(new(raw.Name, guess.Choice, guess.Evidence));
        }
        else
        {
            notes.Add(new(raw.Name, $"{kind}, {role}", $"as asked; on its own it would be {guess.Kind}, {guess.Role}"));
        }
        var column = new ColumnSchema { Name = raw.Name, Kind = kind, Role = role, Format = format };
        if (role == ColumnRole.Time && kind is not (ColumnKind.DateTime or ColumnKind.Number))
            throw new SchemaException("time-kind", $"the time column '{raw.Name}' must hold dates or numbers, but its values read as {kind}");
        return Complete(column, raw);
    }

    /// <summary>Roles that need a certain kind get it; texts that are not learned from keep no levels.</summary>
    static ColumnKind KindFor(ColumnRole role, ColumnGuess guess, Column raw) => role switch
    {
        ColumnRole.Weight => ColumnKind.Number,
        ColumnRole.Group when guess.Kind == ColumnKind.Text => ColumnKind.Category,
        ColumnRole.Identifier when guess.Kind == ColumnKind.Category => raw.Kind == ColumnKind.Number ? ColumnKind.Number : ColumnKind.Text,
        // Named as a feature by the user, codes that only looked like identifiers are categories.
        _ => guess.Kind,
    };

    /// <summary>Adds the levels and the range, both over every row.</summary>
    internal static ColumnSchema Complete(ColumnSchema column, Column raw)
    {
        if (column.Role is ColumnRole.Ignored or ColumnRole.Identifier) return column;
        if (column.Kind == ColumnKind.Category) return column with { Levels = LevelNames.Of(raw, column) };
        if (column.Kind == ColumnKind.Text) return column;
        var schema = new Schema { Columns = [column] };
        var (min, max) = RangeOf(schema.Conform(new Table([raw]), [], targetRequired: true).Columns[0]);
        return column with { Min = min, Max = max };
    }

    static (double Min, double Max) RangeOf(Column column)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row)) continue;
            double value = column switch
            {
                NumberColumn numbers => numbers.Values.Span[row],
                DateTimeColumn moments => moments.Ticks.Span[row],
                BooleanColumn flags => flags.Values.Span[row],
                _ => 0,
            };
            min = Math.Min(min, value);
            max = Math.Max(max, value);
        }
        return min <= max ? (min, max) : (double.NaN, double.NaN);
    }
}
