using System.CommandLine;
using Tilth.Cli.Commands;
using Tilth.Cli.Terminals;

var root = new RootCommand("Tilth learns from tables and says honestly how well: inspect, train, evaluate, predict, report.");
foreach (var command in CommandCatalog.All) root.Subcommands.Add(command);
return CommandHost.Run(root, args);
