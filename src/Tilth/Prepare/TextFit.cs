using System.Text;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Kernels;

namespace Tilth.Prepare;

/// <summary>
/// A text becomes TF-IDF of its words and word pairs and of its character n-grams: as they are for learners that take
/// sparse rows, or condensed into counts and the out-of-fold scores of a linear model for those that do not.
/// </summary>
internal static class TextFit
{
    const int FewestTexts = 2, MostTerms = 1 << 17;

    /// <summary>Terms in fewer texts are not named: a package gives nobody's words away.</summary>
    const int FewestTextsForName = 10;

    /// <summary>A cut of the text with its fitted terms; <see cref="Counts"/> says in how many texts each column's term stands.</summary>
    sealed record Vocabulary(string Name, TermForm Form, TermIndex Index, float[] Idf, int[] Counts)
    {
        public TfIdfStep Step(int text, int segment) => new(text, segment, Form, Index, Idf);
    }

    public static ColumnRecipe Of(ColumnSchema schema, TextColumn column, int[] rows, TargetFolds? labels, PreparationNeeds needs, FitContext context)
    {
        if (needs.Text == TextForm.None)
            return (_, notes) => notes.Add(new(schema.Name, "left out: the learner takes no texts"));
        int bits = needs.Text == TextForm.Sparse ? needs.TextHashBits : 0;
        Vocabulary[] vocabularies = [.. new[] { Learn("words", TermForm.WordPairs, column, rows, bits, context),
            Learn("characters", TermForm.Trigrams, column, rows, bits, context) }.OfType<Vocabulary>()];
        return needs.Text == TextForm.Sparse
            ? Sparse(schema, vocabularies, [.. vocabularies.Select(v => NamesOf(v, column, rows, bits))])
            : Dense(schema, vocabularies, column, rows, labels!, context);
    }

    /// <summary>Null if no term stands in two texts.</summary>
    static Vocabulary? Learn(string name, TermForm form, TextColumn column, int[] rows, int bits, FitContext context)
    {
        int width = 1 << bits;
        var counts = DocumentCounts.Of(column, rows, form, bits == 0 ? ulong.MaxValue : (ulong)width - 1, context);
        var terms = counts.Select(bits == 0 ? FewestTexts : 1, bits == 0 ? MostTerms : width);
        if (terms.Length == 0) return null;
        if (bits == 0)
            return new(name, form, new TermIndex(Array.ConvertAll(terms, term => term.Term), terms.Length),
                Array.ConvertAll(terms, term => Idf(counts.Documents, term.Count)), Array.ConvertAll(terms, term => term.Count));
        var idf = new float[width];
        Array.Fill(idf, Idf(counts.Documents, 0));
        foreach (var (term, count) in terms) idf[term] = Idf(counts.Documents, count);
        return new(name, form, new TermIndex([], width), idf, []);
    }

    /// <summary>ln((1 + n) / (1 + df)) + 1, as if one more text held every term.</summary>
    static float Idf(int documents, int count) => (float)(Elementary.Log((1.0 + documents) / (1.0 + count)) + 1);

    static ColumnRecipe Sparse(ColumnSchema schema, Vocabulary[] vocabularies, string[]?[] names) => (draft, notes) =>
    {
        if (vocabularies.Length == 0)
        {
            notes.Add(new(schema.Name, "left out: no word stands in two of its texts"));
            return;
        }
        int text = draft.Input(schema);
        for (int v = 0; v < vocabularies.Length; v++)
        {
            int segment = draft.NewSegment();
            draft.Add(vocabularies[v].Step(text, segment));
            draft.AddSegment($"{schema.Name}: {vocabularies[v].Name}", schema.Name, vocabularies[v].Index.Width, names[v], segment);
        }
    };

    static ColumnRecipe Dense(ColumnSchema schema, Vocabulary[] vocabularies, TextColumn column, int[] rows, TargetFolds labels, FitContext context)
    {
        var scores = vocabularies.Length == 0 ? null : TextScores.Fit(Vectorise(vocabularies, schema, column, context), rows, labels, context);
        return (draft, _) =>
        {
            int text = draft.Input(schema), counts = draft.NewNumbers(TextCountStep.Names.Count);
            draft.Add(new TextCountStep(text, counts));
            for (int i = 0; i < TextCountStep.Names.Count; i++)
                draft.AddNumber($"{schema.Name}: {TextCountStep.Names[i]}", [schema.Name], counts + i);
            if (scores is null) return;
            int[] segments = [.. vocabularies.Select(_ => draft.NewSegment())];
            for (int v = 0; v < vocabularies.Length; v++) draft.Add(vocabularies[v].Step(text, segments[v]));
            int first = draft.NewNumbers(labels.Outputs.Count);
            draft.Add(scores.Step(segments, first, [.. vocabularies.Select(v => v.Index.Width)]));
            for (int k = 0; k < labels.Outputs.Count; k++)
            {
                draft.ReplaceOutOfFold(first + k, scores.OutOfFold[k]);
                draft.AddNumber($"{schema.Name}: score{labels.Outputs[k].Name}", [schema.Name], first + k);
            }
        };
    }

    /// <summary>The segments of all rows of the column, side by side.</summary>
    static SparseRows Vectorise(Vocabulary[] vocabularies, ColumnSchema schema, TextColumn column, FitContext context)
    {
        var draft = new PreparationDraft(new Table([column]), [], context);
        int text = draft.Input(schema);
        foreach (var vocabulary in vocabularies)
        {
            int segment = draft.NewSegment();
            draft.Add(vocabulary.Step(text, segment));
            draft.AddSegment(vocabulary.Name, schema.Name, vocabulary.Index.Width, null, segment);
        }
        return draft.Features(draft.Build()).Sparse!;
    }

    /// <summary>What each column of words stands for; null for characters and for hashed terms.</summary>
    static string[]? NamesOf(Vocabulary vocabulary, TextColumn column, int[] rows, int bits)
    {
        if (vocabulary.Form.Characters || bits > 0) return null;
        var names = new string[vocabulary.Index.Width];
        int left = vocabulary.Counts.Count(count => count >= FewestTextsForName);
        for (int i = left; i < names.Length; i++) names[i] = $"#{i}";
        var scratch = new TextScratch();
        for (int i = 0; i < rows.Length && left > 0; i++)
        {
            int terms = vocabulary.Form.Cut(column.GetUtf8(rows[i]), scratch);
            for (int t = 0; t < terms; t++)
                if (vocabulary.Index.Find(scratch.Terms[t]) is var at && at >= 0 && names[at] is null)
                {
                    names[at] = Spell(scratch.Points.AsSpan(scratch.Places[t].Start..scratch.Places[t].End));
                    left--;
                }
        }
        return names;
    }

    /// <summary>The words of a term with single blanks between them.</summary>
    static string Spell(ReadOnlySpan<int> points)
    {
        var text = new StringBuilder();
        bool gap = false;
        foreach (int point in points)
        {
            bool word = TextTerms.IsWord(point);
            if (word && gap) text.Append(' ');
            if (word) text.Append(new Rune(point).ToString());
            gap = !word;
        }
        return text.ToString();
    }
}
