using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Security;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>
/// Stands before every endpoint: key and scope, rate, headers, and the one place where what goes wrong becomes an answer.
/// Without a file of keys the application's own authorization decides; then nobody unknown may change what answers.
/// </summary>
internal sealed class Guard : IDisposable
{
    static readonly object CallerKey = new();

    readonly ApiKeys? keys;
    readonly bool openChanges;
    readonly Places places;
    readonly PartitionedRateLimiter<string>? rates;

    public Guard(ServingOptions options, TimeProvider clock)
    {
        keys = options.KeysFile is { } file ? new ApiKeys(file, clock) : null;
        openChanges = options.AllowAnonymousChanges;
        Space = new BodySpace(Math.Max(options.MaxBodyMemory, 4L * Math.Max(options.MaxBodyBytes, 1 << 16)));
        places = new Places(options.MaxConcurrency, options.MaxQueue);
        if (options.CallsPerSecond is > 0 and int calls)
            rates = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => new()
            {
                TokenLimit = 2 * calls, TokensPerPeriod = calls, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0,
            }));
    }

    /// <summary>What the bodies of calls take.</summary>
    public BodySpace Space { get; }

    /// <summary>Who calls, for the audit log.</summary>
    public static string CallerOf(HttpContext context) => context.Items[CallerKey] as string ?? "anonymous";

    /// <summary>Wraps an endpoint.</summary>
    /// <param name="scope">What a key needs for it; none for everybody.</param>
    /// <param name="endpoint">Does the work.</param>
    /// <param name="page">
    /// True for a page: a browser may then ask its user for the key (HTTP Basic, any name, the key as password). Not so for the
    /// other addresses, because a browser sends along what it once asked for, also for other sites' forms.
    /// </param>
    public RequestDelegate Around(KeyScope scope, RequestDelegate endpoint, bool page = false) => async context =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        try
        {
            if (scope != KeyScope.None) Admit(context, scope, page);
            await endpoint(context).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            if (refused.Status == StatusCodes.Status429TooManyRequests) headers.RetryAfter = ProblemAnswer.RetryAfter;
            if (refused.Status == StatusCodes.Status401Unauthorized) headers.WWWAuthenticate = page ? "Basic realm=\"tilth\", charset=\"UTF-8\"" : "Bearer";
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

    /// <summary>Whether a call would get no place now; to be asked before anything is done for it.</summary>
    public bool IsFull => places.IsFull;

    /// <summary>A place among the calls that are worked on at once; null if all are taken, and all seats of the queue.</summary>
    public ValueTask<Places.Place?> Enter(CancellationToken stop) => places.Enter(stop);

    public void Dispose() => rates?.Dispose();

    void Admit(HttpContext context, KeyScope scope, bool page)
    {
        string caller = keys is not null ? ByKey(context, scope, page) : ByHost(context, scope);
        if (caller.Length > 0) context.Items[CallerKey] = caller;
        if (rates is null) return;
        using var lease = rates.AttemptAcquire(caller.Length > 0 ? caller : $"address {context.Connection.RemoteIpAddress}");
        if (!lease.IsAcquired) throw new RefusedException(StatusCodes.Status429TooManyRequests, "rate", "this caller has made as many calls as it may in a second; try again in a second");
    }

    string ByKey(HttpContext context, KeyScope scope, bool page)
    {
        if (keys!.Find(Presented(context.Request.Headers, page)) is not var (name, granted))
            throw new RefusedException(StatusCodes.Status401Unauthorized, "key", "a valid key is needed in the header X-Api-Key, or in Authorization as a bearer token");
        return (granted & scope) == scope ? name
            : throw new RefusedException(StatusCodes.Status403Forbidden, "key-scope", string.Create(CultureInfo.InvariantCulture, $"the key '{name}' lacks the scope {scope.ToString().ToLowerInvariant()}"));
    }

    string ByHost(HttpContext context, KeyScope scope)
    {
        var identity = context.User.Identity;
        bool known = identity is { IsAuthenticated: true };
        if ((scope & (KeyScope.Write | KeyScope.Promote)) != 0 && !known && !openChanges)
            throw new RefusedException(StatusCodes.Status403Forbidden, "changes-closed", "without keys or a signed-in user nobody may change which package answers");
        return known ? identity!.Name ?? "user" : "";
    }

    static ReadOnlySpan<char> Presented(IHeaderDictionary headers, bool page)
    {
        const string bearer = "Bearer ", basic = "Basic ";
        if (headers.TryGetValue("X-Api-Key", out var key)) return key.Count == 1 ? key[0] : null;
        string? authorization = headers.Authorization;
        if (authorization is null) return default;
        if (authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)) return authorization.AsSpan(bearer.Length).Trim();
        return page && authorization.Length < 1024 && authorization.StartsWith(basic, StringComparison.OrdinalIgnoreCase) ? PasswordIn(authorization[basic.Length..]) : default;
    }

    /// <summary>The password of "name:password" in base 64, or nothing.</summary>
    static string? PasswordIn(string credentials)
    {
        Span<byte> bytes = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(credentials, bytes, out int length)) return null;
        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.IndexOf(':');
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
