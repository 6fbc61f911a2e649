namespace Tilth.Learners.Trees;

/// <summary>
/// One byte of a row record: the bin of one column, or the joint bin of several columns of few bins: with b1, b2, .. bins it is
/// bin1 + b1 (bin2 + b2 (bin3 ..)). A row then adds to one cell for all of them, and a column's sums are those of the cells
/// that have its bin: exact, as sums are integers. (LightGBM bundles exclusive columns instead: Ke et al., 2017, section 4.)
/// </summary>
/// <param name="Columns">The columns, the first changing fastest.</param>
/// <param name="Cells">Joint bins.</param>
internal readonly record struct RecordSlot(int[] Columns, int Cells)
{
    const int MostCells = 256;

    /// <summary>A node's joint cells are read once a column; that pays off only for nodes of many rows.</summary>
    const int RowsPerCell = 128;

    /// <summary>Packs the columns into few slots: the widest first, each into the first slot that has room.</summary>
    public static RecordSlot[] Of(BinColumn[] columns, int rows)
    {
        int most = Math.Min(MostCells, rows / RowsPerCell);
        var slots = new List<(List<int> Columns, int Cells)>();
        var joint = new List<int>();
        foreach (int column in Enumerable.Range(0, columns.Length).OrderByDescending(column => columns[column].Bins).ThenBy(column => column))
        {
            int bins = columns[column].Bins, found = -1;
            if (2 * bins <= most) found = joint.FindIndex(at => slots[at].Cells * bins <= most);
            if (found >= 0)
            {
                var slot = slots[joint[found]];
                slot.Columns.Add(column);
                slots[joint[found]] = (slot.Columns, slot.Cells * bins);
                continue;
            }
            if (2 * bins <= most) joint.Add(slots.Count);
            slots.Add(([column], bins));
        }
        return [.. slots.Select(slot => new RecordSlot([.. slot.Columns], slot.Cells))];
    }
}
