using Tilth.Kernels;
using Tilth.Models.Neural;

namespace Tilth.Learners.Neural;

/// <summary>First values of a network's parameters.</summary>
static class NetworkStart
{
    public static void Draw(NetworkShape shape, float[] parameters, RandomSource random)
    {
        for (int f = 0; f < shape.Edges.Length; f++)
            Uniform(parameters.AsSpan(shape.NumberWeights(f), (shape.Bins(f) + 1) * shape.NumberSize), 1 / Math.Sqrt(shape.Bins(f)), random);
        for (int c = 0; c < shape.Levels.Length; c++)
            foreach (ref float value in parameters.AsSpan(shape.Table(c), (shape.Levels[c] + 1) * shape.TableSizes[c])) value = (float)(0.5 * random.NextGaussian());
        // Members begin as random reflections of one network, which keeps them apart.
        foreach (ref float value in parameters.AsSpan(shape.ScaleStart, shape.Members * shape.InputSize)) value = shape.Members == 1 || random.NextInt(2) == 0 ? 1 : -1;
        for (int l = 0; l < shape.Layers; l++)
            Uniform(parameters.AsSpan(shape.HiddenWeights(l), (shape.HiddenInput(l) + 1) * shape.Width), 1 / Math.Sqrt(Math.Max(1, shape.HiddenInput(l))), random);
        Uniform(parameters.AsSpan(shape.HeadStart), 1 / Math.Sqrt(Math.Max(1, shape.HeadInput)), random);
    }

    static void Uniform(Span<float> values, double bound, RandomSource random)
    {
        foreach (ref float value in values) value = (float)(bound * (2 * random.NextDouble() - 1));
    }
}
