using Microsoft.Extensions.Logging;

namespace Tilth.AspNetCore.Logs;

/// <summary>What the host writes to its logger; never a feature value.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1, LogLevel.Information, "model {Name}: {Reason}; version {Version} answers")]
    public static partial void Deployed(ILogger logger, string name, string version, string reason);

    [LoggerMessage(2, LogLevel.Warning, "model {Name}: a package was refused and nothing changed: {Reason}")]
    public static partial void PackageRefused(ILogger logger, string name, string reason);

    [LoggerMessage(3, LogLevel.Error, "model {Name} version {Version} failed on a call")]
    public static partial void CallFailed(ILogger logger, Exception exception, string name, string version);

    [LoggerMessage(5, LogLevel.Error, "model {Name}: version {Version} was taken back: {Reason}")]
    public static partial void TakenBack(ILogger logger, string name, string version, string reason);

    [LoggerMessage(4, LogLevel.Warning, "the prediction log cannot be written: {Reason}; {Dropped} records were dropped so far")]
    public static partial void LogFailed(ILogger logger, string reason, long dropped);
}
