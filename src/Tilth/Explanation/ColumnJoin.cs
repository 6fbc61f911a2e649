using Tilth.Data;

namespace Tilth.Explanation;

/// <summary>The rows of one column below those of another of the same kind and levels.</summary>
internal static class ColumnJoin
{
    public static Column Of(Column above, Column below) => (above, below) switch
    {
        (NumberColumn a, NumberColumn b) => new NumberColumn(a.Name, (double[])[.. a.Values.Span, .. b.Values.Span]),
        (CategoryColumn a, CategoryColumn b) => new CategoryColumn(a.Name, (int[])[.. a.Codes.Span, .. b.Codes.Span], a.Levels),
        (DateTimeColumn a, DateTimeColumn b) => new DateTimeColumn(a.Name, (long[])[.. a.Ticks.Span, .. b.Ticks.Span]),
        (BooleanColumn a, BooleanColumn b) => new BooleanColumn(a.Name, (sbyte[])[.. a.Values.Span, .. b.Values.Span]),
        (TextColumn a, TextColumn b) => TextColumn.From(a.Name, [.. Texts(a), .. Texts(b)]),
        _ => throw new ArgumentException($"'{above.Name}' is {above.Kind} above and {below.Kind} below"),
    };

    static IEnumerable<string?> Texts(TextColumn column) => Enumerable.Range(0, column.Count).Select(column.Format);
}
