using System.Globalization;
using System.Text;

namespace Tilth.Generator;

/// <summary>Makes names of members out of the names that people gave to columns and levels.</summary>
/// <param name="taken">Names that may not be used.</param>
sealed class MemberNames(params string[] taken)
{
    readonly HashSet<string> used = new(taken, StringComparer.Ordinal);

    /// <summary>What every record has already.</summary>
    public static readonly string[] OfRecords = ["Equals", "GetHashCode", "ToString", "GetType", "MemberwiseClone", "ReferenceEquals", "Finalize", "EqualityContract", "PrintMembers", "Clone", "Deconstruct"];

    /// <summary>A name not given before: "monthly charges" is MonthlyCharges, a second one MonthlyCharges2.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="otherwise">For a text without letters and digits.</param>
    public string Next(string text, string otherwise)
    {
        string name = Pascal(text);
        if (name.Length == 0) name = otherwise;
        string unique = name;
        for (int number = 2; !used.Add(unique); number++) unique = $"{name}{(char.IsDigit(name[name.Length - 1]) ? "_" : "")}{number}";
        return unique;
    }

    /// <summary>The letters and digits of a text, each word with a capital; an identifier that is no keyword, or empty.</summary>
    public static string Pascal(string text)
    {
        var name = new StringBuilder();
        bool first = true;
        foreach (char c in text)
        {
            var category = char.GetUnicodeCategory(c);
            bool letter = category <= UnicodeCategory.OtherLetter || category == UnicodeCategory.LetterNumber;
            // Marks belong to the letter before them.
            if (!letter && category != UnicodeCategory.DecimalDigitNumber && !(name.Length > 0 && !first && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark))
            {
                first = true;
                continue;
            }
            if (name.Length == 0 && !letter) name.Append('_');
            name.Append(first ? char.ToUpperInvariant(c) : c);
            first = false;
        }
        return name.ToString();
    }
}
