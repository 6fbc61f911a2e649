using Tilth.Data;
using Tilth.Kernels;
using Tilth.Models;

namespace Tilth.Learners.Additive;

/// <summary>What the shape functions minimise: half the squared error of numbers, the log loss of classes. Weights are the caller's.</summary>
internal abstract class AdditiveLoss
{
    public static AdditiveLoss For(Target target) => target.Task switch
    {
        TaskKind.Binary => new Logistic(),
        TaskKind.Multiclass => new Softmax(target.ClassCount),
        _ => new Squared(),
    };

    /// <summary>For progress.</summary>
    public abstract string Name { get; }

    public abstract Link Link { get; }

    public virtual int Outputs => 1;

    /// <summary>The hessian of every row is 1.</summary>
    public virtual bool IsQuadratic => false;

    /// <summary>The best constant scores.</summary>
    public abstract double[] Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights);

    /// <summary>First and second derivatives; rows x outputs.</summary>
    public abstract void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians);

    /// <summary>The loss of one row.</summary>
    public abstract double Of(ReadOnlySpan<double> scores, double value);

    static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < values.Length; i++) (sum, total) = (sum + weights[i] * values[i], total + weights[i]);
        return sum / total;
    }

    sealed class Squared : AdditiveLoss
    {
        public override string Name => "squared_error";

        public override Link Link => Link.Identity;

        public override bool IsQuadratic => true;

        public override double[] Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights) => [Mean(values, weights)];

        public override void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
        {
            for (int i = 0; i < values.Length; i++) gradients[i] = (float)(scores[i] - values[i]);
            hessians.Fill(1);
        }

        public override double Of(ReadOnlySpan<double> scores, double value) => (scores[0] - value) * (scores[0] - value) / 2;
    }

    sealed class Logistic : AdditiveLoss
    {
        public override string Name => "log_loss";

        public override Link Link => Link.Logistic;

        public override double[] Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
            => Math.Clamp(Mean(values, weights), 1e-9, 1 - 1e-9) is var share ? [Elementary.Log(share / (1 - share))] : [];

        public override void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
            => LogisticKernel.Gradients(scores, values, gradients, hessians);

        public override double Of(ReadOnlySpan<double> scores, double value) => Elementary.Softplus(scores[0]) - value * scores[0];
    }

    /// <summary>The diagonal hessian is widened by K / (K - 1) for the classes that move along, as in LightGBM.</summary>
    sealed class Softmax(int classes) : AdditiveLoss
    {
        public override string Name => "log_loss";

        public override Link Link => Link.Softmax;

        public override int Outputs => classes;

        public override double[] Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
        {
            var shares = new double[classes];
            double total = 0;
            for (int i = 0; i < values.Length; i++)
            {
                shares[(int)values[i]] += weights[i];
                total += weights[i];
            }
            return Array.ConvertAll(shares, share => Elementary.Log(Math.Max(share / total, 1e-9)));
        }

        public override void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians)
        {
            var p = new double[classes];
            double widening = classes / (classes - 1.0);
            for (int i = 0, at = 0; i < values.Length; i++, at += classes)
            {
                scores.Slice(at, classes).CopyTo(p);
                Links.Apply(Link.Softmax, p, classes);
                for (int k = 0; k < classes; k++)
                {
                    gradients[at + k] = (float)(p[k] - (values[i] == k ? 1 : 0));
                    hessians[at + k] = (float)Math.Max(widening * p[k] * (1 - p[k]), 1e-16);
                }
            }
        }

        public override double Of(ReadOnlySpan<double> scores, double value)
        {
            double max = double.NegativeInfinity, sum = 0;
            foreach (double score in scores) max = Math.Max(max, score);
            foreach (double score in scores) sum += Elementary.Exp(score - max);
            return max + Elementary.Log(sum) - scores[(int)value];
        }
    }
}
