using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Linear;
using Tilth.Models.Linear;

namespace Tilth.Bench;

/// <summary>
/// Sparse logistic regression on generated documents (Zipf words, TF-IDF, unit length) beside scikit-learn's liblinear and
/// lbfgs, at the same C, without intercept (liblinear would penalise it), one thread each, a round of each in turn. The
/// objective stands beside each time: a time at a worse objective is no time. The peers run with their default tolerance.
/// </summary>
static class LinearBench
{
    const int Words = 50_000, WordsPerDocument = 60;

    /// <summary>Arguments: [documents = 50000] [rounds = 3] [C = 1].</summary>
    public static int Run(string[] args)
    {
        int documents = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
        double c = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 1;
        var (set, sparse) = Documents(documents);
        string folder = Directory.CreateTempSubdirectory("tilth-linear-").FullName;
        try
        {
            Write(folder, "starts", sparse.Starts);
            Write(folder, "columns", sparse.Columns);
            Write(folder, "values", sparse.Values);
            Write(folder, "y", set.Target.Values);
            Console.WriteLine($"{documents} documents, {sparse.Width} words, {sparse.Columns.Length} entries, C = {c}");
            var times = new Dictionary<string, List<double>>();
            for (int round = 0; round < rounds; round++)
            {
                foreach (double tol in (double[])[1e-3, 1e-4, 1e-6]) Add(times, $"tilth tol {tol}", Ours(set, sparse, c, tol));
                foreach (string solver in (string[])["liblinear", "lbfgs"]) Add(times, solver, Peer(folder, c, solver));
            }
            foreach (var (name, walls) in times)
                Console.WriteLine($"{name,-16} median {walls.Order().ElementAt(walls.Count / 2):0.000} s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    static void Add(Dictionary<string, List<double>> times, string name, (double Wall, double Cpu, double Objective) result)
    {
        if (!times.TryGetValue(name, out var list)) times[name] = list = [];
        list.Add(result.Wall);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} wall {result.Wall:0.000} s  cpu {result.Cpu:0.000} s  objective {result.Objective:0.0000}"));
    }

    static (double, double, double) Ours(TrainingSet set, SparseRows sparse, double c, double tol)
    {
        var learner = new LogisticRegression { C = c, FitIntercept = false, Tol = tol };
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var model = (LinearModel)learner.Fit(set, FitContext.Default);
        double wall = watch.Elapsed.TotalSeconds, used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var w = model.Weights(0);
        double objective = 0;
        foreach (double value in w) objective += 0.5 * value * value;
        for (int i = 0; i < sparse.RowCount; i++)
        {
            double score = 0;
            var columns = sparse.ColumnsOf(i);
            for (int e = 0; e < columns.Length; e++) score += w[columns[e]] * sparse.ValuesOf(i)[e];
            objective += c * (Elementary.Softplus(score) - set.Target.Values[i] * score);
        }
        return (wall, used, objective);
    }

    static (double, double, double) Peer(string folder, double c, string solver)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "linear_sklearn.py");
        var start = new ProcessStartInfo("/usr/bin/python3", [script, folder, c.ToString(CultureInfo.InvariantCulture), solver, "1"]) { RedirectStandardOutput = true };
        foreach (string variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]) start.Environment[variable] = "1";
        using var process = Process.Start(start)!;
        double[] values = [.. process.StandardOutput.ReadToEnd().Split().Where(s => s.Length > 0).Select(s => double.Parse(s, CultureInfo.InvariantCulture))];
        process.WaitForExit();
        return (values[0], values[1], values[2]);
    }

    /// <summary>Documents whose class depends on some of their words.</summary>
    static (TrainingSet, SparseRows) Documents(int count)
    {
        var random = new RandomSource(1);
        var meaning = new double[Words];
        for (int word = 0; word < Words; word++) meaning[word] = random.NextInt(10) == 0 ? random.NextGaussian() : 0;
        var starts = new int[count + 1];
        List<int> columns = [];
        List<float> values = [];
        var y = new double[count];
        for (int d = 0; d < count; d++)
        {
            var words = new SortedDictionary<int, int>();
            for (int t = 0; t < WordsPerDocument; t++)
            {
                int word = (int)Elementary.Exp(random.NextDouble() * Elementary.Log(Words)) - 1; // Zipf: density 1 / rank
                words[word] = words.GetValueOrDefault(word) + 1;
            }
            double score = 0, length = 0;
            int from = values.Count;
            foreach (var (word, times) in words)
            {
                double share = Math.Min(1, WordsPerDocument / ((word + 1) * Elementary.Log(Words)));
                double value = times * (1 - Elementary.Log(share));
                columns.Add(word);
                values.Add((float)value);
                length += value * value;
                score += times * meaning[word];
            }
            for (int e = from; e < values.Count; e++) values[e] = (float)(values[e] / Math.Sqrt(length));
            starts[d + 1] = columns.Count;
            y[d] = score + 0.5 * random.NextGaussian() > 0 ? 1 : 0;
        }
        var sparse = new SparseRows(starts, [.. columns], [.. values], Words);
        var map = new FeatureMap([], [], [new SparseSegment(new Feature("text", ["text"]), 0, Words, null)]);
        var schema = new TargetSchema { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };
        return (new TrainingSet(new FeatureMatrix(map, count, [], [], sparse), new Target(schema, y)), sparse);
    }

    static void Write<T>(string folder, string name, T[] values) where T : unmanaged
        => File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes<T>(values).ToArray());
}
