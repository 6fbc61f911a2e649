namespace Tilth.Data;

/// <summary>How a column's values are stored. What they mean is the schema's business.</summary>
public enum ColumnKind
{
    /// <summary>64-bit floating point; NaN is missing.</summary>
    Number,
    /// <summary>Codes into a set of levels; -1 is missing.</summary>
    Category,
    /// <summary>Free text, UTF-8.</summary>
    Text,
    /// <summary>Ticks of 100 ns since 0001-01-01, without a time zone.</summary>
    DateTime,
    /// <summary>True, false or missing.</summary>
    Boolean,
}
