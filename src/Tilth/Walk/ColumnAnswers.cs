using Tilth.Data;
using Tilth.Honesty;
using Tilth.Honesty.Leaks;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>
/// What people answered to "was this column known when the prediction is made?": asked of every suspect and of the columns that
/// the model leans on most. Nobody is asked twice about one column.
/// </summary>
public static class ColumnAnswers
{
    /// <summary>What the decision log says of a column that is known.</summary>
    public const string Known = "known when the prediction is made";

    /// <summary>What it says of one that is not.</summary>
    public const string NotKnown = "not known when the prediction is made: the score is too good";

    const string Unsure = "asked about, and nobody knew whether it is known when the prediction is made", Evidence = "answered in the terminal after training";
    const int MostTries = 3;

    /// <summary>The columns to ask about, suspects first, with what makes them suspect or important.</summary>
    public static IReadOnlyList<(string Column, string Why)> Questions(Findings findings)
        => [.. findings.Suspicions.Where(suspicion => suspicion is { LeftOut: false, Column: not null, Kind: LeakKind.NearPerfect or LeakKind.FilledWhenKnown or LeakKind.TargetAggregate or LeakKind.LaterDate or LeakKind.TargetCopy })
            .Select(suspicion => (suspicion.Column!, suspicion.Evidence))
            .Concat(findings.Questions.Select(question => (question.Column, FormattableString.Invariant($"'{question.Column}' is {question.Share:P0} of what moves the predictions")))).DistinctBy(question => question.Item1)];

    /// <summary>Asks, until all is answered or nobody is there.</summary>
    /// <param name="findings">What to ask about.</param>
    /// <param name="read">One line of an answer; null if there are no more.</param>
    /// <param name="say">Where questions go; they end without a line break.</param>
    /// <returns>One decision an answer, also for "do not know"; none for questions that nobody heard.</returns>
    public static IReadOnlyList<Decision> Ask(Findings findings, Func<string?> read, Action<string> say)
    {
        var answers = new List<Decision>();
        foreach (var (column, why) in Questions(findings))
        {
            string? choice = null;
            for (int tries = 0; choice is null && tries < MostTries; tries++)
            {
                say($"{(tries == 0 ? $"{why}. " : "Please answer y, n or nothing. ")}Is '{column}' known when the prediction is made? [y/n, Enter: do not know] ");
                if (read() is not { } line) return answers;
                choice = line.Trim().ToLowerInvariant() switch { "y" or "yes" => Known, "n" or "no" => NotKnown, "" or "?" => Unsure, _ => null };
            }
            answers.Add(new(column, choice ?? Unsure, Evidence));
        }
        return answers;
    }

    /// <summary>The columns that are not known when the prediction is made.</summary>
    public static IReadOnlyList<string> NotKnownOf(IEnumerable<Decision> decisions) => [.. decisions.Where(decision => decision.Choice == NotKnown).Select(decision => decision.Subject).Distinct()];

    /// <summary>The columns that are.</summary>
    public static IReadOnlyList<string> KnownOf(IEnumerable<Decision> decisions) => [.. decisions.Where(decision => decision.Choice == Known).Select(decision => decision.Subject).Distinct()];

    /// <summary>The same package, with the answers at the end of its decision log.</summary>
    public static ModelPackage Add(ModelPackage package, IReadOnlyList<Decision> answers)
    {
        var log = package.Documents.TryGetValue(PackageDocuments.Decisions, out var json) ? DecisionJson.Read(json) : [];
        log.AddRange(answers);
        return new(package.Schema, package.Node, package.Head, package.Profile, new Dictionary<string, ReadOnlyMemory<byte>>(package.Documents) { [PackageDocuments.Decisions] = DecisionJson.Write(log) });
    }
}
