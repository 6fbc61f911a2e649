using System.Text;

namespace Tilth.Kernels;

/// <summary>What can be counted in a text without knowing any word.</summary>
internal readonly record struct TextCounts(int Characters, int Words, int Letters, int Digits, int Capitals, int Marks)
{
    /// <summary>Counts in one walk over the text; allocates nothing.</summary>
    public static TextCounts Of(ReadOnlySpan<byte> utf8)
    {
        int characters = 0, words = 0, letters = 0, digits = 0, capitals = 0, marks = 0;
        bool inWord = false;
        while (!utf8.IsEmpty)
        {
            Rune rune;
            if (utf8[0] < 0x80)
            {
                rune = new Rune((char)utf8[0]);
                utf8 = utf8[1..];
            }
            else
            {
                Rune.DecodeFromUtf8(utf8, out rune, out int used);
                utf8 = utf8[used..];
            }
            characters++;
            bool word = TextTerms.IsWord(rune.Value);
            if (word && !inWord) words++;
            inWord = word;
            if (Rune.IsDigit(rune)) digits++;
            else if (Rune.IsLetter(rune))
            {
                letters++;
                if (Rune.IsUpper(rune)) capitals++;
            }
            else if (!TextTerms.IsBlank(rune.Value)) marks++;
        }
        return new(characters, words, letters, digits, capitals, marks);
    }
}
