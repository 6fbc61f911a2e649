using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Tests.Models.Trees;

namespace Tilth.Bench;

/// <summary>
/// Prediction and row attributions on one thread, ours and Debian's XGBoost on the very same trees and rows, interleaved;
/// medians of processor time. XGBoost's single-row time holds its Python call.
/// </summary>
static class PredictBench
{
    const int Rows = 20_000, Features = 28, Scale = -24, Rounds = 7;

    /// <summary>Arguments: sizes as TREESxLEAVES; none runs 100x31, 500x31 and 100x255; or "export" (<see cref="ExportBench"/>).</summary>
    public static int Run(string[] args)
    {
        if (args.FirstOrDefault() == "export") return ExportBench.Run();
        Console.WriteLine("trees      what                 ours      XGBoost   ratio");
        foreach (string size in args.Length > 0 ? args : ["100x31", "500x31", "100x255"])
        {
            int[] parts = [.. size.Split('x').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
            string folder = Directory.CreateTempSubdirectory("tilth-bench").FullName;
            try { RunSize(size, parts[0], parts[1], folder); }
            finally { Directory.Delete(folder, recursive: true); }
        }
        return 0;
    }

    static void RunSize(string size, int trees, int leaves, string folder)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "predict_xgboost.py"), folder, $"{trees}", $"{leaves}", $"{Rows}"])
        { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var peer = Process.Start(start)!;
        if (peer.StandardOutput.ReadLine() != "ready") throw new InvalidOperationException("XGBoost did not start");
        using var dump = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "trees.json")));
        var model = new TreeEnsemble([.. dump.RootElement.EnumerateArray().Select(tree => XgboostTrees.Read(tree, Scale))], [0], Scale, false, Link.Logistic);
        float[] numbers = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "rows.f32"))).ToArray();
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "scores.f32"))).ToArray();
        var map = new FeatureMap([.. Enumerable.Range(0, Features).Select(f => new Feature($"x{f}", [$"x{f}"]))], [], []);
        var columns = Enumerable.Range(0, Features).Select(f => Enumerable.Range(0, Rows).Select(r => numbers[r * Features + f]).ToArray()).ToArray();
        var matrix = new FeatureMatrix(map, Rows, columns, [], null);
        double[] scores = new double[Rows], one = new double[1], contributions = new double[Features];

        Compare("batch, ns/row", "batch", 1e9 / Rows, Rows, () => model.Score(matrix, 0, Rows, scores));
        for (int r = 0; r < Rows; r++)
            if (Math.Abs(scores[r] - expected[r]) > 1e-4) throw new InvalidOperationException($"row {r}: {scores[r]}, not {expected[r]}");
        Compare("single row, ns", "row", 1e9, 2000, () =>
        {
            for (int r = 0; r < 2000; r++) model.ScoreRow(new FeatureRow(numbers.AsSpan(r * Features, Features), [], [], []), one);
        });
        Compare("attribution, ns/row", "contribs", 1e9 / (Rows / 100), 100, () =>
        {
            for (int r = 0; r < 100; r++) RowAttribution.Explain(model, new FeatureRow(numbers.AsSpan(r * Features, Features), [], [], []), contributions, one);
        });
        peer.StandardInput.Close();
        peer.WaitForExit();

        void Compare(string what, string ask, double peerScale, int oursPerCall, Action ours)
        {
            double[] mine = new double[Rounds], theirs = new double[Rounds];
            for (int warm = 0; warm < 30; warm++) ours();
            for (int round = 0; round < Rounds; round++)
            {
                peer.StandardInput.WriteLine(ask);
                theirs[round] = double.Parse(peer.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture) * peerScale;
                var before = Process.GetCurrentProcess().UserProcessorTime;
                int calls = 0;
                // The kernel counts processor time in steps; 100 ms of it is enough of them.
                do { ours(); calls++; } while ((Process.GetCurrentProcess().UserProcessorTime - before).TotalMilliseconds < 100);
                mine[round] = (Process.GetCurrentProcess().UserProcessorTime - before).TotalNanoseconds / calls / oursPerCall;
            }
            Array.Sort(mine);
            Array.Sort(theirs);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{size,-10} {what,-20} {mine[Rounds / 2],-9:F0} {theirs[Rounds / 2],-9:F0} {theirs[Rounds / 2] / mine[Rounds / 2]:F1}"));
        }
    }
}
