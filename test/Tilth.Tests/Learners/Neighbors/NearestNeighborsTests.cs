using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Neighbors;
using Tilth.Models.Neighbors;
using Tilth.Tests.Contracts;
using Tilth.Tests.Models;

namespace Tilth.Tests.Learners.Neighbors;

/// <summary>Beside a plain sort of all distances.</summary>
public class NearestNeighborsTests
{
    static readonly FeatureMap Map = ContractData.MapOf(5, [], 0);

    static TrainingSet Make(TaskKind task, int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var dense = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, rows).Select(_ => (float)random.NextGaussian()).ToArray()).ToArray();
        double[] y = [.. Enumerable.Range(0, rows).Select(i => task switch { TaskKind.Regression => dense[0][i] + random.NextGaussian(), TaskKind.Binary => random.NextInt(2), _ => (double)random.NextInt(3) })];
        return new TrainingSet(new FeatureMatrix(Map, rows, dense, [], null), new Target(ContractData.TargetOf(task), y));
    }

    [Theory]
    [InlineData(TaskKind.Regression, NeighborWeights.Uniform)]
    [InlineData(TaskKind.Regression, NeighborWeights.Distance)]
    [InlineData(TaskKind.Binary, NeighborWeights.Distance)]
    [InlineData(TaskKind.Multiclass, NeighborWeights.Uniform)]
    public void Predictions_are_the_means_of_the_nearest(TaskKind task, NeighborWeights weights)
    {
        var set = Make(task, 203, 1);
        var model = (NeighborsModel)new NearestNeighbors { NeighborCount = 7, Weights = weights, PriorWeight = 0 }.Fit(set, FitContext.Default);
        var fresh = Make(task, 30, 2).Features;
        var found = new double[30 * model.OutputCount];
        model.Predict(fresh, 0, 30, found);
        for (int i = 0; i < 30; i++)
        {
            var nearest = Enumerable.Range(0, 203)
                .Select(r => (Row: r, Distance: Math.Sqrt(Enumerable.Range(0, 5).Sum(j => Math.Pow((double)fresh.Dense[j][i] - set.Features.Dense[j][r], 2)))))
                .OrderBy(pair => pair.Distance).Take(7).ToArray();
            double total = nearest.Sum(n => weights == NeighborWeights.Uniform ? 1 : 1 / n.Distance);
            for (int k = 0; k < model.OutputCount; k++)
            {
                double expected = nearest.Sum(n => (weights == NeighborWeights.Uniform ? 1 : 1 / n.Distance)
                    * (task == TaskKind.Multiclass ? (set.Target.Values[n.Row] == k ? 1 : 0) : set.Target.Values[n.Row])) / total;
                Assert.Equal(expected, found[i * model.OutputCount + k], 1e-6);
            }
        }
    }

    [Fact]
    public void A_training_row_alone_answers_for_its_own_place_under_distance_weights()
    {
        var set = Make(TaskKind.Regression, 50, 1);
        var model = new NearestNeighbors { NeighborCount = 5, Weights = NeighborWeights.Distance, PriorWeight = 0 }.Fit(set, FitContext.Default);
        var found = new double[50];
        model.Predict(set.Features, 0, 50, found);
        for (int i = 0; i < 50; i++) Assert.Equal(set.Target.Values[i], found[i], 1e-12);
    }

    [Fact]
    public void Noise_asks_for_more_neighbours_than_a_clean_signal()
    {
        var set = Make(TaskKind.Regression, 400, 3);
        double[] clean = [.. Enumerable.Range(0, 400).Select(i => (double)set.Features.Dense[0][i])];
        double[] noisy = [.. Make(TaskKind.Regression, 400, 9).Target.Values];
        int CountFor(double[] y) => ((NeighborsModel)new NearestNeighbors().Fit(new TrainingSet(set.Features, new Target(set.Target.Schema, y)), FitContext.Default)).NeighborCount;
        Assert.InRange(CountFor(clean), 3, 20);
        Assert.True(CountFor(noisy) >= 60);
    }

    [Fact]
    public void A_package_gives_the_same_model_back_and_damage_is_refused()
    {
        var set = Make(TaskKind.Multiclass, 37, 1);
        var model = (NeighborsModel)new NearestNeighbors { NeighborCount = 4 }.Fit(set, FitContext.Default);
        var again = PartRoundTrip.Through(model.Pack, reader => NeighborsModel.Unpack(reader, Map));
        double[] expected = new double[37 * 3], found = new double[37 * 3];
        model.Predict(set.Features, 0, 37, expected);
        again.Predict(set.Features, 0, 37, found);
        Assert.Equal(expected, found);
        void Refused(Func<string, string>? json = null, Func<int, byte[], byte[]>? array = null, FeatureMap? map = null)
            => Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(model.Pack, reader => NeighborsModel.Unpack(reader, map ?? Map), json, array));
        Refused(map: ContractData.MapOf(4, [], 0));
        Refused(json => json.Replace("\"rows\":37", "\"rows\":2000000000"));
        Refused(json => json.Replace("\"rows\":37", "\"rows\":0"));
        Refused(json => json.Replace("\"classes\":3", "\"classes\":1"));
        Refused(json => json.Replace("\"neighbors\":4", "\"neighbors\":99999"));
        foreach (double bad in (double[])[double.NaN, 3, -1, 0.5])
            Refused(array: (_, bytes) => bytes.Length == 37 * 8 ? [.. bytes[..^8], .. BitConverter.GetBytes(bad)] : bytes);
    }
}
