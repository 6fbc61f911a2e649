using Tilth.Kernels;

namespace Tilth.Honesty.Heads;

/// <summary>Newton's steps on the likelihood of sigmoid(weights . x + intercept), drawn slightly towards the weights it starts from.</summary>
internal static class OddsFit
{
    const int Steps = 30;
    const double Ridge = 1e-3;

    /// <summary>The weights, then the intercept.</summary>
    /// <param name="x">Inputs, one array each, a number a row.</param>
    /// <param name="held">Targets 0 or 1, and weights.</param>
    /// <param name="start">A weight for each input; the intercept starts at 0.</param>
    public static double[] Of(double[][] x, HeldRows held, double[] start)
    {
        int size = x.Length + 1;
        double[] prior = [.. start, 0], at = [.. prior];
        double loss = Loss(x, held, at, prior);
        for (int step = 0; step < Steps; step++)
        {
            var (gradient, curvature) = Slopes(x, held, at, prior);
            if (Cholesky.Of(curvature, size) is not { } factor) break;
            factor.Solve(gradient);
            // Where probabilities are near 0 and 1 a whole step goes too far.
            double length = 1, next;
            double[] moved;
            do
            {
                moved = [.. at.Select((value, i) => value - length * gradient[i])];
                next = Loss(x, held, moved, prior);
                length /= 2;
            }
            while (next > loss && length > 1e-6);
            if (!(next < loss)) break;
            bool done = loss - next < 1e-12 * (1 + loss);
            (at, loss) = (moved, next);
            if (done) break;
        }
        return at;
    }

    static double Score(double[][] x, double[] at, int row)
    {
        double z = at[^1];
        for (int i = 0; i < x.Length; i++) z += at[i] * x[i][row];
        return z;
    }

    static double Loss(double[][] x, HeldRows held, double[] at, double[] prior)
    {
        double sum = 0;
        for (int i = 0; i < at.Length; i++) sum += Ridge / 2 * (at[i] - prior[i]) * (at[i] - prior[i]);
        for (int row = 0; row < held.Count; row++)
        {
            double z = Score(x, at, row);
            sum += held.WeightOf(row) * (Elementary.Softplus(z) - held.Target.Values[row] * z);
        }
        return sum;
    }

    static (double[] Gradient, double[] Curvature) Slopes(double[][] x, HeldRows held, double[] at, double[] prior)
    {
        int size = at.Length;
        double[] gradient = new double[size], curvature = new double[size * size], inputs = new double[size];
        for (int i = 0; i < size; i++) (gradient[i], curvature[i * size + i]) = (Ridge * (at[i] - prior[i]), Ridge);
        inputs[^1] = 1;
        for (int row = 0; row < held.Count; row++)
        {
            for (int i = 0; i < x.Length; i++) inputs[i] = x[i][row];
            double w = held.WeightOf(row), p = Elementary.Sigmoid(Score(x, at, row)), error = w * (p - held.Target.Values[row]), h = w * p * (1 - p);
            for (int i = 0; i < size; i++)
            {
                gradient[i] += error * inputs[i];
                for (int j = 0; j <= i; j++) curvature[i * size + j] += h * inputs[i] * inputs[j];
            }
        }
        return (gradient, curvature);
    }
}
