using Tilth.Parts;

namespace Tilth.Models.Neural;

/// <summary>
/// Sizes of a network and where each of its parameters stands in one long array: embeddings of numbers (weights a bin, then
/// a bias) and of categories (a row a level and one for missing), input scales a member, hidden layers (weights, biases) and
/// one head a member (weights, biases).
/// </summary>
internal sealed class NetworkShape
{
    public const int MaxParameters = 1 << 28;

    readonly int[] numberStart, tableStart, hiddenStart;

    /// <param name="edges">For each number feature ascending bin edges, two or more.</param>
    /// <param name="numberSize">Width of a number's embedding.</param>
    /// <param name="levels">Levels of each category feature.</param>
    /// <param name="width">Units of a hidden layer.</param>
    /// <param name="layers">Hidden layers.</param>
    /// <param name="members">Networks that share the hidden weights.</param>
    /// <param name="outputs">Scores a row.</param>
    public NetworkShape(float[][] edges, int numberSize, int[] levels, int width, int layers, int members, int outputs)
    {
        (Edges, NumberSize, Levels, Width, Layers, Members, Outputs) = (edges, numberSize, levels, width, layers, members, outputs);
        long at = 0;
        numberStart = new int[edges.Length];
        for (int f = 0; f < edges.Length; f++) numberStart[f] = Take(edges[f].Length * (long)numberSize);
        tableStart = new int[levels.Length];
        TableSizes = Array.ConvertAll(levels, TableSize);
        TableOffsets = new int[levels.Length];
        InputSize = edges.Length * numberSize;
        for (int c = 0; c < levels.Length; c++)
        {
            tableStart[c] = Take((levels[c] + 1L) * TableSizes[c]);
            TableOffsets[c] = InputSize;
            InputSize += TableSizes[c];
        }
        ScaleStart = Take((long)members * InputSize);
        hiddenStart = new int[layers];
        for (int l = 0; l < layers; l++) hiddenStart[l] = Take((HiddenInput(l) + 1L) * width);
        HeadStart = Take(members * (HeadInput + 1L) * outputs);
        ParameterCount = (int)at;

        int Take(long count)
        {
            long start = at;
            at += count;
            if (at > MaxParameters) throw new LearningException("network-size", $"the network would have more than {MaxParameters} parameters");
            return (int)start;
        }
    }

    public float[][] Edges { get; }
    public int NumberSize { get; }
    public int[] Levels { get; }
    public int Width { get; }
    public int Layers { get; }
    public int Members { get; }
    public int Outputs { get; }

    /// <summary>Width of each category's embedding.</summary>
    public int[] TableSizes { get; }

    /// <summary>Where each category's embedding stands in the input.</summary>
    public int[] TableOffsets { get; }

    /// <summary>Width of all embeddings together.</summary>
    public int InputSize { get; }

    public int ParameterCount { get; }
    public int ScaleStart { get; }
    public int HeadStart { get; }
    public int HeadInput => Layers == 0 ? InputSize : Width;

    /// <summary>Bins x size weights of a number; its bias follows them.</summary>
    public int NumberWeights(int feature) => numberStart[feature];
    public int NumberBias(int feature) => numberStart[feature] + Bins(feature) * NumberSize;
    public int Bins(int feature) => Edges[feature].Length - 1;
    public int Table(int category) => tableStart[category];
    public int HiddenInput(int layer) => layer == 0 ? InputSize : Width;
    public int HiddenWeights(int layer) => hiddenStart[layer];
    public int HiddenBias(int layer) => hiddenStart[layer] + HiddenInput(layer) * Width;
    public int HeadWeights(int member) => HeadStart + member * (HeadInput + 1) * Outputs;
    public int HeadBias(int member) => HeadWeights(member) + HeadInput * Outputs;

    /// <summary>The bin that a number falls into, and how far into it it lies: 0 to 1, at the ends up to 1 beyond.</summary>
    public int FindBin(int feature, float value, out float fraction)
    {
        var edges = Edges[feature];
        fraction = 0;
        if (float.IsNaN(value)) return 0;
        int low = 0, high = edges.Length - 2;
        while (low < high)
        {
            int middle = (low + high + 1) >> 1;
            if (edges[middle] <= value) low = middle;
            else high = middle - 1;
        }
        fraction = Math.Clamp((value - edges[low]) / (edges[low + 1] - edges[low]), -1f, 2f);
        return low;
    }

    /// <summary>The row of a category's table: its code, or the last row for missing and unknown codes.</summary>
    public int TableRow(int category, int code) => (uint)code < (uint)Levels[category] ? code : Levels[category];

    static int TableSize(int levels) => levels <= 2 ? 1 : levels <= 9 ? 4 : levels <= 100 ? 8 : 16;

    public void Pack(PartWriter writer)
    {
        writer.Array<float>("edges", [.. Edges.SelectMany(edges => edges)]);
        writer.Array<int>("edge_counts", [.. Edges.Select(edges => edges.Length)]);
        writer.Int("number_size", NumberSize);
        writer.Array<int>("levels", Levels);
        writer.Int("width", Width);
        writer.Int("layers", Layers);
        writer.Int("members", Members);
        writer.Int("outputs", Outputs);
    }

    public static NetworkShape Unpack(PartReader reader, Data.FeatureMap map)
    {
        var counts = reader.Array<int>("edge_counts", map.Dense.Count, map.Dense.Count);
        var all = reader.Array<float>("edges", 0, int.MaxValue);
        if (counts.Any(count => count < 2) || counts.Sum(count => (long)count) != all.Length) throw reader.Wrong("edge_counts", "does not fit the edges");
        var edges = new float[counts.Length][];
        for (int f = 0, at = 0; f < counts.Length; at += counts[f++])
        {
            edges[f] = all[at..(at + counts[f])];
            for (int i = 1; i < edges[f].Length; i++)
                if (!(edges[f][i] > edges[f][i - 1]) || !float.IsFinite(edges[f][i] - edges[f][0])) throw reader.Wrong("edges", "do not ascend");
        }
        var levels = reader.Array<int>("levels", map.Categories.Count, map.Categories.Count);
        for (int c = 0; c < levels.Length; c++)
            if (levels[c] != map.Categories[c].LevelCount) throw reader.Wrong("levels", "differ from those of the features");
        try
        {
            return new NetworkShape(edges, reader.Int("number_size", 1, 256), levels, reader.Int("width", 1, 1 << 14), reader.Int("layers", 0, 64),
                reader.Int("members", 1, 1024), reader.Int("outputs", 1, 1 << 16));
        }
        catch (LearningException exception)
        {
            throw reader.Wrong("width", exception.Message);
        }
    }
}
