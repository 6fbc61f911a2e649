using Tilth.Data;
using Tilth.Learners.Trees;
using Tilth.Models.Additive;

namespace Tilth.Learners.Additive;

/// <summary>
/// The bags' functions made comparable and averaged. Pairs give what one of their features does alone to its curve
/// (Lengerich et al., 2020, purification), every function gives its mean over the rows to the intercept. Bands are the
/// delete-d jackknife's standard error (Shao and Wu, 1989): sqrt((1 - d) / d) times the bags' standard deviation, d the share left out.
/// </summary>
internal sealed class ShapeAverage
{
    const int PurificationRounds = 100;

    readonly IReadOnlyList<LineTerm> lines;
    readonly IReadOnlyList<BoostedTerm> terms;
    readonly IReadOnlyList<Bag> bags;
    readonly AdditiveLoss loss;
    readonly double[][] weights;
    readonly int outputs;

    public ShapeAverage(AdditiveRows rows, IReadOnlyList<LineTerm> lines, IReadOnlyList<BoostedTerm> terms, IReadOnlyList<Bag> bags, AdditiveLoss loss)
    {
        (this.lines, this.terms, this.bags, this.loss, outputs) = (lines, terms, bags, loss, loss.Outputs);
        weights = [.. terms.Select(rows.CellWeights)];
    }

    public AdditiveModel Model(FeatureMap map)
    {
        var parts = bags.Select(Centred).ToArray();
        var means = Enumerable.Range(0, terms.Count).Select(t => Mean(parts, t)).ToArray();
        var intercepts = new double[outputs];
        foreach (var (_, constants) in parts)
            for (int k = 0; k < outputs; k++) intercepts[k] += constants[k] / bags.Count;
        double largest = means.SelectMany(values => values).Select(Math.Abs).DefaultIfEmpty(0).Max();
        var scale = new LeafScale(largest > 0 ? largest : intercepts.Max(Math.Abs));
        double widening = JackknifeFactor();
        var made = Enumerable.Range(0, terms.Count).Select(t => Term(t, map, means[t], Bands(parts, t, means[t], widening), scale));
        return new AdditiveModel([.. made], Array.ConvertAll(intercepts, scale.RoundBase), scale.Exponent, loss.Link);
    }

    (double[][] Values, double[] Constants) Centred(Bag bag)
    {
        var values = Enumerable.Range(0, terms.Count).Select(t => bag.ValuesOf(t).ToArray()).ToArray();
        for (int t = lines.Count; t < terms.Count; t++) Purify((GridTerm)terms[t], values, t);
        var constants = bag.Start.ToArray();
        for (int t = 0; t < terms.Count; t++)
            for (int k = 0; k < outputs; k++)
            {
                double sum = 0, total = 0;
                for (int cell = 0; cell < weights[t].Length - 1; cell++)
                    (sum, total) = (sum + weights[t][cell] * values[t][cell * outputs + k], total + weights[t][cell]);
                double mean = total > 0 ? sum / total : 0;
                constants[k] += mean;
                for (int cell = 0; cell < weights[t].Length - 1; cell++) values[t][cell * outputs + k] -= mean;
            }
        return (values, constants);
    }

    /// <summary>Moves the pair's mean over each row and column to the curves, until there is none left. Pairs have one output.</summary>
    void Purify(GridTerm pair, double[][] values, int t)
    {
        int height = pair.First.Count, width = pair.Second.Count;
        double[] byFirst = new double[height], bySecond = new double[width], table = values[t], weight = weights[t];
        double largest = table.Max(Math.Abs);
        for (int round = 0; round < PurificationRounds; round++)
        {
            double moved = 0;
            for (int a = 0; a < height; a++) moved = Math.Max(moved, Move(table, weight, a * width, 1, width, ref byFirst[a]));
            for (int b = 0; b < width; b++) moved = Math.Max(moved, Move(table, weight, b, width, height, ref bySecond[b]));
            if (moved <= 1e-9 * largest) break;
        }
        Give(pair.First, byFirst, values);
        Give(pair.Second, bySecond, values);
    }

    static double Move(double[] table, double[] weight, int from, int stride, int count, ref double taken)
    {
        double sum = 0, total = 0;
        for (int i = 0, cell = from; i < count; i++, cell += stride) (sum, total) = (sum + weight[cell] * table[cell], total + weight[cell]);
        if (total <= 0) return 0;
        double mean = sum / total;
        for (int i = 0, cell = from; i < count; i++, cell += stride) table[cell] -= mean;
        taken += mean;
        return Math.Abs(mean);
    }

    static void Give(PairAxis axis, double[] means, double[][] values)
    {
        for (int bin = 0; bin < axis.GroupOfBin.Length; bin++)
            if (axis.GroupOfBin[bin] != PairAxis.Nowhere) values[axis.Line.Column][bin] += means[axis.GroupOfBin[bin]];
    }

    static double[] Mean((double[][] Values, double[] Constants)[] parts, int t)
    {
        var mean = new double[parts[0].Values[t].Length];
        foreach (var (values, _) in parts)
            for (int i = 0; i < mean.Length; i++) mean[i] += values[t][i] / parts.Length;
        return mean;
    }

    static float[] Bands((double[][] Values, double[] Constants)[] parts, int t, double[] mean, double widening)
    {
        var bands = new float[mean.Length];
        for (int i = 0; i < bands.Length; i++)
            bands[i] = (float)Math.Min(float.MaxValue, widening * Math.Sqrt(parts.Sum(part => (part.Values[t][i] - mean[i]) * (part.Values[t][i] - mean[i])) / Math.Max(1, parts.Length - 1)));
        return bands;
    }

    double JackknifeFactor()
    {
        double left = bags.Average(bag => bag.LeftOutShare);
        return left > 0 ? Math.Sqrt((1 - left) / left) : 0;
    }

    AdditiveTerm Term(int t, FeatureMap map, double[] mean, float[] bands, LeafScale scale)
    {
        AdditiveAxis[] axes = terms[t] is LineTerm line ? [Axis(line, map, weights[t])]
            : terms[t] is GridTerm pair ? [Axis(pair.First, map), Axis(pair.Second, map)] : throw new InvalidOperationException();
        int cells = axes.Aggregate(1, (product, axis) => product * axis.Bins);
        return new AdditiveTerm(axes, [.. mean.Take(cells * outputs).Select(scale.Round)], [.. bands.Take(cells * outputs)],
            [.. weights[t].Take(cells).Select(weight => (float)weight)], outputs, scale.Exponent);
    }

    /// <summary>A level or a gap that no row of ours had is left out: nothing was learned of it.</summary>
    static AdditiveAxis Axis(LineTerm line, FeatureMap map, double[] weights)
    {
        var bins = line.Bins;
        bool missing = bins.HasMissing && weights[bins.MissingBin] > 0;
        int[]? levels = bins.BinOfCode is null ? null : Array.ConvertAll(bins.BinOfCode, bin => bin >= 0 && weights[bin] > 0 ? bin : -1);
        return new(bins.Feature, map.NameOf(bins.Feature), bins.Edges, levels, bins.ValueBins, missing);
    }

    static AdditiveAxis Axis(PairAxis axis, FeatureMap map)
    {
        var bins = axis.Line.Bins;
        var groups = axis.GroupOfBin;
        int[]? levels = bins.BinOfCode is null ? null : Array.ConvertAll(bins.BinOfCode, bin => bin >= 0 && groups[bin] != PairAxis.Nowhere ? groups[bin] : -1);
        float[]? edges = bins.Edges is null ? null : [.. bins.Edges.Where((_, bin) => groups[bin] != groups[bin + 1])];
        return new(bins.Feature, map.NameOf(bins.Feature), edges, levels, axis.ValueGroups, axis.HasMissing);
    }
}
