using Tilth.Data;
using Tilth.Explanation;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Learners.Oblivious;
using Tilth.Models;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;
using Tilth.Tests.Models;

namespace Tilth.Tests.Learners.Oblivious;

/// <summary>What oblivious boosting learns from categories, and the model that holds their statistics.</summary>
public class ObliviousBoostingTests
{
    /// <summary>A number, two categories of 12 levels that matter only together, and one of 300 levels with an effect each.</summary>
    static TrainingSet Crossed(int rows, TaskKind task, ulong seed = 1)
    {
        var (law, random) = (new RandomSource(77), new RandomSource(seed));
        double[] cross = [.. Enumerable.Range(0, 144).Select(_ => 2 * law.NextGaussian())], effect = [.. Enumerable.Range(0, 300).Select(_ => 1.5 * law.NextGaussian())];
        var number = new float[rows];
        int[][] codes = [new int[rows], new int[rows], new int[rows]];
        var y = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            number[i] = random.NextInt(20) == 0 ? float.NaN : (float)random.NextGaussian();
            (codes[0][i], codes[1][i], codes[2][i]) = (random.NextInt(12), random.NextInt(12), random.NextInt(301) - 1);
            double z = cross[codes[0][i] * 12 + codes[1][i]] + (codes[2][i] < 0 ? 0 : effect[codes[2][i]]) + (float.IsNaN(number[i]) ? 0 : number[i]) + 0.3 * random.NextGaussian();
            y[i] = task switch { TaskKind.Binary => z > 0 ? 1 : 0, TaskKind.Multiclass => z < -1 ? 0 : z < 1 ? 1 : 2, _ => z };
        }
        return new(new FeatureMatrix(ContractData.MapOf(1, [12, 12, 300], 0), rows, [number], codes, null), new Target(ContractData.TargetOf(task), y));
    }

    static readonly ObliviousBoosting Short = new() { NEstimators = 80, LearningRate = 0.15, EarlyStoppingRounds = 0 };

    static double[] Predict(Model model, FeatureMatrix features)
    {
        var predictions = new double[features.RowCount * model.OutputCount];
        model.Predict(features, 0, features.RowCount, predictions);
        return predictions;
    }

    [Fact]
    public void Pairs_find_what_single_categories_do_not_say()
    {
        var (set, fresh) = (Crossed(4000, TaskKind.Regression), Crossed(2000, TaskKind.Regression, 2));
        double Loss(ObliviousBoosting learner) => ContractData.Loss(fresh.Target, Predict(learner.Fit(set, new()), fresh.Features), 1);
        double pairs = Loss(Short), singles = Loss(Short with { MaxCtrComplexity = 1 }), trivial = ContractData.TrivialLoss(fresh.Target);
        Assert.True(pairs < 0.6 * singles, $"pairs {pairs}, singles {singles}");
        Assert.True(singles < 0.8 * trivial, $"singles {singles}, trivial {trivial}");
    }

    [Theory, InlineData(TaskKind.Binary), InlineData(TaskKind.Multiclass), InlineData(TaskKind.Regression)]
    public void A_packed_model_predicts_and_explains_the_same(TaskKind task)
    {
        var set = Crossed(600, task);
        var model = Assert.IsType<StatisticsEnsemble>(Short.Fit(set, new()));
        var read = PartRoundTrip.Through(model.Pack, reader => ModelKinds.Unpack(model.PartKind, reader, set.Features.Map));
        Assert.Equal(Predict(model, set.Features), Predict(read, set.Features));
        int outputs = model.OutputCount;
        double[] parts = new double[set.Features.Map.Count * outputs], again = new double[parts.Length], baseline = new double[outputs], scores = new double[outputs];
        float[] dense = new float[1];
        int[] codes = new int[3];
        for (int row = 0; row < 50; row++)
        {
            var features = set.Features.GetRow(row, dense, codes);
            RowAttribution.Explain(model, features, parts, baseline);
            RowAttribution.Explain(read, features, again, baseline);
            Assert.Equal(parts, again);
            model.ScoreRow(features, scores);
            for (int k = 0; k < outputs; k++)
                Assert.Equal(scores[k], baseline[k] + Enumerable.Range(0, set.Features.Map.Count).Sum(f => parts[f * outputs + k]), 1e-9);
        }
        for (int f = 0; f < 4; f++) Assert.NotEqual(0, parts[f * outputs]);
    }

    [Theory, InlineData("categories", "3"), InlineData("keys", "-1"), InlineData("values", "NaN"), InlineData("unseen", "short")]
    public void A_damaged_table_is_refused(string name, string damage)
    {
        var set = Crossed(300, TaskKind.Binary);
        var table = ((StatisticsEnsemble)Short.Fit(set, new())).Tables[0];
        Func<byte[], byte[]> spoil = damage switch
        {
            "3" => bytes => BitConverter.GetBytes(3),
            "-1" => bytes => [.. BitConverter.GetBytes(-1L), .. bytes.AsSpan(8)],
            "NaN" => bytes => [.. BitConverter.GetBytes(float.NaN), .. bytes.AsSpan(4)],
            _ => bytes => bytes[..^4],
        };
        int which = Array.IndexOf((string[])["categories", "keys", "values", "unseen"], name);
        Assert.Throws<PackageFormatException>(() => PartRoundTrip.Through(table.Pack, reader => StatisticTable.Unpack(reader, set.Features.Map),
            spoilArray: (index, bytes) => index == which ? spoil(bytes) : bytes));
    }

    [Fact]
    public void All_leaves_of_a_level_ask_the_same_question()
    {
        var set = ContractData.Make(new ObliviousBoosting(), TaskKind.Regression, rows: 500);
        var model = (TreeEnsemble)(Short with { Depth = 4, OneHotMaxSize = 256 }).Fit(set, new());
        foreach (var tree in model.Trees)
        {
            var questions = Enumerable.Range(0, tree.Feature.Length).Select(n => (tree.Feature[n], tree.Threshold[n], tree.MissingLeft[n],
                tree.CategoryStart[n] < 0 ? "" : string.Join(',', tree.CategoryBits.AsSpan(tree.CategoryStart[n], 1 + (int)tree.CategoryBits[tree.CategoryStart[n]]).ToArray())));
            Assert.InRange(questions.Distinct().Count(), tree.Feature.Length == 0 ? 0 : 1, 4);
            Assert.InRange(tree.LeafCount, 1, 16);
        }
    }
}
