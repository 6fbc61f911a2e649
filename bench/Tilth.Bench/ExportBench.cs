using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tilth.Bench.Serving;
using Tilth.Data;
using Tilth.Exporting;
using Tilth.Learners;
using Tilth.Learners.Additive;
using Tilth.Learners.Linear;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.Bench;

/// <summary>
/// The file that `tilth export csharp` writes, compiled here, beside the library's call for one row: both from 28 values to the
/// probability, one thread, interleaved, medians of processor time. Every row must have the same bits.
/// </summary>
static class ExportBench
{
    const int Rows = 2000, Rounds = 7;

    public static int Run()
    {
        Console.WriteLine("model                      library ns   exported ns   ratio");
        Compare("boosting, 500 x 31", Higgs.Boosted());
        Compare("additive", Trained(new AdditiveBoosting()));
        Compare("linear", Trained(new LinearLearner()));
        return 0;
    }

    static ModelPackage Trained(ISupervisedLearner learner)
        => (Training.For("y") with { Learner = learner, HoldoutShare = 0.2, Folds = 1, Refit = false }).Run(Higgs.Rows(6000)).Package;

    static void Compare(string name, ModelPackage package)
    {
        var table = Higgs.Rows(Rows, 77);
        double[][] rows = [.. Enumerable.Range(0, Rows).Select(r => table.Columns.OfType<NumberColumn>().Select(column => column.Values.Span[r]).ToArray())];
        var predictor = new Predictor(package);
        int[] columns = [.. Enumerable.Range(0, Higgs.Features).Select(f => predictor.IndexOf($"x{f}"))];
        var exported = Compiled(package);
        var fill = exported.GetMethod("Fill")!.CreateDelegate<Action<double[][]>>();
        var call = exported.GetMethod("Call")!.CreateDelegate<Func<int, double[]>>();
        fill(rows);
        var row = predictor.NewRow();
        double[] outputs = new double[predictor.OutputCount];
        for (int r = 0; r < Rows; r++)
        {
            Library(r);
            if (!outputs.AsSpan().SequenceEqual(call(r))) throw new InvalidOperationException($"row {r}: {outputs[0]:R} became {call(r)[0]:R}");
        }
        double[] library = new double[Rounds], export = new double[Rounds];
        for (int round = -2; round < Rounds; round++)
        {
            double own = Time(Library), other = Time(r => call(r));
            if (round >= 0) (library[round], export[round]) = (own, other);
        }
        double ours = library.Order().ElementAt(Rounds / 2), theirs = export.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {ours,10:F0} {theirs,13:F0} {theirs / ours,7:F1}"));

        void Library(int r)
        {
            row.Clear();
            double[] values = rows[r];
            for (int c = 0; c < columns.Length; c++) row.Set(columns[c], values[c]);
            predictor.Predict(row, outputs);
        }
    }

    /// <summary>Nanoseconds a row; the kernel counts processor time in steps, of which 200 ms are enough.</summary>
    static double Time(Action<int> call)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.UserProcessorTime;
        long calls = 0;
        do
        {
            for (int r = 0; r < Rows; r++) call(r);
            calls += Rows;
            process.Refresh();
        }
        while ((process.UserProcessorTime - before).TotalMilliseconds < 200);
        return (process.UserProcessorTime - before).TotalNanoseconds / calls;
    }

    static Type Compiled(ModelPackage package)
    {
        string caller = $$"""
            using System.Linq;
            public static class Caller
            {
                static Exported.Row[] rows = [];
                public static void Fill(double[][] values) => rows = values.Select(v => new Exported.Row { {{string.Join(", ", package.Node.SourceColumns.Select(column => $"X{column[1..]} = v[{column[1..]}]"))}} }).ToArray();
                public static double[] Call(int row) => Exported.Predict(rows[row]);
            }
            """;
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)).Select(path => MetadataReference.CreateFromFile(path));
        var program = CSharpCompilation.Create("exported", [CSharpSyntaxTree.ParseText(CSharpExport.Write(package, "Exported")), CSharpSyntaxTree.ParseText(caller)], platform,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using var bytes = new MemoryStream();
        var result = program.Emit(bytes);
        if (!result.Success) throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Take(5)));
        return Assembly.Load(bytes.ToArray()).GetType("Caller")!;
    }
}
