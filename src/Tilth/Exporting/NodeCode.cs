using Tilth.Models;
using Tilth.Models.Additive;
using Tilth.Models.Linear;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;

namespace Tilth.Exporting;

/// <summary>Writes a package's tree of nodes: a method a node, each putting its predictions into a span.</summary>
/// <param name="code">Takes the methods.</param>
/// <param name="preparations">In the order of their methods.</param>
internal sealed class NodeCode(CodeText code, IReadOnlyList<Tilth.Prepare.Preparation> preparations)
{
    int written;

    /// <returns>The number of the node's method.</returns>
    /// <exception cref="NotSupportedException">A model of the tree cannot be exported; says which.</exception>
    public int Write(Node node)
    {
        int[] children = [.. node.Children.Select(Write)];
        int number = written++;
        code.Line(1, $"static void Node{number}(Features[] prepared, Span<double> to)");
        code.Line(1, "{");
        switch (node)
        {
            case Pipeline pipeline:
                code.Line(2, $"var x = prepared[{preparations.ToList().IndexOf(pipeline.Preparation)}];");
                WriteModel(pipeline.Model);
                break;
            case Mean:
                Sum(children, node, child => "one[i]");
                code.Line(2, $"for (int i = 0; i < to.Length; i++) to[i] /= {children.Length};");
                break;
            case Blend blend:
                double[] shares = blend.Shares.ToArray();
                Sum(children, node, child => $"{CodeText.Literal(shares[child])} * one[i]");
                break;
            case Stack stack:
                int inner = stack.Children[0].OutputCount;
                code.Line(2, $"Span<double> one = new double[{inner}];");
                code.Line(2, $"var x = new Features(new float[{inner * children.Length}]);");
                for (int child = 0; child < children.Length; child++)
                {
                    code.Line(2, $"Node{children[child]}(prepared, one);");
                    code.Line(2, $"for (int k = 0; k < {inner}; k++) x.Dense[{child * inner} + k] = (float)one[k];");
                }
                WriteModel(stack.Top);
                break;
        }
        code.Line(1, "}");
        code.Line(0, "");
        return number;
    }

    void Sum(int[] children, Node node, Func<int, string> share)
    {
        code.Line(2, $"Span<double> one = new double[{node.OutputCount}];");
        code.Line(2, "to.Clear();");
        for (int child = 0; child < children.Length; child++)
        {
            code.Line(2, $"Node{children[child]}(prepared, one);");
            code.Line(2, $"for (int i = 0; i < to.Length; i++) to[i] += {share(child)};");
        }
    }

    void WriteModel(Model model)
    {
        WriteScore(model);
        string? link = model.Link switch
        {
            Link.Logistic => "for (int k = 0; k < to.Length; k++) to[k] = Elementary.Sigmoid(to[k]);",
            Link.Exponential => "for (int k = 0; k < to.Length; k++) to[k] = Elementary.Exp(to[k]);",
            Link.Softmax => "ExportedParts.Softmax(to);",
            _ => null,
        };
        if (link is not null) code.Line(2, link);
    }

    void WriteScore(Model model)
    {
        switch (model)
        {
            case TreeEnsemble trees: WriteTrees(trees, "x.Dense"); break;
            case StatisticsEnsemble statistics: WriteStatistics(statistics); break;
            case LinearModel linear: WriteLinear(linear); break;
            case AdditiveModel additive: WriteAdditive(additive); break;
            case LogTargetModel log:
                WriteScore(log.Logarithm);
                code.Line(2, $"to[0] = Math.Clamp(to[0] + {CodeText.Literal(log.Shift)}, {CodeText.Literal(log.Limits.Low)}, {CodeText.Literal(log.Limits.High)});");
                break;
            default: throw new NotSupportedException($"a model of the kind '{model.PartKind}' cannot be exported; trees, linear and additive models can, so leave that learner out and train again");
        }
    }

    void WriteTrees(TreeEnsemble ensemble, string dense)
    {
        var flat = new FlatTrees(ensemble);
        code.Line(2, $"Span<long> sums = [{string.Join(", ", ensemble.Bases.ToArray().Select(CodeText.Literal))}];");
        code.Line(2, $"ExportedParts.AddTrees({flat.Features.DefaultIfEmpty().Max()}, {code.List(flat.Roots)}, {code.List(flat.Outputs)}, {code.List(flat.Features)}, {code.List(flat.Thresholds)}, {code.List(flat.Next)}, "
            + $"{code.List(flat.MissingLeft)}, {code.List(flat.Sets)}, {code.List(flat.Bits)}, {code.List(flat.Values)}, {dense}, x.Codes, x.Sparse, x.SparseValues, sums);");
        double factor = Kernels.Elementary.PowerOfTwo(ensemble.ScaleExponent) / (ensemble.IsMean ? ensemble.TreeCount : 1);
        code.Line(2, $"for (int k = 0; k < to.Length; k++) to[k] = sums[k] * {CodeText.Literal(factor)};");
    }

    void WriteStatistics(StatisticsEnsemble ensemble)
    {
        int own = ensemble.Map.Dense.Count, at = own;
        code.Line(2, $"Span<float> seen = new float[{own + ensemble.Tables.Sum(table => table.ColumnCount)}];");
        code.Line(2, "x.Dense.CopyTo(seen);");
        foreach (var table in ensemble.Tables)
        {
            code.Line(2, $"ExportedParts.Statistics({code.List(table.Categories)}, {code.List([.. table.Categories.Select(category => ensemble.Map.Categories[category].LevelCount + 1)])}, {code.List(table.Keys.ToArray())}, "
                + $"{code.List([.. table.Values.SelectMany(column => column)])}, {code.List(table.Unseen)}, x.Codes, seen.Slice({at}, {table.ColumnCount}));");
            at += table.ColumnCount;
        }
        WriteTrees(ensemble.Trees, "seen");
    }

    void WriteLinear(LinearModel model)
    {
        string means = code.List(model.Means.ToArray()), levels = code.List(model.Shape.Levels);
        for (int k = 0; k < model.OutputCount; k++)
        {
            string score = $"ExportedParts.Linear({CodeText.Literal(model.Intercepts[k])}, {code.List(model.Weights(k).ToArray())}, {means}, {levels}, x.Dense, x.Codes, x.Sparse, x.SparseValues)";
            code.Line(2, $"to[{k}] = {(model.Link == Link.Exponential ? $"Math.Clamp({score}, -{LinearModel.LargestExponent}, {LinearModel.LargestExponent})" : score)};");
        }
    }

    void WriteAdditive(AdditiveModel model)
    {
        code.Line(2, $"Span<long> sums = [{string.Join(", ", model.Intercepts.ToArray().Select(CodeText.Literal))}];");
        foreach (var term in model.Terms)
        {
            string second = term.Axes.Count > 1 ? Bin(term.Axes[1]) : "0";
            code.Line(2, $"ExportedParts.AddCell({code.List(term.Values.ToArray())}, {Bin(term.Axes[0])}, {second}, {(term.Axes.Count > 1 ? term.Axes[1].Bins : 1)}, sums);");
        }
        code.Line(2, $"for (int k = 0; k < to.Length; k++) to[k] = sums[k] * {CodeText.Literal(model.Unit)};");
    }

    string Bin(AdditiveAxis axis)
    {
        int missing = axis.HasMissing ? axis.ValueBins : -1;
        return axis.IsCategory ? $"ExportedParts.LevelBin(x.Code({axis.Feature}), {code.List(axis.BinOfLevel.ToArray())}, {missing})"
            : $"ExportedParts.NumberBin(x.Number({axis.Feature}), {code.List(axis.Edges.ToArray())}, {missing})";
    }
}
