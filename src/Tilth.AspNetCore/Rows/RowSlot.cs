using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Monitoring;
using Tilth.Prediction;

namespace Tilth.AspNetCore.Rows;

/// <summary>
/// Everything that one call needs to read, predict and answer rows, made once and used by one call at a time: then a call
/// allocates nothing a row unless the row has something to warn of.
/// </summary>
internal sealed class RowSlot
{
    /// <summary>Problems after which a body is not read on.</summary>
    public const int MostProblems = 100;

    const int MostKeptBytes = 1 << 20;

    readonly Func<string, string?> textOf;
    readonly Func<string, bool> isGiven;
    readonly string?[] texts;
    readonly long[] givenIn;
    long row;
    bool keepOutputs;
    char[] chars = new char[256];

    public RowSlot(Predictor predictor, ColumnNames names, SketchCounter sketch)
    {
        (Predictor, Names, Row, Sketch) = (predictor, names, predictor.NewRow(), sketch);
        Outputs = new double[predictor.OutputCount];
        texts = new string?[predictor.Columns.Count];
        givenIn = new long[texts.Length];
        textOf = name => texts[predictor.IndexOf(name)];
        isGiven = name => givenIn[predictor.IndexOf(name)] == row;
        Json = new Utf8JsonWriter(Answer, ReadableJson.Options with { SkipValidation = true });
        LogJson = new Utf8JsonWriter(LogLines, new JsonWriterOptions { SkipValidation = true });
    }

    public Predictor Predictor { get; }

    public ColumnNames Names { get; }

    public PredictorRow Row { get; }

    public double[] Outputs { get; }

    /// <summary>The answer so far.</summary>
    public ArrayBufferWriter<byte> Answer { get; private set; } = new(1024);

    public Utf8JsonWriter Json { get; }

    /// <summary>The call's lines for the prediction log, so far.</summary>
    public ArrayBufferWriter<byte> LogLines { get; private set; } = new(1024);

    public Utf8JsonWriter LogJson { get; }

    /// <summary>Lines in <see cref="LogLines"/>.</summary>
    public int LogCount { get; set; }

    /// <summary>Lines of the call that were answered, also with problems.</summary>
    public int Lines { get; set; }

    /// <summary>Rows of the call that were predicted.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows of the call that had something to warn of.</summary>
    public int WarnedRows { get; private set; }

    /// <summary>Counts the rows that this slot predicts.</summary>
    public SketchCounter Sketch { get; }

    /// <summary>What makes the body unusable.</summary>
    public List<Problem> Problems { get; } = [];

    public bool IsRefused => Problems.Count > 0;

    /// <summary>The outputs of every row of the call, where it was asked to keep them.</summary>
    public List<double> KeptOutputs { get; } = [];

    /// <summary>Forgets the call before.</summary>
    public void BeginCall(bool keepOutputs = false)
    {
        this.keepOutputs = keepOutputs;
        KeptOutputs.Clear();
        if (Answer.Capacity > MostKeptBytes) Answer = new(1024);
        else Answer.ResetWrittenCount();
        Json.Reset(Answer);
        if (LogLines.Capacity > MostKeptBytes) LogLines = new(1024);
        else LogLines.ResetWrittenCount();
        LogJson.Reset(LogLines);
        (LogCount, WarnedRows, Rows, Lines) = (0, 0, 0, 0);
        Problems.Clear();
    }

    /// <summary>Takes over what another slot has answered, counted and noted.</summary>
    public void Absorb(RowSlot other)
    {
        Answer.Write(other.Answer.WrittenSpan);
        LogLines.Write(other.LogLines.WrittenSpan);
        LogCount += other.LogCount;
        Rows += other.Rows;
        WarnedRows += other.WarnedRows;
        KeptOutputs.AddRange(other.KeptOutputs);
    }

    /// <summary>Forgets the row before.</summary>
    public void BeginRow()
    {
        row++;
        Row.Clear();
    }

    /// <summary>Notes that a row names a column; false if it did so before.</summary>
    public bool Claim(int column)
    {
        if (givenIn[column] == row) return false;
        (givenIn[column], texts[column]) = (row, null);
        return true;
    }

    /// <summary>Whether the row names the column.</summary>
    public bool Has(int column) => givenIn[column] == row;

    /// <summary>What the row says for a column, where that is unseen or unreadable.</summary>
    public string? GivenText(int column) => texts[column];

    /// <summary>Room for that many characters of one value.</summary>
    public Span<char> Chars(int count)
    {
        if (chars.Length < count) chars = new char[count];
        return chars;
    }

    /// <summary>Notes that the caller's own code has set every feature column.</summary>
    public void ClaimAll()
    {
        for (int column = 0; column < givenIn.Length; column++)
            if (Predictor.Columns[column].Role == ColumnRole.Feature) Claim(column);
    }

    /// <summary>Notes that the caller's own code has set a column, and keeps its text if that is unseen or unreadable.</summary>
    public void Claim(int column, object? value)
    {
        Claim(column);
        if (Row.Outcomes[column] is CellOutcome.Unseen or CellOutcome.Unreadable) texts[column] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Sets a value from text and keeps it for messages if it is unseen; unreadable text is a problem.</summary>
    public void SetText(int column, ReadOnlySpan<char> text, long? number)
    {
        Row.Set(column, text);
        var outcome = Row.Outcomes[column];
        bool infinite = outcome == CellOutcome.Value && Predictor.Columns[column].Kind == ColumnKind.Number && !double.IsFinite(Row.NumberOf(column));
        if (outcome is not (CellOutcome.Unseen or CellOutcome.Unreadable) && !infinite) return;
        texts[column] = text.Length <= 80 ? text.ToString() : string.Concat(text[..80], "...");
        if (infinite) Refuse("value-range", column, $"'{texts[column]}', which is not finite", number);
        if (outcome == CellOutcome.Unreadable) Refuse("value-unreadable", column, $"'{texts[column]}'", number);
    }

    /// <summary>Sets a number and keeps it for messages if it is no level that training saw.</summary>
    public void SetNumber(int column, double value, long? number)
    {
        Row.Set(column, value);
        var outcome = Row.Outcomes[column];
        if (outcome is not (CellOutcome.Unseen or CellOutcome.Unreadable)) return;
        texts[column] = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (outcome == CellOutcome.Unreadable) Refuse("value-unreadable", column, texts[column]!, number);
    }

    /// <summary>Sets a truth value.</summary>
    public void SetFlag(int column, bool value, long? number)
    {
        Row.Set(column, value);
        var outcome = Row.Outcomes[column];
        if (outcome is not (CellOutcome.Unseen or CellOutcome.Unreadable)) return;
        texts[column] = value ? "true" : "false";
        if (outcome == CellOutcome.Unreadable) Refuse("value-unreadable", column, texts[column]!, number);
    }

    /// <summary>Notes that a column's value cannot be used.</summary>
    public void Refuse(string code, int column, string value, long? number)
    {
        var schema = Predictor.Columns[column];
        string kind = schema.Kind switch
        {
            ColumnKind.Number => "a number",
            ColumnKind.DateTime => "a date such as \"2026-03-01\"",
            ColumnKind.Boolean => "true or false",
            ColumnKind.Category => "one of the model's levels, or null",
            _ => "a text",
        };
        Problems.Add(new Problem(code, $"column '{schema.Name}' must be {kind}, but is {value}", schema.Name, number));
    }

    /// <summary>Predicts the row and gives what training did not see in it.</summary>
    public IReadOnlyList<Problem> Predict()
    {
        Predictor.Predict(Row, Outputs);
        Rows++;
        Sketch.Add(Row, Outputs);
        if (keepOutputs) KeptOutputs.AddRange(Outputs);
        var warnings = Warnings();
        if (warnings.Count > 0) WarnedRows++;
        return warnings;
    }

    /// <summary>What training did not see in the row.</summary>
    public IReadOnlyList<Problem> Warnings() => RowWarnings.Of(Row, textOf, isGiven);
}
