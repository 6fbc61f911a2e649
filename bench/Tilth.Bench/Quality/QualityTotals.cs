using System.Globalization;
using Tilth.Kernels;

namespace Tilth.Bench.Quality;

/// <summary>Over all sets: mean ranks, geometric means of error ratios (a set counts at most a factor 2 either way), and where a peer is clearly better.</summary>
sealed class QualityTotals
{
    const double MostFactor = 2, ClearlyWorse = 3;

    readonly List<TestScore> sets = [];

    public void Add(TestScore set) => sets.Add(set);

    public void Print()
    {
        Say($"mean rank: {string.Join(", ", Peers.Names.Prepend(TestScore.Us).Select(MeanRank).Where(one => one.Sets > 0).OrderBy(one => one.Rank).Select(one => $"{one.System} {one.Rank.ToString("F2", CultureInfo.InvariantCulture)}"))}");
        foreach (string peer in Peers.Names)
            if (Ratios(set => set.ErrorOf(peer)) is { Count: > 0 } ratios) Say($"error / {peer}'s, geometric mean of {ratios.Count} sets: {Mean(ratios):F4}");
        if (Ratios(set => set.BestPeer is { } best ? set.ErrorOf(best) : null) is { Count: > 0 } all) Say($"error / the best single peer's of each set, geometric mean of {all.Count} sets: {Mean(all):F4}");
        Say($"sets where the best peer is better by more than {ClearlyWorse} paired standard errors: {sets.Count(set => set.StandardErrorsWorse > ClearlyWorse)}");
    }

    (string System, double Rank, int Sets) MeanRank(string system)
    {
        double[] ranks = [.. sets.Where(set => set.Rank(system) is not null).Select(set => (double)set.Rank(system)!)];
        return (system, ranks.Length == 0 ? 0 : ranks.Average(), ranks.Length);
    }

    List<double> Ratios(Func<TestScore, double?> theirs)
        => [.. sets.Where(set => theirs(set) is not null).Select(set => Math.Clamp(set.ErrorOf(TestScore.Us)!.Value / theirs(set)!.Value, 1 / MostFactor, MostFactor))];

    static double Mean(List<double> ratios) => Elementary.Exp(ratios.Average(Elementary.Log));

    static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
