using Tilth.Data.Samples;
using Tilth.Learners;

namespace Tilth.Bench;

/// <summary>
/// Makes the small packages that the trimmed program opens and whose predictions are stored beside them; one for each kind of
/// model and of target. They are evidence: make them again only when the format changes, into a new folder.
///     dotnet run -c Release --project bench/Tilth.Bench -- golden test/Tilth.TrimSmoke/golden
///     dotnet run -c Release --project test/Tilth.TrimSmoke -- test/Tilth.TrimSmoke/golden/*.tilth > test/Tilth.TrimSmoke/golden/predictions.txt
/// </summary>
static class GoldenPackages
{
    const int Rows = 160;

    static readonly (string Name, string Sample, string Learner, (string Name, double Value)[] Set)[] packages =
    [
        ("boosting", "customers", "gradient_boosting", [("n_estimators", 12), ("num_leaves", 6)]),
        ("oblivious", "patients", "oblivious_boosting", [("n_estimators", 10), ("depth", 3)]),
        ("forest", "houses", "random_forest", [("n_estimators", 5)]),
        ("linear", "patients", "linear", []),
        ("additive", "houses", "additive_boosting", [("max_rounds", 30), ("outer_bags", 2), ("interactions", 2)]),
        ("neighbors", "houses", "k_nearest_neighbors", []),
        ("network", "customers", "neural_network", [("n_members", 2), ("hidden_units", 16), ("max_epochs", 3), ("embedding_size", 4)]),
    ];

    public static int Run(string[] args)
    {
        if (args is not [var folder])
        {
            Console.Error.WriteLine("usage: Tilth.Bench golden FOLDER");
            return 1;
        }
        Directory.CreateDirectory(folder);
        foreach (var (name, source, learner, set) in packages)
        {
            var sample = SampleCatalog.Make(source, Rows, seed: 5);
            var entry = LearnerCatalog.Find(learner);
            var fitted = set.Aggregate(entry.Default, (made, one) => entry.Parameters.Single(parameter => parameter.Name == one.Name).Set(made, one.Value));
            var plan = Training.For(sample.Target) with { Learner = fitted, Folds = 2 };
            var package = plan.Run(sample.Table).Package;
            string path = Path.Combine(folder, name + ".tilth");
            package.Save(path);
            Console.WriteLine($"{path}: version {package.Version}, {new FileInfo(path).Length} bytes");
        }
        return 0;
    }
}
