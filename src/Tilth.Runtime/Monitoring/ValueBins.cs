using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.Monitoring;

/// <summary>
/// The bins that live values of one column or score are counted in, with the share of training rows in each: tenths of the
/// training values, or the most frequent levels and the rest; then unseen or unreadable; then missing.
/// </summary>
internal sealed class ValueBins
{
    const int Tenth = 10, MostLevels = 20;

    readonly double[] edges; // the last value bin is open above
    readonly int[] binOfCode;

    ValueBins(string name, double[] edges, int[] binOfCode, double[] expected)
        => (Name, this.edges, this.binOfCode, Expected) = (name, edges, binOfCode, expected);

    public string Name { get; }

    /// <summary>The training share of each bin; sums to 1.</summary>
    public double[] Expected { get; }

    public int Count => Expected.Length;

    public int Unseen => Expected.Length - 2;

    public int Missing => Expected.Length - 1;

    /// <summary>The bin of a number, of a date's ticks, or of a text's length in bytes.</summary>
    public int OfValue(double value)
    {
        int bin = 0;
        while (bin < edges.Length && value > edges[bin]) bin++;
        return bin;
    }

    /// <summary>The bin of a level's code, or of a truth value as 0 or 1.</summary>
    public int OfCode(int code) => (uint)code < (uint)binOfCode.Length ? binOfCode[code] : Unseen;

    /// <summary>The bins of a column, or null where training left nothing to compare with.</summary>
    public static ValueBins? Of(ColumnSchema column, ColumnProfile profile) => column.Kind switch
    {
        ColumnKind.Category or ColumnKind.Boolean when profile.LevelShares.Count > 0 => OfLevels(profile),
        ColumnKind.Number or ColumnKind.DateTime or ColumnKind.Text when profile.Quantiles.Count > 0 => OfQuantiles(profile.Name, profile.Quantiles, profile.MissingShare),
        _ => null,
    };

    /// <summary>The bins of numbers with these percentiles.</summary>
    public static ValueBins OfQuantiles(string name, IReadOnlyList<double> quantiles, double missing)
    {
        var edges = new List<double>();
        var shares = new List<double>();
        double below = 0;
        for (int at = Tenth; at < quantiles.Count - 1; at += Tenth)
        {
            if (edges.Count > 0 && quantiles[at] == edges[^1]) continue;
            double reached = (double)LastAt(quantiles, quantiles[at]) / (quantiles.Count - 1);
            if (reached >= 1) break;
            edges.Add(quantiles[at]);
            shares.Add(reached - below);
            below = reached;
        }
        shares.Add(1 - below);
        return new ValueBins(name, [.. edges], [], [.. shares.Select(share => share * (1 - missing)), 0, missing]);
    }

    static ValueBins OfLevels(ColumnProfile profile)
    {
        var shares = profile.LevelShares;
        int[] order = [.. Enumerable.Range(0, shares.Count).OrderByDescending(code => shares[code]).ThenBy(code => code)];
        int own = Math.Min(MostLevels, order.Length), bins = own + (order.Length > own ? 1 : 0);
        var (binOfCode, expected) = (new int[order.Length], new double[bins + 2]);
        for (int rank = 0; rank < order.Length; rank++)
        {
            binOfCode[order[rank]] = Math.Min(rank, own);
            expected[Math.Min(rank, own)] += shares[order[rank]];
        }
        expected[^1] = profile.MissingShare;
        return new ValueBins(profile.Name, [], binOfCode, expected);
    }

    static int LastAt(IReadOnlyList<double> quantiles, double value)
    {
        int last = quantiles.Count - 1;
        while (quantiles[last] > value) last--;
        return last;
    }
}
