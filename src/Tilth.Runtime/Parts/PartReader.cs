using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tilth.Parts;

/// <summary>
/// Reads what a <see cref="PartWriter"/> wrote. Whatever the bytes are, every call either gives a value inside the range
/// that the caller states or throws <see cref="PackageFormatException"/>.
/// </summary>
internal readonly struct PartReader(JsonElement element, ArrayStore arrays)
{
    public int Int(string name, int min, int max) => (int)Int64(name, min, max);

    public long Int64(string name, long min, long max)
    {
        if (Get(name).ValueKind != JsonValueKind.Number || !Get(name).TryGetInt64(out long value))
            throw Wrong(name, "is not a whole number");
        return value >= min && value <= max ? value : throw Wrong(name, $"is {value}, outside {min} to {max}");
    }

    public double Real(string name) => Array<double>(name, 1, 1)[0];

    public double FiniteReal(string name)
        => Real(name) is var value && double.IsFinite(value) ? value : throw Wrong(name, $"is {value}, not a finite number");

    public bool Flag(string name) => Get(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "is not true or false"),
    };

    public string Text(string name) => OptionalText(name) ?? throw Wrong(name, "is null");

    public string? OptionalText(string name) => Get(name) is var value && value.ValueKind == JsonValueKind.Null ? null : AsText(name, value);

    public string?[] Texts(string name, int min, int max)
    {
        var items = Items(name, min, max);
        var texts = new string?[items.Length];
        for (int i = 0; i < texts.Length; i++) texts[i] = items[i].ValueKind == JsonValueKind.Null ? null : AsText(name, items[i]);
        return texts;
    }

    public T Choice<T>(string name) where T : struct, Enum
        => Enum.TryParse(Text(name), out T value) && Enum.IsDefined(value) ? value : throw Wrong(name, $"is '{Text(name)}', not a known {typeof(T).Name}");

    /// <summary>An array of <paramref name="min"/> to <paramref name="max"/> numbers, copied.</summary>
    public T[] Array<T>(string name, int min, int max) where T : unmanaged
    {
        var bytes = arrays.Get(Int(name, 0, arrays.Count - 1), ElementTypes.Of<T>());
        var values = MemoryMarshal.Cast<byte, T>(bytes.Span);
        return values.Length >= min && values.Length <= max ? values.ToArray() : throw Wrong(name, $"has {values.Length} numbers, outside {min} to {max}");
    }

    public PartReader Part(string name)
        => Get(name) is var value && value.ValueKind == JsonValueKind.Object ? new(value, arrays) : throw Wrong(name, "is not an object");

    public PartReader[] Parts(string name, int min, int max)
    {
        var items = Items(name, min, max);
        var parts = new PartReader[items.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = items[i].ValueKind == JsonValueKind.Object ? new(items[i], arrays) : throw Wrong(name, "holds something that is not an object");
        return parts;
    }

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public PackageFormatException Wrong(string name, string what) => new("manifest", $"the package's manifest is damaged: '{name}' {what}");

    JsonElement Get(string name) => element.TryGetProperty(name, out var value) ? value : throw Wrong(name, "is missing");

    JsonElement[] Items(string name, int min, int max)
    {
        var value = Get(name);
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "is not a list");
        int count = value.GetArrayLength();
        return count >= min && count <= max ? [.. value.EnumerateArray()] : throw Wrong(name, $"has {count} items, outside {min} to {max}");
    }

    string AsText(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) throw Wrong(name, "is not a text");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException fault) // half of a surrogate pair, written as \uD800
        {
            throw new PackageFormatException("manifest", $"the package's manifest is damaged: '{name}' is not valid Unicode", fault);
        }
    }
}
