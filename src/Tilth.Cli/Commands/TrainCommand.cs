using System.CommandLine;
using Tilth.Cli.Terminals;
using Tilth.Fitting;
using Tilth.Parallelism;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth train: a table becomes a package, with a score that can be trusted.</summary>
static class TrainCommand
{
    public static Command Build()
    {
        var files = CommonOptions.Files("The table: CSV, TSV, JSON or JSON lines, plain or .gz; several files are joined; - reads the standard input.");
        var columns = new ColumnOptions();
        var learner = new LearnerOptions();
        var search = new SearchOptions();
        var output = CommonOptions.Out("Where the package goes; model.tilth if not given.");
        Option<string?> test = new("--test") { Description = "Score on this table instead of rows that are held back." };
        Option<string?> holdout = new("--holdout") { Description = "Share of rows that is sealed for the score; auto (0 below 10,000 rows, then a tenth) or a number from 0 to 0.9." };
        Option<int?> folds = new("--folds") { Description = "Models that each leave out another part of the rows and are averaged; 1 for a single model.", CustomParser = result => CommonOptions.Whole("--folds", 1, 1000)(result) };
        Option<bool> noRefit = new("--no-refit") { Description = "Ship the scored model itself instead of learning again from all rows." };
        Option<string[]> keep = new("--keep") { Description = "A column to learn from even if it is proven to give the target away. May repeat." };
        Option<string?> knownAt = new("--known-at") { Description = "The column of dates that says when the prediction is made; columns with later dates are left out." };
        var decision = new DecisionOptions();
        Option<bool> noCalibrate = new("--no-calibrate") { Description = "Leave probabilities as the model gives them." };
        Option<string?> report = new("--report") { Description = "Also write the report to this .html file." };
        Option<string[]> groups = GroupOptions.Groups();
        Option<bool> yes = new("--yes") { Description = "Ask nothing, also in a terminal." };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();

        var command = new Command("train", "Learn to foresee a column of a table; say how well, with intervals; write a package.") { files };
        columns.AddTo(command);
        learner.AddTo(command);
        search.AddTo(command);
        decision.AddTo(command);
        foreach (Option option in (Option[])[output, report, test, holdout, folds, noRefit, keep, knownAt, groups, noCalibrate, yes, seed, threads, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            string path = OutputFile.ForWriting(parsed.GetValue(output) ?? "model.tilth");
            string? page = parsed.GetValue(report) is { } asked ? OutputFile.ForWriting(asked) : null;
            var training = new Training
            {
                Columns = columns.Read(parsed, targetNeeded: true), Learner = learner.Read(parsed), HoldoutShare = ShareOf(parsed.GetValue(holdout)),
                Folds = parsed.GetValue(folds), Refit = !parsed.GetValue(noRefit), Keep = parsed.GetValue(keep) ?? [], KnownAt = parsed.GetValue(knownAt), Search = search.Read(parsed, learner.Asked(parsed), path),
                Calibrate = !parsed.GetValue(noCalibrate), Groups = GroupOptions.Names(parsed.GetValue(groups)),
            };
            using var workers = new WorkerPool(parsed.GetValue(threads));
            long memory = search.LimitMemory(parsed);
            using var stop = new StopSignal(training.Search is null ? search.TimeOf(parsed) : null);
            var table = TableFiles.Read(parsed.GetValue(files)!, workers, terminal, out var decided);
            training = training with { Columns = training.Columns with { Reading = decided }, Goal = decision.Read(parsed, table, training.Columns.Target!) };
            var testTable = parsed.GetValue(test) is { } testFile ? TableFiles.Read([testFile], workers, terminal) : null;
            if (training.Search is { } plan) training = training with { Search = SearchOptions.AfterStart(SearchOptions.WithTime(plan, table, terminal.Say)) };
            using var best = training.Search is { } limited ? new BestSoFar(path, stop, limited.Time, terminal) : null;
            if (best is not null) training = training with { Improved = best.Keep };
            var result = Run(training, table, testTable, parsed.GetValue(seed), workers, stop, memory, best);
            void Show()
            {
                TrainingView.Show(result, path, terminal);
                if (page is not null) ReportCommand.Write(result.Package, Path.GetFileName(path), page);
            }
            if (best is not null) best.Finish(result, Show);
            else
            {
                PackageFile.Save(result.Package, path);
                Show();
                terminal.Result(() => TrainingView.ToJson(result, path));
            }
            if (terminal.CanAsk && !parsed.GetValue(yes) && !stop.Pressed && path is not "-") Ask(result, path, page, stop, terminal);
            return stop.Pressed ? ExitCode.Stopped : ExitCode.Ok;
        });
        return command;
    }

    /// <summary>
    /// Asks what only people know, when all is saved: a time limit is over by then, and who does not answer loses nothing. What is
    /// answered goes to the package's decision log and to the report.
    /// </summary>
    static void Ask(TrainingResult result, string path, string? page, StopSignal stop, Terminal terminal)
    {
        if (ColumnAnswers.Questions(result.Findings).Count == 0) return;
        stop.LeaveWith($"{path} is saved, without answers");
        terminal.Say($"{path} is saved, and no time counts any more. What only people know (Ctrl-C leaves; --yes does not ask):");
        var answers = ColumnAnswers.Ask(result.Findings, Console.ReadLine, terminal.People.Profile.Out.Writer.Write);
        terminal.Say("");
        if (answers.Count == 0) return;
        var package = ColumnAnswers.Add(result.Package, answers);
        PackageFile.Save(package, path);
        if (page is not null) ReportCommand.Write(package, Path.GetFileName(path), page);
        if (ColumnAnswers.NotKnownOf(answers) is { Count: > 0 } unknown)
            terminal.Say($"Do not trust this score: it was reached with what is not known. Train again with {string.Join(' ', unknown.Select(column => $"--exclude {(column.Contains(' ') ? $"\"{column}\"" : column)}"))}");
        terminal.Say($"wrote {path} with {(answers.Count == 1 ? "the answer" : $"the {answers.Count} answers")} in its decision log, version {package.Version}");
    }

    /// <summary>Trains with progress on the terminal.</summary>
    public static TrainingResult Run(Training training, Data.Table table, Data.Table? test, ulong seed, WorkerPool workers, StopSignal stop, long memory = long.MaxValue, BestSoFar? best = null)
    {
        using var progress = new ProgressView();
        var context = new FitContext { Seed = seed, Workers = workers, MemoryLimit = memory, Progress = progress, FinishEarly = stop.FinishEarly, Cancellation = stop.Cancellation };
        try
        {
            return training.Run(table, context, test);
        }
        catch (OutOfMemoryException) when (best is not null)
        {
            best.Leave(ExitCode.Ok, "the memory was used up");
            throw;
        }
    }

    static double? ShareOf(string? text) => text switch
    {
        null or "auto" => null,
        _ when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 0.9 => share,
        _ => throw new LearningException("holdout-value", $"--holdout is '{text}', but must be auto or a number from 0 to 0.9"),
    };
}
