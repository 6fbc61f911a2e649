namespace Tilth.AspNetCore.Security;

/// <summary>What a key lets its holder do.</summary>
[Flags]
internal enum KeyScope
{
    None = 0,
    /// <summary>Send rows and truths.</summary>
    Predict = 1,
    /// <summary>See schemas, versions, drift and metrics.</summary>
    Read = 2,
    /// <summary>Send packages that do not answer yet: canary and shadow.</summary>
    Write = 4,
    /// <summary>Decide which package answers.</summary>
    Promote = 8,
    /// <summary>All of it.</summary>
    Admin = Predict | Read | Write | Promote,
}
