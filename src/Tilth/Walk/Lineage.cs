using Tilth.Data;
using Tilth.Learners;

namespace Tilth.Walk;

/// <summary>From which data, plan and seed a package came: enough to make it again to the byte. No clock, path or machine.</summary>
internal static class Lineage
{
    public static byte[] Write(Training training, TrainingTable data, ulong seed) => Json.Write(writer =>
    {
        var entry = LearnerCatalog.All.FirstOrDefault(entry => entry.Default.GetType() == training.Learner.GetType());
        writer.WriteStartObject();
        writer.WriteString("tilth", typeof(Training).Assembly.GetName().Version?.ToString(3));
        writer.WriteString("data_sha256", TableHash.Of(data.Table));
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
        if (training.Costs is { } costs)
        {
            writer.WriteNumber("cost_false_alarm", costs.FalseAlarm);
            writer.WriteNumber("cost_miss", costs.Miss);
        }
        if (training.Keep.Count > 0) writer.WriteString("keep", string.Join(", ", training.Keep));
        writer.WriteEndObject();
    });
}
