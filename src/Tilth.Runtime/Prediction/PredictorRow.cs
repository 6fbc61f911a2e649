using System.Globalization;
using Tilth.Data;
using Tilth.Models.Nodes;

namespace Tilth.Prediction;

/// <summary>
/// One row on its way to a <see cref="Predictor"/>: values set by column name or number, and the working memory to predict
/// them. Made once and reused by one thread at a time; columns that are not set are missing. Setting and predicting allocate
/// nothing (texts longer than any before grow a buffer).
/// </summary>
public sealed class PredictorRow
{
    readonly Predictor predictor;
    readonly CellOutcome[] outcomes;
    readonly RowValues values;

    internal PredictorRow(Predictor predictor)
    {
        this.predictor = predictor;
        outcomes = new CellOutcome[predictor.Columns.Count];
        values = new RowValues(outcomes.Length);
        Prepared = new PreparedRow(predictor.Package.Node, predictor.Package.Schema, values);
        Clear();
    }

    internal Predictor Predictor => predictor;

    internal PreparedRow Prepared { get; }

    internal ReadOnlySpan<CellOutcome> Outcomes => outcomes;

    /// <summary>The number (or ticks, or 1 and 0) of a column; NaN where it has none.</summary>
    internal double NumberOf(int column) => values.Number(column);

    /// <summary>The code of a column's level; -1 where it has none.</summary>
    internal int CodeOf(int column) => values.Code(column);

    /// <summary>The UTF-8 text of a column; empty where it has none.</summary>
    internal ReadOnlySpan<byte> TextOf(int column) => values.Text(column).AsSpan(0, Math.Max(0, values.TextLength(column)));

    /// <summary>Makes every column missing.</summary>
    public void Clear()
    {
        values.Clear();
        Array.Fill(outcomes, CellOutcome.Missing);
    }

    /// <summary>Sets a number; NaN is missing. In a category it is the level written that way.</summary>
    /// <exception cref="SchemaException">The model has no such column; the message suggests the nearest name.</exception>
    public void Set(string column, double value) => Set(predictor.IndexOf(column), value);

    /// <summary>Sets a text; null is missing. In a number, date or truth column it is read as in a table.</summary>
    /// <exception cref="SchemaException">The model has no such column; the message suggests the nearest name.</exception>
    public void Set(string column, string? value)
    {
        int index = predictor.IndexOf(column);
        if (value is null) SetMissing(index);
        else Set(index, value.AsSpan());
    }

    /// <summary>Sets a truth value.</summary>
    /// <exception cref="SchemaException">The model has no such column; the message suggests the nearest name.</exception>
    public void Set(string column, bool value) => Set(predictor.IndexOf(column), value);

    /// <summary>Sets a moment; its time zone is not looked at.</summary>
    /// <exception cref="SchemaException">The model has no such column; the message suggests the nearest name.</exception>
    public void Set(string column, DateTime value) => Set(predictor.IndexOf(column), value);

    /// <summary>Makes a column missing.</summary>
    /// <exception cref="SchemaException">The model has no such column; the message suggests the nearest name.</exception>
    public void SetMissing(string column) => SetMissing(predictor.IndexOf(column));

    /// <summary>As by name, for a column's number in <see cref="Predictor.Columns"/>.</summary>
    public void Set(int column, double value) => Store(column, new Cell(value));

    /// <summary>As by name, for a column's number in <see cref="Predictor.Columns"/>.</summary>
    public void Set(int column, ReadOnlySpan<char> value) => Store(column, new Cell(value));

    /// <summary>As by name, for a column's number in <see cref="Predictor.Columns"/>.</summary>
    public void Set(int column, bool value) => Store(column, new Cell(value));

    /// <summary>As by name, for a column's number in <see cref="Predictor.Columns"/>.</summary>
    public void Set(int column, DateTime value) => Store(column, new Cell(value));

    /// <summary>As by name, for a column's number in <see cref="Predictor.Columns"/>.</summary>
    public void SetMissing(int column)
    {
        outcomes[column] = CellOutcome.Missing;
        values.Number(column) = double.NaN;
        values.Code(column) = -1;
        values.ClearText(column);
    }

    /// <summary>Sets a value of any of the kinds that tables take; null is missing.</summary>
    /// <exception cref="SchemaException">There is no such column, or the value's type is none that a cell can have.</exception>
    public void SetObject(string column, object? value)
    {
        switch (value)
        {
            case null: SetMissing(column); break;
            case string text: Set(column, text); break;
            case bool flag: Set(column, flag); break;
            case DateTime moment: Set(column, moment); break;
            case DateTimeOffset moment: Set(column, moment.DateTime); break;
            case DateOnly day: Set(column, day.ToDateTime(TimeOnly.MinValue)); break;
            case char letter: Set(predictor.IndexOf(column), [letter]); break;
            case Enum level: Set(column, level.ToString()); break;
            case double or float or decimal or int or long or short or byte or sbyte or uint or ulong or ushort:
                Set(column, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            default: throw new SchemaException("value-type", $"column '{column}' got a value of type {value.GetType().Name}; a value is a number, text, truth value, date or null");
        }
    }

    /// <summary>Copies the values of a row of a conforming table.</summary>
    internal void Load(Column?[] columns, int row)
    {
        for (int c = 0; c < columns.Length; c++)
        {
            if (columns[c] is not { } column) continue;
            values.Load(c, column, row);
            outcomes[c] = column.IsMissing(row) ? CellOutcome.Missing : CellOutcome.Value;
        }
    }

    void Store(int column, Cell cell)
    {
        var reader = predictor.Reader(column);
        switch (reader.Column.Kind)
        {
            case ColumnKind.Category:
                outcomes[column] = reader.ReadCode(cell, out values.Code(column));
                break;
            case ColumnKind.Text:
                StoreText(column, reader, cell);
                break;
            default:
                outcomes[column] = reader.ReadNumber(cell, out values.Number(column));
                break;
        }
    }

    void StoreText(int column, CellReader reader, Cell cell)
    {
        Span<char> buffer = stackalloc char[CellReader.TextBuffer];
        var text = cell.AsText(buffer);
        bool missing = reader.IsMissingText(text);
        outcomes[column] = missing ? CellOutcome.Missing : CellOutcome.Value;
        if (missing) values.ClearText(column);
        else values.SetText(column, text);
    }
}
