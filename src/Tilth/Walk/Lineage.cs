using Tilth.Data;
using Tilth.Honesty.Heads;
using Tilth.Learners;

namespace Tilth.Walk;

/// <summary>From which data, plan and seed a package came: enough to make it again to the byte. No clock, path or machine.</summary>
internal static class Lineage
{
    public static byte[] Write(Training training, TrainingTable data, int rowsRead, ulong seed) => Json.Write(writer =>
    {
        var entry = LearnerCatalog.All.FirstOrDefault(entry => entry.Default.GetType() == training.Learner.GetType());
        writer.WriteStartObject();
        writer.WriteString("tilth", typeof(Training).Assembly.GetName().Version?.ToString(3));
        writer.WriteString("data_sha256", TableHash.Of(data.Table));
        writer.WriteNumber("rows_read", rowsRead);
        writer.WriteNumber("rows", data.RowCount);
        writer.WriteNumber("seed", seed);
        if (training.Search is { } search)
        {
            writer.WriteString("learner", "search");
            writer.WriteString("metric", search.Metric);
        }
        else writer.WriteString("learner", entry?.Name ?? training.Learner.GetType().Name);
        writer.WriteStartObject("parameters");
        foreach (var parameter in training.Search is null ? entry?.Parameters ?? [] : []) writer.WriteString(parameter.Name, parameter.Format(parameter.Get(training.Learner)));
        writer.WriteEndObject();
        if (training.HoldoutShare is { } share) writer.WriteNumber("holdout", share);
        if (training.Folds is { } folds) writer.WriteNumber("folds", folds);
        writer.WriteBoolean("refit", training.Refit);
        writer.WriteBoolean("calibrate", training.Calibrate);
        switch (training.Goal)
        {
            case DecisionCosts costs:
                writer.WriteNumber("cost_false_alarm", costs.FalseAlarm);
                writer.WriteNumber("cost_miss", costs.Miss);
                break;
            case CostMatrix matrix: writer.WriteString("cost_matrix", string.Join(' ', matrix.Costs.Select(cost => cost.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))); break;
            case DecisionCapacity capacity: writer.WriteNumber("capacity", capacity.Share); break;
            case DecisionMetricGoal metric: writer.WriteString("decide_by", metric.Metric); break;
        }
        if (training.Keep.Count > 0) writer.WriteString("keep", string.Join(", ", training.Keep));
        writer.WriteEndObject();
    });
}
