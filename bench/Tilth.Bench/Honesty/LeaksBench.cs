using Tilth.Bench.Quality;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Fitting;
using Tilth.Honesty.Leaks;
using Tilth.Kernels;
using Tilth.Learners.Boosting;
using Tilth.Walk;

namespace Tilth.Bench.Honesty;

/// <summary>Ten kinds of leaks planted into every real set that takes them, and what is suspected in the sets as they are.</summary>
static class LeaksBench
{
    public static void Run(HonestyOptions options)
    {
        if (DataFolders.Find() is not { } folder)
        {
            Console.WriteLine("== leaks: skipped, no data sets (set TILTH_DATA)");
            return;
        }
        DataSet[] sets = [.. DataSet.All(folder)];
        var clean = new (int Columns, IReadOnlyList<Suspicion> Found)[sets.Length];
        var planted = new string[sets.Length][];
        options.Workers.For(sets.Length, i =>
        {
            var set = sets[i];
            var table = TableReader.Read([set.Train], null, options.Workers, out _);
            clean[i] = (table.Columns.Count - 1, Look(table, set));
            var shuffled = table.Take(Shuffled(table.RowCount));
            planted[i] = [.. PlantedLeaks.Kinds.Select((kind, k) => Outcome(PlantedLeaks.Plant(kind, shuffled, set.Target, set.Task != "regression", new RandomSource(options.Seed).Child(k)), set))];
        });
        Console.WriteLine("== planted leaks: at least 90 % named with the right column or rows (+ named, o named and left out, - missed, blank: not taken)");
        Console.WriteLine($"{"set",-26}" + string.Join("", PlantedLeaks.Kinds.Select((_, k) => $"{k + 1,3}")));
        for (int i = 0; i < sets.Length; i++) Console.WriteLine($"{sets[i].Name,-26}" + string.Join("", planted[i].Select(mark => $"{mark,3}")));
        for (int k = 0; k < PlantedLeaks.Kinds.Length; k++) Console.WriteLine($"{k + 1}. {PlantedLeaks.Kinds[k],-24} named {Named(planted.Select(marks => marks[k]))}");
        Console.WriteLine($"all {Named(planted.SelectMany(marks => marks))}");
        Console.WriteLine("== sets as they are: no column left out, at most 1 column in 20 a suspect");
        for (int i = 0; i < sets.Length; i++)
            foreach (var suspicion in clean[i].Found) Console.WriteLine($"{sets[i].Name,-26}{(suspicion.LeftOut ? "LEFT OUT " : "")}{suspicion.Kind} {suspicion.Column}: {suspicion.Evidence}");
        int columns = clean.Sum(c => c.Columns);
        Console.WriteLine($"left out {HonestyOptions.Rate(clean.Sum(c => c.Found.Count(s => s.LeftOut)), columns)}; suspects {HonestyOptions.Rate(clean.Sum(c => c.Found.Where(s => s.Column is not null).Select(s => s.Column).Distinct().Count()), columns)}; about rows: {clean.Sum(c => c.Found.Count(s => s.Column is null))} in {sets.Length} sets");
        if (sets.FirstOrDefault(set => set.Name == "bank_marketing") is { } bank) AskedAbout(bank, options);
    }

    /// <summary>The call's length is known only after the call; no second proof can say so, but the question must be asked.</summary>
    static void AskedAbout(DataSet set, HonestyOptions options)
    {
        var training = new Training { Columns = new SchemaRequest { Target = set.Target, Positive = set.Positive }, Learner = new GradientBoosting { NEstimators = 60, LearningRate = 0.1 } };
        var found = training.Run(TableReader.Read([set.Train], null, options.Workers, out _), new FitContext { Workers = options.Workers }).Findings;
        Console.WriteLine($"== columns asked about in {set.Name}: {string.Join(", ", found.Questions.Select(question => FormattableString.Invariant($"{question.Column} ({question.Share:P0})")))}");
    }

    static string Named(IEnumerable<string> marks) => marks.Where(mark => mark != "").ToList() is var taken ? HonestyOptions.Rate(taken.Count(mark => mark != "-"), taken.Count) : "";

    static string Outcome(PlantedLeak? leak, DataSet set)
    {
        if (leak is null) return "";
        var named = Look(leak.Table, set, leak.Request).Where(s => s.Column == leak.Column && leak.Kinds.Contains(s.Kind)).ToList();
        return named.Count == 0 ? "-" : named.Any(s => s.LeftOut) ? "o" : "+";
    }

    static IReadOnlyList<Suspicion> Look(Table table, DataSet set, SchemaRequest? request = null)
    {
        var schema = SchemaInference.Infer(table, (request ?? new SchemaRequest()) with { Target = set.Target, Positive = set.Positive }, Parallelism.WorkerPool.Single).Schema;
        return TableLeaks.Look(table, schema, Parallelism.WorkerPool.Single);
    }

    static int[] Shuffled(int rows)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        new RandomSource(7).Shuffle<int>(order);
        return order;
    }
}
