using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>A request's whole body in a pooled array: limited in bytes and in time.</summary>
internal struct RequestBody : IDisposable
{
    const int FirstBytes = 1 << 16;

    readonly BodySpace? space;
    byte[] bytes = [];

    RequestBody(BodySpace? space, int bytes)
    {
        this.space = space;
        Rent(bytes);
    }

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <param name="context">Whose body.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="timeout">Within which it must have come.</param>
    /// <param name="space">Is taken from until disposal; null to take as much as the body has.</param>
    /// <exception cref="RefusedException">The body is too large, arrives too slowly, or there is no memory left for it.</exception>
    public static async ValueTask<RequestBody> Read(HttpContext context, int most, TimeSpan timeout, BodySpace? space)
    {
        if (context.Request.ContentLength > most) throw TooLarge(most);
        var body = new RequestBody(space, (int)Math.Min(FirstBytes, context.Request.ContentLength ?? FirstBytes));
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
        if (bytes.Length > 0) Return(bytes);
        bytes = [];
    }

    void Rent(int length)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            space?.Take(rented.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
        bytes = rented;
    }

    readonly void Return(byte[] array)
    {
        space?.Give(array.Length);
        ArrayPool<byte>.Shared.Return(array);
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
            byte[] smaller = bytes;
            Rent((int)Math.Min(most, Math.Max(length, 2L * bytes.Length)));
            smaller.AsSpan(0, Length).CopyTo(bytes);
            Return(smaller);
        }
        part.CopyTo(bytes.AsSpan(Length));
        Length = (int)length;
    }

    static RefusedException TooLarge(int most)
        => new(StatusCodes.Status413PayloadTooLarge, "body-size", $"the body has more than the {most} bytes that one call may send");
}
