using Tilth.Data;
using Tilth.Models.Trees;

namespace Tilth.Explanation;

/// <summary>
/// Interventional TreeSHAP (Lundberg et al., 2020, algorithm 3): a source column that is not known takes its value from
/// background rows, independently of the columns that are. The path-dependent kind (<see cref="RowAttribution"/>) follows the
/// training weights of the branches instead; the two agree where columns are independent. Players of the game are source
/// columns, not features, so that all features made from one column are known together. Exact; the parts add up to the score.
/// </summary>
public sealed class InterventionalAttribution
{
    readonly TreeEnsemble model;
    readonly FeatureMatrix background;
    readonly int[] playerOf; // by feature
    readonly List<string> names = [];
    readonly double[,] moves; // [u, v]: the weight of a leaf for a player of the u that follow the row, while v follow the background

    /// <summary>Prepares a model's trees.</summary>
    /// <param name="model">The trees.</param>
    /// <param name="background">At least one row of features with the model's map; a hundred are enough.</param>
    public InterventionalAttribution(TreeEnsemble model, FeatureMatrix background)
    {
        if (background.RowCount == 0) throw new ArgumentException("interventional attributions need at least one background row");
        (this.model, this.background) = (model, background);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        playerOf = new int[background.Map.Count];
        for (int f = 0; f < playerOf.Length; f++)
        {
            string name = string.Join(" + ", background.Map.SourcesOf(f));
            if (numbers.TryAdd(name, names.Count)) names.Add(name);
            playerOf[f] = numbers[name];
        }
        int most = Math.Min(names.Count, model.Trees.Max(tree => tree.Feature.Length)) + 1;
        moves = new double[most + 1, most + 1];
        for (int u = 1; u <= most; u++)
        {
            double choices = 1; // (u + v)! / (u! v!)
            for (int v = 0; v <= most; v++)
            {
                moves[u, v] = 1 / (u * choices);
                choices = choices * (u + v + 1) / (v + 1);
            }
        }
    }

    /// <summary>The source columns; those that are only read together are one, named "a + b".</summary>
    public IReadOnlyList<string> Columns => names;

    /// <summary>Explains one row.</summary>
    /// <param name="row">Features of the row.</param>
    /// <param name="contributions">Columns x outputs, column by column; overwritten.</param>
    /// <param name="baseline">One number an output: the mean score of the background; overwritten.</param>
    public void Explain(FeatureRow row, Span<double> contributions, Span<double> baseline)
    {
        int outputs = model.OutputCount;
        if (contributions.Length != names.Count * outputs || baseline.Length != outputs) throw new ArgumentException($"the contributions are {names.Count} columns x {outputs} outputs");
        contributions.Clear();
        baseline.Clear();
        double factor = Kernels.Elementary.PowerOfTwo(model.ScaleExponent) / (model.IsMean ? model.Trees.Length : 1);
        var walk = new Walk(new sbyte[names.Count], new int[names.Count], contributions, baseline);
        var dense = new float[background.Map.Dense.Count];
        var codes = new int[background.Map.Categories.Count];
        for (int i = 0; i < background.RowCount; i++)
        {
            var other = background.GetRow(i, dense, codes);
            foreach (var tree in model.Trees) Visit(tree, tree.Feature.Length == 0 ? ~0 : 0, row, other, ref walk, 0, 0);
        }
        foreach (ref double value in contributions) value *= factor / background.RowCount;
        for (int k = 0; k < outputs; k++) baseline[k] = (baseline[k] / background.RowCount + model.Bases[k]) * factor;
    }

    /// <summary>Goes down while row and background agree, or their columns are decided; parts the ways where a new column differs.</summary>
    void Visit(Tree tree, int node, FeatureRow row, FeatureRow other, ref Walk walk, int fromRow, int fromOther)
    {
        while (node >= 0)
        {
            bool left = tree.GoesLeft(node, row), otherLeft = tree.GoesLeft(node, other);
            int player = playerOf[tree.Feature[node]];
            if (left != otherLeft && walk.Side[player] == 0)
            {
                int depth = fromRow + fromOther;
                walk.Path[depth] = player;
                walk.Side[player] = 1;
                Visit(tree, Child(tree, node, left), row, other, ref walk, fromRow + 1, fromOther);
                walk.Path[depth] = player;
                walk.Side[player] = -1;
                Visit(tree, Child(tree, node, otherLeft), row, other, ref walk, fromRow, fromOther + 1);
                walk.Side[player] = 0;
                return;
            }
            node = Child(tree, node, walk.Side[player] < 0 ? otherLeft : left);
        }
        Leave(tree, ~node, ref walk, fromRow, fromOther);
    }

    void Leave(Tree tree, int leaf, ref Walk walk, int fromRow, int fromOther)
    {
        int width = tree.LeafValues.Length / tree.LeafCount, outputs = model.OutputCount;
        for (int k = 0; k < width; k++)
        {
            double value = tree.LeafValues[leaf * width + k];
            int output = tree.Output + k;
            if (fromRow == 0) walk.Baseline[output] += value;
            for (int i = 0; i < fromRow + fromOther; i++)
            {
                int player = walk.Path[i];
                walk.Contributions[player * outputs + output] += walk.Side[player] > 0 ? value * moves[fromRow, fromOther] : -value * moves[fromOther, fromRow];
            }
        }
    }

    static int Child(Tree tree, int node, bool left) => left ? tree.Left[node] : tree.Right[node];

    /// <summary>Where a walk stands: which side each column follows (1 the row, -1 the background, 0 open), in the order of the path.</summary>
    ref struct Walk(sbyte[] side, int[] path, Span<double> contributions, Span<double> baseline)
    {
        public readonly sbyte[] Side = side;
        public readonly int[] Path = path;
        public readonly Span<double> Contributions = contributions;
        public readonly Span<double> Baseline = baseline;
    }
}
