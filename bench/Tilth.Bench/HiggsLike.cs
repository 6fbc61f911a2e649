using Tilth.Data;
using Tilth.Kernels;

namespace Tilth.Bench;

/// <summary>Seeded data like the Higgs set: 21 measured numbers, 7 derived masses, a noisy label that depends on both.</summary>
static class HiggsLike
{
    static readonly (int A, int B)[] Pairs = [(0, 1), (2, 3), (3, 4), (0, 5), (2, 4), (1, 5), (0, 3)];

    public static (FeatureMatrix Features, Target Target) Make(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var columns = Enumerable.Range(0, 28).Select(_ => new float[rows]).ToArray();
        var scores = new double[rows];
        Span<double> pt = stackalloc double[6], eta = stackalloc double[5], phi = stackalloc double[6], tag = stackalloc double[4], mass = stackalloc double[7];
        for (int row = 0; row < rows; row++)
        {
            // Gamma(2, 1/2) is half the sum of two exponentials.
            foreach (ref double value in pt) value = -0.5 * (Math.Log(1 - random.NextDouble()) + Math.Log(1 - random.NextDouble()));
            foreach (ref double value in eta) value = random.NextGaussian();
            foreach (ref double value in phi) value = 3.48 * random.NextDouble() - 1.74;
            foreach (ref double value in tag) value = random.NextDouble() switch { < 0.5 => 0, < 0.8 => 1.0865, _ => 2.1730 };
            for (int k = 0; k < 7; k++)
            {
                var (a, b) = Pairs[k];
                double square = 2 * pt[a] * pt[b] * (Math.Cosh(eta[a % 5] - eta[b % 5]) - Math.Cos(phi[a] - phi[b]));
                mass[k] = Math.Min(Math.Abs(Math.Sqrt(Math.Max(square, 1e-9)) * (1 + 0.15 * random.NextGaussian())), 50);
            }
            int at = 0;
            for (int i = 0; i < 5; i++) (columns[at++][row], columns[at++][row], columns[at++][row]) = ((float)pt[i], (float)eta[i], (float)phi[i]);
            (columns[at++][row], columns[at++][row]) = ((float)pt[5], (float)phi[5]);
            foreach (double value in tag) columns[at++][row] = (float)value;
            foreach (double value in mass) columns[at++][row] = (float)value;
            scores[row] = 1.3 * Bump(mass[0], 1.2, 0.6) + 1.1 * Bump(mass[1], 1.5, 0.7) - 0.5 * Math.Log(1 + mass[3]) + 0.8 * Math.Tanh(mass[2] - mass[4])
                + (tag[0] > 1 ? 0.6 * Math.Tanh(pt[2] - 1) : 0) + (tag[1] > 1 && tag[2] > 1 ? 0.5 : 0)
                + 0.7 * Math.Sin(2 * (phi[0] - phi[1])) * Math.Exp(-eta[0] * eta[0]) + (pt[0] > 1.2 && Math.Abs(eta[1]) < 0.8 ? 0.4 : 0)
                - 0.3 * eta[2] * eta[3] + 0.35 * Math.Sqrt(pt[5] * pt[1]);
        }
        double mean = scores.Average(), deviation = Math.Sqrt(scores.Average(z => (z - mean) * (z - mean)));
        var labels = scores.Select(z => random.NextDouble() < 1 / (1 + Math.Exp(-1.6 * (z - mean) / deviation)) ? 1.0 : 0).ToArray();
        var map = new FeatureMap([.. Enumerable.Range(0, 28).Select(f => new Feature($"f{f}", [$"f{f}"]))], [], []);
        var schema = new TargetSchema { Column = "label", Task = TaskKind.Binary, Classes = ["0", "1"] };
        return (new FeatureMatrix(map, rows, columns, [], null), new Target(schema, labels));
    }

    static double Bump(double value, double centre, double width) => Math.Exp(-(value - centre) / width * ((value - centre) / width));
}
