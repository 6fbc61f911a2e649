// Published trimmed: opens packages, verifies their golden rows bit by bit, and predicts a row in which everything is missing.
// dotnet publish test/Tilth.TrimSmoke -c Release -r linux-x64 --self-contained -o OUT && OUT/Tilth.TrimSmoke a.tilth b.tilth
using System.Globalization;
using Tilth.Prediction;

foreach (string path in args)
{
    var predictor = Predictor.Open(path);
    predictor.Package.Verify();
    var outputs = new double[predictor.OutputCount];
    predictor.Predict(predictor.NewRow(), outputs);
    Console.WriteLine($"{predictor.Package.Version} {string.Join(' ', outputs.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}");
}
return args.Length > 0 ? 0 : 1;
