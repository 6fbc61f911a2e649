using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Rows;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Answers with one JSON document.</summary>
internal static class JsonAnswer
{
    public static async Task Write(HttpContext context, Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, ReadableJson.Options)) write(json);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
