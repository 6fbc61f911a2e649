using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models.Linear;
using Tilth.Parts;

namespace Tilth.Models.Kernel;

/// <summary>Weighted sums of the Gaussian kernel of a row and fixed points, and a linear model of these sums that makes them predictions.</summary>
public sealed class KernelModel : Model
{
    const int MostOnStack = 1024, MostNumbers = 1 << 28;

    readonly KernelPoints points;
    readonly double[] coefficients;
    readonly LinearModel top;
    readonly int sums;

    /// <param name="points">What rows are compared with.</param>
    /// <param name="coefficients">sums x points, sum by sum.</param>
    /// <param name="top">Of as many numbers as there are sums.</param>
    internal KernelModel(KernelPoints points, double[] coefficients, LinearModel top)
        => (this.points, this.coefficients, this.top, sums) = (points, coefficients, top, top.Shape.Columns);

    /// <inheritdoc/>
    public override int OutputCount => top.OutputCount;

    /// <inheritdoc/>
    public override Link Link => top.Link;

    /// <summary>Points that a row is compared with.</summary>
    public int ComponentCount => points.Count;

    internal override string PartKind => "kernel";

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        Span<float> point = points.Width <= MostOnStack ? stackalloc float[points.Width] : new float[points.Width];
        Span<double> values = stackalloc double[NeighborKernel.Lanes], sum = sums <= MostOnStack ? stackalloc double[sums] : new double[sums];
        KernelPoints.Place(row, point);
        sum.Clear();
        for (int start = 0; start < points.Count; start += NeighborKernel.Lanes)
        {
            var near = values[..points.Compare(point, start, values)];
            for (int k = 0; k < sums; k++) sum[k] += ColumnKernels.Dot(near, coefficients.AsSpan(k * points.Count + start, near.Length));
        }
        for (int k = 0; k < scores.Length; k++) scores[k] = top.Intercepts[k] + ColumnKernels.Dot(sum, top.Weights(k));
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Int("points", points.Count);
        writer.Int("sums", sums);
        writer.Real("gamma", points.Gamma);
        writer.Array<float>("blocks", points.Blocks);
        writer.Array<double>("coefficients", coefficients);
        writer.Part("top", top.Pack);
    }

    /// <summary>Reads what <see cref="Pack"/> wrote for features of that map.</summary>
    internal static KernelModel Unpack(PartReader reader, FeatureMap map)
    {
        int count = reader.Int("points", 1, MostNumbers), sums = reader.Int("sums", 1, 1 << 20), width = map.Dense.Count + map.Categories.Count;
        long size = KernelPoints.SizeOf(count, width), products = (long)count * sums;
        if (size > Array.MaxLength || products > Array.MaxLength) throw reader.Wrong("points", $"is {count}, too many for {width} features and {sums} sums");
        double gamma = reader.FiniteReal("gamma");
        if (gamma <= 0) throw reader.Wrong("gamma", $"is {gamma}, but a kernel's is above 0");
        var blocks = reader.Array<float>("blocks", (int)size, (int)size);
        foreach (float value in blocks)
            if (!float.IsFinite(value)) throw reader.Wrong("blocks", $"holds {value}, not a finite number");
        var coefficients = reader.Array<double>("coefficients", (int)products, (int)products);
        foreach (double value in coefficients)
            if (!double.IsFinite(value)) throw reader.Wrong("coefficients", $"holds {value}, not a finite number");
        return new(new KernelPoints(blocks, count, map.Dense.Count, map.Categories.Count, gamma), coefficients, LinearModel.Unpack(reader.Part("top"), new LinearShape(sums, [], 0)));
    }
}
