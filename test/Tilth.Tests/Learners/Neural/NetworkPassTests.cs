using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners.Neural;
using Tilth.Models;
using Tilth.Models.Neural;
using Tilth.Parallelism;
using Tilth.Prepare;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Neural;

public class NetworkPassTests
{
    /// <summary>Backpropagation against central differences of the loss of the model itself, for one member without dropout.</summary>
    [Theory]
    [InlineData(TaskKind.Binary, 0)]
    [InlineData(TaskKind.Binary, 2)]
    [InlineData(TaskKind.Multiclass, 1)]
    [InlineData(TaskKind.Regression, 2)]
    public void The_gradient_is_the_slope_of_the_loss(TaskKind task, int layers)
    {
        var set = ContractData.Make(new PreparationNeeds { Categories = CategoryForm.Codes }, task, rows: 40);
        var link = task switch { TaskKind.Binary => Link.Logistic, TaskKind.Multiclass => Link.Softmax, _ => Link.Identity };
        float[][] edges = [[-2, -1, 0, 1, 2], [-1.5f, 1.5f], [-1, 0, 1], [0, 1]];
        var shape = new NetworkShape(edges, 3, [5], 6, layers, 1, set.Target.Schema.OutputCount);
        float[] parameters = NetworkPass.Pinned(shape.ParameterCount), gradient = NetworkPass.Pinned(shape.ParameterCount);
        var random = new RandomSource(3);
        foreach (ref float value in parameters.AsSpan()) value = (float)(0.6 * random.NextGaussian());
        int[] rows = [.. Enumerable.Range(5, 30)];
        new NetworkPass(shape, link, parameters, gradient, rows.Length, 0, WorkerPool.Single).Run(set.Features, rows, set.Target.Values, default, random);

        for (int i = 0; i < parameters.Length; i += 1 + i % 3)
        {
            const float step = 1 / 256f;
            float at = parameters[i];
            parameters[i] = at + step;
            double above = Loss();
            parameters[i] = at - step;
            double below = Loss(), slope = (above - below) / (2 * step);
            parameters[i] = at;
            // Where a rectifier switches within the step the two differ; everywhere else to the square of the step.
            Assert.True(Math.Abs(slope - gradient[i]) < 0.02 + 0.03 * Math.Abs(slope), $"parameter {i}: {gradient[i]}, slope {slope}");
        }

        double Loss()
        {
            var scores = new double[rows.Length * shape.Outputs];
            new NetworkModel(shape, parameters, link, 0, 1).ScoreRows(set.Features, rows, scores);
            Links.Apply(link, scores, shape.Outputs);
            double sum = 0;
            for (int r = 0; r < rows.Length; r++)
            {
                double y = set.Target.Values[rows[r]];
                sum += task switch
                {
                    TaskKind.Regression => (scores[r] - y) * (scores[r] - y) / 2,
                    TaskKind.Binary => -Math.Log(y == 1 ? scores[r] : 1 - scores[r]),
                    _ => -Math.Log(scores[r * shape.Outputs + (int)y]),
                };
            }
            return sum / rows.Length;
        }
    }
}
