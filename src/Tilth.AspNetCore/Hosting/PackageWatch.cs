using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Logs;

namespace Tilth.AspNetCore.Hosting;

/// <summary>
/// Looks once a second whether watched files changed and lets the new package answer. A file that is no sound package changes
/// nothing. Polls, because change notices do not cross containers and network folders.
/// </summary>
internal sealed class PackageWatch(ModelHost host, TimeProvider clock, ILogger<PackageWatch> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watched = host.Sources.Where(source => source.IsWatched).ToList();
        if (watched.Count == 0) return;
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false)) Look(watched);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends, or never began: its port was taken.
        }
    }

    void Look(List<ModelSource> watched)
    {
        foreach (var source in watched)
        {
            try
            {
                foreach (var (name, package) in source.OpenChanged((name, fault) => ServingLog.PackageRefused(logger, name, fault.Message)))
                {
                    var model = host.Deploy(name, package);
                    host.Record("watch", "production", model, model.Deployment.Production);
                    ServingLog.Deployed(logger, name, package.Version, "watched file");
                }
            }
            catch (Exception fault) when (fault is TilthException or IOException or UnauthorizedAccessException)
            {
                ServingLog.PackageRefused(logger, "watched file", fault.Message);
            }
        }
    }
}
