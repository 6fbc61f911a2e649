using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Answers that a call cannot be served, as RFC 9457 problem details that list every problem at once.</summary>
internal static class ProblemAnswer
{
    /// <summary>Seconds after which a call that met a full server may come again.</summary>
    public const string RetryAfter = "1";

    static readonly JsonEncodedText Problems = JsonEncodedText.Encode("problems");

    static readonly byte[] overload = Text(StatusCodes.Status429TooManyRequests, [Overload.Problem]).ToArray();

    /// <summary>All places are taken, and all seats of the queue.</summary>
    public static RefusedException Overload => new(StatusCodes.Status429TooManyRequests, "overload", "the server works on as many calls as it may at once; try again in a second");

    /// <summary>
    /// Answers that all places are taken: without an exception and with a text made once, because a server that has too much to
    /// do says this more often than anything else.
    /// </summary>
    public static async ValueTask<int> WriteOverload(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        await Write(context, StatusCodes.Status429TooManyRequests, overload).ConfigureAwait(false);
        return StatusCodes.Status429TooManyRequests;
    }

    public static Task Write(HttpContext context, int status, string code, string message)
        => Write(context, status, [new Problem(code, message)]);

    public static async Task Write(HttpContext context, int status, IReadOnlyList<Problem> problems)
    {
        if (!context.Response.HasStarted) await Write(context, status, Text(status, problems)).ConfigureAwait(false);
    }

    static async Task Write(HttpContext context, int status, ReadOnlyMemory<byte> text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    static ReadOnlyMemory<byte> Text(int status, IReadOnlyList<Problem> problems)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, ReadableJson.Options);
        json.WriteStartObject();
        json.WriteString("title", Title(status));
        json.WriteNumber("status", status);
        json.WriteString("detail", problems.Count == 1 ? problems[0].Message : $"{problems.Count} things are wrong; the first: {problems[0].Message}");
        AnswerWriter.Write(json, Problems, problems);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    static string Title(int status) => status switch
    {
        400 => "The request cannot be used",
        401 => "No valid key",
        403 => "The key may not do this",
        404 => "There is nothing of that name",
        408 => "The body arrived too slowly",
        409 => "Not as things are",
        413 => "The request is too large",
        415 => "The content type is none that is read",
        429 => "Too many requests",
        503 => "Not ready, or out of time",
        _ => "The request failed",
    };
}

/// <summary>Ends a call with a problem.</summary>
internal sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public Problem Problem { get; } = new(code, message);
}
