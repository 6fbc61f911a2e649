namespace Tilth.Data;

/// <summary>What a column's name alone suggests about whole numbers in it.</summary>
internal static class ColumnNames
{
    static readonly string[] KeyWords =
        ["id", "ids", "code", "zip", "zipcode", "postcode", "postal", "plz", "nr", "key", "sku", "ean", "isbn", "uuid", "guid", "type", "category"];

    static readonly string[] ClockWords = ["year", "yr", "yrs", "month", "day", "date", "time", "hour", "week", "quarter"];

    /// <summary>"MGR_ID", "roleCode", "zip code", "customerId": the last word names a key.</summary>
    public static bool SuggestsKey(string name) => Words(name) is [.., var last] && KeyWords.Contains(last);

    /// <summary>"customer_id", "id", "PassengerId": the last word is id.</summary>
    public static bool SuggestsIdentifier(string name) => Words(name) is [.., "id" or "ids" or "uuid" or "guid" or "key" or "nr"];

    /// <summary>"year", "yr_built", "month sold": some word is of the calendar.</summary>
    public static bool SuggestsClock(string name) => Words(name).Any(ClockWords.Contains);

    /// <summary>The words of a name in lower case, split at signs and where a capital follows a small letter.</summary>
    static List<string> Words(string name)
    {
        var words = new List<string>();
        int start = 0;
        for (int i = 0; i <= name.Length; i++)
        {
            bool end = i == name.Length || !char.IsLetterOrDigit(name[i]);
            bool camel = !end && i > start && char.IsUpper(name[i]) && char.IsLower(name[i - 1]);
            if (!end && !camel) continue;
            if (i > start) words.Add(name[start..i].ToLowerInvariant());
            start = end ? i + 1 : i;
        }
        while (words.Count > 1 && words[^1].All(char.IsAsciiDigit)) words.RemoveAt(words.Count - 1);
        return words;
    }
}
