using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Stands before every endpoint: headers, and the one place where what goes wrong becomes an answer.</summary>
internal sealed class Guard : IDisposable
{
    readonly ConcurrencyLimiter places;

    public Guard(ServingOptions options)
        => places = new ConcurrencyLimiter(new() { PermitLimit = options.MaxConcurrency, QueueLimit = options.MaxQueue });

    /// <summary>Wraps an endpoint.</summary>
    public RequestDelegate Around(RequestDelegate endpoint) => async context =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            await endpoint(context).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            if (refused.Status == StatusCodes.Status429TooManyRequests) headers.RetryAfter = "1";
            await ProblemAnswer.Write(context, refused.Status, [refused.Problem]).ConfigureAwait(false);
        }
        catch (TilthException fault)
        {
            await ProblemAnswer.Write(context, StatusCodes.Status400BadRequest, fault.Problems).ConfigureAwait(false);
        }
        catch (BadHttpRequestException fault)
        {
            await ProblemAnswer.Write(context, fault.StatusCode, "request", fault.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has left; nobody reads an answer.
        }
    };

    /// <summary>A place among the calls that are worked on at once.</summary>
    /// <exception cref="RefusedException">All places are taken, and all seats of the queue.</exception>
    public async ValueTask<RateLimitLease> Enter(CancellationToken stop)
    {
        var lease = places.AttemptAcquire();
        if (!lease.IsAcquired) lease = await places.AcquireAsync(1, stop).ConfigureAwait(false);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new RefusedException(StatusCodes.Status429TooManyRequests, "overload",
            string.Create(CultureInfo.InvariantCulture, $"the server works on as many calls as it may at once; try again in a second"));
    }

    public void Dispose() => places.Dispose();
}
