using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tilth.AspNetCore.Rows;

/// <summary>How answers are written so that people can read them, and what is wrong with JSON that came.</summary>
internal static class ReadableJson
{
    /// <summary>
    /// Leaves apostrophes, umlauts and the like as they are. Signs of markup too: answers are never part of a page, and say so
    /// to browsers (their content type, nosniff, the content policy).
    /// </summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>For writers of answers.</summary>
    public static JsonWriterOptions Options => new() { Encoder = Encoder };

    /// <summary>The reader's message in words, with the place counted from 1.</summary>
    public static string FaultOf(JsonException fault)
    {
        string message = fault.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        if (place >= 0) message = message[..place];
        if (message.StartsWith("The input does not contain any JSON", StringComparison.Ordinal)) return "it is empty";
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal)) message = "it ends before an object or list is closed";
        return fault is { LineNumber: { } line, BytePositionInLine: { } at } ? string.Create(CultureInfo.InvariantCulture, $"{message.TrimEnd('.')} (line {line + 1}, byte {at + 1})") : message.TrimEnd('.');
    }
}
