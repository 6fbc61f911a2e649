using System.Globalization;
using Tilth.Apps.Tests.Serving;
using Tilth.Prediction;

namespace Tilth.Apps.Tests;

/// <summary>A new project that references the packed Tilth.Runtime gets types of a package's schema (docs/typed-models.md).</summary>
public class TypedModelTests
{
    [Fact]
    public void A_new_project_builds_predicts_the_same_bits_and_builds_again_without_work()
    {
        using var folder = Folders.Temporary();
        Feed.Config(folder);
        Packages.First.Save(folder.At("churn.tilth"));
        folder.Write("app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><RootNamespace>Shop</RootNamespace><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>
              <ItemGroup><PackageReference Include="Tilth.Runtime" Version="*" /><TilthModel Include="churn.tilth" /><TilthModel Include="last/churn.tilth" Name="LastYear" Namespace="Shop.Past" /></ItemGroup>
            </Project>
            """);
        Directory.CreateDirectory(folder.At("last"));
        Packages.Number.Save(folder.At("last/churn.tilth"));
        folder.Write("Program.cs", """
            using System;
            using Shop;

            var model = ChurnModel.Open();
            var answer = model.Predict(new ChurnInput { Age = 44, City = ChurnInput.CityLevels.Bern, Member = true, Since = new DateTime(2021, 3, 4), Spend = null });
            Console.WriteLine($"{answer.Decision} {BitConverter.DoubleToInt64Bits(answer.Probability)} {answer.Version} {answer.Warnings.Count} {Shop.Past.LastYearModel.Open().Predictor.Package.Version}");
            """);
        Feed.Succeeds("dotnet", ["build", "-v", "q", "-nologo"], folder.Path);
        string program = folder.At("bin/Debug/net10.0/app.dll");
        var expected = new Predictor(Packages.First).Predict(new Dictionary<string, object?> { ["age"] = 44.0, ["city"] = "Bern", ["member"] = true, ["since"] = new DateTime(2021, 3, 4), ["spend"] = null });
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{expected.Decision} {BitConverter.DoubleToInt64Bits(expected.Value)} {Packages.First.Version} 0 {Packages.Number.Version}"),
            Feed.Succeeds("dotnet", [program], folder.Path).Output.Trim());

        var written = File.GetLastWriteTimeUtc(program);
        var schema = File.GetLastWriteTimeUtc(folder.At("obj/Debug/net10.0/tilth/churn/schema.json"));
        var again = Feed.Succeeds("dotnet", ["build", "-v", "n", "-nologo", "--no-restore"], folder.Path);
        Assert.Contains("Skipping target \"TilthUnzipSchemas\" because all output files are up-to-date", again.Output);
        Assert.Contains("Skipping target \"CoreCompile\" because all output files are up-to-date", again.Output);
        Assert.Equal((written, schema), (File.GetLastWriteTimeUtc(program), File.GetLastWriteTimeUtc(folder.At("obj/Debug/net10.0/tilth/churn/schema.json"))));

        // Learned again: other bits, same columns. Then other columns.
        Packages.Second.Save(folder.At("churn.tilth"));
        File.SetLastWriteTimeUtc(folder.At("churn.tilth"), DateTime.UtcNow.AddSeconds(2));
        Feed.Succeeds("dotnet", ["build", "-v", "q", "-nologo", "--no-restore"], folder.Path);
        Assert.Contains(Packages.Second.Version, Feed.Succeeds("dotnet", [program], folder.Path).Output);
        Packages.Number.Save(folder.At("churn.tilth"));
        File.SetLastWriteTimeUtc(folder.At("churn.tilth"), DateTime.UtcNow.AddSeconds(4));
        var broken = Run.Process("dotnet", ["build", "-v", "q", "-nologo", "--no-restore"], folder.Path);
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Contains("'ChurnInput' does not contain a definition for 'Spend'", broken.Output);
    }

    [Fact]
    public void A_missing_package_a_file_that_is_none_and_a_pinned_schema_are_errors_with_a_sentence()
    {
        using var folder = Folders.Temporary();
        Feed.Config(folder);
        Packages.First.Save(folder.At("churn.tilth"));
        string Build(string item)
        {
            folder.Write("lib.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageReference Include="Tilth.Runtime" Version="*" />{item}</ItemGroup>
                </Project>
                """);
            var ran = Run.Process("dotnet", ["build", "-v", "q", "-nologo"], folder.Path);
            Assert.NotEqual(0, ran.ExitCode);
            return ran.Output;
        }
        Assert.Contains("error TILTH101: there is no package 'gone.tilth', which a TilthModel item of this project names", Build("""<TilthModel Include="gone.tilth" />"""));
        Assert.Contains("error TILTH003: The columns or classes of 'churn.tilth' are not those that this project pins: the item says Schema=\"0123456789ab\"", Build("""<TilthModel Include="churn.tilth" Schema="0123456789ab" />"""));
        using (var zip = System.IO.Compression.ZipFile.Open(folder.At("other.tilth"), System.IO.Compression.ZipArchiveMode.Create)) zip.CreateEntry("readme.txt");
        Assert.Contains("error TILTH102: 'other.tilth' is no Tilth package: it holds no schema.json", Build("""<TilthModel Include="other.tilth" />"""));
    }
}
