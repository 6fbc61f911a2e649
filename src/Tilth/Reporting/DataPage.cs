using System.Text;
using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Honesty.Leaks;
using Tilth.Reporting.Charts;
using static Tilth.Reporting.Charts.Svg;

namespace Tilth.Reporting;

/// <summary>The profile of a table as one self-contained page: what is in each column, how it will be read, and what is suspect.</summary>
public static class DataPage
{
    const int MostColumns = 300;

    /// <summary>The page as HTML; equal content gives equal text.</summary>
    /// <param name="name">What the table is called.</param>
    /// <param name="profiles">One a column.</param>
    /// <param name="decisions">How the columns will be read, and why.</param>
    /// <param name="suspicions">Leaks; empty if no target was named.</param>
    public static string Write(string name, IReadOnlyList<Data.ColumnProfile> profiles, IReadOnlyList<Decision> decisions, IReadOnlyList<Suspicion> suspicions)
    {
        int rows = profiles.Count == 0 ? 0 : profiles[0].Rows;
        var why = decisions.GroupBy(decision => decision.Subject).ToDictionary(group => group.Key, group => group.ToList());
        var suspects = profiles.SelectMany(profile => profile.Suspects.Select(suspect => $"<li>{Escape($"{profile.Name}: {suspect}")}</li>"))
            .Concat(suspicions.Select(suspicion => $"<li>{Escape($"{suspicion.Evidence}. {suspicion.Advice}")}</li>")).ToList();
        var gaps = profiles.Where(profile => profile.Missing > 0).OrderByDescending(profile => profile.Missing).Take(12).Select(profile => new NamedBar(profile.Name, (double)profile.Missing / Math.Max(1, rows))).ToList();
        var figures = new StringBuilder();
        foreach (var profile in profiles.Take(MostColumns)) figures.Append(Column(profile, why.GetValueOrDefault(profile.Name) ?? []));
        string general = string.Concat(decisions.Where(decision => profiles.All(profile => profile.Name != decision.Subject)).Select(d => $"<tr><td class=\"w\">{Escape(d.Subject)}</td><td class=\"w\">{Escape(d.Choice)}</td><td class=\"w soft\">{Escape(d.Evidence)}</td></tr>"));
        return HtmlReport.Page($"What is in {name}", $"""
            <p class="soft">Tilth data profile</p><h1>What is in {Escape(name)}</h1>
            <div class="lead"><div class="card">Rows<b>{Numbers.Count(rows)}</b></div><div class="card">Columns<b>{Numbers.Count(profiles.Count)}</b>{Escape(Kinds(profiles))}</div><div class="card">Cells without a value<b>{Numbers.Percent(profiles.Sum(profile => (double)profile.Missing) / Math.Max(1, (double)rows * profiles.Count))}</b></div></div>
            {(suspects.Count == 0 ? "<p>Nothing looked odd.</p>" : $"<h2>Look at this first</h2><ul>{string.Concat(suspects)}</ul>")}
            {(gaps.Count == 0 ? "" : $"<h2>What is missing</h2>{BarChart.Draw("Share of rows without a value", gaps, Numbers.Percent)}")}
            <h2>The columns</h2><div class="charts">{figures}</div>{(profiles.Count > MostColumns ? $"<p class=\"soft\">The first {MostColumns} of {profiles.Count} columns.</p>" : "")}
            {(general.Length == 0 ? "" : $"<h2>How the table was read</h2><div class=\"scroll\"><table><tr><th>About</th><th>Choice</th><th>Why</th></tr>{general}</table></div>")}
            """);
    }

    static string Kinds(IReadOnlyList<Data.ColumnProfile> profiles)
        => string.Join(", ", profiles.GroupBy(profile => profile.Kind).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"));

    static string Word(ColumnKind kind) => kind switch { ColumnKind.DateTime => "date", ColumnKind.Boolean => "yes or no", _ => kind.ToString().ToLowerInvariant() };

    static string Column(Data.ColumnProfile profile, List<Decision> why)
    {
        string role = profile.Role == ColumnRole.Feature ? "" : $", {profile.Role.ToString().ToLowerInvariant()}";
        string missing = profile.Missing == 0 ? "no gaps" : $"{Numbers.Percent((double)profile.Missing / Math.Max(1, profile.Rows))} missing";
        string reasons = string.Join("; ", why.Select(decision => $"{decision.Choice} ({decision.Evidence})"));
        return $"<figure><figcaption>{Escape(profile.Name)}</figcaption><p>{Escape($"{Word(profile.Kind)}{role}; {missing}; {Numbers.Count(profile.Distinct)} different {(profile.Distinct == 1 ? "value" : "values")}")}</p>{Picture(profile)}<p>{Escape(Spread(profile))}{(reasons.Length == 0 ? "" : $" <span class=\"soft\">{Escape(reasons)}</span>")}</p></figure>";
    }

    static string Picture(Data.ColumnProfile profile)
    {
        if (profile is { Kind: ColumnKind.Number, Numbers: { Histogram: { Count: > 0 } histogram } numbers } && double.IsFinite(numbers.Max - numbers.Min) && numbers.Max > numbers.Min)
        {
            double width = (numbers.Max - numbers.Min) / histogram.Count;
            return HistogramChart.Draw(profile.Name, "", [.. histogram.Select((rows, i) => new HistogramBar(numbers.Min + i * width, numbers.Min + (i + 1) * width, rows))]);
        }
        return profile.TopLevels.Count == 0 ? "" : BarChart.Draw(profile.Name, [.. profile.TopLevels.Select(level => new NamedBar(level.Name, (double)level.Rows / Math.Max(1, profile.Rows)))], Numbers.Percent);
    }

    static string Spread(Data.ColumnProfile profile) => profile switch
    {
        { Kind: ColumnKind.Number, Numbers: { } n } => $"From {Numbers.Short(n.Min)} to {Numbers.Short(n.Max)}; half lie between {Numbers.Short(n.Quantiles[1])} and {Numbers.Short(n.Quantiles[3])}, the middle is {Numbers.Short(n.Quantiles[2])}, the mean {Numbers.Short(n.Mean)}.",
        { Kind: ColumnKind.DateTime, Numbers: { } n } => $"From {Day(n.Min)} to {Day(n.Max)}; half lie between {Day(n.Quantiles[1])} and {Day(n.Quantiles[3])}.",
        _ => "",
    };

    static string Day(double ticks) => ticks is >= 0 and < 3.155e18 ? new DateTime((long)ticks).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : "unknown";
}
