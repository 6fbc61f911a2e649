using System.Globalization;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Learners.Boosting;
using Tilth.Learners.Forests;
using Tilth.Tests.Contracts;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Learners.Boosting;

/// <summary>As good as XGBoost and scikit-learn on the same rows with the same hyperparameters; Golden/make_golden.py made the figures.</summary>
public class PeerAccuracyTests
{
    const double XgboostLogLoss = 0.4416175666906971, ForestBrier = 0.14092134;

    [Fact]
    public void Boosting_is_as_good_as_XGBoost()
    {
        var learner = new GradientBoosting { NEstimators = 100, LearningRate = 0.1, LambdaL2 = 1, MinChildWeight = 5, MinDataInLeaf = 0, EarlyStoppingRounds = 0, BaggingFraction = 1, FeatureFraction = 1 };
        var (y, p) = Predict(learner);
        double loss = y.Zip(p).Average(pair => -Math.Log(pair.First == 1 ? pair.Second : 1 - pair.Second));
        Assert.InRange(loss, XgboostLogLoss - 0.02, XgboostLogLoss + 0.01);
    }

    [Fact]
    public void A_forest_is_as_good_as_scikit_learns()
    {
        var (y, p) = Predict(new RandomForest());
        double brier = y.Zip(p).Average(pair => (pair.First - pair.Second) * (pair.First - pair.Second));
        Assert.InRange(brier, ForestBrier - 0.006, ForestBrier + 0.003);
    }

    static (double[] Y, double[] P) Predict(ISupervisedLearner learner)
    {
        var rows = File.ReadLines(Path.Combine(CodeFiles.Root, "test/Tilth.Tests/Learners/Boosting/Golden/rows.csv"))
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var features = new FeatureMatrix(ContractData.MapOf(5, [], 0), rows.Length, [.. Enumerable.Range(1, 5).Select(c => rows.Select(row => (float)row[c]).ToArray())], [], null);
        var target = new Target(ContractData.TargetOf(TaskKind.Binary), [.. rows.Select(row => row[0])]);
        var model = learner.Fit(new TrainingSet(features, target).View([.. Enumerable.Range(0, 2000)]), FitContext.Default);
        var p = new double[1000];
        model.Predict(features, 2000, 1000, p);
        return (target.Values[2000..], p);
    }
}
