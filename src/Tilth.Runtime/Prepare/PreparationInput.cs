using Tilth.Data;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>A column that a preparation reads, and the register that it is loaded into.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Kind">Number, DateTime and Boolean load into number registers (ticks; 1 or 0), Category into codes, Text into texts.</param>
/// <param name="Register">Number within its bank.</param>
internal sealed record PreparationInput(string Column, ColumnKind Kind, int Register)
{
    public void Declare(RegisterCheck check)
    {
        switch (Kind)
        {
            case ColumnKind.Category: check.WriteCode(Register, int.MaxValue); break;
            case ColumnKind.Text: check.WriteText(Register); break;
            default: check.WriteNumbers(Register); break;
        }
    }

    /// <summary>The table's column of that name.</summary>
    /// <exception cref="SchemaException">There is none, or it is of another kind.</exception>
    public Column ColumnOf(Table table) => table[Column] is var column && column.Kind == Kind
        ? column
        : throw new SchemaException("column-kind", $"column '{Column}' holds {column.Kind} values, but the model was made with {Kind} values");

    public void Load(PreparationFrame frame, Column column, int start)
    {
        switch (column)
        {
            case NumberColumn numbers:
                numbers.Values.Span.Slice(start, frame.Rows).CopyTo(frame.Numbers(Register));
                break;
            case DateTimeColumn moments:
                LoadTicks(moments.Ticks.Span.Slice(start, frame.Rows), frame.Numbers(Register));
                break;
            case BooleanColumn flags:
                LoadFlags(flags.Values.Span.Slice(start, frame.Rows), frame.Numbers(Register));
                break;
            case CategoryColumn categories:
                categories.Codes.Span.Slice(start, frame.Rows).CopyTo(frame.Codes(Register));
                break;
            case TextColumn texts:
                frame.Text(Register) = new TextRegister { Column = texts, Start = start, Buffer = [] };
                break;
        }
    }

    static void LoadTicks(ReadOnlySpan<long> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i] == DateTimeColumn.Missing ? double.NaN : from[i];
    }

    static void LoadFlags(ReadOnlySpan<sbyte> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i] < 0 ? double.NaN : from[i];
    }

    public void Pack(PartWriter writer)
    {
        writer.Text("column", Column);
        writer.Choice("kind", Kind);
        writer.Int("register", Register);
    }

    public static PreparationInput Unpack(PartReader reader)
        => new(reader.Text("column"), reader.Choice<ColumnKind>("kind"), reader.Register("register"));
}
