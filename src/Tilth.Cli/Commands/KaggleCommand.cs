using System.CommandLine;
using Tilth.Cli.Terminals;
using Tilth.Data;
using Tilth.Data.Sources;
using Tilth.Fitting;
using Tilth.Metrics;
using Tilth.Parallelism;
using Tilth.Search;
using Tilth.Walk;

namespace Tilth.Cli.Commands;

/// <summary>tilth kaggle: from a competition's three files to a submission that is valid from the first model on and gets better.</summary>
static class KaggleCommand
{
    /// <summary>With less time the two tables are not compared: the search needs it more.</summary>
    static readonly TimeSpan WorthComparing = TimeSpan.FromSeconds(20);

    public static Command Build()
    {
        Argument<string> train = new("train") { Description = "The train file." };
        Argument<string> test = new("test") { Description = "The test file." };
        Option<string> sample = new("--sample") { Description = "The sample submission: its columns and rows are the form.", Required = true };
        var columns = new ColumnOptions();
        var search = new SearchOptions();
        var output = CommonOptions.Out("Where the submission goes; submission.csv if not given. The package, the out-of-fold predictions and the run stand beside it.");
        Option<string?> validation = new("--validation") { Description = "auto (groups or times if the test file asks for them) or random.", DefaultValueFactory = _ => "auto" };
        Option<int?> folds = new("--folds") { Description = "Parts of the rows, each of which is left out once.", CustomParser = result => CommonOptions.Whole("--folds", 1, 1000)(result) };
        Option<ulong> seed = CommonOptions.Seed();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("kaggle", "Search for a competition: find target, identifier and validation, compare train with test, keep a valid submission that gets better.") { train, test };
        command.Options.Add(sample);
        columns.AddTo(command);
        search.AddTo(command);
        foreach (Option option in (Option[])[output, validation, folds, seed, threads, json]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var terminal = new Terminal(parsed.GetValue(json));
            string path = OutputFile.ForWriting(parsed.GetValue(output) ?? "submission.csv"), package = OutputFile.ForWriting(Path.ChangeExtension(path, ".tilth")), outOfFold = OutputFile.ForWriting(Path.ChangeExtension(path, null) + "-out-of-fold.csv");
            if (parsed.GetValue(validation) is not ("auto" or "random")) throw new LearningException("validation", $"--validation is '{parsed.GetValue(validation)}', but must be auto or random");
            var asked = columns.Read(parsed, targetNeeded: false);
            var plan = search.Read(parsed, null, package) ?? throw new LearningException("effort", "kaggle searches; --effort quick has no meaning here");
            using var workers = new WorkerPool(parsed.GetValue(threads));
            using var stop = new StopSignal();
            Table given = TableFiles.Read([parsed.GetValue(train)!], workers, terminal), asking = TableFiles.Read([parsed.GetValue(test)!], workers, terminal), form = TableFiles.Read([parsed.GetValue(sample)!], workers, terminal);
            var competition = Competition.Find(given, asking, form, asked, workers);
            if (parsed.GetValue(validation) == "random") competition = competition with { Group = asked.Group, Time = asked.Time };
            var told = new DecisionLog();
            told.AddRange(competition.Decisions);
            InspectView.ShowDecisions(told, terminal);
            var submission = new Submission(form, asking, competition.Identifier);
            plan = SearchOptions.WithTime(plan, given, terminal.Say);
            if (plan.Time is not { } time || time >= WorthComparing) Compare(given, asking, competition, new FitContext { Seed = parsed.GetValue(seed), Workers = workers }, terminal);
            plan = SearchOptions.AfterStart(plan);
            var training = new Training
            {
                Columns = asked with
                {
                    Target = competition.Target, Group = competition.Group, Time = competition.Time,
                    Identifiers = competition.Identifier is { } name && given.Find(name) is not null ? [name] : [],
                },
                Search = plan, Folds = parsed.GetValue(folds),
            };
            using var best = new BestSoFar(package, stop, plan.Time, terminal);
            string check = "";
            void Submit(TrainingResult result)
            {
                bool labels = Submission.AsksForLabels(form, result.Package.Target, MetricCatalog.Find(plan.Metric ?? MetricCatalog.Headline(result.Package.Target.Task).Name));
                var made = submission.Make(result.Package, labels, out check);
                OutputFile.Write(path, stream => Write(stream, made));
            }
            training = training with
            {
                Improved = result =>
                {
                    best.Keep(result);
                    if (result.Leaderboard is not null) _ = FaultOf(() => Submit(result)); // the last one tells it
                },
            };
            var result = TrainCommand.Run(training, given, null, parsed.GetValue(seed), workers, stop);
            // What cannot be written keeps nothing else from its place, the package least of all.
            SourceException? fault = FaultOf(() => Submit(result))
                ?? FaultOf(() => OutputFile.Write(outOfFold, stream => Write(stream, OutOfFoldTable.Of(result, competition.Identifier, given, plan.Log is { } run ? LogContent.Read(run).Head : null))));
            best.Finish(result, () =>
            {
                if (result.Leaderboard is { } board) LeaderboardView.Show(board, terminal);
                HonestyView.Show(result.Findings, terminal);
                terminal.Say(fault is null ? $"wrote {path}: {check}" : $"wrote {package}");
                if (fault is not null) throw fault;
                terminal.Say($"wrote {outOfFold}, {package}");
            });
            return stop.Pressed ? ExitCode.Stopped : ExitCode.Ok;
        });
        return command;
    }

    static SourceException? FaultOf(Action write)
    {
        try { write(); }
        catch (SourceException fault) { return fault; }
        return null;
    }

    static void Compare(Table train, Table test, Competition competition, FitContext context, Terminal terminal)
    {
        string[] shared = [.. train.Columns.Select(column => column.Name).Where(name => name != competition.Target && name != competition.Identifier && name != competition.Time && name != competition.Group && test.Find(name) is not null)];
        if (shared.Length == 0 || Math.Min(train.RowCount, test.RowCount) < 20) return;
        var found = TableComparison.Of(train.Select(shared), test.Select(shared), context);
        terminal.Head("Can the test file be told from the train file?");
        terminal.Say("  " + found.Sentence);
        if (found.TellsApart) terminal.Say($"  by {string.Join(", ", found.GiveAway.Take(5).Select(column => FormattableString.Invariant($"{column.Column} ({column.Share:P0})")))}: --ignore NAME leaves one out");
        terminal.Say("");
    }

    static void Write(Stream stream, Table table)
    {
        using var csv = new CsvWriter(stream);
        csv.Write(table);
    }
}
