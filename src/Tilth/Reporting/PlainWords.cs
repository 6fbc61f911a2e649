using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>The first page's sentences: plain text without terms of the trade, to be escaped where they are written.</summary>
internal static class PlainWords
{
    const int FewPositives = 50;
    const double FewFound = 0.2;

    /// <summary>What goes in and what comes out.</summary>
    public static string What(ReportContent content)
    {
        var e = content.Evaluation;
        int columns = content.Schema?.Features.Count() ?? content.Importance.Count;
        string[] first = [.. content.Importance.Take(3).Select(bar => bar.Name)];
        string from = columns == 0 ? "From what is known of a row" : $"From {columns} {(columns == 1 ? "thing that is" : "things that are")} known of a row{(first.Length == 3 && columns > 3 ? $" ({first[0]}, {first[1]}, {first[2]} and others)" : "")}";
        return e.Task switch
        {
            TaskKind.Binary => $"{from}, this model says how likely it is that {e.Target} is '{e.Classes[1]}'.",
            TaskKind.Multiclass => $"{from}, this model says how likely each of {e.Classes.Count} kinds of {e.Target} is.",
            _ => $"{from}, this model estimates {e.Target}.",
        };
    }

    /// <summary>Whether there is anything in the data.</summary>
    public static string OfMark(VerdictMark mark, Evaluation.Evaluation e) => mark switch
    {
        VerdictMark.Signal => $"Yes. It foresees {e.Target} better than somebody who looks at nothing; chance alone would hardly do this.",
        VerdictMark.Weak => "Perhaps. There is a hint, but chance could have made it.",
        _ => "No. It does no better than somebody who looks at nothing.",
    };

    /// <summary>Found, missed and falsely called of 1,000 rows.</summary>
    public static (int Found, int Missed, int Alarms) OfThousand(Evaluation.Evaluation e)
    {
        double all = e.Confusion.Sum(row => row.Sum());
        int positives = (int)Math.Round(1000 * e.Confusion[1].Sum() / all), found = (int)Math.Round(1000 * e.Confusion[1][1] / all);
        return (found, positives - found, (int)Math.Round(1000 * e.Confusion[0][1] / all));
    }

    /// <summary>What to do where a threshold of one half finds next to nothing, as it does for rare things; null elsewhere.</summary>
    public static string? HardlyCalls(ReportContent content)
    {
        var e = content.Evaluation;
        if (e.Task != TaskKind.Binary || content.Findings is { Costs: not null } or { Goal: not null } || !(e.Find("recall")?.Score.Value < FewFound)) return null;
        return $"A row is called '{e.Classes[1]}' from a probability of {Numbers.Percent(e.Threshold)} on, and few reach it, so most are missed. Where a miss is worse than a false alarm, train again and say so: --cost miss=400,false-alarm=25, or --capacity 200 for as many as can be looked at.";
    }

    /// <summary>The numbers beside the verdict.</summary>
    public static IEnumerable<(string Title, string Value, string Words)> Cards(ReportContent content)
    {
        var e = content.Evaluation;
        if (e.Task == TaskKind.Binary)
        {
            string positive = e.Classes[1];
            var (found, missed, alarms) = OfThousand(e);
            if (e.Find("recall") is { } recall && found + missed > 0)
                yield return ($"Of 100 {content.Rows} that are '{positive}'", $"{Hundred(recall.Score.Value)} found", $"{Limits(recall.Score)}The others are missed.");
            if (e.Find("precision") is { } precision && found + alarms > 0)
                yield return ($"Of 100 {content.Rows} that it calls '{positive}'", $"{Hundred(precision.Score.Value)} right", $"{Limits(precision.Score)}The others are false alarms.");
        }
        else if (e.Task == TaskKind.Multiclass && e.Find("accuracy") is { } accuracy)
            yield return ($"Of 100 {content.Rows}", $"{Hundred(accuracy.Score.Value)} named right", $"{Limits(accuracy.Score)}Always naming the most frequent kind would be right for {Hundred(accuracy.Baseline)}.");
        else if (e.Find("median_absolute_error") is { } middle)
        {
            double most = content.Findings?.Conformal is { SetSize.Count: 0, Levels: var levels, Radii: var radii } && levels.ToList().FindIndex(level => Math.Abs(level - 0.9) < 1e-9) is >= 0 and var at ? radii[at] : double.NaN;
            yield return ("Half of the estimates are off by less than", Numbers.Round(middle.Score.Value), $"With no model, always naming the mean, it would be {Numbers.Round(middle.Baseline)}.");
            if (double.IsFinite(most)) yield return content.Findings?.Conformal?.WidthVaries == true ? ("Nine of ten lie within", $"± {Numbers.Round(most)}", "That is the mean: each estimate comes with a width of its own. One of ten is off by more.")
                : ("Nine of ten are off by less than", Numbers.Round(most), "One of ten is off by more.");
        }
    }

    /// <summary>What nobody should do with it.</summary>
    public static IEnumerable<string> NotFor(ReportContent content, VerdictMark mark)
    {
        var e = content.Evaluation;
        if (content.NotFor is { Length: > 0 } own) yield return own;
        if (mark == VerdictMark.None) yield return "Anything: it has shown no skill.";
        if (mark == VerdictMark.Weak) yield return "Any decision that matters, before more data show that it works.";
        yield return $"{Capital(content.Rows)} unlike those that it learned from: another place, another time, or values outside the ranges at the end of this page.";
        yield return "Saying what to change: it shows what goes together, not what causes what.";
        yield return "Deciding alone about a person: somebody who can overrule it must look, and hear the person.";
        if (e.Task == TaskKind.Binary && e.ClassRows.Min() is var few && few < FewPositives)
            yield return $"Promises: only {few} of the {Numbers.Count(e.RowCount)} {content.Rows} that it was measured on were '{e.Classes[e.ClassRows[0] < e.ClassRows[1] ? 0 : 1]}', so the numbers above are rough.";
        if (content.Groups.Count == 0) yield return "Treating groups of people alike: nobody measured whether it does. (tilth evaluate --groups measures it.)";
    }

    static string Hundred(double share) => double.IsNaN(share) ? "unknown" : Math.Round(100 * share) is var whole && whole == 0 && share > 0 ? "fewer than 1" : whole == 100 && share < 1 ? "more than 99" : Numbers.Count(whole);

    static string Limits(Interval score) => double.IsNaN(score.Lower) ? "" : $"Between {Math.Round(100 * score.Lower):0} and {Math.Round(100 * score.Upper):0}, as far as these data can say. ";

    static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
