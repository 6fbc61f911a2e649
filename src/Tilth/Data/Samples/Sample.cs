namespace Tilth.Data.Samples;

/// <summary>A made table whose true law is known.</summary>
/// <param name="Table">As a source would give it: messy texts, missing markers, an identifier.</param>
/// <param name="Target">The column to foresee.</param>
/// <param name="TrueScore">
/// For each row what a perfect model would say: the probability of the positive class, or the expected value. For a
/// target of three or more classes the probability of each class, row after row.
/// </param>
public sealed record Sample(Table Table, string Target, double[] TrueScore);

/// <summary>A generator of samples: the same rows and seed give the same table on every machine.</summary>
/// <param name="Name">Short, for the command line.</param>
/// <param name="Title">What the table is about, one sentence.</param>
/// <param name="Target">The column to foresee.</param>
/// <param name="Make">Makes a sample of so many rows from a seed.</param>
public sealed record SampleSource(string Name, string Title, string Target, Func<int, ulong, Sample> Make);

/// <summary>Every sample that can be made without any file.</summary>
public static class SampleCatalog
{
    /// <summary>Rows of a sample unless asked otherwise.</summary>
    public const int DefaultRows = 5000;

    /// <summary>One line each.</summary>
    public static IReadOnlyList<SampleSource> All { get; } =
    [
        new("customers", "Customers of a phone company: who leaves within three months?", "churned", Customers.Make),
        new("patients", "Visits to an emergency ward: which of three diagnoses is it?", "diagnosis", Patients.Make),
        new("houses", "Houses sold over four years: at what price?", "price", Houses.Make),
    ];

    /// <summary>Makes a sample by name.</summary>
    /// <exception cref="SourceException">There is no such sample.</exception>
    public static Sample Make(string name, int rows = DefaultRows, ulong seed = 1)
    {
        var source = All.FirstOrDefault(source => source.Name == name)
            ?? throw new SourceException("sample-unknown", $"no sample '{name}'; there are {Spelling.List(All.Select(source => source.Name))}");
        if (rows is < 1 or > 10_000_000) throw new SourceException("sample-rows", $"a sample has 1 to 10,000,000 rows, but {rows} were asked for");
        return source.Make(rows, seed);
    }
}
