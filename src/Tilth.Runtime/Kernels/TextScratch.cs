namespace Tilth.Kernels;

/// <summary>Working memory of the text kernels: grows to the longest text seen and is used again. One thread at a time.</summary>
internal sealed class TextScratch
{
    /// <summary>Folded code points.</summary>
    public int[] Points = new int[256];

    /// <summary>The code points of words between single blanks.</summary>
    public int[] Words = new int[256];

    /// <summary>Hashes of the terms found, in the order of the text, repeated where the text repeats them.</summary>
    public ulong[] Terms = new ulong[256];

    /// <summary>Where each term begins and ends among the code points; only words fill it.</summary>
    public (int Start, int End)[] Places = new (int, int)[256];

    /// <summary>Columns of the terms, for sorting.</summary>
    public int[] Columns = new int[256];

    /// <summary>Makes an array at least <paramref name="size"/> long, keeping its content.</summary>
    public static void Reserve<T>(ref T[] array, int size)
    {
        if (array.Length < size) Array.Resize(ref array, Math.Max(size, (int)Math.Min(Array.MaxLength, array.Length * 2L)));
    }
}
