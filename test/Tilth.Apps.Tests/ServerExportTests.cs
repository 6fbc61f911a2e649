using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tilth.Apps.Tests.Serving;
using Tilth.Prediction;

namespace Tilth.Apps.Tests;

/// <summary>
/// tilth export server: what the Dockerfile says (publish, a user without rights, a read-only folder, the health check) is done
/// here as plain commands, taken from its own lines. No container was ever built; the other files are checked as text.
/// </summary>
public partial class ServerExportTests
{
    [Fact]
    public async Task The_project_publishes_and_serves_as_the_dockerfile_says()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        string project = folder.At("server");
        var ran = Run.TilthHere("export", "server", folder.At("churn.tilth"), "--out", project);
        Assert.True(ran.ExitCode == 0, ran.ToString());
        string dockerfile = File.ReadAllText(Path.Combine(project, "Dockerfile"));
        Feed.Config(folder);
        File.Move(folder.At("nuget.config"), Path.Combine(project, "nuget.config"));

        string app = folder.At("app");
        Feed.Succeeds("sh", ["-c", Publish().Match(dockerfile).Groups[1].Value.Replace("/app", app, StringComparison.Ordinal)], project);
        // As the image's user would see it: readable by all, writable by nobody.
        Feed.Succeeds("chmod", ["755", folder.Path]);
        Feed.Succeeds("chmod", ["-R", "a-w,a+rX", app]);
        var before = Files(app);

        int port = FreePort();
        string[] entry = [.. Entry().Match(dockerfile).Groups[1].Value.Split(',').Select(word => word.Trim(' ', '"'))];
        string[] user = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        string[] line = [.. user, .. entry];
        using var server = Run.Start(line[0], line[1..], app, [("TILTH_PORT", $"{port}"), ("DOTNET_EnableDiagnostics", "0"), ("HOME", "/nonexistent")]);
        try
        {
            string check = HealthCheck().Match(dockerfile).Groups[1].Value.Replace("8080", $"{port}", StringComparison.Ordinal);
            Assert.NotEqual(0, Run.Process("sh", ["-c", check.Replace("ready", "nothing", StringComparison.Ordinal)]).ExitCode);
            var waited = Stopwatch.StartNew();
            while (Run.Process("sh", ["-c", check]).ExitCode != 0)
            {
                Assert.True(!server.HasExited && waited.Elapsed < TimeSpan.FromMinutes(1), "the health check does not pass");
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
            if (user.Length > 0) Assert.Contains("Uid:\t65534", File.ReadAllText($"/proc/{server.Id}/status"));

            using var client = new HttpClient();
            var row = JsonNode.Parse(Example().Match(File.ReadAllText(Path.Combine(project, "README.md"))).Groups[1].Value)!.AsObject();
            var answer = await client.PostAsJsonAsync($"http://127.0.0.1:{port}/models/churn/predict", row, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.OK, Packages.First.ContentHash), (answer.StatusCode, Assert.Single(answer.Headers.GetValues("Tilth-Package"))));
            var expected = new Predictor(Packages.First).Predict(row.ToDictionary(pair => pair.Key, pair => pair.Value?.AsValue() is { } value ? value.TryGetValue(out double number) ? number : value.TryGetValue(out bool flag) ? flag : (object?)value.ToString() : null));
            string body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Contains(expected.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), body);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            Feed.Succeeds("chmod", ["-R", "u+w", app]);
        }
        Assert.Equal(before, Files(app));
    }

    [Fact]
    public void The_files_are_safe_and_nothing_is_left_to_fill_in()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("Churn_2.tilth"));
        string project = folder.At("out");
        var ran = Run.TilthHere("export", "server", folder.At("Churn_2.tilth"), "--out", project, "--json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        string Text(string file) => File.ReadAllText(Path.Combine(project, file));
        foreach (string file in Directory.GetFiles(project).Where(file => !file.EndsWith(".tilth", StringComparison.Ordinal)))
            Assert.DoesNotMatch("@[a-z]+@", File.ReadAllText(file));
        Assert.Equal([".dockerignore", "Churn_2.tilth", "Dockerfile", "Program.cs", "README.md", "churn-2.service", "compose.yaml", "kubernetes.yaml", "server.csproj"], Directory.GetFiles(project).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string wanted in (string[])["FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine", "USER $APP_UID", "HEALTHCHECK", "ENTRYPOINT [\"dotnet\", \"churn-2-server.dll\"]"]) Assert.Contains(wanted, Text("Dockerfile"));
        foreach (string wanted in (string[])["runAsNonRoot: true", "readOnlyRootFilesystem: true", "readinessProbe:", "livenessProbe:", "limits: {", "drop: [ALL]"]) Assert.Contains(wanted, Text("kubernetes.yaml"));
        foreach (string wanted in (string[])["read_only: true", "cap_drop: [ALL]", "127.0.0.1:8080:8080", "mem_limit:"]) Assert.Contains(wanted, Text("compose.yaml"));
        foreach (string wanted in (string[])["DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "MemoryMax=256M"]) Assert.Contains(wanted, Text("churn-2.service"));

        var again = Run.TilthHere("export", "server", folder.At("Churn_2.tilth"), "--out", project);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("is there already and not empty; give a new folder", again.Error);
    }

    static List<string> Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}").Order()];

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("^RUN (dotnet publish .*)$", RegexOptions.Multiline)]
    private static partial Regex Publish();

    [GeneratedRegex(@"^ENTRYPOINT \[(.*)\]$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("^HEALTHCHECK .* CMD (.*)$", RegexOptions.Multiline)]
    private static partial Regex HealthCheck();

    [GeneratedRegex("curl -d '(.*?)' -H")]
    private static partial Regex Example();
}
