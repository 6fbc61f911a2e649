using Tilth.Fitting;
using Tilth.Kernels;
using Tilth.Parallelism;
using Tilth.Search;
using static Tilth.Tests.Search.SearchTables;

namespace Tilth.Tests.Search;

public class GreedyBlendTests
{
    [Theory]
    [InlineData(200, true)]
    [InlineData(200, false)]
    [InlineData(6000, true)]
    public void A_blend_is_never_worse_than_its_best_member_where_it_was_chosen(int rows, bool classes)
    {
        var data = Read(Make(rows, 1, classes: classes));
        var search = new SearchData(data, [.. Enumerable.Range(0, rows)], 4, null, 1);
        for (ulong seed = 0; seed < 5; seed++)
        {
            double[][] members = [.. Enumerable.Range(0, 6).Select(m => Guess(search, 0.5 + m, new RandomSource(seed).Child(m), classes))];
            var greedy = new GreedyBlend(search, members, WorkerPool.Single);
            int[] all = [.. Enumerable.Range(0, search.ScoredRows.Length)];
            double[] weights = greedy.Weights(all, seed);
            Assert.Equal(1, weights.Sum(), 9);
            Assert.True(search.Error(greedy.Predict(weights, all)) <= members.Min(search.Error) + 1e-12);
        }
    }

    [Fact]
    public void Two_halves_of_a_truth_are_blended_evenly()
    {
        var data = Read(Make(400, 2, classes: false));
        var search = new SearchData(data, [.. Enumerable.Range(0, 400)], 4, null, 1);
        var random = new RandomSource(3);
        double[] noise = [.. search.Scored.Values.Select(_ => random.NextGaussian())];
        double[][] members = [[.. search.Scored.Values.Select((y, i) => y + noise[i])], [.. search.Scored.Values.Select((y, i) => y - noise[i])], [.. noise]];
        double[] weights = new GreedyBlend(search, members, WorkerPool.Single).Weights([.. Enumerable.Range(0, 400)], 0);
        Assert.Equal([0.5, 0.5, 0], weights.Select(w => Math.Round(w, 1)));
    }

    [Fact]
    public void A_choice_among_many_guesses_is_not_scored_on_the_rows_that_it_was_made_on()
    {
        var data = Read(Make(300, 4, noise: true));
        var search = new SearchData(data, [.. Enumerable.Range(0, 300)], 3, null, 1);
        var random = new RandomSource(5);
        var candidate = Cheap[0];
        double seen = 0, honest = 0;
        Member[] members = [.. Enumerable.Range(0, 40).Select(m =>
        {
            double[] guess = [.. search.ScoredRows.Select(_ => random.NextDouble())];
            return new Member(candidate, [new Trial(m + 1, candidate, 0, TrialStatus.Done, search.Error(guess), 0, "") { OutOfFold = guess, Models = Models }], guess, search.Error(guess));
        })];
        var blend = FinalBlend.Of(members, search, FitContext.Default);
        seen = -blend.Error;
        honest = -search.Error(blend.OutOfFold.Predictions);
        Assert.True(seen > 0.57, $"chosen among guesses: {seen}");
        Assert.True(honest < 0.55, $"honest: {honest}");
    }

    static readonly IReadOnlyList<Tilth.Models.Nodes.Node> Models = [Run(Make(60, 1), new SearchPlan { Trials = 1 }).Node];

    static double[] Guess(SearchData search, double noise, RandomSource random, bool classes)
        => [.. search.Scored.Values.Select(y => classes ? Elementary.Sigmoid(2 * y - 1 + noise * random.NextGaussian()) : y + noise * random.NextGaussian())];
}
