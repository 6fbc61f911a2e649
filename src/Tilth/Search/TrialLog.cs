namespace Tilth.Search;

/// <summary>What a log says of the run that it belongs to; two runs with equal heads give equal trials.</summary>
/// <param name="Data">SHA-256 of the table.</param>
/// <param name="Target">Column that is foreseen.</param>
/// <param name="Rows">Rows that the search may read.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Folds">Of the run.</param>
/// <param name="Metric">That is searched for.</param>
internal sealed record LogHead(string Data, string Target, int Rows, ulong Seed, int Folds, string Metric);

/// <summary>A trial as the log has it: without models and predictions.</summary>
internal sealed record LoggedTrial(int Number, Candidate Candidate, int Repeat, TrialStatus Status, double Error, double Seconds, string Reason)
{
    public Trial Bare() => new(Number, Candidate, Repeat, Status, Error, Seconds, Reason);
}

/// <summary>
/// A run as a plain folder that can be copied: a file of records (what the run is of, then a record a trial, then how it ended)
/// and beside it a file a finished trial. Only what a killed run had in flight is lost.
/// </summary>
internal sealed class TrialLog : IDisposable
{
    public const string Records = "trials.log";

    readonly RecordFile file;
    readonly string? folder;
    readonly Lock keeping = new();
    bool ended;

    TrialLog(string? folder, RecordFile file, LogContent? content)
        => (this.folder, this.file, Head, Trials, LastTrial, Allowed, Refitted, Distilled) = (folder, file, content?.Head, content?.Trials ?? [], content?.LastTrial ?? 0, content?.Allowed, content?.Refitted, content?.Distilled);

    /// <summary>Why no more is kept, such as a full disk; null if all is.</summary>
    public Problem? Fault { get; private set; }

    /// <summary>What was in the folder, or null if it was new.</summary>
    public LogHead? Head { get; private set; }

    /// <summary>What was in the folder.</summary>
    public IReadOnlyList<LoggedTrial> Trials { get; }

    /// <summary>The members that the limits of serving left; null for all.</summary>
    public IReadOnlyList<string>? Allowed { get; }

    /// <summary>Whether the members were learned again from all rows; null if it is not known.</summary>
    public bool? Refitted { get; }

    /// <summary>Settings of the one model that learned what the blend foresees and took its place; null if none did.</summary>
    public Candidate? Distilled { get; }

    /// <summary>The last trial that the package of the run knows of: it may have ended while the next was under way.</summary>
    public int LastTrial { get; }

    /// <summary>Opens or begins a log; without a folder nothing is kept.</summary>
    /// <exception cref="LearningException">There is a run that did not end where one is to begin, none where one must be, or it is damaged.</exception>
    public static TrialLog Open(string? folder, LogUse use)
    {
        if (folder is null) return new(null, RecordFile.Append(null, 0), null);
        string path = Path.Combine(folder, Records);
        var content = File.Exists(path) ? LogContent.Read(folder) : null;
        if (content?.Head is null && use == LogUse.Replay) throw new LearningException("search-log", $"there is no run in '{folder}' to replay");
        if (use == LogUse.Begin && content is not null)
        {
            if (content.Ended is null && content.Trials.Any(trial => trial.Status == TrialStatus.Done))
                throw new LearningException("search-log", $"the run in '{folder}' did not end; it has {content.Trials.Count} trials: go on with --resume, or delete the folder");
            Clear(folder);
            content = null;
        }
        if (use == LogUse.Replay) return new(folder, RecordFile.Append(null, 0), content);
        Directory.CreateDirectory(folder);
        foreach (string torn in Directory.GetFiles(folder, "*.tmp")) File.Delete(torn);
        return new(folder, RecordFile.Append(path, content?.WholeBytes ?? 0), content);
    }

    static void Clear(string folder)
    {
        foreach (string old in Directory.GetFiles(folder, "trial-*.bin")) File.Delete(old);
        foreach (string name in (string[])[Records, "result.bin"]) File.Delete(Path.Combine(folder, name));
    }

    /// <summary>Writes the head of a new log; compares it with that of an old one.</summary>
    /// <exception cref="LearningException">The log is of another run; says in what.</exception>
    public void Begin(LogHead head)
    {
        if (Head is null)
        {
            Head = head;
            Keep(() => file.Write(writer => LogContent.Write(writer, head)));
            return;
        }
        if (Head == head) return;
        string what = Head.Data != head.Data ? "its table has other values" : Head.Target != head.Target ? $"it foresees '{Head.Target}', not '{head.Target}'" : Head.Rows != head.Rows ? $"it read {Head.Rows} rows, not {head.Rows}"
            : Head.Seed != head.Seed ? $"its seed is {Head.Seed}, not {head.Seed}" : Head.Folds != head.Folds ? $"it has {Head.Folds} folds, not {head.Folds}" : $"its metric is {Head.Metric}, not {head.Metric}";
        throw new LearningException("search-log", $"the log belongs to another run: {what}");
    }

    /// <summary>Adds a trial, and first what it found if that is worth its place.</summary>
    public void Add(Trial trial) => Keep(() =>
    {
        if (file.IsOpen && trial.Status == TrialStatus.Done && trial.Foreseen is null && Leaderboard.BytesOf(trial) <= TrialFile.MostBytes) TrialFile.Write(FileOf(trial.Number), trial);
        file.Write(writer => LogContent.Write(writer, trial));
    });

    /// <summary>
    /// Keeps something, unless the run has ended or its folder took no more before: what keeping meets must never cost what was
    /// learned.
    /// </summary>
    void Keep(Action write, bool last = false)
    {
        lock (keeping)
        {
            if (ended || Fault is not null) return;
            ended = last;
            try { write(); }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Fault = new Problem("run-folder", $"the folder of the run took no more ({fault.Message}): the search went on, but --resume finds only what was written before");
            }
        }
    }

    /// <summary>A finished trial with its models and predictions, or null if they must be made again.</summary>
    public Trial? Restore(LoggedTrial trial, int predictions)
        => folder is not null && TrialFile.Read(FileOf(trial.Number), predictions) is var (models, outOfFold) ? trial.Bare() with { Models = models, OutOfFold = outOfFold } : null;

    /// <summary>Says how the run came to its end, once: two threads may want to.</summary>
    /// <param name="why">In a few words.</param>
    /// <param name="outcome">What the package holds.</param>
    /// <param name="keepResult">Writes the result into the folder that it is given.</param>
    public void End(string why, SearchOutcome outcome, Action<string> keepResult) => Keep(() =>
    {
        file.Write(writer =>
        {
            writer.WriteString("kind", "end");
            writer.WriteString("why", why);
            writer.WriteNumber("trials", outcome.Trials);
            writer.WriteBoolean("refitted", outcome.Refitted);
            if (outcome.Distilled is { } student)
            {
                writer.WriteStartObject("distilled");
                LogContent.Write(writer, student);
                writer.WriteEndObject();
            }
            if (outcome.Allowed is null) return;
            writer.WriteStartArray("members");
            foreach (string member in outcome.Allowed) writer.WriteStringValue(member);
            writer.WriteEndArray();
        });
        if (file.IsOpen) keepResult(folder!);
    }, last: true);

    string FileOf(int number) => Path.Combine(folder!, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"trial-{number:D4}.bin"));

    public void Dispose()
    {
        lock (keeping)
        {
            ended = true;
            file.Dispose();
        }
    }
}
