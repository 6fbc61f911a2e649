using System.Globalization;
using System.Text;

namespace Tilth.Data.Sources;

/// <summary>
/// Collects a column whose values come typed (from JSON, objects or a database). While all are of one type the column is of that
/// kind; once two types meet, all become text.
/// </summary>
internal sealed class ValueCollector(string name)
{
    ColumnKind? kind;
    readonly List<double> numbers = [];
    readonly List<long> ticks = [];
    readonly List<sbyte> truths = [];
    TextCollector? texts;

    public string Name => name;

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

    public int Count { get; private set; }

    public void PadTo(int rows)
    {
        while (Count < rows) AddMissing();
    }

    public void AddMissing()
    {
        Count++;
        switch (kind)
        {
            case ColumnKind.Number: numbers.Add(double.NaN); break;
            case ColumnKind.DateTime: ticks.Add(DateTimeColumn.Missing); break;
            case ColumnKind.Boolean: truths.Add(-1); break;
            case not null: texts!.AddMissing(); break;
        }
    }

    public void Add(double value)
    {
        if (double.IsNaN(value)) AddMissing();
        else if (Becomes(ColumnKind.Number)) numbers.Add(value);
        else texts!.Add(Utf8(new NumberColumn("", new[] { value })));
    }

    public void Add(bool value)
    {
        if (Becomes(ColumnKind.Boolean)) truths.Add(value ? (sbyte)1 : (sbyte)0);
        else texts!.Add(value ? "true"u8 : "false"u8);
    }

    public void Add(DateTime value)
    {
        if (Becomes(ColumnKind.DateTime)) ticks.Add(value.Ticks);
        else texts!.Add(Utf8(new DateTimeColumn("", new[] { value.Ticks })));
    }

    /// <summary>Adds a text; an empty one is missing.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0) AddMissing();
        else
        {
            Becomes(ColumnKind.Text);
            texts!.Add(utf8);
        }
    }

    /// <summary>Adds what a property or a database field holds.</summary>
    public void Add(object? value)
    {
        switch (value)
        {
            case null or DBNull: AddMissing(); break;
            case string text: Add(Encoding.UTF8.GetBytes(text)); break;
            case bool truth: Add(truth); break;
            case double or float or decimal or long or int or short or sbyte or ulong or uint or ushort or byte:
                Add(Convert.ToDouble(value, CultureInfo.InvariantCulture)); break;
            case Half or Int128 or UInt128: Add(double.Parse(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)); break;
            case DateTime moment: Add(moment); break;
            case DateTimeOffset moment: Add(moment.DateTime); break;
            case DateOnly day: Add(day.ToDateTime(TimeOnly.MinValue)); break;
            case TimeSpan span: Add(span.TotalSeconds); break;
            case byte[] bytes: Add(Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))); break;
            case Enum named: Add(Encoding.UTF8.GetBytes(named.ToString())); break;
            case IFormattable other: Add(Encoding.UTF8.GetBytes(other.ToString(null, CultureInfo.InvariantCulture))); break;
            default: Add(Encoding.UTF8.GetBytes(value.ToString() ?? "")); break;
        }
    }

    public Column Build() => kind switch
    {
        null => new NumberColumn(name, Enumerable.Repeat(double.NaN, Count).ToArray()),
        ColumnKind.Number => new NumberColumn(name, numbers.ToArray()),
        ColumnKind.DateTime => new DateTimeColumn(name, ticks.ToArray()),
        ColumnKind.Boolean => new BooleanColumn(name, truths.ToArray()),
        _ => texts!.Build(name),
    };

    /// <summary>Counts one more value and says whether the column is of that kind; if not it is text now.</summary>
    bool Becomes(ColumnKind wanted)
    {
        if (kind is null)
        {
            kind = wanted;
            if (wanted == ColumnKind.Text) texts = new TextCollector();
            int before = Count;
            Count = 0;
            PadTo(before);
        }
        else if (kind != wanted && kind != ColumnKind.Text)
        {
            var old = Build();
            texts = new TextCollector();
            for (int row = 0; row < old.Count; row++) texts.Add(Encoding.UTF8.GetBytes(old.Format(row) ?? ""));
            numbers.Clear();
            ticks.Clear();
            truths.Clear();
            kind = ColumnKind.Text;
        }
        Count++;
        return kind == wanted;
    }

    static byte[] Utf8(Column one) => Encoding.UTF8.GetBytes(one.Format(0)!);
}
