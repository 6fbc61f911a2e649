namespace Tilth.Prepare;

/// <summary>
/// Proves that a program of steps is sound before it runs: every register lies inside the layout, is written exactly once,
/// and is read only after that. It also carries what the written values are bounded by (levels of codes, width of sparse
/// rows), so that no later index can leave its array. Packages from strangers pass through here.
/// </summary>
internal sealed class RegisterCheck(FrameLayout layout)
{
    readonly bool[] numbers = new bool[layout.Numbers], texts = new bool[layout.Texts];
    readonly int[] levels = new int[layout.Codes];
    readonly int[] widths = new int[layout.SparseSegments];

    public void ReadNumber(int register) => Require(register, numbers.Length, "number", reading: true, Has(numbers, register));

    /// <summary>The codes lie below the answer; int.MaxValue if nothing is known of them.</summary>
    public int ReadCode(int register)
    {
        Require(register, levels.Length, "code", reading: true, (uint)register < (uint)levels.Length && levels[register] > 0);
        return levels[register];
    }

    public void ReadText(int register) => Require(register, texts.Length, "text", reading: true, Has(texts, register));

    /// <summary>The columns of the segment lie below the answer.</summary>
    public int ReadSparse(int segment)
    {
        Require(segment, widths.Length, "sparse", reading: true, (uint)segment < (uint)widths.Length && widths[segment] > 0);
        return widths[segment];
    }

    public void WriteNumbers(int first, int count = 1)
    {
        for (int register = first; register < (long)first + count; register++)
        {
            Require(register, numbers.Length, "number", reading: false, Has(numbers, register));
            numbers[register] = true;
        }
    }

    public void WriteCode(int register, int levelCount)
    {
        Require(register, levels.Length, "code", reading: false, (uint)register < (uint)levels.Length && levels[register] > 0);
        levels[register] = levelCount;
    }

    public void WriteText(int register)
    {
        Require(register, texts.Length, "text", reading: false, Has(texts, register));
        texts[register] = true;
    }

    public void WriteSparse(int segment, int width)
    {
        Require(segment, widths.Length, "sparse", reading: false, (uint)segment < (uint)widths.Length && widths[segment] > 0);
        widths[segment] = width;
    }

    /// <summary>A layout holds no register that nothing writes; so a small package cannot claim much memory.</summary>
    public void RequireAllWritten()
    {
        if (numbers.Contains(false) || texts.Contains(false) || levels.Contains(0) || widths.Contains(0))
            throw Broken("its layout has registers that no step writes");
    }

    public static PackageFormatException Broken(string what)
        => new("preparation", $"the package's preparation is damaged: {what}");

    static bool Has(bool[] written, int register) => (uint)register < (uint)written.Length && written[register];

    static void Require(int register, int count, string bank, bool reading, bool written)
    {
        if ((uint)register >= (uint)count) throw Broken($"{bank} register {register} lies outside its {count} registers");
        if (reading && !written) throw Broken($"{bank} register {register} is read before it is written");
        if (!reading && written) throw Broken($"{bank} register {register} is written twice");
    }
}
