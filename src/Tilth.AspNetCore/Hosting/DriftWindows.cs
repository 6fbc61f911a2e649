using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Tilth.Monitoring;

namespace Tilth.AspNetCore.Hosting;

/// <summary>Ends the windows of every package's sketch as time goes by, and tells whoever listens to the meter what stands in them.</summary>
internal sealed class DriftWindows : BackgroundService
{
    readonly ModelHost host;
    readonly TimeProvider clock;
    readonly Meter meter = new(Telemetry.Name);

    public DriftWindows(ModelHost host, TimeProvider clock)
    {
        (this.host, this.clock) = (host, clock);
        meter.CreateObservableGauge("tilth.model.info", Models, null, "1 for each package that a model holds, with its role and version");
        meter.CreateObservableGauge("tilth.drift.index", Drifts, null, "Population stability index of a column of the last day against training");
    }

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(host.Options.DriftWindow, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                foreach (var model in host.Models)
                foreach (var package in model.Versions.Concat(model.Deployment.Roles().Select(role => role.Package)).Distinct()) package.Sketch.EndWindow();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends, or never began: its port was taken.
        }
    }

    IEnumerable<Measurement<int>> Models() => host.Models.SelectMany(model => model.Deployment.Roles()
        .Select(role => new Measurement<int>(1, new("model", model.Name), new("role", role.Role), new("version", role.Package.Version))));

    IEnumerable<Measurement<double>> Drifts() => host.Models.SelectMany(model => model.Deployment.Production.Sketch.Report(LiveSketch.MostWindows).Columns
        .Select(drift => new Measurement<double>(drift.Index, new("model", model.Name), new("column", drift.Name))));
}
