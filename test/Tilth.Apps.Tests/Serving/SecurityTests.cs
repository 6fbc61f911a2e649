using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Security;

namespace Tilth.Apps.Tests.Serving;

/// <summary>Who may do what, and how much of it.</summary>
public class SecurityTests
{
    [Fact]
    public async Task Keys_open_what_their_scope_says_and_are_taken_back_without_a_restart()
    {
        using var folder = Folders.Temporary();
        string file = folder.At("keys");
        string predict = ApiKeys.Add(file, "app", "predict"), read = ApiKeys.Add(file, "dash", "read"), admin = ApiKeys.Add(file, "ops", "admin");
        Assert.DoesNotContain(predict, File.ReadAllText(file));
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.KeysFile = file).AddTilth("churn").From(Packages.First));

        Assert.Equal(401, (await host.Post("/models/churn/predict", "{}")).Status);
        Assert.Equal(401, (await host.Post("/models/churn/predict", "{}", key: "tilth_wrong")).Status);
        Assert.Equal(401, (await host.Post("/models/churn/predict", "{}", key: new string('x', 5000))).Status);
        Assert.Equal(401, (await host.Get("/models/nothing-there")).Status);
        Assert.Equal(200, (await host.Post("/models/churn/predict", "{}", key: predict)).Status);
        Assert.Equal(403, (await host.Get("/models/churn", key: predict)).Status);
        Assert.Equal(200, (await host.Get("/models/churn", key: read)).Status);
        Assert.Equal(403, (await host.Post("/models/churn/predict", "{}", key: read)).Status);
        Assert.Equal(403, (await host.Post("/models/churn/rollback", "", key: predict)).Status);
        Assert.Equal(400, (await host.Post("/models/churn/rollback", "", key: admin)).Status);
        Assert.Equal(200, (await host.Get("/health/live")).Status);

        File.WriteAllLines(file, File.ReadAllLines(file).Where(line => !line.StartsWith("app ")));
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));
        await Task.Delay(1100, TestContext.Current.CancellationToken);
        Assert.Equal(401, (await host.Post("/models/churn/predict", "{}", key: predict)).Status);
        Assert.Equal(200, (await host.Get("/models/churn", key: read)).Status);
    }

    [Fact]
    public async Task Without_keys_nobody_unknown_changes_what_answers()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        Assert.Equal(200, (await host.Post("/models/churn/predict", "{}")).Status);
        Assert.Equal(403, (await host.Post("/models/churn/rollback", "")).Status);
        Assert.Equal(403, (await host.Send("/models/churn/production", new ByteArrayContent([1]), null, HttpMethod.Put)).Status);
    }

    [Fact]
    public async Task A_host_guards_the_endpoints_with_a_scheme_of_its_own()
    {
        await using var host = await TestHost.Start(services =>
        {
            services.AddTilth("churn").From(Packages.First);
            services.AddAuthentication("fake").AddScheme<AuthenticationSchemeOptions, FakeScheme>("fake", null);
            services.AddAuthorization();
        }, app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapTilth().RequireAuthorization();
        });
        Assert.Equal(401, (await host.Post("/models/churn/predict", "{}")).Status);
        Assert.Equal(200, (await host.Post("/models/churn/predict", "{}", key: "fake")).Status);
        Assert.Equal(400, (await host.Post("/models/churn/rollback", "", key: "fake")).Status);
    }

    [Fact]
    public async Task Calls_beyond_the_rate_are_refused_with_a_time_to_retry()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.CallsPerSecond = 1).AddTilth("churn").From(Packages.First));
        var answers = new List<HttpResponseMessage>();
        for (int i = 0; i < 6; i++) answers.Add(await host.Client.PostAsync("/models/churn/predict", new StringContent("{}", null, "application/json"), TestContext.Current.CancellationToken));
        var refused = answers.Find(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.NotNull(refused);
        Assert.Equal("1", refused.Headers.RetryAfter!.ToString());
    }

    [Fact]
    public async Task Answers_carry_strict_headers()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        using var response = await host.Client.GetAsync("/models", TestContext.Current.CancellationToken);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task Formulas_and_line_ends_in_values_stay_text_in_json()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("evil").From(Packages.Hostile));
        using var response = await host.Client.PostAsync("/models/evil/predict", new StringContent("age,\"<b>'city'</b>\"\n30,=cmd|' /C calc'!A0\n40,\"@SUM(1)\r\nX-Evil: 1\"\n", null, "text/csv"), TestContext.Current.CancellationToken);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType); // no answer is CSV, which a spreadsheet would run
        Assert.DoesNotContain(response.Headers, header => header.Key == "X-Evil");
        var answer = System.Text.Json.Nodes.JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["predictions"]!.AsArray();
        Assert.Equal(2, answer.Count);
        Assert.Contains("@SUM(1)", (string)answer[1]!["warnings"]!.AsArray().First(warning => (string?)warning!["code"] == "level-unseen")!["message"]!);
    }

    [Fact]
    public async Task A_failure_tells_the_caller_nothing_of_the_inside()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        foreach (var (path, body) in new[] { ("/models/churn/predict", "{\"age\": \"x\"}"), ("/models/churn/feedback", "{}"), ("/models/churn/rollback", ""), ("/models/none/predict", "{}"), ("/models/churn/predict?version=zzz", "{}"), ("/models/churn/explain?top=-1", "{}") })
        {
            var (status, answer) = await host.Post(path, body);
            Assert.InRange(status, 400, 499);
            Assert.DoesNotContain("   at ", answer.ToJsonString());
            Assert.DoesNotContain("System.", answer.ToJsonString());
            Assert.DoesNotContain(AppContext.BaseDirectory, answer.ToJsonString());
        }
    }

    [Fact]
    public void The_server_refuses_to_be_open_unless_told()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        var ran = Run.Tilth("serve", folder.At("churn.tilth"), "--address", "0.0.0.0", "--port", "0");
        Assert.Equal(1, ran.ExitCode);
        Assert.Contains("--keys", ran.Error);
        Assert.Equal(1, Run.Tilth("serve", folder.At("none.tilth"), "--port", "0").ExitCode);
    }

    [Fact]
    public async Task The_verb_serves_over_a_real_socket_and_only_under_its_own_names()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        folder.Write("appsettings.json", """{"Kestrel": {"Endpoints": {"File": {"Url": "http://127.0.0.4:0"}}}}""");
        // What usually configures an ASP.NET application does not open another address, nor show what is inside.
        using var process = Run.Start("dotnet", [Run.ToolPath, "serve", folder.At("churn.tilth"), "--port", "0"], folder.Path,
            [("Kestrel__Endpoints__Open__Url", "http://127.0.0.2:0"), ("ASPNETCORE_URLS", "http://127.0.0.3:0"), ("ASPNETCORE_ENVIRONMENT", "Development")]);
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.StartsWith("serving", StringComparison.Ordinal)) line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken); // Kestrel warns of what it passes over
            line ??= await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Matches("^serving on http://127.0.0.1:[0-9]+; Ctrl-C stops$", line);
            var address = new Uri(line.Split(' ')[2].TrimEnd(';'));
            using var client = new HttpClient { BaseAddress = address };
            using var answer = await client.PostAsync("/models/churn/predict", new StringContent("""{"age": 3}""", null, "application/json"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(Packages.First.Version, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.False(answer.Headers.Contains("Server"));
            Assert.Equal($"  churn: {address.GetLeftPart(UriPartial.Authority)}/models/churn/form", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.Contains("\"model\":\"churn\"", await client.GetStringAsync("/", TestContext.Current.CancellationToken));
            foreach (var (port, fault) in new[] { ($"{address.Port}", $"tilth: Failed to bind to address http://127.0.0.1:{address.Port}: address already in use."), ("70000", "tilth: --port is 70000, but must be 0 to 65535") })
            {
                using var second = Run.Start("dotnet", [Run.ToolPath, "serve", folder.At("churn.tilth"), "--port", port]);
                Assert.Equal("", await second.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
                Assert.Equal(fault, (await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
            }
            Assert.StartsWith("HTTP/1.1 400", await Raw(address, "GET /models HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 404", await Raw(address, "GET /models/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 404", await Raw(address, "GET /models/%2e%2e%2f%2e%2e%2fetc%2fpasswd/page HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            foreach (string hostile in new[] { "GET /models/a%0d%0aSet-Cookie:%20x=1/schema HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /models/churn?a=%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: localhost\r\nTilth-Key: a\rSet-Cookie: x\r\n\r\n" })
                Assert.DoesNotContain("\nset-cookie", await Raw(address, hostile), StringComparison.OrdinalIgnoreCase);
            Assert.StartsWith("HTTP/1.1 413", await Raw(address, "POST /models/churn/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n{"));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task The_verb_speaks_https_with_a_certificate()
    {
        using var folder = Folders.Temporary();
        Packages.First.Save(folder.At("churn.tilth"));
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(folder.At("own.pfx"), certificate.Export(X509ContentType.Pfx, "secret"));
        string key = ApiKeys.Add(folder.At("keys"), "app", "predict");
        using var process = Run.Start("dotnet", [Run.ToolPath, "serve", folder.At("churn.tilth"), "--address", "0.0.0.0", "--port", "0", "--certificate", folder.At("own.pfx"), "--keys", folder.At("keys")],
            environment: [("TILTH_CERTIFICATE_PASSWORD", "secret")]);
        try
        {
            string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
            int port = new Uri(line.Split(' ')[2].TrimEnd(';')).Port;
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == certificate.Thumbprint };
            using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/models", TestContext.Current.CancellationToken)).StatusCode);
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/models/churn/predict", new StringContent("{}", null, "application/json"), TestContext.Current.CancellationToken)).StatusCode);
        }
        finally
        {
            process.Kill();
        }
    }

    static async Task<string> Raw(Uri address, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await socket.GetStream().ReadAsync(buffer));
    }

    sealed class FakeScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["X-Api-Key"] == "fake"
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "anna")], "fake")), "fake"))
            : AuthenticateResult.NoResult());
    }
}
