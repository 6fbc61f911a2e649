using Tilth.Data;

namespace Tilth.Cli.Commands;

/// <summary>Schema files that people edit.</summary>
static class SchemaFiles
{
    /// <exception cref="SourceException">There is no such file.</exception>
    /// <exception cref="SchemaException">It is not a schema.</exception>
    public static Schema Read(string path)
    {
        if (!File.Exists(path)) throw new SourceException("file-missing", $"there is no file '{path}'");
        try
        {
            return SchemaJson.Read(File.ReadAllBytes(path));
        }
        catch (SchemaException exception)
        {
            throw new SchemaException([.. exception.Problems.Select(problem => problem with { Message = $"'{path}': {problem.Message}" })]);
        }
    }
}
