using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Oblivious;
using Tilth.Learners.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Oblivious;

/// <summary>Target statistics against a brute-force count, and the leak that they exist to avoid.</summary>
public class OrderedStatisticsTests
{
    static FeatureMatrix Categories(int rows, params int[][] codes)
        => new(ContractData.MapOf(0, [.. codes.Select(column => column.Max() + 1)], 0), rows, [], codes, null);

    [Theory, InlineData(TaskKind.Binary, false), InlineData(TaskKind.Multiclass, true), InlineData(TaskKind.Regression, true)]
    public void A_row_knows_only_the_rows_before_it(TaskKind task, bool weighted)
    {
        const int rows = 40;
        var random = new RandomSource(3);
        int[] a = Draw(4, -1), b = Draw(3, 0), order = [.. Enumerable.Range(0, rows)];
        random.Shuffle<int>(order);
        double[] y = Array.ConvertAll(Draw(3, 0), value => (double)(task == TaskKind.Binary ? value & 1 : value)), weights = Array.ConvertAll(Draw(3, 0), w => w + 0.5);
        var target = new StatisticTarget(new Target(ContractData.TargetOf(task), y), order.Order().ToArray(), weighted ? weights : null);
        double WeightOf(int row) => weighted ? weights[row] : 1;
        int[][] sets = [[0], [1], [0, 1]];
        foreach (int[] set in sets)
        {
            var features = Categories(rows, a, b);
            var statistics = new TargetStatistics(CodedLevels.Of(features, set, [.. Enumerable.Range(0, rows)]), target, [1, 7]);
            bool Same(int i, int j) => set.All(category => features.Codes[category][i] == features.Codes[category][j]);
            var table = statistics.Table(features.Map, [.. Enumerable.Range(0, statistics.ColumnCount)]);
            int outputs = task == TaskKind.Multiclass ? 3 : 1;
            for (int column = 0; column < 2 * outputs; column++)
            {
                double ValueOf(int row) => outputs == 1 ? y[row] : y[row] == column / 2 ? 1 : 0;
                double strength = column % 2 == 0 ? 1 : 7, prior = Enumerable.Range(0, rows).Sum(i => WeightOf(i) * ValueOf(i)) / Enumerable.Range(0, rows).Sum(WeightOf);
                double MeanOver(IEnumerable<int> others, int row)
                {
                    int[] same = [.. others.Where(other => Same(other, row))];
                    return (same.Sum(i => WeightOf(i) * ValueOf(i)) + strength * prior) / (same.Sum(WeightOf) + strength);
                }
                var numbers = new float[rows];
                statistics.FillOrdered(column, order, numbers);
                var all = new float[statistics.ColumnCount];
                for (int at = 0; at < rows; at++)
                {
                    Assert.Equal(MeanOver(order.Take(at), order[at]), numbers[order[at]], 1e-6);
                    table.Fill([a[order[at]], b[order[at]]], all);
                    Assert.Equal(MeanOver(order, order[at]), all[column], 1e-6);
                }
                table.Fill([17, 17], all);
                Assert.Equal(prior, all[column], 1e-6);
            }
        }

        int[] Draw(int bound, int from) => [.. Enumerable.Range(0, rows).Select(_ => from + random.NextInt(bound))];
    }

    [Fact]
    public void Many_levels_of_noise_teach_nothing()
    {
        // Half of the rows learn, the other half are foreseen; a statistic that saw its own row's target would fit the noise.
        const int rows = 4000;
        var random = new RandomSource(11);
        int[][] codes = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, rows).Select(_ => random.NextInt(400)).ToArray())];
        var y = Enumerable.Range(0, rows).Select(_ => (double)random.NextInt(2)).ToArray();
        var set = new TrainingSet(Categories(rows, codes), new Target(ContractData.TargetOf(TaskKind.Binary), y));
        var learner = new ObliviousBoosting { NEstimators = 60, LearningRate = 0.2, EarlyStoppingRounds = 0 };
        var model = learner.Fit(set.View([.. Enumerable.Range(0, rows / 2)]), new FitContext { Seed = 2 });
        var scores = new double[rows];
        model.Predict(set.Features, 0, rows, scores);
        double auc = Auc(scores[(rows / 2)..], y[(rows / 2)..]);
        double error = Math.Sqrt(1.0 / 12 * (rows / 2 + 1) / (rows / 4.0 * (rows / 4.0)));
        Assert.InRange(auc, 0.5 - 2 * error, 0.5 + 2 * error);
        double loss = ContractData.Loss(set.Target.Take([.. Enumerable.Range(rows / 2, rows / 2)]), scores.AsSpan(rows / 2), 1);
        Assert.True(loss < 1.1 * Math.Log(2), $"log loss {loss}: it believes what it learned from noise");
    }

    static double Auc(double[] scores, double[] y)
    {
        double won = 0, pairs = 0;
        for (int i = 0; i < y.Length; i++)
            for (int j = 0; j < y.Length; j++)
            {
                if (y[i] != 1 || y[j] != 0) continue;
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        return won / pairs;
    }
}
