using System.Globalization;
using Tilth.Kernels;

namespace Tilth.Data.Samples;

/// <summary>
/// Customers of a phone company, and who leaves: binary, about one in four. What drives it: contract, time as a customer,
/// charge for the plan, support calls (more from the third on), how they pay, and the tone of the last note. The region and
/// the newsletter mean nothing.
/// </summary>
internal static class Customers
{
    static readonly string[] Angry = ["bill was wrong again", "too expensive, will compare offers", "network drops at home", "asked how to cancel"];
    static readonly string[] Calm = ["asked about roaming", "changed the address", "wants a second card", "question about the bill", "thanks for quick help"];
    static readonly string[] Openings = ["Called on Monday:", "By mail:", "In the shop:", "Chat:", "Called twice:"];

    public static Sample Make(int rows, ulong seed)
    {
        var random = new RandomSource(seed);
        var score = new double[rows];
        var people = new Customer[rows];
        for (int i = 0; i < rows; i++)
        {
            people[i] = Draw(random.Child(i));
            score[i] = Elementary.Sigmoid(people[i].Logit);
        }
        var messy = new RandomSource(random.ChildSeed(-1));
        var table = new SampleWriter(rows);
        table.Add("customer_id", i => $"C-{100000 + (i * 7919L % 899981):000000}");
        table.Add("signed_up", i => new DateTime(2025, 6, 30).AddDays(-people[i].Months * 30.4 - i % 28).ToString("dd.MM.yyyy", CultureInfo.InvariantCulture));
        table.Add("contract", i => people[i].Contract);
        table.Add("monthly_charge", i => $"${SampleWriter.Text(people[i].Charge, "#,0.00")}");
        table.Add("data_gb", i => messy.Chance(0.06) ? messy.Any("?", "NA", "-") : SampleWriter.Text(people[i].Data, "0.0"));
        table.Add("support_calls", i => people[i].Calls.ToString(CultureInfo.InvariantCulture));
        table.Add("payment", i => messy.Chance(0.03) ? "" : people[i].Payment);
        table.Add("newsletter", i => messy.Chance(0.02) ? "" : people[i].Newsletter ? "yes" : "no");
        table.Add("region", i => people[i].Region);
        table.Add("last_note", i => people[i].Note);
        table.Add("churned", i => people[i].Leaves ? "yes" : "no");
        return new(table.Build(), "churned", score);
    }

    static Customer Draw(RandomSource random)
    {
        string contract = random.Pick(("monthly", 0.5), ("one year", 0.3), ("two years", 0.2));
        double months = 1 + 70 * random.NextDouble() * random.NextDouble();
        double data = Elementary.Exp(2 + 0.8 * random.NextGaussian());
        double charge = 15 + 4 * Math.Sqrt(data) * 2 + 6 * random.NextDouble();
        int calls = 0;
        while (calls < 9 && random.Chance(0.45)) calls++;
        string payment = random.Pick(("card", 0.4), ("bank transfer", 0.35), ("invoice", 0.25));
        bool angry = random.Chance(0.08 + 0.08 * Math.Min(calls, 5)), noted = random.Chance(0.6);
        string note = !noted ? "" : $"{random.Any<string>(Openings)} {(angry ? random.Any<string>(Angry) : random.Any<string>(Calm))}, ref {random.NextInt(100000)}";
        double logit = -2.2 + (contract == "monthly" ? 1.4 : contract == "one year" ? 0.2 : -1.0)
            - 1.1 * Elementary.Log(months / 12) + 0.035 * (charge - 40) + (calls >= 3 ? 1.1 : 0.1 * calls)
            + (payment == "invoice" ? 0.5 : 0) + (noted && angry ? 1.8 : 0);
        return new(contract, months, data, charge, calls, payment, random.Chance(0.4), random.Any("north", "south", "east", "west", "centre"), note,
            logit, random.Chance(Elementary.Sigmoid(logit)));
    }

    sealed record Customer(string Contract, double Months, double Data, double Charge, int Calls, string Payment, bool Newsletter, string Region, string Note,
        double Logit, bool Leaves);
}
