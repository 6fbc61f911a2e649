using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models;
using Tilth.Models.Neural;

namespace Tilth.Learners.Neural;

/// <summary>One fit of a <see cref="NeuralNetwork"/>.</summary>
internal sealed unsafe class NeuralRun
{
    const float Beta1 = 0.9f, Beta2 = 0.999f;

    readonly NeuralNetwork settings;
    readonly TrainingSet data;
    readonly FitContext context;
    readonly RandomSource random;
    readonly Link link;
    readonly double[] targets;
    readonly double mean, scale;
    readonly int[] rows, validation;
    readonly NetworkShape shape;
    readonly float[] parameters, gradient, moment1, moment2;
    int steps;

    public NeuralRun(NeuralNetwork settings, TrainingSet data, FitContext context)
    {
        (this.settings, this.data, this.context) = (settings, data, context);
        context.ThrowIfCancelled();
        data.RequireRowsAndClasses();
        random = context.NewRandom();
        var target = data.Target;
        link = target.Task switch { TaskKind.Binary => Link.Logistic, TaskKind.Multiclass => Link.Softmax, _ => Link.Identity };
        (mean, scale) = target.Task == TaskKind.Regression ? MeanAndScale() : (0, 1);
        targets = target.Task == TaskKind.Regression ? Array.ConvertAll(target.Values, y => (y - mean) / scale) : target.Values;
        (rows, validation) = data.ValidationRows.Length > 0 ? (data.Rows, data.ValidationRows) : Split();
        var edges = EmbeddingEdges.Of(data.Features, rows, settings.EmbeddingBins, random.Child(0));
        int[] levels = [.. data.Features.Map.Categories.Select(category => category.LevelCount)];
        shape = new NetworkShape(edges, settings.EmbeddingSize, levels, settings.HiddenUnits, settings.HiddenLayers, settings.Members, target.Schema.OutputCount);
        parameters = NetworkPass.Pinned(shape.ParameterCount);
        gradient = NetworkPass.Pinned(shape.ParameterCount);
        moment1 = NetworkPass.Pinned(shape.ParameterCount);
        moment2 = NetworkPass.Pinned(shape.ParameterCount);
    }

    /// <summary>Passes over the rows until the validation loss stops falling; the best parameters win.</summary>
    public NetworkModel Fit()
    {
        NetworkStart.Draw(shape, parameters, random.Child(1));
        int batch = Math.Min(rows.Length, settings.BatchSize > 0 ? settings.BatchSize : BatchFor(rows.Length));
        var pass = new NetworkPass(shape, link, parameters, gradient, batch, settings.Dropout, context.Workers);
        var (best, bestLoss, since) = ((float[])parameters.Clone(), double.PositiveInfinity, 0);
        for (int epoch = 0; epoch < settings.MaxEpochs && since < settings.Patience; epoch++)
        {
            // Half a pass is worse than the one before; only where there is none is it better than nothing.
            if (!RunEpoch(pass, batch, random.Child(2 + epoch)) && epoch > 0) break;
            double loss = ValidationLoss();
            if (loss < bestLoss) (best, bestLoss, since) = ((float[])parameters.Clone(), loss, 0);
            else since++;
            context.Progress?.Report(new("network", epoch + 1, settings.MaxEpochs, "loss", bestLoss));
            if (context.ShouldFinish) break;
        }
        return Model(best);
    }

    NetworkModel Model(float[] values) => new(shape, values, link, mean, scale);

    /// <summary>True if it came to its end.</summary>
    bool RunEpoch(NetworkPass pass, int batch, RandomSource draw)
    {
        var order = (int[])rows.Clone();
        draw.Shuffle<int>(order);
        for (int start = 0; start < order.Length; start += batch)
        {
            context.ThrowIfCancelled();
            pass.Run(data.Features, order.AsSpan(start, Math.Min(batch, order.Length - start)), targets, data.Weights, draw.Child(start));
            Step();
            if (context.ShouldFinish && start + batch < order.Length) return false;
        }
        return true;
    }

    void Step()
    {
        steps++;
        double norm;
        fixed (float* g = gradient) norm = Math.Sqrt(FloatLoops.SquaredNorm(g, gradient.Length));
        if (!double.IsFinite(norm))
        {
            Array.Clear(gradient);
            return;
        }
        float clip = norm > 1 ? (float)(1 / norm) : 1;
        double correction1 = 1 - Elementary.Pow(Beta1, steps), correction2 = 1 - Elementary.Pow(Beta2, steps);
        float rate = (float)(settings.LearningRate / correction1), decay = (float)(settings.LearningRate * settings.WeightDecay);
        const int chunk = 1 << 14;
        context.Workers.ForChunks(shape.ParameterCount, chunk, (_, start, end) =>
        {
            fixed (float* p = parameters, g = gradient, m = moment1, v = moment2)
                FloatLoops.AdamStep(p + start, g + start, m + start, v + start, end - start, clip, Beta1, Beta2, rate, (float)(1 / correction2), decay);
        });
    }

    double ValidationLoss()
    {
        const int chunk = 128;
        var model = Model(parameters);
        int outputs = shape.Outputs;
        var losses = new double[(validation.Length + chunk - 1) / chunk];
        var weights = new double[losses.Length];
        context.Workers.ForChunks(validation.Length, chunk, (at, start, end) =>
        {
            var scores = new double[(end - start) * outputs];
            model.ScoreRows(data.Features, validation.AsSpan(start, end - start), scores);
            Links.Apply(link, scores, outputs);
            for (int i = start; i < end; i++)
            {
                double weight = data.Weights.IsEmpty ? 1 : data.Weights.Span[validation[i]];
                losses[at] += weight * Loss(scores.AsSpan((i - start) * outputs, outputs), data.Target.Values[validation[i]]);
                weights[at] += weight;
            }
        });
        return losses.Sum() / Math.Max(weights.Sum(), double.Epsilon);
    }

    double Loss(ReadOnlySpan<double> prediction, double value) => link switch
    {
        Link.Identity => (prediction[0] - value) * (prediction[0] - value),
        Link.Logistic => -Elementary.Log(Math.Max(value == 1 ? prediction[0] : 1 - prediction[0], 1e-15)),
        _ => -Elementary.Log(Math.Max(prediction[(int)value], 1e-15)),
    };

    (double Mean, double Scale) MeanAndScale()
    {
        double sum = 0, square = 0, total = 0;
        foreach (int row in data.Rows)
        {
            double weight = data.Weights.IsEmpty ? 1 : data.Weights.Span[row];
            (sum, total) = (sum + weight * data.Target.Values[row], total + weight);
        }
        double center = sum / total;
        foreach (int row in data.Rows)
        {
            double weight = data.Weights.IsEmpty ? 1 : data.Weights.Span[row], away = data.Target.Values[row] - center;
            square += weight * away * away;
        }
        double deviation = Math.Sqrt(square / total);
        return (center, deviation > 0 && double.IsFinite(deviation) ? deviation : 1);
    }

    /// <summary>Sets rows aside to stop by; with too few rows the training rows themselves tell.</summary>
    (int[] Rows, int[] Validation) Split()
    {
        int aside = (int)Math.Round(data.Rows.Length * settings.ValidationFraction);
        if (aside < 10) return (data.Rows, data.Rows);
        var order = (int[])data.Rows.Clone();
        random.Child(-1).Shuffle<int>(order);
        return ([.. order.Skip(aside).Order()], [.. order.Take(aside).Order()]);
    }

    static int BatchFor(int rows) => rows switch { < 2_800 => 32, < 4_500 => 64, < 6_400 => 128, < 32_000 => 256, < 108_000 => 512, _ => 1024 };
}
