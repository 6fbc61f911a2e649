using System.Text.Json;
using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models.Trees;
using Tilth.Tests.Models.Trees;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Explanation;

/// <summary>XGBoost's own TreeSHAP on XGBoost's own trees; Golden/make_contribs.py made the file.</summary>
public class XgboostContributionTests
{
    const int Scale = -24;

    [Fact]
    public void Attributions_equal_XGBoost_pred_contribs_to_the_precision_of_its_floats()
    {
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(CodeFiles.Root, "test/Tilth.Tests/Explanation/Golden/xgboost-contribs.json")));
        var ensemble = new TreeEnsemble([.. golden.RootElement.GetProperty("trees").EnumerateArray().Select(tree => XgboostTrees.Read(tree, Scale))], [(long)Math.ScaleB(0.5, -Scale)], Scale, false, default);
        var rows = golden.RootElement.GetProperty("rows").EnumerateArray().Select(Floats).ToArray();
        var expected = golden.RootElement.GetProperty("contribs").EnumerateArray().Select(Floats).ToArray();
        Assert.Contains(rows, row => row.Any(float.IsNaN));
        double[] contributions = new double[5], baseline = new double[1];
        for (int r = 0; r < rows.Length; r++)
        {
            RowAttribution.Explain(ensemble, new FeatureRow(rows[r], [], [], []), contributions, baseline);
            for (int f = 0; f < 5; f++) Assert.Equal(expected[r][f], contributions[f], 2e-5);
            Assert.Equal(expected[r][5], baseline[0], 2e-5);
        }
    }

    static float[] Floats(JsonElement list) => [.. list.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? float.NaN : v.GetSingle())];
}
