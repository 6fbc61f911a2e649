using System.Globalization;
using System.Text;
using Tilth.Kernels;

namespace Tilth.Tests.Kernels;

public class DecimalTextTests
{
    [Fact]
    public void Every_number_is_rounded_as_the_framework_rounds_it()
    {
        var random = new RandomSource(11);
        for (int i = 0; i < 300_000; i++)
        {
            string text = (i % 6) switch
            {
                0 => BitConverter.UInt64BitsToDouble(random.NextUInt64()).ToString("R", CultureInfo.InvariantCulture),
                1 => ((float)random.NextGaussian()).ToString("R", CultureInfo.InvariantCulture),
                2 => random.NextGaussian().ToString("R", CultureInfo.InvariantCulture),
                3 => $"{random.NextUInt64()}e{random.NextInt(140) - 70}",
                4 => $"-{random.NextUInt64() >> random.NextInt(64)}.{random.NextUInt64() >> random.NextInt(64)}",
                _ => $"{random.NextInt(1000)}.{random.NextInt(100)}",
            };
            if (text.Contains("NaN")) continue;
            if (text.TrimStart('-') is ['0', >= '0' and <= '9', ..]) continue;
            Check(text, double.Parse(text.Replace("Infinity", "∞").Replace("∞", "Infinity"), CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", -0.0)]
    [InlineData("+5", 5)]
    [InlineData("1.", 1)]
    [InlineData(".5", .5)]
    [InlineData("9007199254740993", 9007199254740992d)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("4.9e-324", 4.9e-324)]
    [InlineData("2.2250738585072011e-308", 2.2250738585072011e-308)]
    [InlineData("-inf", double.NegativeInfinity)]
    public void Plain_numbers(string text, double value) => Check(text, value);

    [Theory]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("1-2")]
    [InlineData("007")]
    [InlineData("1 2")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData(".inf")]
    [InlineData("--1")]
    public void Not_plain_numbers(string text)
    {
        Assert.False(DecimalText.TryRead(Encoding.UTF8.GetBytes(text), (byte)'.', out _));
        Assert.Equal(1, Cell(text, out _));
    }

    static void Check(string text, double value)
    {
        Assert.True(DecimalText.TryRead(Encoding.UTF8.GetBytes(text), (byte)'.', out double read), text);
        Assert.True(BitConverter.DoubleToInt64Bits(read) == BitConverter.DoubleToInt64Bits(value), text);
        Assert.Equal(0, Cell(text, out double vector));
        Assert.True(BitConverter.DoubleToInt64Bits(vector) == BitConverter.DoubleToInt64Bits(value), text);
    }

    static int Cell(string text, out double value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(new string('9', 32) + text + new string('9', 64));
        var values = new double[1];
        int others = NumberCells.Read(bytes, [31, 32 + Encoding.UTF8.GetByteCount(text)], 2, (byte)'.', values, new int[1]);
        value = values[0];
        return others;
    }
}
