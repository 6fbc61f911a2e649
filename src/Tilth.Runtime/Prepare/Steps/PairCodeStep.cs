using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>Two codes become one: the place of their pair among those that are known, -1 for any other. Missing is a code like any other.</summary>
/// <param name="first">Code register that is read.</param>
/// <param name="second">Code register that is read.</param>
/// <param name="to">Code register that is written.</param>
/// <param name="keys">The known pairs, ascending; at least one.</param>
internal sealed class PairCodeStep(int first, int second, int to, ulong[] keys) : PreparationStep
{
    public const string Kind = "pair_code";

    public override string PartKind => Kind;

    /// <summary>A pair in one number.</summary>
    public static ulong KeyOf(int first, int second) => (ulong)(uint)(first + 1) << 32 | (uint)(second + 1);

    public override void Declare(RegisterCheck check)
    {
        check.ReadCode(first);
        check.ReadCode(second);
        check.WriteCode(to, keys.Length);
    }

    public override void Apply(PreparationFrame frame)
    {
        var a = frame.Codes(first);
        var b = frame.Codes(second);
        var y = frame.Codes(to);
        for (int i = 0; i < y.Length; i++) y[i] = Math.Max(-1, Array.BinarySearch(keys, KeyOf(a[i], b[i])));
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("first", first);
        writer.Int("second", second);
        writer.Int("to", to);
        writer.Array<ulong>("keys", keys);
    }

    public static PairCodeStep Unpack(PartReader reader)
    {
        var keys = reader.Array<ulong>("keys", 1, StepKinds.Most);
        for (int i = 1; i < keys.Length; i++)
            if (keys[i] <= keys[i - 1]) throw reader.Wrong("keys", "is not in ascending order");
        return new(reader.Register("first"), reader.Register("second"), reader.Register("to"), keys);
    }
}
