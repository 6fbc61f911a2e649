using System.Text.RegularExpressions;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>
/// One self-contained page: no script, no network, every value from the data escaped. Its first page is for everybody; the
/// evidence after it follows the order of TRIPOD+AI (Collins et al., 2024): data, making, performance, explanation, fairness, use.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page as HTML; equal content gives equal text.</summary>
    public static string Write(ReportContent content) => Page($"Predicting {content.Evaluation.Target}", $"""
        {FirstPage.Write(content)}
        {DataSections.Write(content)}
        {MakingSections.Write(content)}
        {PerformanceSections.Write(content)}
        {WhySections.Write(content)}
        {GroupSections.Write(content)}
        {MakingSections.Use(content)}
        {AppendixSections.Write(content)}
        """);

    /// <summary>A page around a body that is HTML already.</summary>
    internal static string Page(string title, string body) => Regex.Replace($"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{Svg.Escape(title)} - Tilth report</title>
        <style>
        {ReportStyle.Css}
        </style></head><body><main>
        {body}
        </main></body></html>
        """, "(?<=[0-9]) %", "\u00a0%"); // a number and its percent sign stay on one line
}
