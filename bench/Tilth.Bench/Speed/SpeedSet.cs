using System.Runtime.InteropServices;
using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Bench.Speed;

/// <summary>Generated data of one shape; the first rows are learned from.</summary>
sealed record SpeedSet(string Name, FeatureMatrix Features, Target Target, int Rows)
{
    static readonly int[] Levels = [5, 12, 30, 80, 200, 600, 1800, 5000];

    /// <summary>Categories; they are the first features where the set is written for peers.</summary>
    public int Categories => Features.Map.Categories.Count;

    public int Width => Features.Map.Count;

    public static SpeedSet Dense(int rows, ulong seed)
    {
        var (features, target) = HiggsLike.Make(rows + Test(rows), seed);
        return new("dense", features, target, rows);
    }

    /// <summary>200 numbers, 30 of which matter; a third of the others are their noisy copies.</summary>
    public static SpeedSet Wide(int rows, ulong seed)
    {
        const int Width = 200, Useful = 30;
        var random = new RandomSource(seed);
        int all = rows + Test(rows);
        var columns = Enumerable.Range(0, Width).Select(_ => new float[all]).ToArray();
        var weights = Enumerable.Range(0, 10).Select(_ => 0.4 * random.NextGaussian()).ToArray();
        var scores = new double[all];
        for (int row = 0; row < all; row++)
        {
            for (int j = 0; j < Width; j++)
                columns[j][row] = (float)(j < Useful || j % 3 > 0 ? random.NextGaussian() : 0.6 * columns[j % Useful][row] + 0.8 * random.NextGaussian());
            for (int i = 0; i < 10; i++) scores[row] += weights[i] * columns[i][row];
            for (int i = 10; i < 28; i += 2) scores[row] += 0.5 * columns[i][row] * columns[i + 1][row];
            scores[row] += (columns[28][row] > 0.5 ? 0.9 : 0) - (Math.Abs(columns[29][row]) < 0.6 ? 0.7 : 0);
            // Some columns have few values.
            for (int j = 5; j < Width; j += 20) columns[j][row] = (float)(Math.Round(columns[j][row] * 2) / 2);
        }
        return new("wide", new FeatureMatrix(Map(Width, []), all, columns, [], null), Labels(scores, random), rows);
    }

    /// <summary>10 classes of 60 numbers that share 12 factors.</summary>
    public static SpeedSet Classes(int rows, ulong seed)
    {
        const int Width = 60, Factors = 12, Count = 10;
        var random = new RandomSource(seed);
        int all = rows + Test(rows);
        double[][] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Width).Select(_ => random.NextGaussian()).ToArray())];
        double[][] means = Draw(Count), factors = Draw(Factors);
        var columns = Enumerable.Range(0, Width).Select(_ => new float[all]).ToArray();
        var classes = new double[all];
        for (int row = 0; row < all; row++)
        {
            int one = random.NextInt(Count);
            double[] shared = [.. Enumerable.Range(0, Factors).Select(_ => random.NextGaussian())];
            for (int j = 0; j < Width; j++)
                columns[j][row] = (float)((0.5 * means[one][j] + Enumerable.Range(0, Factors).Sum(f => shared[f] * factors[f][j]) + random.NextGaussian()) / Math.Sqrt(Factors));
            classes[row] = one;
        }
        var schema = new TargetSchema { Column = "label", Task = TaskKind.Multiclass, Classes = [.. Enumerable.Range(0, Count).Select(k => $"{k}")] };
        return new("classes", new FeatureMatrix(Map(Width, []), all, columns, [], null), new Target(schema, classes), rows);
    }

    /// <summary>8 categories of 5 to 5,000 levels, some of them rare, and 12 numbers with gaps.</summary>
    public static SpeedSet Categorical(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        int all = rows + Test(rows);
        var codes = Levels.Select(_ => new int[all]).ToArray();
        var columns = Enumerable.Range(0, 12).Select(_ => new float[all]).ToArray();
        var effects = Levels.Select(levels => Enumerable.Range(0, levels).Select(_ => 0.45 * random.NextGaussian()).ToArray()).ToArray();
        var together = Enumerable.Range(0, Levels[0] * Levels[2]).Select(_ => 0.5 * random.NextGaussian()).ToArray();
        var scores = new double[all];
        for (int row = 0; row < all; row++)
        {
            for (int j = 0; j < Levels.Length; j++)
            {
                double u = random.NextDouble();
                // A level's share falls off about as one over its number.
                int code = (int)Math.Min(Levels[j] - 1, Elementary.Exp(u * Elementary.Log(Levels[j] + 3.0)) - 1);
                codes[j][row] = code;
                scores[row] += effects[j][code];
            }
            for (int j = 0; j < 12; j++) columns[j][row] = (float)(j % 2 == 0 ? random.NextGaussian() : -Math.Log(1 - random.NextDouble()));
            scores[row] += 0.5 * columns[0][row] + 0.6 * columns[1][row] * (codes[1][row] % 2) - 0.4 * columns[2][row] * columns[4][row]
                + (columns[3][row] > 1.5 ? 0.5 : 0) + together[codes[0][row] * Levels[2] + codes[2][row]];
            foreach (int j in (int[])[1, 5, 8]) if (random.NextInt(10) == 0) columns[j][row] = float.NaN;
        }
        return new("categorical", new FeatureMatrix(Map(12, Levels), all, columns, codes, null), Labels(scores, random), rows);
    }

    /// <summary>Writes x.bin (rows x features, categories first) and y.bin as little-endian floats.</summary>
    public void Write(string folder)
    {
        using (var file = File.Create(Path.Combine(folder, "x.bin")))
        {
            var line = new float[Width];
            for (int row = 0; row < Features.RowCount; row++)
            {
                for (int c = 0; c < Categories; c++) line[c] = Features.CodeColumn(c)[row];
                for (int d = 0; d < Features.Map.Dense.Count; d++) line[Categories + d] = Features.DenseColumn(d)[row];
                file.Write(MemoryMarshal.AsBytes<float>(line));
            }
        }
        File.WriteAllBytes(Path.Combine(folder, "y.bin"), MemoryMarshal.AsBytes<float>(Target.Values.Select(y => (float)y).ToArray()));
    }

    static int Test(int rows) => Math.Min(100_000, rows);

    static FeatureMap Map(int dense, int[] levels) => new(
        [.. Enumerable.Range(0, dense).Select(f => new Feature($"x{f}", [$"x{f}"]))],
        [.. levels.Select((count, c) => new CategoryFeature(new Feature($"c{c}", [$"c{c}"]), count))], []);

    static Target Labels(double[] scores, RandomSource random)
    {
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(z => (z - mean) * (z - mean)));
        double[] labels = [.. scores.Select(z => random.NextDouble() < 1 / (1 + Math.Exp(-1.6 * (z - mean) / deviation)) ? 1.0 : 0)];
        return new Target(new TargetSchema { Column = "label", Task = TaskKind.Binary, Classes = ["0", "1"] }, labels);
    }
}
