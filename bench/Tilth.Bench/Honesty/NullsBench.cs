using Tilth.Data;
using Tilth.Fitting;
using Tilth.Honesty;
using Tilth.Kernels;
using Tilth.Learners;
using Tilth.Tests.Honesty.Simulated;

namespace Tilth.Bench.Honesty;

/// <summary>Verdicts on random targets (200 to 20,000 rows, mixed columns), and on targets of a known Bayes AUC (1,000 rows, 10 to 20 columns).</summary>
static class NullsBench
{
    public static void Run(HonestyOptions options)
    {
        var random = new RandomSource(options.Seed).Child(1);
        Show("random targets: signal at most 1 %, weak or signal at most 5 %", options, i =>
        {
            var source = random.Child(i);
            var task = (TaskKind)(i % 3);
            int rows = HonestyOptions.LogUniform(source.NextDouble(), 200, 20_000);
            return (task.ToString().ToLowerInvariant(), NoiseTable.Draw(task, rows, source.ChildSeed(1)));
        });
        foreach (double auc in (double[])[0.70, 0.60])
            Show($"Bayes AUC {auc:0.00}, 1,000 rows: not none on at least {(auc > 0.65 ? 95 : 60)} %", options, i =>
            {
                var source = random.Child(1_000_000 + i);
                var law = new KnownLaw(TaskKind.Binary, 10 + source.NextInt(11), auc, 0.2 + 0.3 * source.NextDouble(), source.ChildSeed(1));
                return ("known law", law.Draw(1000, source.ChildSeed(2)).Table);
            });
    }

    static void Show(string title, HonestyOptions options, Func<int, (string Kind, Table Table)> draw)
    {
        var verdicts = new (string Kind, VerdictMark Mark, double P, int Dropped)[options.Tables];
        options.ForTables(i =>
        {
            var (kind, table) = draw(i);
            var result = (Training.For("y") with { Learner = LearnerCatalog.Find(options.Learner).Default }).Run(table, new FitContext { Seed = (ulong)i });
            verdicts[i] = (kind, result.Findings.Verdict!.Mark, result.Evaluation.ChancePValue, result.Findings.Suspicions.Count(s => s.LeftOut));
        }, done => Show(title, verdicts[..done]));
    }

    static void Show(string title, (string Kind, VerdictMark Mark, double P, int Dropped)[] verdicts)
    {
        Console.WriteLine($"== {title}");
        foreach (var group in verdicts.GroupBy(v => v.Kind).Append(verdicts.GroupBy(_ => "all").Single()).DistinctBy(g => g.Key))
        {
            var each = group.ToList();
            Console.WriteLine($"{group.Key,-12} signal {HonestyOptions.Rate(each.Count(v => v.Mark == VerdictMark.Signal), each.Count),-40} weak or signal {HonestyOptions.Rate(each.Count(v => v.Mark != VerdictMark.None), each.Count),-40} "
                + $"p < 0.05 {HonestyOptions.Rate(each.Count(v => v.P < 0.05), each.Count),-40} columns left out {each.Sum(v => v.Dropped)}");
        }
    }
}
