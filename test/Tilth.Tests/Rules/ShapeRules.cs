using System.Text.RegularExpressions;

namespace Tilth.Tests.Rules;

/// <summary>The shape that ARCHITECTURE.md promises, read off the source text.</summary>
public partial class ShapeRules
{
    static readonly string[] RuntimeOrder =
        ["Kernels", "Problems", "Parts", "Data", "Metrics", "Prepare", "Models", "Explanation", "Packaging", "Prediction", "Monitoring"];

    static readonly string[] TilthOrder =
        ["Kernels", "Statistics", "Parallelism", "Fitting", "Data", "Prepare", "Learners", "Evaluation", "Explanation", "Honesty", "Search", "Walk", "Reporting", "Exporting"];

    /// <summary>Folders that learner families share.</summary>
    static readonly string[] SharedLearnerFolders = ["Losses", "Solvers", "Trees"];

    [Fact]
    public void A_folder_uses_only_folders_to_its_left()
    {
        var wrong = Violations("src/Tilth.Runtime", RuntimeOrder, alsoLeft: [])
            .Concat(Violations("src/Tilth", TilthOrder, alsoLeft: RuntimeOrder)).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Learner_families_do_not_use_each_other()
    {
        var wrong = new List<string>();
        foreach (var (path, text) in CodeFiles.Under("src/Tilth/Learners"))
        {
            string[] parts = path.Split('/');
            string? family = parts.Length > 4 ? parts[3] : null;
            if (family is null) continue;
            wrong.AddRange(Using().Matches(text).Select(match => match.Groups[1].Value.Split('.'))
                .Where(name => name is ["Learners", _, ..] && name[1] != family && !SharedLearnerFolders.Contains(name[1]))
                .Select(name => $"{path} uses the family {name[1]}"));
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Vector_instructions_stand_only_under_Kernels()
    {
        var wrong = CodeFiles.Under("src")
            .Where(file => !file.Path.Contains("/Kernels/") && Intrinsics().IsMatch(file.Text))
            .Select(file => file.Path).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Files_are_small()
    {
        var lines = CodeFiles.Under("src").Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n'))).ToList();
        var long400 = lines.Where(file => file.Lines > 400 && !file.Path.Contains("/Kernels/")).Select(file => $"{file.Path}: {file.Lines}").ToList();
        Assert.True(long400.Count == 0, "over 400 lines:\n" + string.Join('\n', long400));
        Assert.True(lines.Count(file => file.Lines <= 300) >= 0.9 * lines.Count, "more than one file in ten is over 300 lines");
    }

    [Fact]
    public void Names_say_something()
    {
        var wrong = CodeFiles.Under("src").Where(file => Empty().IsMatch(Path.GetFileNameWithoutExtension(file.Path))).Select(file => file.Path).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Nothing_is_left_undone()
    {
        var wrong = CodeFiles.Under("src").Where(file => Undone().IsMatch(file.Text)).Select(file => file.Path).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    static IEnumerable<string> Violations(string project, string[] order, string[] alsoLeft)
    {
        foreach (var (path, text) in CodeFiles.Under(project))
        {
            string[] parts = path.Split('/');
            string folder = parts.Length > 3 ? parts[2] : "";
            int at = Array.IndexOf(order, folder);
            if (at < 0) continue;
            foreach (Match match in Using().Matches(text))
            {
                string used = match.Groups[1].Value.Split('.')[0];
                int there = Array.IndexOf(order, used);
                if (there > at && !alsoLeft.Contains(used)) yield return $"{path} uses {used}, which stands to its right";
            }
        }
    }

    [GeneratedRegex(@"\busing\s+(?:static\s+)?Tilth\.([A-Za-z.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"System\.Runtime\.Intrinsics|Vector(64|128|256|512)[.<]")]
    private static partial Regex Intrinsics();

    [GeneratedRegex(@"(Manager|Helpers?|Utils?|Utilities|Processor|Base|Impl|Info)$")]
    private static partial Regex Empty();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Undone();
}
