using System.Text.Json;
using Tilth.Models.Heads;
using Tilth.Packaging;
using Tilth.Prediction;

namespace Tilth.AspNetCore.Rows;

/// <summary>Writes what a package says about a row as JSON. Numbers are written so that they read back to the same bits.</summary>
internal sealed class AnswerWriter(ModelPackage package)
{
    static readonly JsonEncodedText Prediction = JsonEncodedText.Encode("prediction"), Probabilities = JsonEncodedText.Encode("probabilities"),
        Intervals = JsonEncodedText.Encode("intervals"), Coverage = JsonEncodedText.Encode("coverage"), Low = JsonEncodedText.Encode("low"),
        High = JsonEncodedText.Encode("high"), Warnings = JsonEncodedText.Encode("warnings"), Code = JsonEncodedText.Encode("code"),
        Message = JsonEncodedText.Encode("message"), Column = JsonEncodedText.Encode("column"), Row = JsonEncodedText.Encode("row"),
        Sets = JsonEncodedText.Encode("sets"), Classes = JsonEncodedText.Encode("classes"), CannotSay = JsonEncodedText.Encode("cannot_say");

    readonly JsonEncodedText[] classes = [.. package.Target.Classes.Select(name => JsonEncodedText.Encode(name, ReadableJson.Encoder))];
    readonly Conformal? conformal = package.Head.Conformal;

    /// <summary>Writes the properties of the row's answer into an open object.</summary>
    public void Write(Utf8JsonWriter json, ReadOnlySpan<double> outputs, int decided, IReadOnlyList<Problem> warnings)
    {
        if (decided < 0) Number(json, Prediction, outputs[0]);
        else json.WriteString(Prediction, classes[decided]);
        if (classes.Length > 0)
        {
            json.WriteStartObject(Probabilities);
            for (int k = 0; k < classes.Length; k++) Number(json, classes[k], Probability(outputs, k));
            json.WriteEndObject();
            if (conformal is not null) WriteSets(json, conformal, outputs);
        }
        else if (conformal is not null)
        {
            json.WriteStartArray(Intervals);
            for (int level = 0; level < conformal.Levels.Length; level++)
            {
                var (low, high) = conformal.Interval(outputs[0], level);
                json.WriteStartObject();
                Number(json, Coverage, conformal.Levels[level]);
                Number(json, Low, low);
                Number(json, High, high);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (warnings.Count > 0) Write(json, Warnings, warnings);
    }

    void WriteSets(Utf8JsonWriter json, Conformal promised, ReadOnlySpan<double> outputs)
    {
        json.WriteStartArray(Sets);
        for (int level = 0; level < promised.Levels.Length; level++)
        {
            int size = 0;
            json.WriteStartObject();
            Number(json, Coverage, promised.Levels[level]);
            json.WriteStartArray(Classes);
            for (int k = 0; k < classes.Length; k++)
            {
                if (!promised.Includes(Probability(outputs, k), k, level)) continue;
                json.WriteStringValue(classes[k]);
                size++;
            }
            json.WriteEndArray();
            json.WriteBoolean(CannotSay, size != 1);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static double Probability(ReadOnlySpan<double> outputs, int k) => outputs.Length > 1 ? outputs[k] : k == 1 ? outputs[0] : 1 - outputs[0];

    /// <summary>Writes problems as a list.</summary>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, IReadOnlyList<Problem> problems)
    {
        json.WriteStartArray(name);
        foreach (var problem in problems)
        {
            json.WriteStartObject();
            json.WriteString(Code, problem.Code);
            json.WriteString(Message, problem.Message);
            if (problem.Column is { } column) json.WriteString(Column, column);
            if (problem.Row is { } row) json.WriteNumber(Row, row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Writes which columns moved the row's score.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Contribution> contributions, int most)
    {
        json.WriteStartArray("contributions");
        foreach (var (column, amount) in contributions.Take(most))
        {
            json.WriteStartObject();
            json.WriteString(Column, column);
            Number(json, JsonEncodedText.Encode("amount"), amount);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void Number(Utf8JsonWriter json, JsonEncodedText name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
