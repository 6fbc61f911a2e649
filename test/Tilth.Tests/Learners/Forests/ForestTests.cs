using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners.Forests;
using Tilth.Models.Trees;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Learners.Forests;

public class ForestTests
{
    [Fact]
    public void Out_of_bag_predictions_are_as_good_as_those_of_new_rows()
    {
        var learner = new RandomForest { NEstimators = 150 };
        double own = 0, other = 0;
        for (ulong seed = 1; seed <= 4; seed++)
        {
            var set = ContractData.Make(learner.Needs, TaskKind.Binary, rows: 1500, seed: seed);
            var fresh = ContractData.Make(learner.Needs, TaskKind.Binary, rows: 1500, seed: seed + 100);
            var model = learner.Fit(set, FitContext.Default, out double[] outOfBag);
            Assert.DoesNotContain(outOfBag, double.IsNaN);
            var predictions = new double[1500];
            model.Predict(fresh.Features, 0, 1500, predictions);
            own += Brier(set.Target.Values, outOfBag);
            other += Brier(fresh.Target.Values, predictions);
        }
        Assert.InRange(own / other, 0.87, 1.15);
    }

    [Fact]
    public void A_deep_tree_on_all_rows_and_features_learns_every_row()
    {
        var learner = new ExtraTrees { NEstimators = 3, MaxFeatures = 1 };
        foreach (var task in (TaskKind[])[TaskKind.Binary, TaskKind.Multiclass, TaskKind.Regression])
        {
            var set = ContractData.Make(learner.Needs, task, rows: 200);
            var model = (TreeEnsemble)learner.Fit(set, FitContext.Default);
            var predictions = new double[200 * model.OutputCount];
            model.Predict(set.Features, 0, 200, predictions);
            // Bins hold at least three rows, so that a few rows cannot be told apart.
            int right = Enumerable.Range(0, 200).Count(row => task switch
            {
                TaskKind.Multiclass => predictions[row * 3 + (int)set.Target.Values[row]] > 0.5,
                TaskKind.Binary => (predictions[row] > 0.5) == (set.Target.Values[row] == 1),
                _ => Math.Abs(predictions[row] - set.Target.Values[row]) < 0.2,
            });
            Assert.True(right >= 190, $"{task}: {right} of 200");
        }
    }

    static double Brier(double[] y, double[] p) => y.Zip(p).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
}
