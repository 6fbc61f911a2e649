using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models.Kernel;

namespace Tilth.Learners.Kernel;

/// <summary>
/// Kernel ridge regression on landmarks (Williams and Seeger 2001, Nystrom's method; exact if every point is one). With K = F F'
/// between landmarks, a point's features are z = F^-1 k(x); the penalty is the one whose predictions for left-out points are best,
/// which the hat matrix gives without fitting again: e_i / (1 - h_i) (Allen's PRESS). The features' second moments are brought to
/// tridiagonal form once, so that each penalty costs as much as a prediction.
/// </summary>
internal sealed class KernelSolution
{
    const int Chunk = 256, Batch = 8, MostWatched = 10_000, WatchedOfEachClass = 100;

    /// <summary>Penalties in powers of ten, relative to the weight of a row.</summary>
    const double Weakest = -6, Strongest = 2.5, Step = 0.5;

    /// <summary>Landmarks so near to each other that no bits are left get some noise.</summary>
    const double LeastNoise = 1e-9;

    KernelSolution(KernelPoints landmarks, int[] watched) => (Landmarks, Watched, LeastError) = (landmarks, watched, double.PositiveInfinity);

    public KernelPoints Landmarks { get; }

    /// <summary>outputs x landmarks.</summary>
    public double[] Coefficients { get; private set; } = [];

    /// <summary>The points that chose the penalty.</summary>
    public int[] Watched { get; }

    /// <summary>watched x outputs: predictions from all other points.</summary>
    public double[] LeftOut { get; private set; } = [];

    /// <summary>Their weighted mean squared error.</summary>
    public double LeastError { get; private set; }

    /// <param name="rows">The points.</param>
    /// <param name="components">Most landmarks.</param>
    /// <param name="gamma">Of the kernel.</param>
    /// <param name="context">Seed, threads and cancellation.</param>
    public static KernelSolution Of(KernelRows rows, int components, double gamma, FitContext context)
    {
        var random = context.NewRandom();
        int[] chosen = random.Choose(rows.Count, Math.Min(rows.Count, components));
        var solution = new KernelSolution(rows.Landmarks(chosen, gamma), WatchedOf(rows, random));
        var factor = solution.Factor(rows, chosen);
        var (moments, products, features) = solution.Sums(rows, factor, context);
        var moment = Tridiagonal.Of(moments, chosen.Length);
        int size = chosen.Length, outputs = rows.Outputs;
        for (int k = 0; k < outputs; k++) moment.Rotate(products.AsSpan(k * size, size));
        context.Workers.ForChunks(solution.Watched.Length, 16, (_, start, end) =>
        {
            for (int i = start; i < end; i++) moment.Rotate(features.AsSpan(i * size, size));
        });
        double best = 0;
        for (double power = Weakest; power <= Strongest; power += Step)
        {
            context.ThrowIfCancelled();
            double penalty = Elementary.Pow(10, power);
            if (solution.Watch(rows, moment, penalty, features, products, context)) best = penalty;
        }
        solution.Coefficients = solution.CoefficientsUnder(best, moment, factor, products, outputs);
        return solution;
    }

    /// <summary>All points, or many at random and some of each class, however rare.</summary>
    static int[] WatchedOf(KernelRows rows, RandomSource random)
    {
        if (rows.Count <= MostWatched) return [.. Enumerable.Range(0, rows.Count)];
        var chosen = new SortedSet<int>(random.Choose(rows.Count, MostWatched));
        for (int k = 0; k < rows.Outputs; k++)
        {
            chosen.UnionWith(Enumerable.Range(0, rows.Count).Where(i => rows.Targets[i * rows.Outputs + k] > 0).Take(WatchedOfEachClass));
            chosen.UnionWith(Enumerable.Range(0, rows.Count).Where(i => rows.Targets[i * rows.Outputs + k] < 0).Take(WatchedOfEachClass));
        }
        return [.. chosen];
    }

    /// <summary>F, where F F' is the kernel between landmarks.</summary>
    Cholesky Factor(KernelRows rows, int[] chosen)
    {
        int size = chosen.Length;
        var kernel = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int start = 0; start < size; start += NeighborKernel.Lanes) Compare(rows.Point(chosen[i]), start, kernel.AsSpan(i * size));
        for (double noise = LeastNoise; ; noise *= 100)
        {
            for (int i = 0; i < size; i++) kernel[i * size + i] = 1 + noise;
            if (Cholesky.Of(kernel, size) is { } factor) return factor;
        }
    }

    void Compare(ReadOnlySpan<float> point, int start, Span<double> row)
    {
        Span<double> values = stackalloc double[NeighborKernel.Lanes];
        int count = Landmarks.Compare(point, start, values);
        values[..count].CopyTo(row[start..]);
    }

    /// <summary>Z'WZ, Z'Wy (output by output), and the features of the watched points times the root of their weight.</summary>
    (double[] Moments, double[] Products, double[] Features) Sums(KernelRows rows, Cholesky factor, FitContext context)
    {
        int size = Landmarks.Count, padded = (size + 3) / 4 * 4, outputs = rows.Outputs, batch = Batch;
        double[] gram = new double[padded * padded], products = new double[outputs * size], features = new double[Watched.Length * size];
        var watchedAt = new Dictionary<int, int>();
        for (int i = 0; i < Watched.Length; i++) watchedAt[Watched[i]] = i;
        var chunks = new double[batch][];
        for (int first = 0; first < rows.Count; first += batch * Chunk)
        {
            context.ThrowIfCancelled();
            int count = Math.Min(batch, (rows.Count - first + Chunk - 1) / Chunk);
            context.Workers.For(count, c => Fill(chunks[c] ??= new double[padded * Chunk], rows, factor, first + c * Chunk));
            for (int c = 0; c < count; c++)
            {
                int start = first + c * Chunk, length = Math.Min(Chunk, rows.Count - start);
                GramKernel.AddLower(chunks[c], chunks[c], Chunk, gram, padded);
                AddProducts(chunks[c], rows, start, length, products);
                for (int i = 0; i < length; i++)
                    if (watchedAt.TryGetValue(start + i, out int at))
                        for (int j = 0; j < size; j++) features[at * size + j] = chunks[c][j * Chunk + i];
            }
        }
        var moments = new double[size * size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++) moments[i * size + j] = moments[j * size + i] = gram[i * padded + j];
        return (moments, products, features);
    }

    /// <summary>The features of up to 256 points from the first on, feature by feature, times the roots of weights; 0 beyond the last.</summary>
    void Fill(double[] chunk, KernelRows rows, Cholesky factor, int first)
    {
        Array.Clear(chunk);
        Span<double> values = stackalloc double[NeighborKernel.Lanes];
        for (int i = 0; i < Math.Min(Chunk, rows.Count - first); i++)
        {
            double root = Math.Sqrt(rows.Weights[first + i]);
            for (int start = 0; start < Landmarks.Count; start += NeighborKernel.Lanes)
            {
                int count = Landmarks.Compare(rows.Point(first + i), start, values);
                for (int lane = 0; lane < count; lane++) chunk[(start + lane) * Chunk + i] = root * values[lane];
            }
        }
        factor.SolveLower(chunk, Chunk);
    }

    void AddProducts(double[] chunk, KernelRows rows, int start, int length, double[] products)
    {
        var target = new double[length];
        for (int k = 0; k < rows.Outputs; k++)
        {
            for (int i = 0; i < length; i++) target[i] = Math.Sqrt(rows.Weights[start + i]) * rows.Targets[(start + i) * rows.Outputs + k];
            for (int j = 0; j < Landmarks.Count; j++) products[k * Landmarks.Count + j] += ColumnKernels.Dot(chunk.AsSpan(j * Chunk, length), target);
        }
    }

    /// <summary>Keeps the left-out predictions under a penalty if they are the best so far.</summary>
    bool Watch(KernelRows rows, Tridiagonal moment, double penalty, double[] features, double[] products, FitContext context)
    {
        int size = Landmarks.Count, outputs = rows.Outputs;
        var (inverse, below) = moment.Shifted(penalty);
        double[] solved = HalfSolved(products, inverse, below);
        var leftOut = new double[Watched.Length * outputs];
        var errors = new double[Watched.Length];
        context.Workers.ForChunks(Watched.Length, 64, (_, start, end) =>
        {
            var z = new double[size];
            for (int i = start; i < end; i++)
            {
                features.AsSpan(i * size, size).CopyTo(z);
                Tridiagonal.SolveLower(below, z);
                double hat = 0, weight = rows.Weights[Watched[i]], root = Math.Sqrt(weight);
                for (int j = 0; j < size; j++) hat = Math.FusedMultiplyAdd(z[j] * z[j], inverse[j], hat);
                for (int k = 0; k < outputs; k++)
                {
                    double y = rows.Targets[Watched[i] * outputs + k], error = (y - ColumnKernels.Dot(z, solved.AsSpan(k * size, size)) / root) / Math.Max(1 - hat, 1e-9);
                    leftOut[i * outputs + k] = y - error;
                    errors[i] += weight * error * error;
                }
            }
        });
        double total = errors.Sum() / Watched.Sum(i => rows.Weights[i]);
        if (!(total < LeastError)) return false;
        (LeastError, LeftOut) = (total, leftOut);
        return true;
    }

    /// <summary>What the kernels of landmarks are multiplied by: F'^-1 Q (T + penalty)^-1 Q' Z'Wy.</summary>
    double[] CoefficientsUnder(double penalty, Tridiagonal moment, Cholesky factor, double[] products, int outputs)
    {
        int size = Landmarks.Count;
        var (inverse, below) = moment.Shifted(penalty);
        double[] coefficients = HalfSolved(products, inverse, below);
        for (int k = 0; k < outputs; k++)
        {
            var one = coefficients.AsSpan(k * size, size);
            Tridiagonal.SolveUpper(below, one);
            moment.RotateBack(one);
            factor.SolveUpper(one);
        }
        return coefficients;
    }

    /// <summary>D^-1 L^-1 of each output's products, where T + penalty = L D L'.</summary>
    static double[] HalfSolved(double[] products, double[] inverse, double[] below)
    {
        var solved = (double[])products.Clone();
        for (int start = 0; start < solved.Length; start += inverse.Length)
        {
            var one = solved.AsSpan(start, inverse.Length);
            Tridiagonal.SolveLower(below, one);
            for (int j = 0; j < one.Length; j++) one[j] *= inverse[j];
        }
        return solved;
    }
}
