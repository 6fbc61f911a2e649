using System.Globalization;
using Tilth.Kernels;

namespace Tilth.Data.Samples;

/// <summary>
/// Visits to an emergency ward with chest complaints, and the diagnosis: cardiac (about one in eight), respiratory or muscular. Blood
/// tests are often not taken. What drives it: age, troponin, oxygen, fever, smoking, and what the patient says. The bed and
/// the insurer mean nothing.
/// </summary>
internal static class Patients
{
    public static readonly string[] Diagnoses = ["cardiac", "muscular", "respiratory"];

    public static Sample Make(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var visits = new Visit[rows];
        var score = new double[rows * 3];
        for (int i = 0; i < rows; i++)
        {
            visits[i] = Draw(random.Child(i));
            visits[i].Probabilities.CopyTo(score, i * 3);
        }
        var messy = new RandomSource(random.ChildSeed(-1));
        var table = new SampleWriter(rows);
        table.Add("visit", i => (20001 + i).ToString(CultureInfo.InvariantCulture));
        table.Add("arrived", i => new DateTime(2024, 1, 1).AddMinutes(i * 97L + i % 31).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        table.Add("age", i => visits[i].Age.ToString(CultureInfo.InvariantCulture));
        table.Add("sex", i => visits[i].Female ? "f" : "m");
        table.Add("smoker", i => messy.Chance(0.1) ? messy.Any("unknown", "") : visits[i].Smoker ? "Y" : "N");
        table.Add("temperature", i => SampleWriter.Text(visits[i].Temperature, "0.0").Replace('.', ',') + " °C");
        table.Add("oxygen", i => messy.Chance(0.05) ? "" : $"{SampleWriter.Text(visits[i].Oxygen, "0")}%");
        table.Add("troponin", i => messy.Chance(0.35) ? "n/a" : SampleWriter.Text(visits[i].Troponin, "0.0"));
        table.Add("pain", i => visits[i].Pain);
        table.Add("words", i => visits[i].Words);
        table.Add("bed", i => messy.NextInt(40).ToString(CultureInfo.InvariantCulture));
        table.Add("insurer", i => messy.Any("Alpina", "Helva", "Concordis", "Sanus"));
        table.Add("diagnosis", i => Diagnoses[visits[i].Diagnosis]);
        return new(table.Build(), "diagnosis", score);
    }

    static Visit Draw(RandomSource random)
    {
        int age = Math.Clamp((int)(55 + 18 * random.NextGaussian()), 18, 97);
        bool female = random.Chance(0.5), smoker = random.Chance(0.3);
        double temperature = 36.8 + 0.4 * random.NextGaussian() + (random.Chance(0.2) ? 1.5 * random.NextDouble() : 0);
        double oxygen = Math.Min(100, 97 - (smoker ? 1 : 0) - Math.Abs(2.2 * random.NextGaussian()));
        double troponin = Elementary.Exp(1.4 + 0.9 * random.NextGaussian() + (age > 65 ? 0.3 : 0));
        string pain = random.Pick(("pressing", 0.3), ("stabbing", 0.35), ("on movement", 0.35));
        bool cough = random.Chance(0.3), lifted = random.Chance(0.25), arm = random.Chance(0.2);
        double[] logits =
        [
            -2.1 + 0.03 * (age - 55) + 0.9 * Elementary.Log(troponin / 4) + (pain == "pressing" ? 1.5 : 0) + (arm ? 1.2 : 0) + (smoker && age > 50 ? 0.7 : 0),
            0.2 + (pain == "on movement" ? 1.4 : 0) + (lifted ? 1.5 : 0) - 0.015 * (age - 55),
            -0.6 + 1.3 * (temperature - 37) + 0.4 * (96 - oxygen) + (cough ? 1.8 : 0),
        ];
        double total = logits.Sum(Elementary.Exp);
        double[] probabilities = Array.ConvertAll(logits, logit => Elementary.Exp(logit) / total);
        int diagnosis = random.Pick((0, probabilities[0]), (1, probabilities[1]), (2, probabilities[2]));
        string since = $"since {1 + random.NextInt(14)} {random.Any("hours", "days")}";
        string words = string.Join(", ", new[] { "chest hurts " + since, cough ? "coughs at night" : null, lifted ? "lifted something heavy" : null,
            arm ? "left arm feels numb" : null, random.Any("worried", "was at work", "slept badly", null) }.Where(part => part is not null));
        return new(age, female, smoker, temperature, oxygen, troponin, pain, words, probabilities, diagnosis);
    }

    sealed record Visit(int Age, bool Female, bool Smoker, double Temperature, double Oxygen, double Troponin, string Pain, string Words,
        double[] Probabilities, int Diagnosis);
}
