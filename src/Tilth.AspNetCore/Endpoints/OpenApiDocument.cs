using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tilth.Data;
using Tilth.Packaging;

namespace Tilth.AspNetCore.Endpoints;

/// <summary>The addresses of one model as OpenAPI 3.1, made of its schema: every form of a body with an example, every answer with its schema.</summary>
internal static class OpenApiDocument
{
    /// <summary>Writes the document.</summary>
    /// <param name="json">Gets it.</param>
    /// <param name="package">What answers.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="address">Where the model's addresses begin, without a slash at its end.</param>
    public static void Write(Utf8JsonWriter json, ModelPackage package, string name, string address)
    {
        var example = Parse(writer => SchemaDocument.WriteExample(writer, package));
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = $"{name}: foresees '{package.Target.Column}'", ["version"] = package.Version },
            ["paths"] = new JsonObject
            {
                [$"{address}/predict"] = new JsonObject { ["post"] = Call("predict", "Predict one row or many.", package, example, [Version()]) },
                [$"{address}/explain"] = new JsonObject { ["post"] = Call("explain", "Predict, and say which columns moved each row's score.", package, example, [Version(), Top()]) },
                [$"{address}/feedback"] = new JsonObject { ["post"] = Feedback(package.Target) },
                [address] = new JsonObject { ["get"] = Get("describe", "The model: schema, example, evaluation, versions.") },
                [$"{address}/schema"] = new JsonObject { ["get"] = Get("schema", "JSON Schema of a row.") },
                [$"{address}/drift"] = new JsonObject { ["get"] = Get("drift", "Live rows beside training, column by column.") },
            },
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject
                {
                    ["Row"] = Parse(writer => SchemaDocument.WriteRow(writer, package, alone: false)),
                    ["Columns"] = Columns(package),
                    ["Prediction"] = Prediction(package),
                    ["Problems"] = JsonNode.Parse("""{"type":"object","required":["title","status","detail","problems"],"properties":{"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},"problems":{"type":"array","items":{"$ref":"#/components/schemas/Problem"}}}}"""),
                    ["Problem"] = JsonNode.Parse("""{"type":"object","required":["code","message"],"properties":{"code":{"type":"string"},"message":{"type":"string"},"column":{"type":"string"},"row":{"type":"integer"}}}"""),
                },
                ["securitySchemes"] = JsonNode.Parse("""{"key":{"type":"apiKey","in":"header","name":"X-Api-Key"},"bearer":{"type":"http","scheme":"bearer"}}"""),
            },
            ["security"] = JsonNode.Parse("""[{"key":[]},{"bearer":[]},{}]"""),
        };
        document.WriteTo(json);
    }

    static JsonObject Call(string id, string summary, ModelPackage package, JsonNode example, JsonArray parameters) => new()
    {
        ["operationId"] = id,
        ["summary"] = summary,
        ["parameters"] = parameters,
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject
                {
                    ["schema"] = JsonNode.Parse("""{"oneOf":[{"$ref":"#/components/schemas/Row"},{"type":"array","items":{"$ref":"#/components/schemas/Row"}},{"$ref":"#/components/schemas/Columns"}]}"""),
                    ["examples"] = new JsonObject
                    {
                        ["row"] = new JsonObject { ["value"] = example.DeepClone() },
                        ["rows"] = new JsonObject { ["value"] = new JsonArray(example.DeepClone(), example.DeepClone()) },
                        ["columns"] = new JsonObject { ["value"] = new JsonObject { ["columns"] = ByColumn(example) } },
                    },
                },
                ["text/csv"] = Text(Csv(package, example), "A header line with the columns' names, then a line a row."),
                [LineStream.ContentType] = Text($"{example.ToJsonString()}\n", "A row as JSON on each line, answered line by line while they come."),
            },
        },
        ["responses"] = Responses("A prediction for each row", JsonNode.Parse("""{"oneOf":[{"$ref":"#/components/schemas/Prediction"},{"type":"object","required":["model","version","predictions"],"properties":{"model":{"type":"string"},"version":{"type":"string"},"predictions":{"type":"array","items":{"$ref":"#/components/schemas/Prediction"}}}}]}""")!),
    };

    static JsonObject Feedback(TargetSchema target) => new()
    {
        ["operationId"] = "feedback",
        ["summary"] = "Say what became true of predicted rows.",
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["required"] = new JsonArray("id", "truth"),
                        ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "string" }, ["truth"] = Truth(target) },
                    },
                },
            },
        },
        ["responses"] = Responses("Taken", new JsonObject { ["type"] = "object" }, "202"),
    };

    static JsonObject Get(string id, string summary) => new()
    {
        ["operationId"] = id,
        ["summary"] = summary,
        ["responses"] = Responses(summary, new JsonObject { ["type"] = "object" }),
    };

    static JsonObject Responses(string description, JsonNode schema, string status = "200")
    {
        static JsonObject Refused(string why) => new()
        {
            ["description"] = why,
            ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problems" } } },
        };
        return new JsonObject
        {
            [status] = new JsonObject
            {
                ["description"] = description,
                ["headers"] = JsonNode.Parse("""{"Tilth-Package":{"description":"SHA-256 of the package that answered a prediction","schema":{"type":"string"}}}"""),
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
            },
            ["400"] = Refused("The body cannot be used; every problem is named"),
            ["401"] = Refused("No valid key"),
            ["403"] = Refused("The key lacks the scope"),
            ["404"] = Refused("There is no such model"),
            ["413"] = Refused("Too many rows or bytes"),
            ["429"] = Refused("Too many calls; see Retry-After"),
        };
    }

    static JsonObject Prediction(ModelPackage package)
    {
        var properties = new JsonObject
        {
            ["id"] = JsonNode.Parse("""{"type":"string","description":"for feedback; only where a prediction log is kept"}"""),
            ["model"] = new JsonObject { ["type"] = "string" },
            ["version"] = new JsonObject { ["type"] = "string" },
            ["prediction"] = Truth(package.Target),
            ["warnings"] = JsonNode.Parse("""{"type":"array","items":{"$ref":"#/components/schemas/Problem"}}"""),
            ["contributions"] = JsonNode.Parse("""{"type":"array","items":{"type":"object","properties":{"column":{"type":"string"},"amount":{"type":["number","null"]}}}}"""),
        };
        if (package.Target.Classes.Count == 0)
            properties["intervals"] = JsonNode.Parse("""{"type":"array","items":{"type":"object","properties":{"coverage":{"type":"number"},"low":{"type":["number","null"]},"high":{"type":["number","null"]}}}}""");
        else
        {
            properties["probabilities"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("number", "null") } };
            properties["sets"] = JsonNode.Parse("""{"type":"array","items":{"type":"object","properties":{"coverage":{"type":"number"},"classes":{"type":"array","items":{"type":"string"}}}}}""");
        }
        return new JsonObject { ["type"] = "object", ["required"] = new JsonArray("prediction"), ["properties"] = properties };
    }

    static JsonObject Truth(TargetSchema target) => target.Classes.Count == 0 ? new JsonObject { ["type"] = new JsonArray("number", "null") }
        : new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. target.Classes.Select(name => (JsonNode?)JsonValue.Create(name))]) };

    static JsonObject Columns(ModelPackage package)
    {
        var lists = new JsonObject();
        foreach (var column in package.Schema.Columns) lists[column.Name] = new JsonObject { ["type"] = "array" };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "The same rows column by column; all lists are of one length.",
            ["required"] = new JsonArray("columns"),
            ["properties"] = new JsonObject { ["columns"] = new JsonObject { ["type"] = "object", ["properties"] = lists, ["additionalProperties"] = false } },
        };
    }

    static JsonObject Version() => (JsonObject)JsonNode.Parse("""{"name":"version","in":"query","description":"production, candidate, or a version; without it production, and the canary in its share","schema":{"type":"string"}}""")!;

    static JsonObject Top() => (JsonObject)JsonNode.Parse("""{"name":"top","in":"query","description":"columns to name for each row","schema":{"type":"integer","minimum":1,"maximum":1000,"default":10}}""")!;

    static JsonObject Text(string example, string description)
        => new() { ["schema"] = new JsonObject { ["type"] = "string", ["description"] = description }, ["example"] = example };

    static JsonObject ByColumn(JsonNode row)
    {
        var columns = new JsonObject();
        foreach (var (name, value) in row.AsObject()) columns[name] = new JsonArray(value?.DeepClone(), value?.DeepClone());
        return columns;
    }

    static string Csv(ModelPackage package, JsonNode row)
    {
        static string Cell(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
        var features = package.Schema.Features.Select(column => column.Name).ToList();
        return $"{string.Join(',', features.Select(Cell))}\n{string.Join(',', features.Select(name => Cell(row[name]?.ToString() ?? "")))}\n";
    }

    static JsonNode Parse(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
