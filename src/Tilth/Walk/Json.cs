using System.Buffers;
using System.Text.Json;

namespace Tilth.Walk;

/// <summary>Writes a JSON text.</summary>
internal static class Json
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" })) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
