using System.Diagnostics;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Models.Heads;
using Tilth.Models.Nodes;
using Tilth.Packaging;
using Tilth.Prepare;
using Tilth.Tests.Packaging;

namespace Tilth.Bench;

/// <summary>
/// Opens a million mutated packages: `fuzz [mutations] [seed] [package.tilth]`. Without a package it trains a small one. Prints
/// the slowest and the largest, and stops at the first fault that is not a <see cref="PackageFormatException"/>.
/// </summary>
static class FuzzBench
{
    public static int Run(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0]) : 1_000_000;
        ulong seed = args.Length > 1 ? ulong.Parse(args[1]) : (ulong)Stopwatch.GetTimestamp();
        var mutations = new PackageMutations(args.Length > 2 ? File.ReadAllBytes(args[2]) : SmallPackage());
        Console.WriteLine($"seed {seed}, {count} mutations");
        long opened = 0, mostBytes = 0, began = Stopwatch.GetTimestamp();
        double slowest = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] mutated = mutations.Make(new RandomSource(seed).Child(i));
            long allocated = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            try
            {
                if (PackageMutations.Opens(mutated)) opened++;
            }
            catch (Exception fault)
            {
                Console.Error.WriteLine($"seed {seed}, mutation {i}: {fault}");
                return 1;
            }
            mostBytes = Math.Max(mostBytes, GC.GetAllocatedBytesForCurrentThread() - allocated);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if ((i + 1) % 100_000 == 0) Console.WriteLine($"{i + 1} done, {opened} opened, {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        }
        Console.WriteLine($"{count} mutations, {opened} opened, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s; slowest {slowest:F1} ms, most memory {mostBytes / 1e6:F2} MB");
        return 0;
    }

    static byte[] SmallPackage()
    {
        const int rows = 120;
        var random = new RandomSource(1);
        double[] x = [.. Enumerable.Range(0, rows).Select(_ => random.NextGaussian())];
        var levels = new LevelSet(["red", "green", "blue"]);
        var table = new Table([
            new NumberColumn("x", x),
            new CategoryColumn("color", Enumerable.Range(0, rows).Select(_ => random.NextInt(3)).ToArray(), levels),
            TextColumn.From("note", Enumerable.Range(0, rows).Select(row => row % 3 == 0 ? "good apple" : "bad pear")),
        ]);
        var target = new TargetSchema { Column = "y", Task = TaskKind.Binary, Classes = ["no", "yes"] };
        var schema = new Schema
        {
            Target = target,
            Columns =
            [
                .. table.Columns.Select(column => new ColumnSchema { Name = column.Name, Kind = column.Kind, Levels = (column as CategoryColumn)?.Levels ?? LevelSet.Empty }),
                new ColumnSchema { Name = "y", Kind = ColumnKind.Category, Role = ColumnRole.Target, Levels = new LevelSet(target.Classes) },
            ],
        };
        var truth = new Target(target, [.. x.Select(value => value > 0 ? 1.0 : 0)]);
        var learner = new GradientBoosting { NEstimators = 3, NumLeaves = 4, EarlyStoppingRounds = 0 };
        var fitted = PreparationPlan.For(schema, learner.Needs).Fit(table, truth, [.. Enumerable.Range(0, rows)], FitContext.Default);
        var node = new Pipeline(fitted.Preparation, learner.Fit(new TrainingSet(fitted.TrainingFeatures, truth), FitContext.Default));
        return new ModelPackage(schema, node, Head.For(target), DataProfile.Of(schema, table, node.Predict(table), 1)).ToBytes();
    }
}
