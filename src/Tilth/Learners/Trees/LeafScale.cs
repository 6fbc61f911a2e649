using Tilth.Kernels;

namespace Tilth.Learners.Trees;

/// <summary>The power-of-two scale of an ensemble's leaves: the largest leaf takes 24 bits, so rounding is below 2^-24 of it.</summary>
internal readonly struct LeafScale
{
    const int Bits = 24;
    readonly double perUnit;

    public LeafScale(double largest)
    {
        Exponent = largest > 0 ? Math.Clamp(Math.ILogB(largest) - (Bits - 1), -900, 900) : 0;
        perUnit = Elementary.PowerOfTwo(-Exponent);
    }

    /// <summary>A unit is 2^Exponent.</summary>
    public int Exponent { get; }

    /// <summary>A leaf in units.</summary>
    public int Round(double value) => (int)Math.Round(value * perUnit);

    /// <summary>A start score in units; it may be far above the leaves.</summary>
    public long RoundBase(double value) => (long)Math.Clamp(Math.Round(value * perUnit), -(1L << 61), 1L << 61);
}
