using Tilth.Data;
using Tilth.Explanation;
using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;

namespace Tilth.Walk;

/// <summary>How much a source column moves the score: the mean over rows of the size of its attributions.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Share">Its part of all columns' importance; they sum to 1.</param>
public sealed record ColumnImportance(string Column, double Share);

/// <summary>Importance of source columns for a tree of nodes.</summary>
internal static class SourceImportance
{
    const int SampleRows = 400, FewestRows = 8, MostDrawnColumns = 60, BackgroundRows = 10, FewestDrawnRows = 5, MostDrawnRows = 40;
    const long BlendedLeafVisits = 1_000_000, LeafVisits = 8_000_000;

    /// <summary>A leaf's path costs about as much as so many outputs of it.</summary>
    const int OutputsOfPath = 8;

    static readonly TimeSpan DrawnBudget = TimeSpan.FromSeconds(0.5);

    /// <summary>The most important first; empty if nothing moves it, or there are too many columns to find out.</summary>
    public static IReadOnlyList<ColumnImportance> Of(Node node, TrainingTable data, FitContext context)
    {
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        if (rows.Length > SampleRows)
        {
            new RandomSource(context.Seed).Shuffle<int>(rows);
            rows = [.. rows.Take(SampleRows).Order()];
        }
        var sample = data.Table.Take(rows);
        (Pipeline Pipeline, double Share)[] explained = node is Blend blend ? OfBlend(blend) : [.. node.Pipelines.Where(CanExplain).Select(pipeline => (pipeline, 0.0))];
        if (explained.Length == 0) return Drawn(node, sample, data, context);
        var each = new Dictionary<string, double>[explained.Length];
        context.Workers.For(explained.Length, i => each[i] = Scaled(Of(explained[i].Pipeline, Fewer(sample, explained[i].Pipeline, node is Blend ? BlendedLeafVisits : LeafVisits / explained.Length)), explained[i].Share));
        var total = data.Schema.Features.ToDictionary(column => column.Name, _ => 0.0);
        foreach (var (column, size) in each.SelectMany(sizes => sizes)) total[column] += size;
        double all = total.Values.Sum();
        return all == 0 ? [] : [.. total.Select(entry => new ColumnImportance(entry.Key, entry.Value / all)).OrderByDescending(c => c.Share).ThenBy(c => c.Column, StringComparer.Ordinal)];
    }

    /// <summary>For models without attributions of their own: Shapley values of a few rows by sampling, of the positive or most frequent class.</summary>
    static IReadOnlyList<ColumnImportance> Drawn(Node node, Data.Table sample, TrainingTable data, FitContext context)
    {
        string[] columns = [.. node.SourceColumns];
        if (columns.Length is 0 or > MostDrawnColumns) return [];
        int output = ExplanationStep.ShownOutput(data.Target), sets = columns.Length < 10 ? 1 << columns.Length : 4 * columns.Length;
        int rows = Math.Clamp(PredictionWork.RowsIn(DrawnBudget, node) / (sets * BackgroundRows), FewestDrawnRows, MostDrawnRows);
        var background = sample.Take([.. Enumerable.Range(0, Math.Min(BackgroundRows, sample.RowCount))]);
        double[] Predict(Data.Table table)
        {
            double[] predictions = node.Predict(table);
            return [.. Enumerable.Range(0, table.RowCount).Select(row => predictions[row * node.OutputCount + output])];
        }

        var parts = new double[Math.Min(rows, sample.RowCount)][];
        context.Workers.For(parts.Length, i => parts[i] = ShapleySample.Of(Predict, sample.Take([(int)((long)i * sample.RowCount / parts.Length)]), background, columns, 2, context.Seed).Values);
        double[] sizes = [.. columns.Select((_, c) => parts.Sum(values => Math.Abs(values[c])))];
        double all = sizes.Sum();
        return all == 0 ? [] : [.. columns.Select((column, c) => new ColumnImportance(column, sizes[c] / all)).OrderByDescending(c => c.Share).ThenBy(c => c.Column, StringComparer.Ordinal)];
    }

    /// <summary>One fold model of each child stands for it, as the folds differ little; a child counts by its share in the blend.</summary>
    static (Pipeline, double)[] OfBlend(Blend blend)
        => [.. blend.Children.Select((child, c) => (Pipeline: child.Pipelines.FirstOrDefault(CanExplain), Share: blend.Shares[c])).Where(pair => pair.Pipeline is not null).Select(pair => (pair.Pipeline!, pair.Share))];

    /// <summary>In large forests a row's attributions take long: the more leaves, and outputs of each, the fewer rows.</summary>
    static Data.Table Fewer(Data.Table sample, Pipeline pipeline, long leafVisits)
    {
        double leaves = pipeline.Model is TreeEnsemble ensemble ? ensemble.Trees.Sum(tree => (long)tree.LeafCount) * (1 + (ensemble.OutputCount - 1.0) / OutputsOfPath) : 1;
        int rows = (int)Math.Clamp(leafVisits / leaves, Math.Min(FewestRows, sample.RowCount), sample.RowCount);
        return rows >= sample.RowCount ? sample : sample.Take([.. Enumerable.Range(0, rows)]);
    }

    static bool CanExplain(Pipeline pipeline) => RowAttribution.CanExplain(pipeline.Model);

    /// <summary>With a share, sizes that sum to it: models whose scores have other units then count alike.</summary>
    static Dictionary<string, double> Scaled(Dictionary<string, double> sizes, double share)
    {
        double sum = sizes.Values.Sum();
        return share == 0 || sum == 0 ? sizes : sizes.ToDictionary(entry => entry.Key, entry => share * entry.Value / sum);
    }

    static Dictionary<string, double> Of(Pipeline pipeline, Data.Table sample)
    {
        var features = pipeline.Preparation.Apply(sample);
        var sources = new SourceAttribution(features.Map);
        int[] rows = [.. Enumerable.Range(0, sample.RowCount)];
        double[] sizes = GlobalImportance.BySource(pipeline.Model, features, rows, sources);
        int outputs = pipeline.Model.OutputCount;
        return sources.Sources.Select((name, i) => (name, Size: sizes.AsSpan(i * outputs, outputs).ToArray().Sum())).ToDictionary(entry => entry.name, entry => entry.Size);
    }
}
