using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Parts;
using Tilth.Prepare;

namespace Tilth.Exporting;

/// <summary>
/// Writes one preparation as a method that turns a row into features: each step is a line or two over the same registers. It
/// reads the steps as a package stores them.
/// </summary>
internal sealed class PreparationCode(CodeText code, IReadOnlyDictionary<string, string> properties, IReadOnlyDictionary<string, string> levels, IReadOnlyDictionary<string, IReadOnlyList<string>> markers)
{
    /// <param name="preparation">What is written.</param>
    /// <param name="number">Numbers the method.</param>
    /// <exception cref="NotSupportedException">A step is of a kind that cannot be written.</exception>
    public void Write(Preparation preparation, int number)
    {
        var map = preparation.Map;
        code.Line(1, $"static Features Prepare{number}(Row row)");
        code.Line(1, "{");
        code.Line(2, $"Span<double> n = new double[{preparation.Layout.Numbers}];");
        code.Line(2, $"Span<int> c = new int[{preparation.Layout.Codes}];");
        code.Line(2, $"var t = new byte[]?[{preparation.Layout.Texts}];");
        code.Line(2, $"var s = new List<(int, float)>[{preparation.Layout.SparseSegments}];");
        foreach (var input in preparation.Inputs) Load(input);
        using var manifest = JsonDocument.Parse(Render(preparation, out var arrays));
        var packed = new PartReader(manifest.RootElement, arrays);
        foreach (var step in packed.Parts("steps", 0, int.MaxValue)) Step(step);
        code.Line(2, $"return new Features(n, c, s, {code.List(packed.Array<int>("dense", 0, int.MaxValue))}, {code.List(packed.Array<int>("codes", 0, int.MaxValue))}, "
            + $"{code.List(packed.Array<int>("sparse", 0, int.MaxValue))}, {code.List([.. map.Sparse.Select(segment => segment.Start)])});");
        code.Line(1, "}");
        code.Line(0, "");
    }

    void Load(PreparationInput input)
    {
        string property = properties[input.Column];
        switch (input.Kind)
        {
            case ColumnKind.Text: code.Line(2, $"t[{input.Register}] = ExportedParts.Text({string.Join(", ", markers[input.Column].Select(CodeText.Literal).Prepend($"row.{property}"))});"); break;
            case ColumnKind.Category: code.Line(2, $"c[{input.Register}] = {levels[input.Column]}.Code(row.{property});"); break;
            default: code.Line(2, $"n[{input.Register}] = ExportedParts.Number(row.{property});"); break;
        }
    }

    void Step(PartReader step)
    {
        string kind = step.Text("kind");
        string N(string register) => $"n[{step.Int(register, 0, int.MaxValue)}]";
        string T(string register) => $"t[{step.Int(register, 0, int.MaxValue)}]";
        string C(string register) => $"c[{step.Int(register, 0, int.MaxValue)}]";
        string[] values = step.Has("values") && kind is FillStep.Kind or SkewStep.Kind or ScaleStep.Kind ? [.. step.Array<double>("values", 2, 3).Select(CodeText.Literal)] : [];
        string Slot() => $"ExportedParts.At({code.List(step.Array<int>("slots", 0, int.MaxValue))}, {C("from")}, {step.Int("missing", -1, int.MaxValue)})";
        code.Line(2, kind switch
        {
            FillStep.Kind => $"{N("to")} = double.IsNaN({N("from")}) ? {values[0]} : Math.Min(Math.Max({N("from")}, {values[1]}), {values[2]});",
            MissingStep.Kind => $"{N("to")} = double.IsNaN({N("from")}) ? 1 : 0;",
            SkewStep.Kind => $"{N("to")} = ExportedParts.YeoJohnson(({N("from")} - {Operand(values[0])}) / {Operand(values[1])}, {values[2]});",
            ScaleStep.Kind => $"{N("to")} = {(step.Flag("clip") ? "ExportedParts.SmoothClip" : "")}(({N("from")} - {Operand(values[0])}) / {Operand(values[1])});",
            DatePartStep.Kind => $"{N("to")} = ExportedParts.DatePart({N("from")}, {(int)step.Choice<DatePart>("part")});",
            CycleStep.Kind => $"({N("sine")}, {N("cosine")}) = ExportedParts.Cycle({N("from")}, {CodeText.Literal(step.Real("period"))});",
            PairStep.Kind => $"{N("to")} = ExportedParts.FiniteOrNaN({N("first")} {SignOf(step.Choice<PairOperation>("operation"))} {N("second")});",
            RecodeStep.Kind => $"{C("to")} = ExportedParts.At({code.List(step.Array<int>("codes", 0, int.MaxValue))}, {C("from")}, -1);",
            LookupStep.Kind => $"{N("to")} = ExportedParts.At({code.List(step.Array<double>("values", 0, int.MaxValue))}, {C("from")}, {CodeText.Literal(step.Real("otherwise"))});",
            OneHotStep.Kind => $"ExportedParts.OneHot({Slot()}, n.Slice({step.Int("to", 0, int.MaxValue)}, {step.Int("width", 1, int.MaxValue)}));",
            SparseOneHotStep.Kind => $"s[{step.Int("segment", 0, int.MaxValue)}] = ExportedParts.OneHot({Slot()});",
            TextCountStep.Kind => $"ExportedParts.CountText({T("from")}, n.Slice({step.Int("to", 0, int.MaxValue)}, {TextCountStep.Names.Count}));",
            TfIdfStep.Kind => TfIdf(step, T("from")),
            SparseScoreStep.Kind => Scores(step),
            _ => throw new NotSupportedException($"the preparation step '{kind}' cannot be exported"),
        });
    }

    string TfIdf(PartReader step, string text)
    {
        ulong[] keys = step.Array<ulong>("keys", 0, int.MaxValue);
        var sizes = step.Array<int>("sizes", 2, 2);
        return $"s[{step.Int("segment", 0, int.MaxValue)}] = ExportedParts.TfIdf({text}, {(step.Flag("characters") ? "true" : "false")}, {sizes[0]}, {sizes[1]}, "
            + $"{(keys.Length == 0 ? "null" : Vocabulary(code.List(keys)))}, {code.List(step.Array<float>("idf", 1, int.MaxValue))});";
    }

    /// <summary>The field with the vocabulary of a list of hashes.</summary>
    string Vocabulary(string keys)
    {
        string field = "vocabularyOf" + keys;
        code.Field(field, $"static readonly Dictionary<ulong, int> {field} = ExportedParts.Vocabulary({keys});");
        return field;
    }

    string Scores(PartReader step)
    {
        double[] bias = step.Array<double>("bias", 1, int.MaxValue);
        int[] segments = step.Array<int>("segments", 1, int.MaxValue);
        string[] weights = [.. step.Parts("weights", 1, int.MaxValue).Select(part => code.List(part.Array<float>("values", 1, int.MaxValue)))];
        return string.Join("\n        ", Enumerable.Range(0, bias.Length).Select(output =>
        {
            string sum = CodeText.Literal(bias[output]);
            for (int s = 0; s < segments.Length; s++) sum = $"ExportedParts.AddScore({sum}, s[{segments[s]}], {weights[s]}, {output}, {bias.Length})";
            return $"n[{step.Int("to", 0, int.MaxValue) + output}] = {sum};";
        }));
    }

    static char SignOf(PairOperation operation) => operation switch { PairOperation.Sum => '+', PairOperation.Difference => '-', PairOperation.Product => '*', _ => '/' };

    /// <summary>A negative number must not stand behind a minus without a bracket.</summary>
    static string Operand(string literal) => literal[0] == '-' ? $"({literal})" : literal;

    static ReadOnlyMemory<byte> Render(Preparation preparation, out ArrayStore arrays)
    {
        var buffer = new ArrayBufferWriter<byte>();
        arrays = new ArrayStore();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            preparation.Pack(new PartWriter(json, arrays));
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
