using Tilth.Data;
using Tilth.Prepare;

namespace Tilth.Models.Nodes;

/// <summary>
/// One row on its way through a tree of nodes: each preparation has a frame of one row here and runs at most once a row.
/// Reused between rows; one thread at a time.
/// </summary>
internal sealed class PreparedRow
{
    readonly Preparation[] preparations;
    readonly RowFeatures[] features;
    readonly RowValues values;

    public PreparedRow(Node root, Schema schema, RowValues values)
    {
        this.values = values;
        preparations = [.. root.Preparations];
        features = [.. preparations.Select(preparation => new RowFeatures(preparation, schema))];
    }

    /// <summary>Forgets the features of the row before.</summary>
    public void Begin()
    {
        foreach (var one in features) one.IsDone = false;
    }

    public FeatureRow FeaturesOf(Preparation preparation)
    {
        int at = 0;
        while (!ReferenceEquals(preparations[at], preparation)) at++;
        if (!features[at].IsDone) features[at].Run(values);
        return features[at].Row;
    }
}

/// <summary>A preparation's frame of one row and the features that came out of it.</summary>
internal sealed class RowFeatures
{
    readonly Preparation preparation;
    readonly PreparationFrame frame;
    readonly PreparationInput[] inputs;
    readonly int[] columns; // of each input in the schema
    readonly float[] dense;
    readonly int[] codes;

    public RowFeatures(Preparation preparation, Schema schema)
    {
        this.preparation = preparation;
        frame = preparation.NewFrame(1);
        frame.Rows = 1;
        inputs = [.. preparation.Inputs];
        var names = schema.Columns.Select(column => column.Name).ToList();
        columns = [.. inputs.Select(input => names.IndexOf(input.Column))];
        (dense, codes) = (new float[preparation.Map.Dense.Count], new int[preparation.Map.Categories.Count]);
    }

    public bool IsDone { get; set; }

    public FeatureRow Row => new(dense, codes, frame.Row.ColumnsOf(0), frame.Row.ValuesOf(0));

    public void Run(RowValues values)
    {
        for (int i = 0; i < inputs.Length; i++) Load(inputs[i], values, columns[i]);
        preparation.Run(frame);
        preparation.RowOf(frame, dense, codes);
        IsDone = true;
    }

    void Load(PreparationInput input, RowValues values, int column)
    {
        switch (input.Kind)
        {
            case ColumnKind.Category:
                frame.Codes(input.Register)[0] = values.Code(column);
                break;
            case ColumnKind.Text:
                frame.Text(input.Register) = new TextRegister { Buffer = values.Text(column), Length = values.TextLength(column) };
                break;
            default:
                frame.Numbers(input.Register)[0] = values.Number(column);
                break;
        }
    }
}
