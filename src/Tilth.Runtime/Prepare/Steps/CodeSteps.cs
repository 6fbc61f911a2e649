using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>Gives levels other codes: frequent levels first, rare ones merged into one, anything unknown to -1.</summary>
/// <param name="from">Code register that is read.</param>
/// <param name="to">Code register that is written.</param>
/// <param name="codes">The new code of each old one, -1 for none.</param>
/// <param name="levelCount">The new codes lie below it; at least 1.</param>
internal sealed class RecodeStep(int from, int to, int[] codes, int levelCount) : PreparationStep
{
    public const string Kind = "recode";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadCode(from);
        check.WriteCode(to, levelCount);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Codes(from);
        var y = frame.Codes(to);
        for (int i = 0; i < x.Length; i++) y[i] = (uint)x[i] < (uint)codes.Length ? codes[x[i]] : -1;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Array<int>("codes", codes);
        writer.Int("levels", levelCount);
    }

    public static RecodeStep Unpack(PartReader reader)
    {
        var codes = reader.Array<int>("codes", 0, StepKinds.Most);
        int levels = reader.Int("levels", 1, StepKinds.Most);
        foreach (int code in codes)
            if (code < -1 || code >= levels) throw reader.Wrong("codes", $"holds {code}, outside -1 to {levels - 1}");
        return new(reader.Register("from"), reader.Register("to"), codes, levels);
    }
}

/// <summary>A number for each level (a target statistic, a count), and one for missing and unknown levels.</summary>
internal sealed class LookupStep(int from, int to, double[] values, double otherwise) : PreparationStep
{
    public const string Kind = "lookup";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadCode(from);
        check.WriteNumbers(to);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Codes(from);
        var y = frame.Numbers(to);
        for (int i = 0; i < x.Length; i++) y[i] = (uint)x[i] < (uint)values.Length ? values[x[i]] : otherwise;
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Array<double>("values", values);
        writer.Real("otherwise", otherwise);
    }

    public static LookupStep Unpack(PartReader reader) => new(reader.Register("from"), reader.Register("to"),
        reader.Array<double>("values", 0, StepKinds.Most), reader.Real("otherwise"));
}

/// <summary>
/// One number register of 0 or 1 a slot; a level without a slot leaves them all 0. The last slot may belong to missing and
/// unknown levels.
/// </summary>
/// <param name="from">Code register that is read.</param>
/// <param name="to">The first of the number registers that are written.</param>
/// <param name="slots">The slot of each code, -1 for none.</param>
/// <param name="width">Number of slots.</param>
/// <param name="missing">The slot of missing and unknown levels, -1 for none.</param>
internal sealed class OneHotStep(int from, int to, int[] slots, int width, int missing) : PreparationStep
{
    public const string Kind = "one_hot";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadCode(from);
        check.WriteNumbers(to, width);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Codes(from);
        for (int slot = 0; slot < width; slot++)
        {
            var y = frame.Numbers(to + slot);
            for (int i = 0; i < x.Length; i++) y[i] = SlotOf(x[i]) == slot ? 1 : 0;
        }
    }

    int SlotOf(int code) => (uint)code < (uint)slots.Length ? slots[code] : missing;

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        SlotPart.Pack(writer, slots, width, missing);
    }

    public static OneHotStep Unpack(PartReader reader)
    {
        var (slots, width, missing) = SlotPart.Unpack(reader);
        return new(reader.Register("from"), reader.Register("to"), slots, width, missing);
    }
}

/// <summary>Like <see cref="OneHotStep"/>, as one sparse entry a row: for many levels.</summary>
internal sealed class SparseOneHotStep(int from, int segment, int[] slots, int width, int missing) : PreparationStep
{
    public const string Kind = "sparse_one_hot";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadCode(from);
        check.WriteSparse(segment, width);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Codes(from);
        var rows = frame.Sparse[segment];
        for (int i = 0; i < x.Length; i++)
        {
            int slot = (uint)x[i] < (uint)slots.Length ? slots[x[i]] : missing;
            if (slot >= 0) rows.Add(slot, 1);
            rows.EndRow();
        }
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("segment", segment);
        SlotPart.Pack(writer, slots, width, missing);
    }

    public static SparseOneHotStep Unpack(PartReader reader)
    {
        var (slots, width, missing) = SlotPart.Unpack(reader);
        return new(reader.Register("from"), reader.Register("segment"), slots, width, missing);
    }
}

/// <summary>The slots of both one-hot steps; no more slots than there are codes, one for missing levels and one to spare.</summary>
static class SlotPart
{
    public static void Pack(PartWriter writer, int[] slots, int width, int missing)
    {
        writer.Array<int>("slots", slots);
        writer.Int("width", width);
        writer.Int("missing", missing);
    }

    public static (int[] Slots, int Width, int Missing) Unpack(PartReader reader)
    {
        var slots = reader.Array<int>("slots", 0, StepKinds.Most);
        int width = reader.Int("width", 1, slots.Length + 2);
        foreach (int slot in slots)
            if (slot < -1 || slot >= width) throw reader.Wrong("slots", $"holds {slot}, outside -1 to {width - 1}");
        return (slots, width, reader.Int("missing", -1, width - 1));
    }
}
