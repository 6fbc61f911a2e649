using Tilth.Explanation;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>What a package foresees for rows that conform to its schema, one number a row: what explanations ask.</summary>
public static class PackagePredictor
{
    /// <summary>The calibrated prediction of one output: the positive class's probability, one class's, or the number.</summary>
    /// <param name="package">Predicts.</param>
    /// <param name="output">Below the target's outputs.</param>
    public static RowPredictor Of(ModelPackage package, int output = 0)
    {
        int outputs = package.Target.OutputCount;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)output, (uint)outputs);
        return rows =>
        {
            double[] predictions = package.Node.Predict(rows);
            package.Head.Calibrate(predictions, outputs);
            return outputs == 1 ? predictions : [.. Enumerable.Range(0, rows.RowCount).Select(row => predictions[row * outputs + output])];
        };
    }
}
