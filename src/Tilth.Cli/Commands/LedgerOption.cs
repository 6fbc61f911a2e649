using System.CommandLine;
using System.Globalization;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Honesty.Ledger;

namespace Tilth.Cli.Commands;

/// <summary>Where it is written down who scored a package on which rows: beside the rows, if not said otherwise.</summary>
sealed class LedgerOption
{
    readonly Option<string?> ledger = new("--ledger") { Description = "The file that keeps who opened these rows, when and for which package; beside the rows (rows.csv.openings) if not given, none for no ledger." };

    public void AddTo(Command command) => command.Options.Add(ledger);

    /// <summary>Tells how often the rows were opened before, and writes this time down.</summary>
    /// <returns>How often before; null without a ledger.</returns>
    public int? Open(ParseResult parsed, string[] files, Table rows, string package, Evaluation.Evaluation evaluation)
    {
        string? path = parsed.GetValue(ledger) ?? (files.Length > 0 && files[0] != "-" ? files[0] + ".openings" : null);
        if (path is null or "none") return null;
        try
        {
            var kept = OpeningLedger.Read(path);
            string hash = TableHash.Of(rows);
            var score = evaluation.HeadlineScore();
            if (kept.Warning(hash, package, score.Score) is { } warning) Terminal.Warn(new Problem("rows-opened", warning));
            int before = kept.Openings.Count(opening => opening.RowsHash == hash);
            string when = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            if (parsed.GetValue(ledger) is null && kept.Openings.Count == 0) Console.Error.WriteLine($"that these rows were opened is kept in '{path}'; --ledger none keeps nothing");
            kept.Add(new(when, Environment.UserName, package, hash, score.Name, score.Score.Value));
            return before;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Terminal.Warn(new Problem("ledger-unwritable", $"that these rows were opened could not be written to '{path}': {exception.Message}"));
            return null;
        }
    }
}
