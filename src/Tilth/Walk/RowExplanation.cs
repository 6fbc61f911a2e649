using Tilth.Data;
using Tilth.Explanation;
using Tilth.Models;
using Tilth.Packaging;

namespace Tilth.Walk;

/// <summary>How a prediction is parted among the columns; both ask what happens where a column is not known and takes its value from other rows.</summary>
public enum ExplainMethod
{
    /// <summary>Any model, on the calibrated prediction: exact up to nine columns, else drawn orders with a stated error.</summary>
    Permutation,

    /// <summary>Trees alone, on their raw score (log odds for classes): interventional TreeSHAP, exact for any number of columns.</summary>
    Interventional,
}

/// <summary>What is asked of an explanation of rows.</summary>
public sealed record ExplainRequest
{
    /// <summary>Rows that stand for "not known"; null to make some up from the package's profile.</summary>
    public Table? Background { get; init; }

    /// <summary>How the prediction is parted.</summary>
    public ExplainMethod Method { get; init; }

    /// <summary>Also say what would have to be different for another decision.</summary>
    public bool Counterfactual { get; init; }

    /// <summary>Columns that may be different; empty for every feature.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>For numbers: what the prediction should reach; for classes null, as the decision should change.</summary>
    public double? Goal { get; init; }

    /// <summary>Pairs of orders of the columns that are drawn, at least 2: more make the stated errors smaller.</summary>
    public int Orders { get; init; } = 25;

    /// <summary>Decides the orders and made-up rows.</summary>
    public ulong Seed { get; init; }
}

/// <summary>Why a package predicts what it predicts for one row; any package, whatever its models.</summary>
/// <param name="Output">The output that is explained: the positive class, the decided one of several, or 0.</param>
/// <param name="Parts">How far each column moved the calibrated prediction, or the raw score, away from the mean of the background, with its error.</param>
/// <param name="Values">What the row holds in each column, as text; null where it is missing.</param>
/// <param name="Alternatives">What would have to be different, the smallest changes first; empty if nobody asked, or nothing is enough.</param>
/// <param name="Target">What the prediction would have to reach (or, for a decision that should fall, stay below); NaN if nobody asked.</param>
public sealed record RowExplanation(int Output, ShapleySample Parts, IReadOnlyList<string?> Values, IReadOnlyList<Counterfactual> Alternatives, double Target)
{
    const int BackgroundRows = 50, TreeBackgroundRows = 100, GridValues = 15;

    /// <summary>The calibrated prediction.</summary>
    public double Stated { get; init; } = Parts.Prediction;

    /// <summary>The scale of <see cref="Parts"/>: "probability" or "value"; of raw scores "log odds", "logarithm" or again "value".</summary>
    public string Scale { get; init; } = "value";

    /// <summary>True if the parts are of the prediction itself and not of a raw score behind it.</summary>
    public bool IsDirect { get; init; } = true;

    /// <summary>Explains rows, one after the other.</summary>
    /// <param name="package">Predicts.</param>
    /// <param name="rows">Any table that has the feature columns.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="warnings">Gets what counts as missing because it is unseen or unreadable.</param>
    /// <exception cref="SchemaException">A column is missing, or none of that name may be different.</exception>
    /// <exception cref="PackageFormatException">The package carries no profile, and no background was given.</exception>
    public static IEnumerable<RowExplanation> Of(ModelPackage package, Table rows, ExplainRequest request, ICollection<Problem> warnings)
    {
        var conformed = package.Schema.Conform(rows, warnings);
        string[] columns = [.. package.Node.SourceColumns];
        bool trees = request.Method == ExplainMethod.Interventional;
        int most = trees ? TreeBackgroundRows : BackgroundRows;
        var background = request.Background is { } given ? Sample(package.Schema.Conform(given, warnings), most, request.Seed) : MadeUpRows.Of(package, most, request.Seed);
        if (background.RowCount == 0) throw new SourceException("background-empty", "the background has no row");
        var raw = trees ? new TreeExplanation(package.Node, background) : null;
        ColumnGrid[] grids = request.Counterfactual ? [.. Allowed(package, request.Allow, columns).Select(name => GridOf(package, background, name)).OfType<ColumnGrid>()] : [];
        foreach (string name in request.Allow) if (request.Counterfactual && !columns.Contains(name)) throw Unknown(name, columns);
        return Explained();

        IEnumerable<RowExplanation> Explained()
        {
            for (int i = 0; i < conformed.RowCount; i++)
            {
                var row = conformed.Take([i]);
                int output = DecidedOutput(package, row);
                var predict = PackagePredictor.Of(package, output);
                var parts = raw?.Explain(row, output) ?? ShapleySample.Of(predict, row, background, columns, request.Orders, request.Seed);
                double stated = raw is null ? parts.Prediction : predict(row)[0];
                var (above, goal) = GoalOf(package, stated, request.Goal);
                IReadOnlyList<Counterfactual> alternatives = !request.Counterfactual || double.IsNaN(goal) ? [] : Explanation.Counterfactual.Of(predict, row, grids, above, goal);
                yield return new(output, parts, [.. parts.Columns.Select(name => ValueOf(row, name))], alternatives, request.Counterfactual ? goal : double.NaN)
                {
                    Stated = stated, IsDirect = raw is null, Scale = ScaleOf(package, raw),
                };
            }
        }
    }

    static string ScaleOf(ModelPackage package, TreeExplanation? raw) => raw is null ? package.Target.Task == TaskKind.Regression ? "value" : "probability"
        : raw.Scale switch { Link.Identity => package.Target.Task == TaskKind.Regression ? "value" : "score", Link.Exponential => "logarithm", _ => "log odds" };

    /// <summary>What the row holds; of columns that are only read together all that is there.</summary>
    static string? ValueOf(Table row, string name) => row.Find(name) is { } column ? column.Format(0)
        : string.Join(" + ", name.Split(" + ").Select(part => row.Find(part)?.Format(0) ?? "missing"));

    static int DecidedOutput(ModelPackage package, Table row)
    {
        if (package.Target.OutputCount == 1) return 0;
        double[] predictions = package.Node.Predict(row);
        package.Head.Calibrate(predictions, package.Target.OutputCount);
        return package.Head.Rule.Decide(predictions);
    }

    /// <summary>Where the decision changes: at the threshold, or for several classes at half the probability of the decided one.</summary>
    static (bool Above, double Goal) GoalOf(ModelPackage package, double prediction, double? asked) => package.Target.Task switch
    {
        TaskKind.Binary when asked is null => (prediction < package.Head.Rule.Threshold, package.Head.Rule.Threshold),
        TaskKind.Multiclass when asked is null => (false, prediction / 2),
        _ => asked is { } goal ? (prediction < goal, goal) : (false, double.NaN),
    };

    static Table Sample(Table table, int most, ulong seed)
    {
        if (table.RowCount <= most) return table;
        int[] rows = [.. new Kernels.RandomSource(seed).Choose(table.RowCount, most)];
        Array.Sort(rows);
        return table.Take(rows);
    }

    static IEnumerable<string> Allowed(ModelPackage package, IReadOnlyList<string> allow, string[] columns)
        => allow.Count > 0 ? allow.Where(columns.Contains) : columns.Where(name => package.Schema.Find(name)?.Kind != ColumnKind.Text);

    /// <summary>Values between the ends of training, and the levels that keep their names.</summary>
    static ColumnGrid? GridOf(ModelPackage package, Table background, string name)
    {
        var schema = package.Schema.Find(name)!;
        var known = package.Profile?.Columns.FirstOrDefault(column => column.Name == name);
        if (known is null) return ColumnGrid.Of(background[name], GridValues);
        if (known.Quantiles.Count > 0 && schema.Kind != ColumnKind.Text) return ColumnGrid.Of(MadeUpRows.Make(schema, [.. known.Quantiles]), GridValues);
        double[] levels = [.. Enumerable.Range(0, known.LevelShares.Count).Where(level => known.LevelShares[level] > 0 && (schema.Kind == ColumnKind.Boolean || schema.Levels.HasName(level))).Select(level => (double)level)];
        return levels.Length == 0 ? null : ColumnGrid.Of(MadeUpRows.Make(schema, levels), GridValues);
    }

    static SchemaException Unknown(string name, string[] columns) => new("allow-unknown", Spelling.Nearest(name, columns) is { } nearest
        ? $"the model looks at no column '{name}'; did you mean '{nearest}'?" : $"the model looks at no column '{name}'; it looks at {Spelling.List(columns)}");
}
