using System.Globalization;
using System.Text.Json;

namespace Tilth.Search;

/// <summary>What the records of a run say.</summary>
/// <param name="Head">Null if even the first record is not whole.</param>
/// <param name="Trials">In their order.</param>
/// <param name="Ended">Why the run came to its end; null if it did not.</param>
/// <param name="LastTrial">Number of the last trial that its package knows of.</param>
/// <param name="WholeBytes">Of the file that are whole records.</param>
internal sealed record LogContent(LogHead? Head, IReadOnlyList<LoggedTrial> Trials, string? Ended, int LastTrial, long WholeBytes)
{
    /// <summary>The members that the limits of serving left; null for all.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Whether the members were learned again from all rows; null if the run did not end.</summary>
    public bool? Refitted { get; init; }

    /// <summary>Settings of the one model that learned what the blend foresees and took its place; null if none did.</summary>
    public Candidate? Distilled { get; init; }

    const int Version = 2;

    /// <summary>Reads the records in a run's folder.</summary>
    /// <exception cref="LearningException">They are damaged or of something else.</exception>
    public static LogContent Read(string folder)
    {
        string path = Path.Combine(folder, TrialLog.Records);
        var records = RecordFile.Read(path, out long whole);
        LogHead? head = null;
        var trials = new List<LoggedTrial>();
        string? ended = null;
        int last = 0;
        JsonElement end = default;
        for (int r = 0; r < records.Count; r++)
        {
            try
            {
                if (head is null) head = ReadHead(records[r]);
                else if (records[r].GetProperty("kind").GetString() == "end") (ended, last, end) = (records[r].GetProperty("why").GetString(), records[r].GetProperty("trials").GetInt32(), records[r]);
                else
                {
                    trials.Add(ReadTrial(records[r]));
                    (ended, last) = (null, trials[^1].Number);
                }
            }
            catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or LearningException)
            {
                throw new LearningException("search-log", $"record {r + 1} of '{path}' is not one of a search: {exception.Message}", exception);
            }
        }
        return new(head, trials, ended, last, whole)
        {
            Allowed = ended is not null && end.TryGetProperty("members", out var members) ? [.. members.EnumerateArray().Select(member => member.GetString()!)] : null,
            Refitted = ended is not null && end.TryGetProperty("refitted", out var refitted) ? refitted.GetBoolean() : null,
            Distilled = ended is not null && end.TryGetProperty("distilled", out var distilled) ? ReadCandidate(distilled) : null,
        };
    }

    public static void Write(Utf8JsonWriter writer, LogHead head)
    {
        writer.WriteString("kind", "run");
        writer.WriteNumber("version", Version);
        writer.WriteString("data_sha256", head.Data);
        writer.WriteString("target", head.Target);
        writer.WriteNumber("rows", head.Rows);
        writer.WriteNumber("seed", head.Seed);
        writer.WriteNumber("folds", head.Folds);
        writer.WriteString("metric", head.Metric);
    }

    public static void Write(Utf8JsonWriter writer, Trial trial)
    {
        writer.WriteString("kind", "trial");
        writer.WriteNumber("number", trial.Number);
        Write(writer, trial.Candidate);
        writer.WriteNumber("repeat", trial.Repeat);
        writer.WriteString("status", trial.Status.ToString().ToLowerInvariant());
        if (double.IsFinite(trial.Error)) writer.WriteNumber("error", trial.Error);
        writer.WriteNumber("seconds", Math.Round(trial.Seconds, 3));
        if (trial.Reason.Length > 0) writer.WriteString("reason", trial.Reason);
    }

    public static void Write(Utf8JsonWriter writer, Candidate candidate)
    {
        writer.WriteString("learner", candidate.Entry.Name);
        writer.WriteStartObject("settings");
        foreach (var (name, value) in candidate.Settings) writer.WriteString(name, value);
        writer.WriteEndObject();
        if (candidate.StatisticsAbove is { } above) writer.WriteNumber("target_statistics_above", above);
    }

    static Candidate ReadCandidate(JsonElement e)
        => Candidate.Parse(e.GetProperty("learner").GetString()!, e.GetProperty("settings").EnumerateObject().Select(setting => (setting.Name, setting.Value.GetString()!)),
            e.TryGetProperty("target_statistics_above", out var above) ? above.GetInt32() : null);

    static LogHead ReadHead(JsonElement e)
    {
        if (e.GetProperty("kind").GetString() != "run" || e.GetProperty("version").GetInt32() != Version)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"it must begin with a head of version {Version}"));
        return new(e.GetProperty("data_sha256").GetString()!, e.GetProperty("target").GetString()!, e.GetProperty("rows").GetInt32(), e.GetProperty("seed").GetUInt64(),
            e.GetProperty("folds").GetInt32(), e.GetProperty("metric").GetString()!);
    }

    static LoggedTrial ReadTrial(JsonElement e)
    {
        return new(e.GetProperty("number").GetInt32(), ReadCandidate(e), e.GetProperty("repeat").GetInt32(), Enum.Parse<TrialStatus>(e.GetProperty("status").GetString()!, ignoreCase: true),
            e.TryGetProperty("error", out var error) ? error.GetDouble() : double.PositiveInfinity, e.GetProperty("seconds").GetDouble(),
            e.TryGetProperty("reason", out var reason) ? reason.GetString()! : "");
    }
}
