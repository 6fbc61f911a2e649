namespace Tilth.Learners.Trees;

/// <summary>A way to cut a node in two.</summary>
internal struct Split
{
    /// <summary>What it gains (twice the loss saved); 0 or less if there is none.</summary>
    public double Gain;
    public int Column;
    /// <summary>Numbers: the last bin that goes left.</summary>
    public int Bin;
    public bool MissingLeft;
    /// <summary>Categories: the bins that go left; null for numbers.</summary>
    public ulong[]? LeftBins;
    /// <summary>Packed sums of the left side.</summary>
    public long LeftGradient, LeftHessian;

    public static Split None => new() { Gain = 0, Column = -1 };

    public readonly bool Exists => Column >= 0;

    /// <summary>Whether each bin of the column goes left, as bits.</summary>
    public readonly ulong[] LeftSet(BinColumn column)
    {
        if (LeftBins is not null) return LeftBins;
        var set = new ulong[4];
        for (int bin = 0; bin <= Bin; bin++) set[bin >> 6] |= 1UL << bin;
        if (column.HasMissing && MissingLeft) set[column.MissingBin >> 6] |= 1UL << column.MissingBin;
        return set;
    }
}

/// <summary>The node that is to be cut, in real units.</summary>
internal readonly struct SplitNode
{
    public required long Gradient { get; init; }
    public required long Hessian { get; init; }
    /// <summary>Weight of its rows.</summary>
    public required double Weight { get; init; }
    public required double GradientScale { get; init; }
    public required double HessianScale { get; init; }
    /// <summary>Leaf values must stay between these (monotone constraints).</summary>
    public required double Low { get; init; }
    public required double High { get; init; }
    /// <summary>Seed of the node's random thresholds.</summary>
    public required ulong Seed { get; init; }

    public double G => Gradient * GradientScale;
    public double H => Hessian * HessianScale;
    public bool Bounded => Low > double.NegativeInfinity || High < double.PositiveInfinity;
    public double WeightPerHessian => Hessian > 0 ? Weight / H : 0;
}
