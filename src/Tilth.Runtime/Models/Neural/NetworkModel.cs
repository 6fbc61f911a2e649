using System.Buffers;
using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Neural;

/// <summary>
/// A network for tables: piecewise-linear embeddings of numbers (Gorishniy et al. 2022, arXiv:2203.05556), table embeddings
/// of categories, then members that share their hidden layers and differ in an input scale and a head (TabM-mini, Gorishniy
/// et al. 2024, arXiv:2410.24210). The prediction is the mean of the members' predictions.
/// </summary>
public sealed class NetworkModel : Model
{
    const int ChunkRows = 128;

    readonly float[] parameters;
    readonly float[][] prefix; // a number's embedding at the left edge of each bin: bias and the weights of all bins before
    readonly double targetMean, targetScale;

    internal NetworkModel(NetworkShape shape, float[] parameters, Link link, double targetMean, double targetScale)
    {
        (Shape, this.parameters, Link, this.targetMean, this.targetScale) = (shape, parameters, link, targetMean, targetScale);
        prefix = [.. Enumerable.Range(0, shape.Edges.Length).Select(f => PrefixOf(shape, parameters, f))];
    }

    /// <inheritdoc/>
    public override int OutputCount => Shape.Outputs;

    /// <inheritdoc/>
    public override Link Link { get; }

    internal NetworkShape Shape { get; }

    internal override string PartKind => "network";

    /// <inheritdoc/>
    public override void Score(FeatureMatrix features, int start, int count, Span<double> scores)
    {
        var rows = ArrayPool<int>.Shared.Rent(ChunkRows);
        for (int done = 0; done < count; done += ChunkRows)
        {
            int chunk = Math.Min(ChunkRows, count - done);
            for (int i = 0; i < chunk; i++) rows[i] = start + done + i;
            ScoreRows(features, rows.AsSpan(0, chunk), scores.Slice(done * OutputCount, chunk * OutputCount));
        }
        ArrayPool<int>.Shared.Return(rows);
    }

    /// <inheritdoc/>
    public override void ScoreRow(FeatureRow row, Span<double> scores)
    {
        var input = ArrayPool<float>.Shared.Rent(Shape.InputSize);
        for (int f = 0; f < Shape.Edges.Length; f++) EmbedNumber(f, row.Dense[f], input.AsSpan(f * Shape.NumberSize));
        for (int c = 0; c < Shape.Levels.Length; c++) EmbedCategory(c, row.Codes[c], input.AsSpan(Shape.TableOffsets[c]));
        Run(input, 1, scores);
        ArrayPool<float>.Shared.Return(input);
    }

    /// <summary>Raw scores of the named rows, at most a few hundred.</summary>
    internal void ScoreRows(FeatureMatrix features, ReadOnlySpan<int> rows, Span<double> scores)
    {
        int size = Shape.InputSize;
        var input = ArrayPool<float>.Shared.Rent(rows.Length * size);
        for (int f = 0; f < Shape.Edges.Length; f++)
            for (int i = 0; i < rows.Length; i++) EmbedNumber(f, features.Dense[f][rows[i]], input.AsSpan(i * size + f * Shape.NumberSize));
        for (int c = 0; c < Shape.Levels.Length; c++)
            for (int i = 0; i < rows.Length; i++) EmbedCategory(c, features.Codes[c][rows[i]], input.AsSpan(i * size + Shape.TableOffsets[c]));
        Run(input, rows.Length, scores);
        ArrayPool<float>.Shared.Return(input);
    }

    void EmbedNumber(int feature, float value, Span<float> to)
    {
        int bin = Shape.FindBin(feature, value, out float fraction), size = Shape.NumberSize;
        var left = prefix[feature].AsSpan(bin * size, size);
        var slope = parameters.AsSpan(Shape.NumberWeights(feature) + bin * size, size);
        for (int e = 0; e < size; e++) to[e] = MathF.FusedMultiplyAdd(fraction, slope[e], left[e]);
    }

    void EmbedCategory(int category, int code, Span<float> to)
    {
        int size = Shape.TableSizes[category];
        parameters.AsSpan(Shape.Table(category) + Shape.TableRow(category, code) * size, size).CopyTo(to);
    }

    static float[] PrefixOf(NetworkShape shape, float[] parameters, int feature)
    {
        int size = shape.NumberSize, bins = shape.Bins(feature);
        var prefix = new float[bins * size];
        parameters.AsSpan(shape.NumberBias(feature), size).CopyTo(prefix);
        for (int i = size; i < prefix.Length; i++) prefix[i] = prefix[i - size] + parameters[shape.NumberWeights(feature) + i - size];
        return prefix;
    }

    unsafe void Run(float[] input, int rows, Span<double> scores)
    {
        int widest = Math.Max(Shape.InputSize, Shape.Width);
        float[] here = ArrayPool<float>.Shared.Rent(rows * widest), there = ArrayPool<float>.Shared.Rent(rows * Math.Max(widest, OutputCount));
        scores.Clear();
        fixed (float* p = parameters)
        {
            for (int m = 0; m < Shape.Members; m++)
            {
                Scale(input, p + Shape.ScaleStart + m * Shape.InputSize, here, rows, Shape.InputSize);
                for (int l = 0; l < Shape.Layers; l++)
                {
                    Layer(here, rows, Shape.HiddenInput(l), p + Shape.HiddenWeights(l), Shape.Width, there);
                    fixed (float* active = there)
                        for (int i = 0; i < rows; i++) FloatLoops.AddBiasRectify(active + i * Shape.Width, p + Shape.HiddenBias(l), Shape.Width);
                    (here, there) = (there, here);
                }
                Layer(here, rows, Shape.HeadInput, p + Shape.HeadWeights(m), OutputCount, there);
                for (int i = 0, at = 0; i < rows; i++)
                    for (int k = 0; k < OutputCount; k++, at++) there[at] += p[Shape.HeadBias(m) + k];
                AddPrediction(there.AsSpan(0, rows * OutputCount), scores);
            }
        }
        ArrayPool<float>.Shared.Return(here);
        ArrayPool<float>.Shared.Return(there);
        Finish(scores);
    }

    static unsafe void Scale(float[] input, float* scale, float[] to, int rows, int width)
    {
        fixed (float* from = input, target = to)
            for (int i = 0; i < rows; i++) FloatLoops.Multiply(from + i * width, scale, target + i * width, width);
    }

    static unsafe void Layer(float[] x, int rows, int depth, float* weights, int width, float[] y)
    {
        fixed (float* px = x, py = y)
        {
            if (rows == 1) MatrixProduct.MultiplyRow(x.AsSpan(0, depth), weights, width, py);
            else MatrixProduct.Multiply(new(px, rows, depth), new(weights, depth, width), py, width, add: false);
        }
    }

    void AddPrediction(ReadOnlySpan<float> raw, Span<double> sums)
    {
        const int few = 256;
        Span<double> row = OutputCount <= few ? stackalloc double[few] : new double[OutputCount];
        row = row[..OutputCount];
        for (int i = 0; i < raw.Length; i += OutputCount)
        {
            for (int k = 0; k < row.Length; k++) row[k] = raw[i + k];
            Links.Apply(Link, row, OutputCount);
            for (int k = 0; k < row.Length; k++) sums[i + k] += row[k];
        }
    }

    /// <summary>From the members' mean prediction back to a raw score.</summary>
    void Finish(Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double mean = scores[i] / Shape.Members;
            scores[i] = Link switch
            {
                Link.Logistic => Elementary.Log(Math.Max(mean, 1e-12)) - Elementary.Log(Math.Max(1 - mean, 1e-12)),
                Link.Softmax => Elementary.Log(Math.Max(mean, 1e-30)),
                _ => targetMean + targetScale * mean,
            };
        }
    }

    internal override void Pack(PartWriter writer)
    {
        writer.Part("shape", Shape.Pack);
        writer.Array<float>("parameters", parameters);
        writer.Choice("link", Link);
        writer.Real("target_mean", targetMean);
        writer.Real("target_scale", targetScale);
    }

    internal static NetworkModel Unpack(PartReader reader, FeatureMap map)
    {
        var shape = NetworkShape.Unpack(reader.Part("shape"), map);
        var parameters = reader.Array<float>("parameters", shape.ParameterCount, shape.ParameterCount);
        return new NetworkModel(shape, parameters, reader.Choice<Link>("link"), reader.FiniteReal("target_mean"), reader.FiniteReal("target_scale"));
    }
}
