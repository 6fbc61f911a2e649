using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>How a text is cut into terms.</summary>
/// <param name="Characters">Character n-grams within words, else word n-grams.</param>
/// <param name="Low">Smallest n; 1 for words.</param>
/// <param name="High">Largest n.</param>
internal readonly record struct TermForm(bool Characters, int Low, int High)
{
    /// <summary>Single words and pairs of neighbours.</summary>
    public static TermForm WordPairs => new(false, 1, 2);

    /// <summary>Three to five characters.</summary>
    public static TermForm Trigrams => new(true, 3, 5);

    /// <summary>Fills the scratch's terms; returns how many.</summary>
    public int Cut(ReadOnlySpan<byte> utf8, TextScratch scratch)
        => Characters ? TextTerms.Characters(utf8, Low, High, scratch) : TextTerms.Words(utf8, High, scratch);
}

/// <summary>
/// Sparse TF-IDF of a text: (1 + ln tf) x idf, each row scaled to Euclidean length 1 (Salton and Buckley, 1988, with
/// sublinear term frequency; scikit-learn's TfidfVectorizer with sublinear_tf gives the same numbers).
/// </summary>
internal sealed class TfIdfStep(int from, int segment, TermForm form, TermIndex index, float[] idf) : PreparationStep
{
    public const string Kind = "tf_idf";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadText(from);
        check.WriteSparse(segment, index.Width);
    }

    public override void Apply(PreparationFrame frame)
    {
        ref var texts = ref frame.Text(from);
        var rows = frame.Sparse[segment];
        for (int row = 0; row < frame.Rows; row++)
        {
            AddRow(texts.Get(row), frame.Scratch, rows);
            rows.EndRow();
        }
    }

    void AddRow(ReadOnlySpan<byte> utf8, TextScratch scratch, SparseBuilder rows)
    {
        int terms = form.Cut(utf8, scratch), found = 0;
        TextScratch.Reserve(ref scratch.Columns, terms);
        for (int i = 0; i < terms; i++)
            if (index.Find(scratch.Terms[i]) is var column && column >= 0) scratch.Columns[found++] = column;
        var columns = scratch.Columns.AsSpan(0, found);
        columns.Sort();
        int first = rows.Count;
        double squares = 0;
        for (int i = 0; i < found;)
        {
            int column = columns[i], times = 1;
            while (i + times < found && columns[i + times] == column) times++;
            double value = (times == 1 ? 1 : 1 + Elementary.Log(times)) * idf[column];
            squares += value * value;
            rows.Add(column, (float)value);
            i += times;
        }
        if (squares > 0) rows.Scale(first, 1 / Math.Sqrt(squares));
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("segment", segment);
        writer.Flag("characters", form.Characters);
        writer.Array<int>("sizes", [form.Low, form.High]);
        index.Pack(writer);
        writer.Array<float>("idf", idf);
    }

    public static TfIdfStep Unpack(PartReader reader)
    {
        bool characters = reader.Flag("characters");
        var sizes = reader.Array<int>("sizes", 2, 2);
        if (characters ? sizes[0] < 2 || sizes[1] < sizes[0] || sizes[1] > 8 : sizes[0] != 1 || sizes[1] is < 1 or > 2)
            throw reader.Wrong("sizes", $"are {sizes[0]} to {sizes[1]}");
        var index = TermIndex.Unpack(reader);
        var idf = reader.Array<float>("idf", index.Width, index.Width);
        foreach (float weight in idf)
            if (!(weight > 0 && weight < 1e6f)) throw reader.Wrong("idf", $"holds {weight}");
        return new(reader.Register("from"), reader.Register("segment"), new(characters, sizes[0], sizes[1]), index, idf);
    }
}
