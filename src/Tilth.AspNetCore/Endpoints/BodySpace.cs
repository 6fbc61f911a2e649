using Microsoft.AspNetCore.Http;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>Memory that the bodies of all calls under way share. Thread-safe.</summary>
/// <param name="most">Bytes.</param>
internal sealed class BodySpace(long most)
{
    long taken;

    /// <exception cref="RefusedException">There is not as much left.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= most) return;
        Give(bytes);
        throw new RefusedException(StatusCodes.Status429TooManyRequests, "overload", "the calls under way take as much memory as they may; try again in a second");
    }

    public void Give(int bytes) => Interlocked.Add(ref taken, -bytes);
}
