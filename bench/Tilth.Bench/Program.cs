string[] rest = [.. args.Skip(1)];
switch (args.FirstOrDefault())
{
    case "csv": return Tilth.Bench.CsvBench.Run(rest);
    case "fuzz": return Tilth.Bench.FuzzBench.Run(rest);
    case "linear": return Tilth.Bench.LinearBench.Run(rest);
    case "predict": return Tilth.Bench.PredictBench.Run(rest);
    case "train": return Tilth.Bench.TrainBench.Run(rest);
    default:
        Console.Error.WriteLine("usage: Tilth.Bench quality|speed|csv|linear|train|predict|fuzz");
        return 1;
}
