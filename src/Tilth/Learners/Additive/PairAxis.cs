namespace Tilth.Learners.Additive;

/// <summary>
/// One feature's bins put into a few neighbouring groups of about equal weight, for pairs. Categories stand in the order of
/// their own curve; missing values are the last group.
/// </summary>
internal sealed class PairAxis
{
    public const int MostGroups = 128;

    /// <summary>The group of a bin that no row has.</summary>
    public const byte Nowhere = 255;

    PairAxis(LineTerm line, byte[] groupOfBin, int valueGroups, bool hasMissing)
        => (Line, GroupOfBin, ValueGroups, HasMissing) = (line, groupOfBin, valueGroups, hasMissing);

    public LineTerm Line { get; }

    public byte[] GroupOfBin { get; }

    public int ValueGroups { get; }

    public bool HasMissing { get; }

    public int Count => ValueGroups + (HasMissing ? 1 : 0);

    /// <param name="line">The feature's curve.</param>
    /// <param name="weights">The weight of each bin.</param>
    /// <param name="curve">The mean value of each bin.</param>
    /// <param name="most">Most groups of values.</param>
    public static PairAxis Of(LineTerm line, double[] weights, double[] curve, int most)
    {
        var bins = line.Bins;
        int[] order = [.. Enumerable.Range(0, bins.ValueBins)];
        if (bins.IsCategory) order = [.. order.Where(bin => weights[bin] > 0).OrderBy(bin => curve[bin]).ThenBy(bin => bin)];
        var groupOfBin = new byte[bins.Bins];
        groupOfBin.AsSpan().Fill(Nowhere);
        double total = order.Sum(bin => weights[bin]), before = 0;
        int filled = order.Count(bin => weights[bin] > 0), groups = 0, last = -1, seen = 0;
        foreach (int bin in order)
        {
            // Few bins have a group each; a bin without rows joins the one before.
            int place = filled <= most ? seen : (int)(before / total * most);
            if (last < 0 || (weights[bin] > 0 && place != last)) (groups, last) = (groups + 1, place);
            groupOfBin[bin] = (byte)(groups - 1);
            before += weights[bin];
            if (weights[bin] > 0) seen++;
        }
        bool missing = bins.HasMissing && weights[bins.MissingBin] > 0;
        if (missing) groupOfBin[bins.MissingBin] = (byte)groups;
        return new(line, groupOfBin, groups, missing);
    }

    /// <summary>The heat map of two axes.</summary>
    public static GridTerm Pair(PairAxis first, PairAxis second)
    {
        var cells = new ushort[first.Line.Cells.Length];
        int nowhere = first.Count * second.Count;
        for (int i = 0; i < cells.Length; i++)
        {
            byte a = first.GroupOfBin[first.Line.Cells[i]], b = second.GroupOfBin[second.Line.Cells[i]];
            cells[i] = (ushort)(a == Nowhere || b == Nowhere ? nowhere : a * second.Count + b);
        }
        return new GridTerm { First = first, Second = second, Cells = cells, CellCount = nowhere + 1 };
    }
}
