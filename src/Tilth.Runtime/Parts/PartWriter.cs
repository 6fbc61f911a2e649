using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tilth.Parts;

/// <summary>
/// Writes an immutable object as named scalars, arrays and child parts: scalars into the package's JSON manifest, arrays
/// into its array store, where equal arrays are stored once. <see cref="PartReader"/> reads it back; nothing else in a
/// package is code or a type name.
/// </summary>
internal sealed class PartWriter(Utf8JsonWriter json, ArrayStore arrays)
{
    public void Int(string name, long value) => json.WriteNumber(name, value);

    /// <summary>Exact to the bit, also for infinities and NaN (stored as an array of one).</summary>
    public void Real(string name, double value) => Array<double>(name, [value]);

    public void Flag(string name, bool value) => json.WriteBoolean(name, value);

    public void Text(string name, string? value) => json.WriteString(name, value);

    public void Texts(string name, IEnumerable<string?> values)
    {
        json.WriteStartArray(name);
        foreach (string? value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public void Choice<T>(string name, T value) where T : struct, Enum => json.WriteString(name, value.ToString());

    /// <summary>Raw little-endian numbers.</summary>
    public void Array<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
        => json.WriteNumber(name, arrays.Add(MemoryMarshal.AsBytes(values), ElementTypes.Of<T>()));

    public void Part(string name, Action<PartWriter> write)
    {
        json.WriteStartObject(name);
        write(this);
        json.WriteEndObject();
    }

    public void Parts<T>(string name, IEnumerable<T> items, Action<PartWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(this, item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The part as text of its own, its arrays in this writer's store: equal parts give equal texts.</summary>
    public string Render(Action<PartWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var own = new Utf8JsonWriter(buffer))
        {
            own.WriteStartObject();
            write(new PartWriter(own, arrays));
            own.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
