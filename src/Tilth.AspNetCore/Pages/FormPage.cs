using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Tilth.AspNetCore.Endpoints;
using Tilth.AspNetCore.Hosting;
using Tilth.AspNetCore.Logs;
using Tilth.AspNetCore.Rows;
using Tilth.Data;

namespace Tilth.AspNetCore.Pages;

/// <summary>
/// {model}/form: a person fills in a row and sees what the model says of it and why. The form becomes a JSON row that goes the
/// way of every other call.
/// </summary>
internal sealed class FormPage(ModelHost host, Guard guard, Scoring scoring, PredictionLog log)
{
    const int MostBytes = 1 << 20, Reasons = 10;

    /// <summary>GET: the form with a typical row.</summary>
    public Task Show(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        var package = model.Deployment.Production;
        var example = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(example)) SchemaDocument.WriteExample(json, package.Package);
        using var row = JsonDocument.Parse(example.WrittenMemory);
        var values = row.RootElement.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => value.Value.GetString()!,
            _ => value.Value.GetRawText(),
        }, StringComparer.Ordinal);
        return Html.Write(context, $"{model.Name}: try it", Body(model, package, values, "", []));
    }

    /// <summary>POST: the form as it was sent, with the answer.</summary>
    public async Task Answer(HttpContext context)
    {
        var model = ModelEndpoints.Named(context, host);
        // A page of somebody else's may not fill in the form with the visitor's key.
        if (context.Request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site != "same-origin" && site != "none")
            throw new RefusedException(StatusCodes.Status403Forbidden, "cross-site", "the form was sent from a page of another site");
        Dictionary<string, string> values;
        using (var body = await RequestBody.Read(context, Math.Min(MostBytes, host.Options.MaxBodyBytes), host.Options.RequestTimeout, guard.Space).ConfigureAwait(false))
            values = Read(Encoding.UTF8.GetString(body.Span));
        byte[] row = Row(model.Deployment.Production.Package.Schema, values);
        var turn = model.Deployment.Choose(Kernels.StableHash.Of(row), host.Now);
        ServedPackage package;
        RowSlot slot;
        using (await guard.Enter(context.RequestAborted).ConfigureAwait(false) ?? throw ProblemAnswer.Overload)
            (package, slot) = scoring.Answer(model, turn, row, BodyForm.Json, Reasons, keepOutputs: false, context.RequestAborted);
        string answer;
        Problem[] problems;
        try
        {
            problems = [.. slot.Problems];
            if (problems.Length == 0 && log.IsOn) log.Offer(slot.LogLines.WrittenSpan, slot.LogCount);
            answer = problems.Length > 0 ? AnswerPanel.Refusal(problems) : AnswerPanel.Write(package.Package, slot.Answer.WrittenMemory, values);
            if (problems.Length == 0) model.CountRows(slot.Rows, slot.WarnedRows);
        }
        finally
        {
            package.Return(slot);
        }
        context.Response.Headers["Tilth-Package"] = package.HashHeader;
        await Html.Write(context, $"{model.Name}: answer", Body(model, package, values, answer, problems),
            problems.Length > 0 ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK).ConfigureAwait(false);
    }

    static string Body(ServedModel model, ServedPackage package, Dictionary<string, string> values, string answer, IReadOnlyList<Problem> problems)
    {
        var wrong = problems.Where(problem => problem.Column is not null).Select(problem => problem.Column!).ToHashSet(StringComparer.Ordinal);
        var fields = package.Package.Schema.Features.Select((column, number) => FormField.Write(column, number, values.GetValueOrDefault(column.Name, ""), wrong.Contains(column.Name)));
        return $"""
            {Html.Links(model.Name, "form")}
            <p class="soft">Foresees '{Html.Escape(package.Package.Target.Column)}'. Leave a field empty if its value is not known.</p>
            {answer}
            <form method="post" action="form" autocomplete="off">
            <div class="fields">
            {string.Join('\n', fields)}
            </div>
            <button>Predict</button>
            </form>
            <p class="soft small">Version <span class="code">{Html.Escape(package.Version)}</span></p>
            """;
    }

    static Dictionary<string, string> Read(string form)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in QueryHelpers.ParseQuery(form)) values[name] = Last(value);
        return values;

        static string Last(StringValues value) => value.Count == 0 ? "" : value[^1] ?? "";
    }

    /// <summary>The row in JSON: numbers and truth values as such, so that the form does not depend on how the column's text is written.</summary>
    static byte[] Row(Schema schema, Dictionary<string, string> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var column in schema.Features)
            {
                string text = values.GetValueOrDefault(column.Name, "").Trim();
                if (text.Length == 0) json.WriteNull(column.Name);
                else if (column.Kind == ColumnKind.Number && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)) json.WriteNumber(column.Name, number);
                else if (column.Kind == ColumnKind.Boolean && text is "true" or "false") json.WriteBoolean(column.Name, text == "true");
                else json.WriteString(column.Name, text);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
