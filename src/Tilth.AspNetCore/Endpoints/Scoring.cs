using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Answers bodies with the package whose turn it is. Where one on trial fails or refuses what the trusted one can answer, the
/// trusted one does, and that counts against the trial; too much of it, or of time, ends it. Of a stream each line is such a call.
/// </summary>
internal sealed class Scoring(ModelHost host, PredictionLog log, ILogger<Scoring> logger)
{
    /// <summary>Answers a body.</summary>
    /// <param name="model">Whose.</param>
    /// <param name="turn">Who answers.</param>
    /// <param name="body">Rows.</param>
    /// <param name="form">How they are written.</param>
    /// <param name="explain">Columns to explain each row with; 0 for none.</param>
    /// <param name="keepOutputs">Whether the slot keeps every row's outputs.</param>
    /// <param name="stop">Ends the work early.</param>
    /// <param name="firstLine">The number of the first line, for lines.</param>
    /// <returns>Who answered, and the slot with the answer or with what is wrong with the body; return it to the package.</returns>
    /// <exception cref="RefusedException">The body cannot be read, or the package failed.</exception>
    public (ServedPackage Package, RowSlot Slot) Answer(ServedModel model, Turn turn, ReadOnlySpan<byte> body, BodyForm form, int explain, bool keepOutputs, CancellationToken stop, int firstLine = 1)
    {
        var (package, trusted) = turn;
        long started = Stopwatch.GetTimestamp();
        using var rescue = trusted is null || form != BodyForm.Lines ? null
            : new TrustedLines(model.Name, trusted, host.Options, trusted.Predictor.CanExplain ? explain : 0, log.IsOn ? log : null, keepOutputs, logger);
        var slot = Run(package, out bool failed, body);
        if (failed || slot.IsRefused)
        {
            if (trusted is not null)
            {
                var second = Run(trusted, out bool alsoFailed, body);
                if (!alsoFailed && !second.IsRefused)
                {
                    package.Return(slot);
                    package.Work.CountError();
                    Judge(model, turn);
                    return (trusted, second);
                }
                trusted.Return(second);
            }
            if (!failed) return (package, slot);
            package.Return(slot);
            throw new RefusedException(StatusCodes.Status500InternalServerError, "failed", "the model failed on this call; the server's log says why");
        }
        int rescued = rescue?.Answered ?? 0, own = slot.Rows - rescued;
        for (int line = 0; line < rescued; line++) package.Work.CountError();
        if (explain == 0) package.Work.Count(own, Stopwatch.GetElapsedTime(started) - (rescue?.Elapsed ?? default), form == BodyForm.Lines ? own : 1);
        if (trusted is not null && (explain == 0 || rescued > 0)) Judge(model, turn);
        return (package, slot);

        RowSlot Run(ServedPackage by, out bool broke, ReadOnlySpan<byte> rows)
        {
            var rented = by.Rent();
            broke = false;
            try
            {
                rented.BeginCall(keepOutputs);
                new RowCall(model.Name, by, rented, host.Options, by.Predictor.CanExplain ? explain : 0, log.IsOn ? log : null, by == package ? rescue : null).Answer(rows, form, stop, firstLine);
            }
            catch (Exception fault) when (fault is RefusedException or OperationCanceledException)
            {
                by.Return(rented);
                throw;
            }
            catch (Exception fault)
            {
                broke = true;
                ServingLog.CallFailed(logger, fault, model.Name, by.Version);
            }
            return rented;
        }
    }

    void Judge(ServedModel model, Turn turn)
    {
        if (host.Options.RollBack.FaultOf(turn.Package.Work.Report(), turn.Trusted!.Work.Report()) is not { } fault || !model.EndTrial(turn.Package)) return;
        ServingLog.TakenBack(logger, model.Name, turn.Package.Version, fault);
        host.Record("server", "taken-back", model, turn.Package);
    }
}
