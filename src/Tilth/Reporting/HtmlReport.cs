using System.Text.RegularExpressions;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>
/// One self-contained page: no script, no network, every value from the data escaped. It tells the verdict first, then how
/// good, on which rows, with pictures, and at the end how it was made and how to use it.
/// </summary>
public static class HtmlReport
{
    /// <summary>The page as HTML; equal content gives equal text.</summary>
    public static string Write(ReportContent content) => Regex.Replace($"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Predicting {Svg.Escape(content.Evaluation.Target)} - Tilth report</title>
        <style>
        {ReportStyle.Css}
        </style></head><body><main>
        {ReportSections.Lead(content)}
        {HonestySections.Suspicions(content.Findings)}
        {ReportSections.Charts(content.Evaluation)}
        {HonestySections.Costs(content.Findings, content.Evaluation)}
        {HonestySections.Certainty(content.Findings, content.Evaluation)}
        {ReportSections.Importance(content.Importance)}
        {ReportSections.Metrics(content.Evaluation)}
        {ReportColumns.Write(content)}
        {ReportSections.Decisions(content.Decisions)}
        {ReportSections.Training(content)}
        </main></body></html>
        """, "(?<=[0-9]) %", "\u00a0%"); // a number and its percent sign stay on one line
}
