using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;

namespace Tilth.Walk;

/// <summary>
/// Exact interventional Shapley values of the raw score of a package that holds trees alone: each ensemble's own, summed by its
/// share. Raw scores are log odds for classes; the average of several models' raw scores is near, but not, the score of their average.
/// </summary>
sealed class TreeExplanation
{
    readonly List<(Pipeline Pipeline, InterventionalAttribution Trees, double Share)> members = [];
    readonly int outputs;

    /// <param name="root">Nodes whose models are trees on one scale.</param>
    /// <param name="background">Rows that conform to the package's schema, at least one.</param>
    /// <exception cref="LearningException">A model is of another kind, or on another scale.</exception>
    public TreeExplanation(Node root, Table background)
    {
        outputs = root.OutputCount;
        Add(root, 1, background);
        Scale = members[0].Pipeline.Model.Link;
        if (members.Exists(member => member.Pipeline.Model.Link != Scale)) throw Unfit("its models speak on different scales");
    }

    /// <summary>How a raw score becomes a prediction.</summary>
    public Link Scale { get; }

    /// <summary>The parts of one output's raw score.</summary>
    /// <param name="row">A table of one row.</param>
    /// <param name="output">Below the outputs.</param>
    public ShapleySample Explain(Table row, int output)
    {
        var (columns, values) = (new List<string>(), new Dictionary<string, double>(StringComparer.Ordinal));
        double baseline = 0;
        foreach (var (pipeline, trees, share) in members)
        {
            var features = pipeline.Preparation.Apply(row);
            double[] parts = new double[trees.Columns.Count * outputs], middle = new double[outputs];
            trees.Explain(features.GetRow(0, new float[features.Map.Dense.Count], new int[features.Map.Categories.Count]), parts, middle);
            baseline += share * middle[output];
            for (int c = 0; c < trees.Columns.Count; c++)
            {
                if (values.TryAdd(trees.Columns[c], 0)) columns.Add(trees.Columns[c]);
                values[trees.Columns[c]] += share * parts[c * outputs + output];
            }
        }
        double[] all = [.. columns.Select(column => values[column])];
        return new(columns, all, new double[all.Length], baseline, baseline + all.Sum());
    }

    void Add(Node node, double share, Table background)
    {
        switch (node)
        {
            case Pipeline { Model: TreeEnsemble model } pipeline:
                members.Add((pipeline, new InterventionalAttribution(model, pipeline.Preparation.Apply(background)), share));
                break;
            case Mean mean:
                foreach (var child in mean.Children) Add(child, share / mean.Children.Count, background);
                break;
            case Blend blend:
                for (int c = 0; c < blend.Children.Count; c++) Add(blend.Children[c], share * blend.Shares[c], background);
                break;
            case Pipeline other: throw Unfit($"it also holds a model of another kind ({other.Model.GetType().Name})");
            default: throw Unfit("a model decides over its models");
        }
    }

    static LearningException Unfit(string why) => new("method-interventional", $"the method 'interventional' explains trees, their means and blends; this package is none of these: {why}. The method 'permutation' explains any package");
}
