string[] rest = [.. args.Skip(1)];
switch (args.FirstOrDefault())
{
    case "predict": return Tilth.Bench.PredictBench.Run(rest);
    default:
        Console.Error.WriteLine("usage: Tilth.Bench quality|speed|predict");
        return 1;
}
