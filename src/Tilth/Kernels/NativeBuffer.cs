using System.Runtime.InteropServices;

namespace Tilth.Kernels;

/// <summary>Memory outside the collected heap, zeroed and aligned to a cache line; freed by Dispose or with the object.</summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    const nuint Line = 64, HugePage = 2 << 20;
    byte* pointer;

    /// <summary>Takes <paramref name="length"/> zero bytes (and a cache line more, so that a wide load may pass the end).</summary>
    public NativeBuffer(long length)
    {
        Length = length;
        nuint size = (nuint)length + Line;
        bool huge = OperatingSystem.IsLinux() && size >= 2 * HugePage;
        pointer = (byte*)NativeMemory.AlignedAlloc(size, huge ? HugePage : Line);
        if (huge) AdviseHugePages(pointer, size / HugePage * HugePage);
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

    /// <summary>Rows that are read in any order miss the table of 4 KB pages more often than the cache. Advice only: a no is no error.</summary>
    static void AdviseHugePages(byte* start, nuint length)
    {
        try { _ = Advise(start, length, AdviceHugePage); }
        catch (Exception fault) when (fault is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system whose C library has another name goes without.
        }
    }

    const int AdviceHugePage = 14;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);

    void Free()
    {
        if (pointer is null) return;
        NativeMemory.AlignedFree(pointer);
        pointer = null;
        GC.RemoveMemoryPressure(Length + (long)Line);
    }
}
