using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Linear;

/// <summary>
/// A weighted sum of features, one an output: each number has a weight, each level of a category has one, and each sparse
/// column has one. A missing number counts as the mean of its column, a missing or unseen level as nothing. A sum is one
/// chain of fused multiply-adds in the order of the features, for a batch as for a row.
/// </summary>
public sealed class LinearModel : Model
{
    /// <summary>Scores under an exponential link end here, so that predictions stay finite.</summary>
    internal const double LargestExponent = 700;

    const int BlockRows = 512;

    readonly double[] weights, intercepts, means;
    readonly int[] levelStarts;

    /// <param name="shape">How many columns each block has.</param>
    /// <param name="weights">outputs x columns, output by output: dense, then the levels of each category, then sparse.</param>
    /// <param name="intercepts">One an output.</param>
    /// <param name="means">The weighted training mean of each column (of its 0/1 form, for a level).</param>
    /// <param name="link">How scores become predictions.</param>
    internal LinearModel(LinearShape shape, double[] weights, double[] intercepts, double[] means, Link link)
    {
        if (weights.Length != (long)shape.Columns * intercepts.Length || means.Length != shape.Columns)
            throw new ArgumentException("the weights do not have the shape's size");
        (Shape, this.weights, this.intercepts, this.means, Link) = (shape, weights, intercepts, means, link);
        levelStarts = shape.LevelStarts();
    }

    /// <inheritdoc/>
    public override int OutputCount => intercepts.Length;

    /// <inheritdoc/>
    public override Link Link { get; }

    /// <summary>The constant of each output.</summary>
    public ReadOnlySpan<double> Intercepts => intercepts;

    /// <summary>The weights of one output: the dense features, then every level of every category, then the sparse columns.</summary>
    public ReadOnlySpan<double> Weights(int output) => weights.AsSpan(output * Shape.Columns, Shape.Columns);

    /// <summary>The mean of each column over the training rows, in the order of <see cref="Weights"/>.</summary>
    public ReadOnlySpan<double> Means => means;

    internal LinearShape Shape { get; }

    internal override string PartKind => "linear";

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        Span<double> block = stackalloc double[BlockRows];
        for (int from = 0; from < count; from += BlockRows)
        {
            int rows = Math.Min(BlockRows, count - from);
            for (int k = 0; k < OutputCount; k++)
            {
                var sums = block[..rows];
                sums.Fill(intercepts[k]);
                AddBlock(features, start + from, Weights(k), sums);
                for (int i = 0; i < rows; i++) scores[(from + i) * OutputCount + k] = Bounded(sums[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        for (int k = 0; k < intercepts.Length; k++)
        {
            var w = Weights(k);
            double sum = intercepts[k];
            for (int j = 0; j < row.Dense.Length; j++)
                sum = Math.FusedMultiplyAdd(w[j], float.IsNaN(row.Dense[j]) ? means[j] : row.Dense[j], sum);
            for (int f = 0; f < row.Codes.Length; f++) sum += LevelWeight(w, f, row.Codes[f]);
            scores[k] = Bounded(AddSparse(w, row.SparseColumns, row.SparseValues, sum));
        }
    }

    void AddBlock(FeatureMatrix features, int start, ReadOnlySpan<double> w, Span<double> sums)
    {
        for (int j = 0; j < Shape.Dense; j++)
            ColumnKernels.AddScaled(features.DenseColumn(j).Slice(start, sums.Length), w[j], means[j], sums);
        for (int f = 0; f < Shape.Levels.Length; f++)
        {
            var codes = features.CodeColumn(f).Slice(start, sums.Length);
            for (int i = 0; i < sums.Length; i++) sums[i] += LevelWeight(w, f, codes[i]);
        }
        if (features.Sparse is not { } sparse) return;
        for (int i = 0; i < sums.Length; i++) sums[i] = AddSparse(w, sparse.ColumnsOf(start + i), sparse.ValuesOf(start + i), sums[i]);
    }

    double LevelWeight(ReadOnlySpan<double> w, int category, int code)
        => (uint)code < (uint)Shape.Levels[category] ? w[levelStarts[category] + code] : 0;

    double AddSparse(ReadOnlySpan<double> w, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, double sum)
    {
        w = w[Shape.SparseStart..];
        for (int e = 0; e < columns.Length; e++) sum = Math.FusedMultiplyAdd(w[columns[e]], values[e], sum);
        return sum;
    }

    double Bounded(double score) => Link == Link.Exponential ? Math.Clamp(score, -LargestExponent, LargestExponent) : score;

    /// <summary>A linear model's contributions are exact: w_j (x_j - mean_j), around the score of the mean row.</summary>
    internal override bool CanAttribute => true;

    internal override void Attribute(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        int outputs = OutputCount, categories = Shape.Levels.Length;
        for (int k = 0; k < outputs; k++)
        {
            var w = Weights(k);
            double center = intercepts[k];
            for (int j = 0; j < w.Length; j++) center += w[j] * means[j];
            baseline[k] = center;
            for (int j = 0; j < Shape.Dense; j++)
                contributions[j * outputs + k] = float.IsNaN(row.Dense[j]) ? 0 : w[j] * (row.Dense[j] - means[j]);
            for (int f = 0; f < categories; f++)
            {
                double mean = 0;
                for (int j = levelStarts[f]; j < levelStarts[f] + Shape.Levels[f]; j++) mean += w[j] * means[j];
                contributions[(Shape.Dense + f) * outputs + k] = LevelWeight(w, f, row.Codes[f]) - mean;
            }
            int first = Shape.Dense + categories;
            for (int j = 0; j < Shape.Sparse; j++) contributions[(first + j) * outputs + k] = -w[Shape.SparseStart + j] * means[Shape.SparseStart + j];
            for (int e = 0; e < row.SparseColumns.Length; e++)
                contributions[(first + row.SparseColumns[e]) * outputs + k] += w[Shape.SparseStart + row.SparseColumns[e]] * row.SparseValues[e];
        }
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Choice("link", Link);
        writer.Array<double>("intercepts", intercepts);
        writer.Array<double>("weights", weights);
        writer.Array<double>("means", means);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote for features of that map; every number must be finite.</summary>
    internal static LinearModel Unpack(PartReader reader, FeatureMap map) => Unpack(reader, LinearShape.Of(map));

    internal static LinearModel Unpack(PartReader reader, LinearShape shape)
    {
        var link = reader.Choice<Link>("link");
        var intercepts = Finite(reader, "intercepts", 1, LinearShape.MostOutputs);
        if (link is Link.Logistic or Link.Exponential && intercepts.Length != 1)
            throw reader.Wrong("intercepts", $"has {intercepts.Length} numbers, but the link {link} goes with 1");
        long size = (long)shape.Columns * intercepts.Length;
        if (size > Array.MaxLength) throw reader.Wrong("intercepts", $"and {shape.Columns} features would need {size} weights");
        var weights = Finite(reader, "weights", (int)size, (int)size);
        return new(shape, weights, intercepts, Finite(reader, "means", shape.Columns, shape.Columns), link);
    }

    static double[] Finite(PartReader reader, string name, int min, int max)
    {
        var values = reader.Array<double>(name, min, max);
        foreach (double value in values)
            if (!double.IsFinite(value)) throw reader.Wrong(name, $"holds {value}, not a finite number");
        return values;
    }
}
