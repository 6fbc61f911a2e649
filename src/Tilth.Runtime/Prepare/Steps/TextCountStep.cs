using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>Six numbers about a text: how long it is and what it is made of; NaN where the text is missing.</summary>
internal sealed class TextCountStep(int from, int to) : PreparationStep
{
    public const string Kind = "text_count";

    /// <summary>What the registers from the first one on hold.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["characters", "words", "characters per word", "share of digits", "share of capitals", "share of marks"];

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadText(from);
        check.WriteNumbers(to, Names.Count);
    }

    public override void Apply(PreparationFrame frame)
    {
        ref var texts = ref frame.Text(from);
        for (int row = 0; row < frame.Rows; row++)
        {
            bool missing = texts.IsMissing(row);
            var counts = TextCounts.Of(texts.Get(row));
            Put(frame, row, 0, missing, counts.Characters);
            Put(frame, row, 1, missing, counts.Words);
            Put(frame, row, 2, missing, (double)(counts.Letters + counts.Digits) / Math.Max(1, counts.Words));
            Put(frame, row, 3, missing, (double)counts.Digits / Math.Max(1, counts.Characters));
            Put(frame, row, 4, missing, (double)counts.Capitals / Math.Max(1, counts.Letters));
            Put(frame, row, 5, missing, (double)counts.Marks / Math.Max(1, counts.Characters));
        }
    }

    void Put(PreparationFrame frame, int row, int which, bool missing, double value)
        => frame.Numbers(to + which)[row] = missing ? double.NaN : value;

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
    }

    public static TextCountStep Unpack(PartReader reader) => new(reader.Register("from"), reader.Register("to"));
}
