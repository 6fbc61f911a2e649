using System.Globalization;
using Tilth.Kernels;

namespace Tilth.Data.Samples;

/// <summary>
/// Houses sold over four years, and their price. What drives it: living area, district, condition, age, garden, the month of
/// sale (prices rise by half a percent a month), and a view that only the advertisement tells of. The noise is 8 % of the
/// price. The broker and the listing number mean nothing; the heating fuel stands for the age.
/// </summary>
internal static class Houses
{
    static readonly (string Name, double Level)[] Districts =
        [("Altstadt", 0.35), ("Lindenhof", 0.2), ("Seefeld", 0.5), ("Nordring", -0.15), ("Industrie", -0.4), ("Bergli", 0.1), ("Wiesental", -0.05), ("Hafen", 0.0)];

    /// <summary>Standard deviation of the noise on the logarithm of the price.</summary>
    const double Noise = 0.08;

    public static Sample Make(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var houses = new House[rows];
        var score = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            houses[i] = Draw(random.Child(i));
            score[i] = houses[i].Expected;
        }
        var messy = new RandomSource(random.ChildSeed(-1));
        var table = new SampleWriter(rows);
        table.Add("listing", i => $"L{StableHash.Mix((ulong)i):x8}"[..9] + i.ToString("x5", CultureInfo.InvariantCulture));
        table.Add("sold", i => new DateTime(2021, 1, 1).AddMonths(houses[i].Month).AddDays(i % 27).ToString("MM/dd/yyyy", CultureInfo.InvariantCulture));
        table.Add("district", i => houses[i].District);
        table.Add("living_area", i => SampleWriter.Text(houses[i].Area, "0") + " m2");
        table.Add("rooms", i => SampleWriter.Text(houses[i].Rooms, "0.0"));
        table.Add("built", i => messy.Chance(0.05) ? "?" : houses[i].Built.ToString(CultureInfo.InvariantCulture));
        table.Add("garden", i => houses[i].Garden == 0 ? (messy.Chance(0.5) ? "-" : "0") : SampleWriter.Text(houses[i].Garden, "#,0"));
        table.Add("condition", i => messy.Chance(0.08) ? "" : houses[i].Condition);
        table.Add("heating", i => houses[i].Heating);
        table.Add("garage", i => houses[i].Garage ? "true" : "false");
        table.Add("broker", i => messy.Any("Huber", "Meier & Co", "Immo24", "private", "Casa"));
        table.Add("advertisement", i => houses[i].Words);
        table.Add("country", _ => "CH");
        table.Add("price", i => $"CHF {SampleWriter.Text(houses[i].Price, "#,0")}");
        return new(table.Build(), "price", score);
    }

    static House Draw(RandomSource random)
    {
        var (district, level) = Districts[random.NextInt(Districts.Length)];
        double area = Math.Round(Elementary.Exp(4.75 + 0.35 * random.NextGaussian()));
        double rooms = Math.Max(1, Math.Round(area / 14 + random.NextGaussian()) / 2);
        int built = 1900 + (int)(123 * Math.Sqrt(random.NextDouble())), month = random.NextInt(48);
        double garden = random.Chance(0.35) ? 0 : Math.Round(Elementary.Exp(5.3 + 0.7 * random.NextGaussian()));
        string condition = random.Pick(("renovated", 0.25), ("good", 0.45), ("dated", 0.22), ("poor", 0.08));
        string heating = built < 1960 ? random.Any("oil", "wood", "oil") : built < 2000 ? random.Any("oil", "gas") : random.Any("heat pump", "gas", "heat pump");
        bool garage = random.Chance(0.6), view = random.Chance(0.15), noisy = random.Chance(0.15);
        string words = string.Join(' ', new[] { random.Any("Bright", "Charming", "Spacious", "Well-kept"), $"house with {rooms:0.0} rooms".Replace(',', '.'),
            random.Any("near the school.", "close to shops.", "for families.", "with character."), view ? "Wide view of the lake." : null,
            noisy ? "Handy to the main road." : null, $"Call {random.NextInt(900) + 100}." }.Where(part => part is not null));
        double log = 12.4 + 0.75 * Elementary.Log(area / 115) + level + (condition == "renovated" ? 0.12 : condition == "dated" ? -0.1 : condition == "poor" ? -0.28 : 0)
            + 0.0000012 * (built - 1900) * (built - 1900) * 10 + 0.00015 * Math.Min(garden, 800) + (garage ? 0.04 : 0) + 0.005 * month
            + (view ? 0.18 : 0) - (noisy ? 0.1 : 0);
        double price = Math.Round(Elementary.Exp(log + Noise * random.NextGaussian()) / 100) * 100;
        return new(district, area, rooms, built, month, garden, condition, heating, garage, words, Elementary.Exp(log + Noise * Noise / 2), price);
    }

    sealed record House(string District, double Area, double Rooms, int Built, int Month, double Garden, string Condition, string Heating, bool Garage,
        string Words, double Expected, double Price);
}
