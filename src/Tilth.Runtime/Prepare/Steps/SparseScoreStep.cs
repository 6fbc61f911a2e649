using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>Scores of a linear model over sparse segments, one number register an output: what trees see of a text.</summary>
/// <param name="segments">Segments that are read.</param>
/// <param name="to">The first of the number registers that are written, one an output.</param>
/// <param name="bias">One an output.</param>
/// <param name="weights">For each segment width x outputs numbers, column by column.</param>
internal sealed class SparseScoreStep(int[] segments, int to, double[] bias, float[][] weights) : PreparationStep
{
    public const string Kind = "sparse_score";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        for (int s = 0; s < segments.Length; s++)
            if (weights[s].Length != (long)check.ReadSparse(segments[s]) * bias.Length)
                throw RegisterCheck.Broken($"a text score has {weights[s].Length} weights, not one for each column and output");
        check.WriteNumbers(to, bias.Length);
    }

    public override void Apply(PreparationFrame frame)
    {
        for (int output = 0; output < bias.Length; output++)
        {
            var y = frame.Numbers(to + output);
            for (int row = 0; row < y.Length; row++) y[row] = Score(frame, row, output);
        }
    }

    double Score(PreparationFrame frame, int row, int output)
    {
        double sum = bias[output];
        for (int s = 0; s < segments.Length; s++)
        {
            var columns = frame.Sparse[segments[s]].ColumnsOf(row);
            var values = frame.Sparse[segments[s]].ValuesOf(row);
            var w = weights[s];
            for (int i = 0; i < columns.Length; i++) sum += (double)values[i] * w[columns[i] * bias.Length + output];
        }
        return sum;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Array<int>("segments", segments);
        writer.Int("to", to);
        writer.Array<double>("bias", bias);
        writer.Parts("weights", weights, (w, values) => w.Array<float>("values", values));
    }

    public static SparseScoreStep Unpack(PartReader reader)
    {
        var segments = reader.Array<int>("segments", 1, 64);
        var weights = Array.ConvertAll(reader.Parts("weights", segments.Length, segments.Length),
            part => part.Array<float>("values", 1, StepKinds.Most * 16));
        return new(segments, reader.Register("to"), reader.Array<double>("bias", 1, 1024), weights);
    }
}
