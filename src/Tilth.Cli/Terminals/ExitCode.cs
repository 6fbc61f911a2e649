namespace Tilth.Cli.Terminals;

/// <summary>What the process returns.</summary>
static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>What was asked cannot be done; the messages say why.</summary>
    public const int UserError = 1;

    /// <summary>Done, but a gate did not hold.</summary>
    public const int GateFailed = 2;

    /// <summary>Stopped by Ctrl-C; what was finished is kept.</summary>
    public const int Stopped = 130;
}
