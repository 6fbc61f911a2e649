using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Models.Additive;

/// <summary>
/// One function of an <see cref="AdditiveModel"/>: of one feature (a curve) or of two (a heat map). It is a table over the
/// bins of its axes; cell (a, b) of a pair has the number a x (bins of the second axis) + b. Its mean over the training rows is 0.
/// </summary>
public sealed class AdditiveTerm
{
    readonly AdditiveAxis[] axes;
    readonly int[] values;
    readonly float[] bands, weights;
    readonly int outputs, secondBins;
    readonly double unit;

    /// <param name="axes">One or two.</param>
    /// <param name="values">Cells x outputs, cell by cell, in units of 2^<paramref name="scaleExponent"/>.</param>
    /// <param name="bands">Cells x outputs: standard errors.</param>
    /// <param name="weights">The training weight of each cell.</param>
    /// <param name="outputs">Scores a row.</param>
    /// <param name="scaleExponent">The model's scale.</param>
    internal AdditiveTerm(AdditiveAxis[] axes, int[] values, float[] bands, float[] weights, int outputs, int scaleExponent)
    {
        (this.axes, this.values, this.bands, this.weights, this.outputs) = (axes, values, bands, weights, outputs);
        unit = Elementary.PowerOfTwo(scaleExponent);
        secondBins = axes.Length > 1 ? axes[1].Bins : 1;
    }

    /// <summary>The features that the term reads: one or two.</summary>
    public IReadOnlyList<AdditiveAxis> Axes => axes;

    /// <summary>"age", or "age x income".</summary>
    public string Name => string.Join(" x ", axes.Select(axis => axis.Name));

    /// <summary>Cells of the table.</summary>
    public int CellCount => weights.Length;

    /// <summary>How far the cell moves a raw score (for classes: log odds).</summary>
    public double Value(int cell, int output = 0) => values[cell * outputs + output] * unit;

    /// <summary>Standard error of <see cref="Value"/>, from the bags; 0 where there was one bag only.</summary>
    public double Band(int cell, int output = 0) => bands[cell * outputs + output];

    /// <summary>The weight of the training rows in the cell.</summary>
    public double Weight(int cell) => weights[cell];

    /// <summary>How far the term moves a raw score on average: the weighted mean of the absolute value.</summary>
    public double Importance(int output = 0)
    {
        double sum = 0, total = 0;
        for (int cell = 0; cell < weights.Length; cell++)
        {
            sum += weights[cell] * Math.Abs(Value(cell, output));
            total += weights[cell];
        }
        return total > 0 ? sum / total : 0;
    }

    /// <summary>Cells x outputs, in units.</summary>
    internal ReadOnlySpan<int> Values => values;

    /// <summary>The row's values in units, one an output; empty where nothing was learned of the row's value.</summary>
    internal ReadOnlySpan<int> Units(in FeatureRow row)
    {
        int cell = axes[0].BinOf(row);
        if (cell < 0) return [];
        if (axes.Length > 1)
        {
            int second = axes[1].BinOf(row);
            if (second < 0) return [];
            cell = cell * secondBins + second;
        }
        return values.AsSpan(cell * outputs, outputs);
    }

    internal void Pack(PartWriter writer)
    {
        writer.Parts("axes", axes, (w, axis) => axis.Pack(w));
        writer.Array<int>("values", values);
        writer.Array<float>("bands", bands);
        writer.Array<float>("weights", weights);
    }

    internal static AdditiveTerm Unpack(PartReader reader, FeatureMap map, int outputs, int scaleExponent)
    {
        var axes = Array.ConvertAll(reader.Parts("axes", 1, 2), part => AdditiveAxis.Unpack(part, map));
        long cells = axes.Aggregate(1L, (product, axis) => product * axis.Bins), size = cells * outputs;
        if (size > Array.MaxLength) throw reader.Wrong("axes", $"make a table of {size} numbers");
        var values = reader.Array<int>("values", (int)size, (int)size);
        return new(axes, values, NotNegative(reader, "bands", (int)size), NotNegative(reader, "weights", (int)cells), outputs, scaleExponent);
    }

    static float[] NotNegative(PartReader reader, string name, int size)
    {
        var numbers = reader.Array<float>(name, size, size);
        foreach (float number in numbers)
            if (!(number >= 0 && float.IsFinite(number))) throw reader.Wrong(name, $"holds {number}, where numbers must be finite and at least 0");
        return numbers;
    }
}
