using Tilth.Data;

namespace Tilth.Prepare;

/// <summary>
/// A date becomes the days since 1970 and those of its parts that vary: as they are for learners that split numbers, on a
/// circle for those that multiply them (December lies beside January).
/// </summary>
internal static class DateFit
{
    static readonly (DatePart Part, string Name, double Period)[] Parts =
    [
        (DatePart.Year, "year", 0), (DatePart.Month, "month", 12), (DatePart.Day, "day", 0),
        (DatePart.Weekday, "weekday", 7), (DatePart.Hour, "hour", 24),
    ];

    public static ColumnRecipe Of(ColumnSchema schema, DateTimeColumn column, int[] rows, PreparationNeeds needs)
    {
        var varying = Parts.Where(part => Varies(column, rows, part.Part)).ToArray();
        bool circles = needs.Numbers != NumberForm.Raw;
        return (draft, _) =>
        {
            int ticks = draft.Input(schema);
            AddPart(draft, schema.Name, ticks, DatePart.Days, "days");
            foreach (var (part, name, period) in varying)
            {
                if (!circles) AddPart(draft, schema.Name, ticks, part, name);
                else if (period > 0) AddCircle(draft, schema.Name, ticks, part, name, period);
            }
        };
    }

    static void AddPart(PreparationDraft draft, string column, int ticks, DatePart part, string name)
    {
        int register = draft.NewNumbers();
        draft.Add(new DatePartStep(ticks, register, part));
        draft.AddNumber($"{column}: {name}", [column], register);
    }

    static void AddCircle(PreparationDraft draft, string column, int ticks, DatePart part, string name, double period)
    {
        int number = draft.NewNumbers(), sine = draft.NewNumbers(), cosine = draft.NewNumbers();
        draft.Add(new DatePartStep(ticks, number, part));
        draft.Add(new CycleStep(number, sine, cosine, period));
        draft.AddNumber($"{column}: {name} (sine)", [column], sine);
        draft.AddNumber($"{column}: {name} (cosine)", [column], cosine);
    }

    static bool Varies(DateTimeColumn column, int[] rows, DatePart part)
    {
        double first = double.NaN;
        foreach (int row in rows)
        {
            if (column.IsMissing(row)) continue;
            double value = DatePartStep.Of(part, column.Ticks.Span[row]);
            if (double.IsNaN(first)) first = value;
            else if (value != first) return true;
        }
        return false;
    }
}
