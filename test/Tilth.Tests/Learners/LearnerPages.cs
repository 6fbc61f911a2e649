using Tilth.Learners;
using Tilth.Tests.Rules;

namespace Tilth.Tests.Learners;

/// <summary>Every learner has a page, and its table is what the learner declares.</summary>
public sealed class LearnerPages
{
    public static TheoryData<string> Names => [.. LearnerCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_shows_the_declared_hyperparameters(string name)
    {
        string page = File.ReadAllText(Path.Combine(CodeFiles.Root, "docs", "learners", name + ".md"));
        Assert.True(page.EndsWith(ParameterTable.Markdown(LearnerCatalog.Find(name)), StringComparison.Ordinal),
            $"docs/learners/{name}.md must end with what 'tilth learners {name} --markdown' prints");
    }

    [Fact]
    public void Pages_are_of_learners_that_exist_and_all_are_listed()
    {
        string folder = Path.Combine(CodeFiles.Root, "docs", "learners"), list = File.ReadAllText(Path.Combine(folder, "README.md"));
        var pages = Directory.GetFiles(folder).Select(Path.GetFileNameWithoutExtension).Where(name => name != "README");
        Assert.Equal(LearnerCatalog.All.Select(entry => entry.Name).Order(StringComparer.Ordinal), pages.Order(StringComparer.Ordinal));
        Assert.All(LearnerCatalog.All, entry => Assert.Contains($"[{entry.Title}]({entry.Name}.md)", list, StringComparison.Ordinal));
    }
}
