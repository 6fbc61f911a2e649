using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Tilth.Cli.Terminals;
using Tilth.Fitting;
using Tilth.Packaging;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth compare: which of two runs or packages is better, row by row on the same rows.</summary>
static class CompareCommand
{
    public static Command Build()
    {
        Argument<string> first = new("first") { Description = "The folder of a run, or a package." };
        Argument<string> second = new("second") { Description = "Another." };
        Option<string?> test = new("--test") { Description = "Compare two packages on this table instead of the rows that both runs scored." };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("compare", "Say which of two runs or packages is better, by their difference on the same rows.") { first, second, test, seed, threads, json };
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            using var workers = new WorkerPool(parsed.GetValue(threads));
            RunFolder a = RunFolder.Open(parsed.GetValue(first)!), b = RunFolder.Open(parsed.GetValue(second)!);
            var context = new FitContext { Seed = parsed.GetValue(seed), Workers = workers };
            var found = parsed.GetValue(test) is { } file ? ResultComparison.Of(PackageOf(a), PackageOf(b), TableFiles.Read([file], workers, terminal), context)
                : a.Result is { } one && b.Result is { } other ? ResultComparison.Of(one, other, context) : null;
            Show(a, b, terminal);
            terminal.Head(Sentence(found, a, b));
            terminal.Result(() => ToJson(found, a, b));
            return ExitCode.Ok;
        });
        return command;
    }

    static ModelPackage PackageOf(RunFolder of)
    {
        if (of.Package is { } own) return own;
        string beside = Path.ChangeExtension(of.Path.TrimEnd('/', '\\'), ".tilth");
        return File.Exists(beside) ? ModelPackage.Open(beside) : throw new SourceException("package-missing", $"'{of.Path}' is a run without its package '{beside}'; with --test give packages");
    }

    static void Show(RunFolder a, RunFolder b, Terminal terminal)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", a.Path, b.Path);
        void Row(string name, Func<RunFolder, string?> of) => table.AddRow(new Text(name), new Text(of(a) ?? ""), new Text(of(b) ?? ""));
        Row("score", run => run.Evaluation is { } e ? $"{e.Headline} {EvaluationView.Format(e.HeadlineScore().Score.Value)} ({EvaluationView.IntervalOf(e.HeadlineScore().Score)})" : null);
        Row("on", run => run.Evaluation is { } e ? string.Create(CultureInfo.InvariantCulture, $"{e.RowCount:N0} rows, {e.RowsFrom}") : null);
        Row("searched by", run => run.Log?.Head is { } head ? string.Create(CultureInfo.InvariantCulture, $"{head.Metric}, {head.Folds} folds, seed {head.Seed}") : run.Board?.Metric);
        Row("models tried", run => run.Log?.Trials.Count.ToString(CultureInfo.InvariantCulture));
        Row("members", run => run.Board is { } board ? string.Join("\n", board.Rows.Where(row => row.Weight > 0).OrderByDescending(row => row.Weight).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Weight:P0} {row.Model}"))) : null);
        Row("state", run => run.State);
        terminal.People.Write(table);
    }

    static string Sentence(ResultComparison? found, RunFolder a, RunFolder b)
    {
        if (found is null)
        {
            var without = a.Result is null ? a : b;
            return $"'{without.Path}' has no out-of-fold predictions{(without.Package is null ? ", as its run did not end" : " beside it")}: compare packages on a table with --test FILE";
        }
        string difference = string.Create(CultureInfo.InvariantCulture, $"{found.Metric.Title} {EvaluationView.Format(found.First)} and {EvaluationView.Format(found.Second)} on {found.Rows:N0} rows ({found.From}), difference {EvaluationView.Format(found.Difference.Value)} (95 %: {EvaluationView.IntervalOf(found.Difference)})");
        return found.Better == 0 ? $"Neither is better beyond the noise: {difference}" : $"{(found.Better > 0 ? a.Path : b.Path)} is better: {difference}";
    }

    static JsonObject ToJson(ResultComparison? found, RunFolder a, RunFolder b)
    {
        JsonObject Side(RunFolder run) => new() { ["path"] = run.Path, ["metric"] = run.Evaluation?.Headline, ["score"] = run.Evaluation?.HeadlineScore().Score.Value, ["leaderboard"] = run.Board is { } board ? LeaderboardView.ToJson(board) : null };
        return new()
        {
            ["ok"] = true, ["sentence"] = Sentence(found, a, b), ["first"] = Side(a), ["second"] = Side(b),
            ["difference"] = found is null ? null : new JsonObject { ["metric"] = found.Metric.Name, ["rows"] = found.Rows, ["value"] = found.Difference.Value, ["lower"] = found.Difference.Lower, ["upper"] = found.Difference.Upper },
        };
    }
}
