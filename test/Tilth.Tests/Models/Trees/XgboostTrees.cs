using System.Text.Json;
using Tilth.Models.Trees;

namespace Tilth.Tests.Models.Trees;

/// <summary>Reads a tree that XGBoost dumped as JSON with statistics; tests and benchmarks compare on the very same trees.</summary>
static class XgboostTrees
{
    /// <param name="root">The tree's root.</param>
    /// <param name="scaleExponent">Leaf values are rounded to multiples of 2^scaleExponent.</param>
    public static Tree Read(JsonElement root, int scaleExponent)
    {
        List<int> features = [], left = [], right = [], values = [];
        List<float> thresholds = [];
        List<bool> missingLeft = [];
        List<double> nodeCovers = [], leafCovers = [];
        Add(root);
        return new Tree
        {
            Feature = [.. features], Threshold = [.. thresholds], MissingLeft = [.. missingLeft], CategoryBits = [], Output = 0,
            CategoryStart = [.. features.Select(_ => -1)], Left = [.. left], Right = [.. right], NodeCover = [.. nodeCovers],
            LeafCover = [.. leafCovers], LeafValues = [.. values],
        };

        int Add(JsonElement node)
        {
            double cover = node.GetProperty("cover").GetDouble();
            if (node.TryGetProperty("leaf", out var value))
            {
                values.Add((int)Math.Round(Math.ScaleB(value.GetDouble(), -scaleExponent)));
                leafCovers.Add(cover);
                return ~(values.Count - 1);
            }
            int at = features.Count;
            features.Add(int.Parse(node.GetProperty("split").GetString()![1..], null));
            thresholds.Add(float.BitDecrement(node.GetProperty("split_condition").GetSingle()));
            missingLeft.Add(node.GetProperty("missing").GetInt32() == node.GetProperty("yes").GetInt32());
            nodeCovers.Add(cover);
            left.Add(0);
            right.Add(0);
            left[at] = Add(node.GetProperty("children")[0]);
            right[at] = Add(node.GetProperty("children")[1]);
            return at;
        }
    }
}
