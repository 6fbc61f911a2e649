using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Neural;
using Tilth.Parallelism;

namespace Tilth.Learners.Neural;

/// <summary>
/// One step's forward and backward pass: the gradient of the mean over members of each member's loss. The batch stands once
/// for each member, one below the other, so that a shared layer is one matrix product. Work is divided by rows of the result,
/// and sums over rows run in row order, so that the number of threads changes no bit.
/// </summary>
internal sealed unsafe class NetworkPass
{
    readonly NetworkShape shape;
    readonly Link link;
    readonly WorkerPool workers;
    readonly float dropout;
    readonly float* parameters, gradient;
    readonly float[] pinnedInput, pinnedScaled, pinnedScores;
    readonly float[][] pinnedHidden, pinnedDelta;
    readonly int[] bins;
    readonly float[] fractions;
    readonly float* input, inputDelta, scaled, scores;
    readonly float*[] hidden, delta;

    public NetworkPass(NetworkShape shape, Link link, float[] parameters, float[] gradient, int batch, double dropout, WorkerPool workers)
    {
        (this.shape, this.link, this.workers, this.dropout) = (shape, link, workers, (float)dropout);
        this.parameters = Pointer(parameters);
        this.gradient = Pointer(gradient);
        int rows = batch * shape.Members;
        input = Pointer(pinnedInput = Pinned(2 * batch * shape.InputSize));
        inputDelta = input + batch * shape.InputSize;
        scaled = Pointer(pinnedScaled = Pinned(2 * rows * shape.InputSize));
        scores = Pointer(pinnedScores = Pinned(rows * shape.Outputs));
        pinnedHidden = [.. Enumerable.Range(0, shape.Layers).Select(_ => Pinned(rows * shape.Width))];
        pinnedDelta = [.. Enumerable.Range(0, shape.Layers).Select(_ => Pinned(rows * shape.Width))];
        hidden = new float*[shape.Layers];
        delta = new float*[shape.Layers];
        for (int l = 0; l < shape.Layers; l++)
        {
            hidden[l] = Pointer(pinnedHidden[l]);
            delta[l] = Pointer(pinnedDelta[l]);
        }
        bins = new int[batch * shape.Edges.Length];
        fractions = new float[batch * shape.Edges.Length];
    }

    /// <summary>A pinned array: its address stays while it is referenced.</summary>
    public static float[] Pinned(int count) => GC.AllocateArray<float>(Math.Max(1, count), pinned: true);

    static float* Pointer(float[] pinned) => (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);

    /// <summary>Adds the gradient of the batch's weighted mean loss.</summary>
    /// <param name="features">Features of all rows.</param>
    /// <param name="rows">The batch.</param>
    /// <param name="targets">One value a row of the features: a class index, or the standardised target.</param>
    /// <param name="weights">One a row of the features, or empty.</param>
    /// <param name="random">Draws the dropout of this step.</param>
    public void Run(FeatureMatrix features, ReadOnlySpan<int> rows, double[] targets, ReadOnlyMemory<double> weights, RandomSource random)
    {
        int batch = rows.Length, stacked = batch * shape.Members;
        var taken = rows.ToArray();
        workers.For(shape.Edges.Length + shape.Levels.Length, f => Embed(features, taken, f));
        ScaleInput(batch);
        for (int l = 0; l < shape.Layers; l++) Forward(l, stacked, random.ChildSeed(l));
        workers.For(shape.Members, m => ScoreMember(m, batch));
        LossGradient(taken, targets, weights);
        workers.For(shape.Members, m => BackHead(m, batch));
        for (int l = shape.Layers - 1; l >= 0; l--) Backward(l, stacked);
        BackScale(batch);
        workers.For(shape.Edges.Length + shape.Levels.Length, f => BackEmbed(features, taken, f));
    }

    float* LastActive(int layer) => layer < 0 ? scaled : hidden[layer];

    float* DeltaOf(int layer, int stacked) => layer < 0 ? scaled + stacked * shape.InputSize : delta[layer];

    void Embed(FeatureMatrix features, int[] rows, int f)
    {
        int size = shape.InputSize;
        if (f >= shape.Edges.Length)
        {
            int c = f - shape.Edges.Length, width = shape.TableSizes[c];
            for (int i = 0; i < rows.Length; i++)
            {
                float* from = parameters + shape.Table(c) + shape.TableRow(c, features.Codes[c][rows[i]]) * width;
                for (int e = 0; e < width; e++) input[i * size + shape.TableOffsets[c] + e] = from[e];
            }
            return;
        }
        int numberSize = shape.NumberSize, count = shape.Bins(f);
        var prefix = new float[count * numberSize];
        for (int e = 0; e < numberSize; e++) prefix[e] = parameters[shape.NumberBias(f) + e];
        for (int t = numberSize; t < prefix.Length; t++) prefix[t] = prefix[t - numberSize] + parameters[shape.NumberWeights(f) + t - numberSize];
        for (int i = 0; i < rows.Length; i++)
        {
            int bin = shape.FindBin(f, features.Dense[f][rows[i]], out float fraction);
            (bins[f * rows.Length + i], fractions[f * rows.Length + i]) = (bin, fraction);
            float* slope = parameters + shape.NumberWeights(f) + bin * numberSize, to = input + i * size + f * numberSize;
            for (int e = 0; e < numberSize; e++) to[e] = MathF.FusedMultiplyAdd(fraction, slope[e], prefix[bin * numberSize + e]);
        }
    }

    void ScaleInput(int batch) => workers.For(shape.Members, m =>
    {
        for (int i = 0; i < batch; i++)
            FloatLoops.Multiply(input + i * shape.InputSize, parameters + shape.ScaleStart + m * shape.InputSize, scaled + (m * batch + i) * shape.InputSize, shape.InputSize);
    });

    void Forward(int layer, int stacked, ulong seed)
    {
        int depth = shape.HiddenInput(layer), width = shape.Width;
        using var weights = new PackedMatrix(new(parameters + shape.HiddenWeights(layer), depth, width));
        workers.ForChunks(stacked, MatrixProduct.BlockRows, (chunk, start, end) =>
        {
            float* y = hidden[layer] + start * width;
            var random = new RandomSource(seed).Child(chunk);
            MatrixProduct.MultiplyPacked(new(LastActive(layer - 1) + start * depth, end - start, depth), weights, y, width, add: false);
            for (int i = 0; i < end - start; i++) FloatLoops.AddBiasRectify(y + i * width, parameters + shape.HiddenBias(layer), width);
            if (dropout > 0) Drop(y, (end - start) * width, random);
        });
    }

    /// <summary>Sets each unit to zero with probability dropout (in steps of 1/256) and scales the others up.</summary>
    void Drop(float* values, int count, RandomSource random)
    {
        int limit = (int)Math.Round(dropout * 256), i = 0;
        for (; i <= count - 8; i += 8) FloatLoops.Thin(values + i, random.NextUInt64(), limit, DropoutScale);
        ulong bits = i < count ? random.NextUInt64() : 0;
        for (; i < count; i++, bits >>= 8) values[i] = (int)(bits & 255) < limit ? 0 : values[i] * DropoutScale;
    }

    float DropoutScale => 256f / (256 - (int)Math.Round(dropout * 256));

    void ScoreMember(int m, int batch)
    {
        float* to = scores + m * batch * shape.Outputs;
        MatrixProduct.Multiply(new(LastActive(shape.Layers - 1) + m * batch * shape.HeadInput, batch, shape.HeadInput), new(parameters + shape.HeadWeights(m), shape.HeadInput, shape.Outputs), to, shape.Outputs, add: false);
        for (int i = 0; i < batch; i++) FloatLoops.Add(to + i * shape.Outputs, parameters + shape.HeadBias(m), shape.Outputs);
    }

    /// <summary>Turns scores into the derivative of the loss: prediction minus target, for the squared, logistic and softmax loss alike.</summary>
    void LossGradient(int[] rows, double[] targets, ReadOnlyMemory<double> weights)
    {
        double total = 0;
        foreach (int row in rows) total += weights.IsEmpty ? 1 : weights.Span[row];
        double each = total > 0 ? 1 / (total * shape.Members) : 0;
        workers.For(shape.Members, m =>
        {
            var row = new double[shape.Outputs];
            for (int i = 0; i < rows.Length; i++)
            {
                float* score = scores + (m * rows.Length + i) * shape.Outputs;
                for (int k = 0; k < row.Length; k++) row[k] = score[k];
                Links.Apply(link, row, row.Length);
                if (shape.Outputs == 1) row[0] -= targets[rows[i]];
                else row[(int)targets[rows[i]]] -= 1;
                double weight = each * (weights.IsEmpty ? 1 : weights.Span[rows[i]]);
                for (int k = 0; k < row.Length; k++) score[k] = (float)(row[k] * weight);
            }
        });
    }

    void BackHead(int m, int batch)
    {
        int depth = shape.HeadInput, outputs = shape.Outputs, stacked = batch * shape.Members;
        var error = new MatrixProduct.View(scores + m * batch * outputs, batch, outputs);
        var active = new MatrixProduct.View(LastActive(shape.Layers - 1) + m * batch * depth, batch, depth);
        MatrixProduct.Multiply(active.Transposed, error, gradient + shape.HeadWeights(m), outputs, add: true);
        for (int i = 0; i < batch; i++) FloatLoops.Add(gradient + shape.HeadBias(m), error.Data + i * outputs, outputs);
        var weights = new MatrixProduct.View(parameters + shape.HeadWeights(m), depth, outputs);
        MatrixProduct.Multiply(error, weights.Transposed, DeltaOf(shape.Layers - 1, stacked) + m * batch * depth, depth, add: false);
    }

    void Backward(int layer, int stacked)
    {
        int depth = shape.HiddenInput(layer), width = shape.Width;
        float* error = delta[layer];
        using var weights = new PackedMatrix(new MatrixProduct.View(parameters + shape.HiddenWeights(layer), depth, width).Transposed);
        workers.ForChunks(stacked, MatrixProduct.BlockRows, (_, start, end) =>
        {
            FloatLoops.Mask(error + start * width, hidden[layer] + start * width, DropoutScale, (end - start) * width);
            MatrixProduct.MultiplyPacked(new(error + start * width, end - start, width), weights, DeltaOf(layer - 1, stacked) + start * depth, depth, add: false);
        });
        var inputs = new MatrixProduct.View(LastActive(layer - 1), stacked, depth).Transposed;
        using var errors = new PackedMatrix(new(error, stacked, width));
        workers.ForChunks(depth, MatrixProduct.BlockRows / 3, (_, start, end) =>
            MatrixProduct.MultiplyPacked(inputs.RowRange(start, end - start), errors, gradient + shape.HiddenWeights(layer) + start * width, width, add: true));
        for (int i = 0; i < stacked; i++) FloatLoops.Add(gradient + shape.HiddenBias(layer), error + i * width, width);
    }

    void BackScale(int batch)
    {
        int size = shape.InputSize;
        float* error = DeltaOf(-1, batch * shape.Members);
        workers.For(shape.Members, m =>
        {
            for (int i = 0; i < batch; i++)
                FloatLoops.AddProduct(gradient + shape.ScaleStart + m * size, error + (m * batch + i) * size, input + i * size, size);
        });
        workers.ForChunks(batch, 64, (_, start, end) =>
        {
            new Span<float>(inputDelta + start * size, (end - start) * size).Clear();
            for (int i = start; i < end; i++)
                for (int m = 0; m < shape.Members; m++)
                    FloatLoops.AddProduct(inputDelta + i * size, error + (m * batch + i) * size, parameters + shape.ScaleStart + m * size, size);
        });
    }

    void BackEmbed(FeatureMatrix features, int[] rows, int f)
    {
        int size = shape.InputSize;
        if (f >= shape.Edges.Length)
        {
            int c = f - shape.Edges.Length, width = shape.TableSizes[c];
            for (int i = 0; i < rows.Length; i++)
                FloatLoops.Add(gradient + shape.Table(c) + shape.TableRow(c, features.Codes[c][rows[i]]) * width, inputDelta + i * size + shape.TableOffsets[c], width);
            return;
        }
        int numberSize = shape.NumberSize, count = shape.Bins(f);
        var inBin = stackalloc float[numberSize * (count + 1)];
        new Span<float>(inBin, numberSize * (count + 1)).Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            float* error = inputDelta + i * size + f * numberSize;
            int bin = bins[f * rows.Length + i];
            FloatLoops.Add(inBin + bin * numberSize, error, numberSize);
            FloatLoops.AddScaled(gradient + shape.NumberWeights(f) + bin * numberSize, fractions[f * rows.Length + i], error, numberSize);
        }
        // A row in bin b uses the whole weight of every bin before b.
        for (int bin = count - 1; bin >= 0; bin--)
        {
            float* above = inBin + (bin + 1) * numberSize;
            FloatLoops.Add(gradient + shape.NumberWeights(f) + bin * numberSize, above, numberSize);
            FloatLoops.Add(inBin + bin * numberSize, above, numberSize);
        }
        FloatLoops.Add(gradient + shape.NumberBias(f), inBin, numberSize);
    }
}
