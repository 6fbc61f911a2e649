using Tilth.Bench;
using Tilth.Bench.Honesty;
using Tilth.Bench.Quality;
using Tilth.Bench.Serving;
using Tilth.Bench.Speed;

string[] rest = [.. args.Skip(1)];
switch (args.FirstOrDefault())
{
    case "quality": return QualityBench.Run(rest);
    case "portfolio": return PortfolioBench.Run(rest);
    case "limits": return LimitsBench.Run(rest);
    case "honesty": return HonestyBench.Run(rest);
    case "speed": return SpeedBench.Run(rest);
    case "linear": return LinearBench.Run(rest);
    case "predict": return PredictBench.Run(rest);
    case "serve": return ServeBench.Run(rest);
    case "csv": return CsvBench.Run(rest);
    case "fuzz": return FuzzBench.Run(rest);
    case "golden": return GoldenPackages.Run(rest);
    default:
        Console.Error.WriteLine("usage: Tilth.Bench quality | portfolio | limits | honesty | speed | linear | predict | serve | csv | fuzz | golden [options]; each file's head says what it measures");
        return 1;
}
