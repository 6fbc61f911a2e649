using System.Text;
using Tilth.Data;
using Tilth.Honesty;
using Tilth.Metrics;
using Tilth.Reporting.Charts;

namespace Tilth.Reporting;

/// <summary>
/// The model card: what a report tells, as Markdown without pictures, in the order of TRIPOD+AI (Collins et al., 2024) and with the
/// headings of model cards (Mitchell et al., 2019).
/// </summary>
public static class ModelCard
{
    const int MostColumns = 300, MostImportant = 20;

    /// <summary>The card as Markdown; equal content gives equal text. Everything from the data is escaped.</summary>
    public static string Write(ReportContent content)
    {
        var e = content.Evaluation;
        var verdict = content.Findings?.Verdict ?? Verdict.Of(e);
        var card = new StringBuilder();
        void Head(string title) => card.Append($"\n## {title}\n\n");
        void Line(string words) => card.Append($"{words}\n");
        void Item(string words) => card.Append($"- {Escape(words)}\n");

        Line($"# Model card: predicting {Escape(e.Target)}\n");
        Line(Escape(PlainWords.What(content)));
        Line($"\n**Does it know anything? {verdict.Mark}.** {Escape(PlainWords.OfMark(verdict.Mark, e))}");
        foreach (var (title, value, words) in PlainWords.Cards(content)) Item($"{title}: {value}. {words}");
        if (ReportWords.Frequencies(e) is { } thousand) Line($"\n{Escape(thousand)}");

        Head("Intended use");
        Line(Escape(content.Use ?? "Not stated by whoever answers for this model."));
        Head("Not for");
        foreach (string item in PlainWords.NotFor(content, verdict.Mark)) Item(item);

        Head("Data");
        foreach (var pair in content.Lineage.Where(pair => pair.Key is "rows_read" or "rows" or "data_sha256")) Item($"{pair.Key.Replace('_', ' ')}: {pair.Value}");
        for (int k = 0; k < Math.Min(20, e.Classes.Count); k++) Item($"'{e.Classes[k]}': {Numbers.Count(e.ClassRows[k])} of the {Numbers.Count(e.RowCount)} scored rows");
        Line($"\n{Escape(ReportWords.Rows(e, content.Decisions))}");
        if (content.Findings?.Suspicions is { Count: > 0 } suspicions)
        {
            Line("\nBefore you trust the score:\n");
            foreach (var suspicion in suspicions) Item($"{suspicion.Evidence}. {suspicion.Advice}");
        }
        if (content.Schema is { } schema)
        {
            Line("\n| column | kind | role |\n|--|--|--|");
            foreach (var column in schema.Columns.Take(MostColumns)) Line($"| {Escape(column.Name)} | {column.Kind.ToString().ToLowerInvariant()} | {column.Role.ToString().ToLowerInvariant()} |");
        }

        Head("Model");
        foreach (var pair in content.Lineage.Where(pair => pair.Key is not ("rows_read" or "rows" or "data_sha256"))) Item($"{pair.Key.Replace('_', ' ')}: {pair.Value}");

        Head("Performance");
        Line($"{Escape(verdict.Sentence)} {Escape(verdict.Enough)} {Escape(verdict.Optimism)}\n");
        Line("| measure | value | 95 % interval | without any column | what it says |\n|--|--:|--:|--:|--|");
        foreach (var score in e.Metrics)
        {
            var metric = MetricCatalog.All.FirstOrDefault(m => m.Name == score.Name);
            Line($"| {metric?.Title ?? Escape(score.Name)} | {Numbers.Short(score.Score.Value)} | {(double.IsNaN(score.Score.Lower) ? "unknown" : $"{Numbers.Short(score.Score.Lower)} to {Numbers.Short(score.Score.Upper)}")} | {Numbers.Short(score.Baseline)} | {metric?.Help} |");
        }
        if (content.Findings?.Costs is { } costs)
            Line($"\nA false alarm costs {Numbers.Short(costs.Costs.FalseAlarm)}, a miss {Numbers.Short(costs.Costs.Miss)}: called from {Numbers.Percent(costs.Threshold)} on, which saves {Numbers.Short(1000 * costs.Saving.Value)} per 1,000 rows (95 %: {Numbers.Short(1000 * costs.Saving.Lower)} to {Numbers.Short(1000 * costs.Saving.Upper)}) against treating all alike.");
        if (content.Findings?.Goal is { } goal) Line($"\n{Escape(ReportWords.Goal(goal))}");

        if (content.Importance.Count > 0)
        {
            Head("What the predictions lean on");
            foreach (var bar in content.Importance.Take(MostImportant)) Item($"{bar.Name}: {Numbers.Percent(bar.Value)}");
        }

        Head("Groups");
        if (content.Groups.Count == 0) Line("Not measured. `tilth evaluate --groups` measures it.");
        foreach (var group in content.Groups) Groups(card, group, e.Task);

        Head("Limits and oversight");
        Item("Scores hold for rows drawn like those of the training; on later or other rows expect less.");
        Item("A person who can overrule it should look before a decision about a person is made.");
        Item("This card documents a model. It is no clearance as a medical device and no legal assessment.");
        return card.ToString();
    }

    static void Groups(StringBuilder card, GroupFindings findings, TaskKind task)
    {
        card.Append($"\n{Escape(findings.Column)}:\n\n");
        card.Append(task switch
        {
            TaskKind.Binary => "| group | rows | positive | stated | found | false alarms | calls right |\n|--|--:|--:|--:|--:|--:|--:|\n",
            TaskKind.Regression => "| group | rows | mean, true | mean, predicted | mean error size |\n|--|--:|--:|--:|--:|\n",
            _ => "| group | rows | named right |\n|--|--:|--:|\n",
        });
        foreach (var group in findings.Groups)
            card.Append($"| {Escape(group.Name)} | {Numbers.Count(group.Rows)} | {string.Join(" | ", task switch
            {
                TaskKind.Binary => [Share(group.Actual), Share(group.Foreseen), Share(group.Found), Share(group.FalseAlarms), Share(group.Right)],
                TaskKind.Regression => (string[])[Numbers.Short(group.Actual.Value), Numbers.Short(group.Foreseen.Value), Numbers.Short(group.Right.Value)],
                _ => [Share(group.Found)],
            })} |\n");
        if (findings.HiddenRows > 0) card.Append($"\n{Numbers.Count(findings.HiddenRows)} rows of groups with fewer than 10 are not shown.\n");
    }

    static string Share(Evaluation.Interval value) => double.IsNaN(value.Value) ? "" : $"{Numbers.Whole(value.Value)} ({100 * value.Lower:0} to {100 * value.Upper:0})";

    /// <summary>Markdown's marks and HTML's as they are, on one line.</summary>
    internal static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (char c in text)
            if (char.IsControl(c)) safe.Append(' ');
            else if (c is '<') safe.Append("&lt;");
            else if (c is '&') safe.Append("&amp;");
            else
            {
                if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '>' or '~') safe.Append('\\');
                safe.Append(c);
            }
        return safe.ToString();
    }
}
