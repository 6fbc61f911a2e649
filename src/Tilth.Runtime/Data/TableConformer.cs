using System.Globalization;
using System.Text;

namespace Tilth.Data;

/// <summary>
/// Brings a raw table to a schema: every known column gets the schema's kind and level codes. What cannot be read counts as
/// missing and is told once a column, with how many and an example; a column of which more than half cannot be read is
/// refused. Columns that the schema does not know, or ignores, are left out.
/// </summary>
internal static class TableConformer
{
    delegate CellOutcome Read<T>(Cell cell, out T value);

    public static Table Conform(Schema schema, Table raw, ICollection<Problem> warnings, bool targetRequired)
    {
        var problems = new List<Problem>();
        var columns = new List<Column>();
        foreach (var wanted in schema.Columns)
        {
            if (wanted.Role == ColumnRole.Ignored) continue;
            if (raw.Find(wanted.Name) is { } column) columns.Add(Conform(wanted, column, warnings, problems));
            else if (wanted.Role == ColumnRole.Feature || (wanted.Role == ColumnRole.Target && targetRequired))
                problems.Add(new Problem("column-missing", raw.MissingColumn(wanted.Name), wanted.Name));
        }
        return problems.Count == 0 ? new Table(columns) : throw new SchemaException(problems);
    }

    static Column Conform(ColumnSchema wanted, Column raw, ICollection<Problem> warnings, List<Problem> problems)
    {
        if (raw.Kind == wanted.Kind && raw.Kind is ColumnKind.Number or ColumnKind.DateTime or ColumnKind.Boolean) return raw;
        if (raw is CategoryColumn { Levels: var levels } && levels == wanted.Levels && wanted.Kind == ColumnKind.Category) return raw;
        var reader = new CellReader(wanted);
        var tally = new Tally();
        Column conformed = wanted.Kind switch
        {
            ColumnKind.Number => new NumberColumn(wanted.Name, Fill<double>(raw, reader.ReadNumber, double.NaN, tally)),
            ColumnKind.Boolean => new BooleanColumn(wanted.Name, Fill<sbyte>(raw, (Cell cell, out sbyte flag) =>
            {
                var outcome = reader.ReadNumber(cell, out double value);
                flag = outcome == CellOutcome.Value ? (sbyte)value : (sbyte)-1;
                return outcome;
            }, -1, tally)),
            ColumnKind.DateTime => new DateTimeColumn(wanted.Name, Fill<long>(raw, reader.ReadTicks, DateTimeColumn.Missing, tally)),
            ColumnKind.Category => new CategoryColumn(wanted.Name, Codes(raw, reader, tally), wanted.Levels),
            _ => Texts(raw, reader),
        };
        tally.Tell(wanted, warnings, problems);
        return conformed;
    }

    static int[] Codes(Column raw, CellReader reader, Tally tally)
    {
        if (raw is not CategoryColumn { Levels: var levels } category || Enumerable.Range(0, levels.Count).All(levels.HasName))
            return Fill<int>(raw, reader.ReadCode, -1, tally);
        int[] map = levels.MapTo(reader.Column.Levels);
        return Array.ConvertAll(category.Codes.ToArray(), code => code < 0 ? -1 : map[code]);
    }

    /// <summary>Reads every cell; a dictionary is read once a level.</summary>
    static T[] Fill<T>(Column raw, Read<T> read, T missing, Tally tally)
    {
        var values = new T[raw.Count];
        switch (raw)
        {
            case CategoryColumn categories:
                FillFromLevels(categories, read, missing, tally, values);
                break;
            case TextColumn texts:
                char[] buffer = new char[256];
                for (int row = 0; row < values.Length; row++)
                {
                    var utf8 = texts.GetUtf8(row);
                    if (utf8.Length > buffer.Length) buffer = new char[utf8.Length * 2];
                    var text = buffer.AsSpan(0, Encoding.UTF8.GetChars(utf8, buffer));
                    if (tally.Note(read(new Cell(text), out values[row]), row, 1)) tally.Example = text.ToString();
                }
                break;
            case NumberColumn numbers:
                for (int row = 0; row < values.Length; row++)
                    if (tally.Note(read(new Cell(numbers.Values.Span[row]), out values[row]), row, 1)) tally.Example = raw.Format(row);
                break;
            case BooleanColumn flags:
                for (int row = 0; row < values.Length; row++)
                    if (flags.IsMissing(row)) values[row] = missing;
                    else if (tally.Note(read(new Cell(flags.Values.Span[row] > 0), out values[row]), row, 1)) tally.Example = raw.Format(row);
                break;
            case DateTimeColumn moments:
                for (int row = 0; row < values.Length; row++)
                    if (moments.IsMissing(row)) values[row] = missing;
                    else if (tally.Note(read(new Cell(new DateTime(moments.Ticks.Span[row])), out values[row]), row, 1)) tally.Example = raw.Format(row);
                break;
        }
        return values;
    }

    static void FillFromLevels<T>(CategoryColumn raw, Read<T> read, T missing, Tally tally, T[] values)
    {
        var codes = raw.Codes.Span;
        var byLevel = new T[raw.Levels.Count];
        var outcomes = new CellOutcome[byLevel.Length];
        for (int level = 0; level < byLevel.Length; level++) outcomes[level] = read(new Cell(raw.Levels.NameOf(level)), out byLevel[level]);
        for (int row = 0; row < values.Length; row++)
        {
            int code = codes[row];
            values[row] = code < 0 ? missing : byLevel[code];
            if (code >= 0 && tally.Note(outcomes[code], row, 1)) tally.Example = raw.Levels.NameOf(code);
        }
    }

    static TextColumn Texts(Column raw, CellReader reader)
    {
        if (raw is TextColumn same && Enumerable.Range(0, raw.Count).All(row => same.IsMissing(row) || !reader.IsMissingText(same.GetUtf8(row))))
            return same;
        var builder = new TextColumnBuilder();
        for (int row = 0; row < raw.Count; row++)
        {
            string? text = raw.Format(row);
            if (text is null || reader.IsMissingText(text)) builder.AddMissing();
            else builder.Add(text);
        }
        return builder.Build(reader.Column.Name);
    }

    /// <summary>Counts what could not be read, with the first example.</summary>
    sealed class Tally
    {
        long present, unseen, unreadable;
        int firstRow;

        public string? Example { get; set; }

        /// <summary>True for the first cell that could not be read.</summary>
        public bool Note(CellOutcome outcome, int row, int count)
        {
            if (outcome == CellOutcome.Missing) return false;
            present += count;
            if (outcome == CellOutcome.Value) return false;
            if (outcome == CellOutcome.Unseen) unseen += count;
            else unreadable += count;
            if (unseen + unreadable != count) return false;
            firstRow = row;
            return true;
        }

        public void Tell(ColumnSchema column, ICollection<Problem> warnings, List<Problem> problems)
        {
            string of = string.Create(CultureInfo.InvariantCulture, $"{unseen + unreadable} of {present} values");
            if (unseen > 0)
                warnings.Add(new Problem("level-unseen",
                    $"column '{column.Name}': {of} are none of the {column.Levels.Count} levels seen in training and count as missing; the first is '{Example}' in row {firstRow + 1}",
                    column.Name, firstRow + 1));
            if (unreadable == 0) return;
            string kind = column.Kind switch { ColumnKind.Number => "a number", ColumnKind.DateTime => "a date", _ => "true or false" };
            if (unreadable * 2 > present)
                problems.Add(new Problem("kind-changed",
                    $"column '{column.Name}' must hold {kind} in each row, as the schema says, but {of} cannot be read so; the first is '{Example}' in row {firstRow + 1}",
                    column.Name, firstRow + 1));
            else
                warnings.Add(new Problem("value-unreadable",
                    $"column '{column.Name}': {of} are not {kind} and count as missing; the first is '{Example}' in row {firstRow + 1}",
                    column.Name, firstRow + 1));
        }
    }
}
