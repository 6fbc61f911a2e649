namespace Tilth;

/// <summary>Something from outside is not as it must be. Carries every <see cref="Problem"/> that was found.</summary>
public abstract class TilthException : Exception
{
    private protected TilthException(IReadOnlyList<Problem> problems, Exception? inner = null)
        : base(string.Join(Environment.NewLine, problems.Select(p => p.Message)), inner) => Problems = problems;

    private protected TilthException(string code, string message, Exception? inner = null)
        : this([new Problem(code, message)], inner) { }

    /// <summary>At least one.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}

/// <summary>A file, stream or query could not be read as a table.</summary>
public sealed class SourceException : TilthException
{
    /// <summary>One problem.</summary>
    public SourceException(string code, string message, Exception? inner = null) : base(code, message, inner) { }

    /// <summary>Several problems.</summary>
    public SourceException(IReadOnlyList<Problem> problems) : base(problems) { }
}

/// <summary>A table does not fit what is asked of it: a column is missing, has the wrong type, or has unusable values.</summary>
public sealed class SchemaException : TilthException
{
    /// <summary>One problem.</summary>
    public SchemaException(string code, string message, Exception? inner = null) : base(code, message, inner) { }

    /// <summary>Several problems.</summary>
    public SchemaException(IReadOnlyList<Problem> problems) : base(problems) { }
}

/// <summary>A package is corrupt, truncated, too large, or of a kind that this version does not know.</summary>
public sealed class PackageFormatException : TilthException
{
    /// <summary>One problem.</summary>
    public PackageFormatException(string code, string message, Exception? inner = null) : base(code, message, inner) { }
}

/// <summary>Nothing can be learned as asked: a single-class target, no rows, a hyperparameter out of range.</summary>
public sealed class LearningException : TilthException
{
    /// <summary>One problem.</summary>
    public LearningException(string code, string message, Exception? inner = null) : base(code, message, inner) { }

    /// <summary>Several problems.</summary>
    public LearningException(IReadOnlyList<Problem> problems) : base(problems) { }
}
