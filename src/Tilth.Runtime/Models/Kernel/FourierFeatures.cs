using Tilth.Kernels;

namespace Tilth.Models.Kernel;

/// <summary>
/// Random Fourier features: sqrt(2 / D) cos(omega_r x + b_r), r = 1..D, whose inner products tend to the Gaussian kernel
/// exp(-gamma |x - x'|^2) (Rahimi and Recht, 2007, algorithm 1). Numbers beyond 100 count as 100, missing ones as 0.
/// </summary>
/// <param name="frequencies">D x inputs, feature by feature.</param>
/// <param name="phases">D phases.</param>
/// <param name="inputs">Numbers a row.</param>
internal sealed class FourierFeatures(double[] frequencies, double[] phases, int inputs)
{
    const float Largest = 100;

    readonly double scale = Math.Sqrt(2.0 / Math.Max(1, phases.Length));

    public int Count => phases.Length;

    public int Inputs => inputs;

    public ReadOnlySpan<double> Frequencies => frequencies;

    public ReadOnlySpan<double> Phases => phases;

    /// <summary>Draws frequencies from N(0, 2 gamma) and phases from the circle.</summary>
    public static FourierFeatures Draw(int count, int inputs, double gamma, RandomSource random)
    {
        var frequencies = new double[(long)count * inputs];
        var phases = new double[count];
        double spread = Math.Sqrt(2 * gamma);
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = spread * random.NextGaussian();
        for (int r = 0; r < count; r++) phases[r] = 2 * Math.PI * random.NextDouble();
        return new(frequencies, phases, inputs);
    }

    /// <summary>Copies a row's numbers inside the bounds.</summary>
    public static void Bound(ReadOnlySpan<float> row, Span<float> to)
    {
        for (int j = 0; j < to.Length; j++) to[j] = float.IsNaN(row[j]) ? 0 : Math.Clamp(row[j], -Largest, Largest);
    }

    /// <summary>Feature <paramref name="index"/> of a bounded row.</summary>
    public float Of(ReadOnlySpan<float> bounded, int index)
        => (float)(scale * Elementary.Cos(ColumnKernels.Dot(bounded, frequencies.AsSpan(index * inputs, inputs)) + phases[index]));
}
