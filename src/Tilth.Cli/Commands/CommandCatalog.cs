using System.CommandLine;

namespace Tilth.Cli.Commands;

/// <summary>Every verb, a line each.</summary>
static class CommandCatalog
{
    public static IReadOnlyList<Command> All { get; } =
    [
        InspectCommand.Build(),
        TrainCommand.Build(),
        EvaluateCommand.Build(),
        CompareDataCommand.Build(),
        PredictCommand.Build(),
        ExplainCommand.Build(),
        ReportCommand.Build(),
        CardCommand.Build(),
        KaggleCommand.Build(),
        RunsCommand.Build(),
        LeaderboardCommand.Build(),
        CompareCommand.Build(),
        PackageCommand.Build(),
        ExportCommand.Build(),
        LearnersCommand.Build(),
        ServeCommand.Build(),
        KeysCommand.Build(),
        LogCommand.Build(),
        DemoCommand.Build(),
    ];
}
