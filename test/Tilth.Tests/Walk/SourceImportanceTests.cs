using Tilth.Data;
using Tilth.Kernels;
using Tilth.Learners;

namespace Tilth.Tests.Walk;

/// <summary>The column that decides is named first, whatever its place and however many classes there are.</summary>
public class SourceImportanceTests
{
    [Theory]
    [InlineData("gradient_boosting", 2)]
    [InlineData("gradient_boosting", 4)]
    [InlineData("linear", 4)]
    public void Last_column_decides_and_is_named_first(string learner, int classes)
    {
        var random = new RandomSource(1);
        double[] Noise() => [.. Enumerable.Range(0, 300).Select(_ => random.NextGaussian())];
        double[] decides = Noise();
        var target = decides.Select(x => $"class {Math.Clamp((int)Math.Floor((x + 2) * classes / 4), 0, classes - 1)}");
        var table = new Table([.. Enumerable.Range(0, 5).Select(i => new NumberColumn($"noise{i}", Noise())), new NumberColumn("decides", decides), TextColumn.From("y", target)]);

        var result = (Training.For("y") with { Learner = LearnerCatalog.Find(learner).Default }).Run(table);

        var importance = result.Importance;
        Assert.Equal("decides", importance[0].Column);
        Assert.True(importance[0].Share > 0.4, $"its share is {importance[0].Share}");
        Assert.Equal(1, importance.Sum(column => column.Share), 9);
    }
}
