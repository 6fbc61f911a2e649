using System.Text.Json;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Learners;
using Tilth.Models.Linear;
using Tilth.Tests.Contracts;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Learners.Linear;

/// <summary>Coefficients beside those of scikit-learn 1.2.1 (Golden/make.py made the file), from dense and from sparse features.</summary>
public class GoldenCoefficients
{
    internal static readonly JsonElement File = JsonDocument.Parse(System.IO.File.ReadAllText(
        Path.Combine(CodeFiles.Root, "test/Tilth.Tests/Learners/Linear/Golden/linear.json"))).RootElement;

    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        int index = 0;
        foreach (var item in File.GetProperty("cases").EnumerateArray())
            data.Add(index++, $"{item.GetProperty("learner")} {item.GetProperty("set")} {item.GetProperty("target")} {item.GetProperty("parameters")} weighted={item.GetProperty("weighted")}");
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Coefficients_are_scikit_learns(int index, string what)
    {
        var item = File.GetProperty("cases")[index];
        var entry = LearnerCatalog.Find(item.GetProperty("learner").GetString()!);
        var learner = entry.Default;
        foreach (var (name, value) in item.GetProperty("parameters").EnumerateObject().Select(p => (p.Name, p.Value.ToString())))
            learner = entry.Parameters.Single(p => p.Name == name).Parse(learner, value.ToLowerInvariant());
        learner = entry.Parameters.Single(p => p.Name == "tol").Set(learner, 1e-11);
        learner = entry.Parameters.Single(p => p.Name == "max_iter").Set(learner, 1000);
        var coef = item.GetProperty("coef").EnumerateArray().Select(Numbers).ToArray();
        var intercept = Numbers(item.GetProperty("intercept"));
        string setName = item.GetProperty("set").GetString()!;
        foreach (bool sparse in setName == "wide" ? (bool[])[true] : [false, true])
        {
            var set = SetOf(setName, item.GetProperty("target").GetString()!, item.GetProperty("weighted").GetBoolean(), sparse);
            var model = (LinearModel)learner.Fit(set, FitContext.Default);
            // Beside an L1 penalty scikit-learn leaves the intercepts of several classes where they are; only differences matter.
            double shift = intercept.Length > 1 ? intercept.Average() : 0;
            for (int k = 0; k < coef.Length; k++)
            {
                Assert.True(Math.Abs(intercept[k] - shift - model.Intercepts[k]) < 1e-6, $"{what}: intercept {k} is {model.Intercepts[k]}, not {intercept[k] - shift}");
                for (int j = 0; j < coef[k].Length; j++)
                    Assert.True(Math.Abs(coef[k][j] - model.Weights(k)[j]) < 1e-6, $"{what}: weight {k},{j} is {model.Weights(k)[j]}, not {coef[k][j]}; sparse {sparse}");
            }
        }
    }

    internal static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(v => v.GetDouble())];

    internal static TrainingSet SetOf(string name, string target, bool weighted, bool sparse)
    {
        var set = File.GetProperty("sets").GetProperty(name);
        int rows = set.GetProperty("rows").GetInt32(), columns = set.GetProperty("columns").GetInt32();
        int[] i = [.. set.GetProperty("i").EnumerateArray().Select(v => v.GetInt32())], j = [.. set.GetProperty("j").EnumerateArray().Select(v => v.GetInt32())];
        var v = Numbers(set.GetProperty("v"));
        var dense = Enumerable.Range(0, sparse ? 0 : columns).Select(_ => new float[rows]).ToArray();
        var entries = Enumerable.Range(0, rows).Select(_ => new List<(int, float)>()).ToArray();
        for (int e = 0; e < i.Length; e++)
            if (sparse) entries[i[e]].Add((j[e], (float)v[e]));
            else dense[j[e]][i[e]] = (float)v[e];
        var features = new FeatureMatrix(ContractData.MapOf(dense.Length, [], sparse ? columns : 0), rows, dense, [],
            sparse ? ContractData.Csr([.. entries.Select(row => row.ToArray())], columns) : null);
        var task = target switch { "yes" => TaskKind.Binary, "three" => TaskKind.Multiclass, _ => TaskKind.Regression };
        return new TrainingSet(features, new Target(ContractData.TargetOf(task), Numbers(set.GetProperty("targets").GetProperty(target))),
            weighted ? Numbers(set.GetProperty("weights")) : default(ReadOnlyMemory<double>));
    }
}
