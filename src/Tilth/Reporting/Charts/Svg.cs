using System.Globalization;
using System.Net;
using System.Text;

namespace Tilth.Reporting.Charts;

/// <summary>
/// A small SVG writer. Colours come from the page through classes, so that one picture serves light, dark and print; every
/// text is escaped. Coordinates are written with two decimals.
/// </summary>
internal sealed class Svg
{
    readonly StringBuilder text = new();

    public Svg(int width, int height, string title, string description)
        => text.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{Escape(title)}\"><title>{Escape(title)}</title><desc>{Escape(description)}</desc>");

    /// <summary>The text with everything that could be markup written as references.</summary>
    public static string Escape(string text)
    {
        // Control characters are no legal part of a page.
        if (text.Any(c => char.IsControl(c))) text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return WebUtility.HtmlEncode(text);
    }

    /// <summary>About how wide a text is in a label, on the wide side: we do not know the reader's font.</summary>
    public static double WidthOf(string text) => text.Sum(WidthOf);

    /// <summary>The text, or as much of its beginning and its end as fits: names of a family often differ in the last letters.</summary>
    public static string Shorten(string text, double width)
    {
        if (WidthOf(text) <= width) return text;
        int head = 0, tail = 0;
        for (double left = width - WidthOf('…'); ; )
        {
            bool first = head <= tail;
            if ((left -= WidthOf(first ? text[head] : text[^(tail + 1)])) < 0) break;
            if (first) head++;
            else tail++;
        }
        return $"{text[..head]}…{text[^tail..]}";
    }

    static double WidthOf(char letter) => letter is 'i' or 'j' or 'l' or 't' or 'f' or 'r' or '.' or ',' or ' ' ? 5.5
        : char.IsUpper(letter) || letter is 'm' or 'w' or '…' ? 9.6 : letter < 0x2000 ? 8.1 : 13;

    public void Line(double x1, double y1, double x2, double y2, string style)
        => text.Append($"<line class=\"{style}\" x1=\"{At(x1)}\" y1=\"{At(y1)}\" x2=\"{At(x2)}\" y2=\"{At(y2)}\"/>");

    public void Rectangle(double x, double y, double width, double height, string style, double opacity = 1)
        => text.Append($"<rect class=\"{style}\" x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(Math.Max(0, width))}\" height=\"{At(Math.Max(0, height))}\"{(opacity < 1 ? $" fill-opacity=\"{At(opacity)}\"" : "")}/>");

    public void Circle(double x, double y, double radius, string style)
        => text.Append($"<circle class=\"{style}\" cx=\"{At(x)}\" cy=\"{At(y)}\" r=\"{At(radius)}\"/>");

    /// <summary>A line through points.</summary>
    public void Polyline(IEnumerable<(double X, double Y)> points, string style)
        => text.Append($"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(p => $"{At(p.X)},{At(p.Y)}"))}\"/>");

    /// <summary>An area within points.</summary>
    public void Polygon(IEnumerable<(double X, double Y)> points, string style)
        => text.Append($"<polygon class=\"{style}\" points=\"{string.Join(' ', points.Select(p => $"{At(p.X)},{At(p.Y)}"))}\"/>");

    /// <summary>A word; the anchor is start, middle or end.</summary>
    public void Text(double x, double y, string words, string anchor = "start", string style = "label")
        => text.Append($"<text class=\"{style}\" x=\"{At(x)}\" y=\"{At(y)}\" text-anchor=\"{anchor}\">{Escape(words)}</text>");

    /// <summary>A word that reads upwards.</summary>
    public void TextUpwards(double x, double y, string words)
        => text.Append($"<text class=\"label\" text-anchor=\"middle\" transform=\"translate({At(x)} {At(y)}) rotate(-90)\">{Escape(words)}</text>");

    /// <summary>The picture.</summary>
    public override string ToString() => text + "</svg>";

    static string At(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
