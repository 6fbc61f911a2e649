using System.Text;

namespace Tilth.Data.Sources;

/// <summary>How a file lays out its rows.</summary>
public enum SourceFormat
{
    /// <summary>Lines of cells between delimiters (CSV, TSV).</summary>
    Delimited,
    /// <summary>JSON objects, one after the other (JSON lines) or in one array.</summary>
    Json,
}

/// <summary>How files are read; what is null is found by looking.</summary>
public sealed record ReadOptions
{
    /// <summary>Delimited text or JSON; null: by the extension, else by looking.</summary>
    public SourceFormat? Format { get; init; }

    /// <summary>The character between cells: an ASCII character, usually one of , ; | and tab.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The ASCII character around cells that hold delimiters or line ends.</summary>
    public char? Quote { get; init; }

    /// <summary>True where numbers are written "1,5".</summary>
    public bool? DecimalComma { get; init; }

    /// <summary>Whether the first row holds the names of the columns.</summary>
    public bool? Header { get; init; }

    /// <summary>The encoding; null: UTF-8 or UTF-16, and bytes that are not UTF-8 are read as Windows-1252.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Rows that a chunk of a stream aims at.</summary>
    public int ChunkRows { get; init; } = 65_536;

    /// <summary>Bytes that one thread parses at a time.</summary>
    internal int BlockBytes { get; init; } = 256 * 1024;
}
