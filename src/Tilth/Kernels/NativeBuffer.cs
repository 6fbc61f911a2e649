using System.Runtime.InteropServices;

namespace Tilth.Kernels;

/// <summary>Memory outside the collected heap, zeroed and aligned to a cache line; freed by Dispose or with the object.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    const nuint Line = 64;
    byte* pointer;

    /// <summary>Takes <paramref name="length"/> zero bytes (and a cache line more, so that a wide load may pass the end).</summary>
    public NativeBuffer(long length)
    {
        Length = length;
        nuint size = (nuint)length + Line;
        pointer = (byte*)NativeMemory.AlignedAlloc(size, Line);
        NativeMemory.Clear(pointer, size);
        GC.AddMemoryPressure((long)size);
    }

    /// <summary>Bytes that were asked for.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer => pointer;

    ~NativeBuffer() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (pointer is null) return;
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        GC.RemoveMemoryPressure(Length + (long)Line);
    }
}
