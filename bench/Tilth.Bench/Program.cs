string[] rest = [.. args.Skip(1)];
switch (args.FirstOrDefault())
{
    default:
        Console.Error.WriteLine("usage: Tilth.Bench quality|speed");
        return 1;
}
