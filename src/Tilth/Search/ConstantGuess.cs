using Tilth.Data;
using Tilth.Evaluation;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Models;
using Tilth.Models.Linear;
using Tilth.Models.Nodes;
using Tilth.Prepare;

namespace Tilth.Search;

/// <summary>What there is before the first trial ends: the same guess for every row, the mean or the class shares.</summary>
internal static class ConstantGuess
{
    const int MostRows = 100, MostScored = 1000;

    /// <summary>The guess from the named rows, scored on some of them: it must not take long.</summary>
    public static SearchOutcome Of(TrainingTable data, int[] rows, FitContext context)
    {
        double[] guess = TrivialBaseline.From(data.Target, rows, data.WeightsOf(rows));
        int[] scored = [.. Enumerable.Range(0, Math.Min(rows.Length, MostScored)).Select(i => rows[(int)((long)i * rows.Length / Math.Min(rows.Length, MostScored))])];
        var outOfFold = new double[scored.Length * guess.Length];
        for (int i = 0; i < outOfFold.Length; i++) outOfFold[i] = guess[i % guess.Length];
        return new(NodeOf(data, rows, guess, context with { Progress = null }), new OutOfFold(scored, outOfFold, [], guess), null, 0,
            [new("search", "the same guess for every row", "no trial had ended; more time gives a model")]);
    }

    /// <summary>A linear model without weights; it reads one column, as every model reads something.</summary>
    static Pipeline NodeOf(TrainingTable data, int[] rows, double[] guess, FitContext context)
    {
        var read = data.Schema.Features.OrderBy(column => column.Kind is ColumnKind.Text or ColumnKind.Category).First();
        var schema = data.Schema with { Columns = [.. data.Schema.Columns.Select(column => column == read || column.Role == ColumnRole.Target ? column : column with { Role = ColumnRole.Ignored })] };
        int[] few = [.. rows.Take(MostRows)];
        var preparation = PreparationPlan.For(schema, LearnerCatalog.Find("linear").Default.Needs)
            .Fit(data.Table.Take(few), data.Target.Take(few), [.. Enumerable.Range(0, few.Length)], context).Preparation;
        var shape = LinearShape.Of(preparation.Map);
        double Safe(double share) => Elementary.Log(Math.Max(share, 1e-12));
        var (link, intercepts) = data.Target.Task switch
        {
            TaskKind.Binary => (Link.Logistic, (double[])[Safe(guess[0]) - Safe(1 - guess[0])]),
            TaskKind.Multiclass => (Link.Softmax, Array.ConvertAll(guess, Safe)),
            _ => (Link.Identity, guess),
        };
        return new(preparation, new LinearModel(shape, new double[shape.Columns * guess.Length], intercepts, new double[shape.Columns], link));
    }
}
