using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>A request's whole body in a pooled array: limited in bytes and in time.</summary>
internal struct RequestBody : IDisposable
{
    byte[] bytes;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <exception cref="RefusedException">The body is too large, or arrives too slowly.</exception>
    public static async ValueTask<RequestBody> Read(HttpContext context, int most, TimeSpan timeout)
    {
        if (context.Request.ContentLength > most) throw TooLarge(most);
        var body = new RequestBody { bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, context.Request.ContentLength ?? 4096)) };
        CancellationTokenSource? limit = null;
        try
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                if (!reader.TryRead(out ReadResult result))
                {
                    limit ??= Limit(context, timeout);
                    result = await reader.ReadAsync(limit.Token).ConfigureAwait(false);
                }
                body.Append(result.Buffer, most);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return body;
            }
        }
        catch (OperationCanceledException) when (limit is { IsCancellationRequested: true } && !context.RequestAborted.IsCancellationRequested)
        {
            body.Dispose();
            throw new RefusedException(StatusCodes.Status408RequestTimeout, "body-slow", $"the body did not arrive within {timeout.TotalSeconds:0.###} seconds");
        }
        catch
        {
            body.Dispose();
            throw;
        }
        finally
        {
            limit?.Dispose();
        }
    }

    public void Dispose()
    {
        if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        bytes = null!;
    }

    static CancellationTokenSource Limit(HttpContext context, TimeSpan timeout)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(timeout);
        return limit;
    }

    void Append(ReadOnlySequence<byte> part, int most)
    {
        long length = Length + part.Length;
        if (length > most) throw TooLarge(most);
        if (length > bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, Math.Max(length, 2L * bytes.Length)));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
        part.CopyTo(bytes.AsSpan(Length));
        Length = (int)length;
    }

    static RefusedException TooLarge(int most)
        => new(StatusCodes.Status413PayloadTooLarge, "body-size", $"the body has more than the {most} bytes that one call may send");
}
