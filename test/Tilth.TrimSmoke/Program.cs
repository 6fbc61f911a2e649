// Published trimmed: opens packages, verifies their golden rows bit by bit, and predicts two rows, one in which everything is
// missing and one of middling values. golden/ holds packages (bench: golden) and what they predicted when they were made.
// dotnet publish test/Tilth.TrimSmoke -c Release -r linux-x64 --self-contained -o OUT && OUT/Tilth.TrimSmoke a.tilth b.tilth
using System.Globalization;
using Tilth.Data;
using Tilth.Prediction;

foreach (string path in args)
{
    var predictor = Predictor.Open(path);
    predictor.Package.Verify();
    Console.WriteLine($"{Path.GetFileName(path)} {predictor.Package.Version} {Outputs(predictor, fill: false)} | {Outputs(predictor, fill: true)}");
}
return args.Length > 0 ? 0 : 1;

static string Outputs(Predictor predictor, bool fill)
{
    var row = predictor.NewRow();
    for (int c = 0; fill && c < predictor.Columns.Count; c++)
    {
        var column = predictor.Columns[c];
        switch (column.Kind)
        {
            case ColumnKind.Category when column.Levels.Count > 0: row.Set(c, column.Levels.NameOf(column.Levels.Count / 2)); break;
            case ColumnKind.Number: row.Set(c, (column.Min + column.Max) / 2); break;
            case ColumnKind.DateTime when column.Min >= 0: row.Set(c, new DateTime((long)column.Min)); break;
            case ColumnKind.Boolean: row.Set(c, true); break;
            case ColumnKind.Text: row.Set(c, "called twice, asked how to cancel"); break;
        }
    }
    var outputs = new double[predictor.OutputCount];
    predictor.Predict(row, outputs);
    return string.Join(' ', outputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
