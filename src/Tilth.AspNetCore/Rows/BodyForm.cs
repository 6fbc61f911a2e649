namespace Tilth.AspNetCore.Rows;

/// <summary>How the rows of a body are written.</summary>
internal enum BodyForm
{
    /// <summary>An object (one row), a list of objects, or {"columns": {"age": [1, 2]}}.</summary>
    Json,
    /// <summary>CSV with a header line.</summary>
    Csv,
    /// <summary>One JSON object a line; answered line by line.</summary>
    Lines,
}
