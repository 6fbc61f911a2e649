using Tilth.Kernels;

namespace Tilth.Learners.Solvers;

/// <summary>
/// The second derivatives of a multinomial loss beside an L2 penalty, as one Cholesky factor. Conjugate gradients take a turn or
/// two with the factor of a point nearby, where they take a hundred with the diagonal: so it is made seldom, and shared by runs
/// whose rows differ little (folds). It is made again once the turns since it was made cost as much as that would, so that in
/// all at most twice the least possible time is spent (Karlin et al. 1988, "ski rental").
/// A constant added to the same weight of all classes changes no score's share, so that the full matrix is singular; its rows
/// and columns are those of the differences to the last class instead, (classes - 1) (columns + 1) in number.
/// </summary>
internal sealed class ClassCurvature
{
    /// <summary>Rows of the largest matrix: two of 18 MB.</summary>
    const int MostSize = 1500;

    const int BlockRows = 512;

    /// <summary>What a multiplication takes in the sums over rows and in the factor, relative to one in a turn.</summary>
    const double SumCost = 0.5, FactorCost = 1;

    readonly Design design;
    readonly int classes, stride;
    readonly bool intercept;
    Cholesky? factor;
    bool tried;
    long turns;

    ClassCurvature(Design design, int classes, bool intercept)
        => (this.design, this.classes, this.intercept, stride) = (design, classes, intercept, design.Columns + 1);

    /// <summary>Runs of several threads read it: only who gave it to them renews it.</summary>
    public bool Shared { get; init; }

    /// <summary>There is a factor; none before the first renewal and where the matrix is singular.</summary>
    public bool IsReady => factor is not null;

    int Size => (classes - 1) * stride;

    /// <summary>One without a factor yet, or null where it does not suit: one output, an L1 penalty or too many columns.</summary>
    public static ClassCurvature? For(Design design, LinearLoss loss, bool intercept, bool lasso, bool shared)
        => lasso || loss.Outputs == 1 || (long)(loss.Outputs - 1) * (design.Columns + 1) > MostSize ? null : new(design, loss.Outputs, intercept) { Shared = shared };

    /// <summary>Counts turns of conjugate gradients; from any thread.</summary>
    public void Count(int more) => Interlocked.Add(ref turns, more);

    /// <summary>Makes the factor of this point if there was none yet or the turns since the last were dear enough.</summary>
    public void RenewWherePaid(LossRows rows, Penalty penalty)
    {
        double turn = 2.0 * classes * design.Entries;
        double renewal = SumCost * classes * (classes - 1) / 4 * design.Rows * stride * stride + FactorCost * Size * Size * Size / 6;
        if (tried && turns * turn < renewal) return;
        (tried, turns) = (true, 0);
        factor = Cholesky.Of(MatrixOf(rows, penalty), Size);
    }

    /// <summary>The step to which a slope leads: both classes x (columns + 1).</summary>
    public void Solve(ReadOnlySpan<double> slope, Span<double> step)
    {
        var mean = new double[stride];
        var differences = new double[Size];
        Center(slope, mean, classes);
        for (int at = 0; at < Size; at++) differences[at] = slope[at] - mean[at % stride];
        factor!.Solve(differences);
        Center(differences, mean, classes - 1);
        for (int at = 0; at < step.Length; at++) step[at] = (at < Size ? differences[at] : 0) - mean[at % stride];
    }

    /// <summary>The mean over all classes; those beyond <paramref name="given"/> are 0.</summary>
    void Center(ReadOnlySpan<double> values, Span<double> mean, int given)
    {
        mean.Clear();
        for (int k = 0; k < given; k++) ColumnKernels.AddScaled(values.Slice(k * stride, stride), 1.0 / classes, mean);
    }

    /// <summary>The lower triangle of the matrix.</summary>
    double[] MatrixOf(LossRows rows, Penalty penalty)
    {
        var matrix = new double[Size * Size];
        design.Workers.For(classes - 1, k =>
        {
            var sums = SumsOf(rows, k, out int padded);
            for (int l = 0; l <= k; l++) Place(sums[l], padded, matrix, k, l, penalty.L2 * ((k == l ? 1 : 0) - 1.0 / classes));
        });
        return matrix;
    }

    /// <summary>X' diag(h) X, its lower triangle, for class k beside each class l up to it, where h = w p_k ((k = l) - p_l).</summary>
    double[][] SumsOf(LossRows rows, int k, out int padded)
    {
        int size = padded = (stride + 3) & ~3, n = design.Rows;
        var sums = new double[k + 1][];
        for (int l = 0; l <= k; l++) sums[l] = new double[size * size];
        double[] block = new double[size * BlockRows], scaled = new double[size * BlockRows], h = new double[BlockRows];
        for (int start = 0; start < n; start += BlockRows)
        {
            int count = Math.Min(BlockRows, n - start);
            if (count < BlockRows) block.AsSpan().Clear();
            design.Expand(start, count, block, BlockRows);
            for (int l = 0; l <= k; l++)
            {
                for (int i = 0; i < count; i++)
                {
                    double weight = rows.Weights[start + i], one = rows.Curvature[k * n + start + i], other = rows.Curvature[l * n + start + i];
                    h[i] = weight == 0 ? 0 : k == l ? one - one * other / weight : -one * other / weight;
                }
                for (int j = 0; j < stride; j++) ColumnKernels.Multiply(block.AsSpan(j * BlockRows, count), h, scaled.AsSpan(j * BlockRows, count));
                GramKernel.AddLower(scaled, block, BlockRows, sums[l], size);
            }
        }
        return sums;
    }

    void Place(double[] sums, int padded, double[] matrix, int k, int l, double l2)
    {
        int last = stride - 1;
        for (int i = 0; i < stride; i++)
            for (int j = 0; j < stride; j++)
            {
                double value = sums[Math.Max(i, j) * padded + Math.Min(i, j)];
                if (i == j && i < last) value += l2;
                if (!intercept && (i == last || j == last)) value = k == l && i == j ? 1 : 0; // the column of ones takes no part
                matrix[(k * stride + i) * Size + l * stride + j] = value;
            }
    }
}
