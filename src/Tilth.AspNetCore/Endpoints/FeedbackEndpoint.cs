using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;
using Tilth.Data;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>POST {model}/feedback: what became true of predicted rows, by their ids, into the prediction log.</summary>
internal sealed class FeedbackEndpoint(ModelHost host, Guard guard, PredictionLog log)
{
    const int MostIdLetters = 64;

    public async Task Take(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        if (!log.IsOn) throw new RefusedException(StatusCodes.Status409Conflict, "log-off", "no prediction log is kept, so that there is nowhere to put what became true");
        using var body = await RequestBody.Read(context, host.Options.MaxBodyBytes, host.Options.RequestTimeout, guard.Space).ConfigureAwait(false);
        var lines = new ArrayBufferWriter<byte>(256);
        int count = Read(body.Memory, model, lines);
        log.Offer(lines.WrittenSpan, count);
        await JsonAnswer.Write(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("taken", count);
            json.WriteEndObject();
        }, StatusCodes.Status202Accepted).ConfigureAwait(false);
    }

    int Read(ReadOnlyMemory<byte> body, ServedModel model, ArrayBufferWriter<byte> lines)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 3 });
            var root = document.RootElement;
            JsonElement[] items = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            if (items.Length > host.Options.MaxRows)
                throw new RefusedException(StatusCodes.Status413PayloadTooLarge, "rows-many", string.Create(CultureInfo.InvariantCulture, $"the call has {items.Length} rows; one call may hold {host.Options.MaxRows}"));
            var problems = new List<Problem>();
            for (int row = 0; row < items.Length; row++) Note(items[row], row + 1, model, lines, problems);
            return problems.Count == 0 ? items.Length : throw new SchemaException(problems);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, "body-invalid", $"the body is not valid JSON: {(fault is JsonException json ? ReadableJson.FaultOf(json) : fault.Message)}");
        }
    }

    void Note(JsonElement item, int row, ServedModel model, ArrayBufferWriter<byte> lines, List<Problem> problems)
    {
        var target = model.Deployment.Production.Package.Target;
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String || id.GetString()!.Length is 0 or > MostIdLetters)
        {
            problems.Add(new Problem("id", $"row {row} needs \"id\": the id that came with the prediction", Row: row));
            return;
        }
        var truth = item.TryGetProperty("truth", out var given) ? given : default;
        bool fits = target.Task == TaskKind.Regression
            ? truth.ValueKind == JsonValueKind.Number && truth.TryGetDouble(out double number) && double.IsFinite(number)
            : truth.ValueKind == JsonValueKind.String && target.Classes.Contains(truth.GetString()!);
        if (!fits)
        {
            problems.Add(new Problem("truth", target.Task == TaskKind.Regression ? $"row {row} needs \"truth\": a number" : $"row {row} needs \"truth\": one of {Spelling.List(target.Classes)}", Row: row));
            return;
        }
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartObject();
            json.WriteString("feedback", id.GetString());
            json.WriteString("time", log.Now);
            json.WriteString("model", model.Name);
            json.WritePropertyName("truth");
            truth.WriteTo(json);
            json.WriteEndObject();
        }
        lines.Write("\n"u8);
    }
}
