using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tilth.AspNetCore;

namespace Tilth.Apps.Tests.Serving;

/// <summary>An application with models, in this process, called as from outside.</summary>
sealed class TestHost : IAsyncDisposable
{
    readonly WebApplication app;

    TestHost(WebApplication app)
    {
        this.app = app;
        Client = app.GetTestClient();
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    public static async Task<TestHost> Start(Action<IServiceCollection> configure, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        configure(builder.Services);
        var app = builder.Build();
        if (map is not null) map(app);
        else app.MapTilth();
        app.MapTilthMetrics();
        app.MapTilthHealth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestHost(app);
    }

    public async Task<(int Status, JsonNode Body)> Post(string path, string body, string type = "application/json", HttpMethod? method = null, string? key = null)
        => await Send(path, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), type, method ?? HttpMethod.Post, key);

    public async Task<(int Status, JsonNode Body)> Send(string path, HttpContent? content, string? type, HttpMethod method, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (type is not null) content!.Headers.TryAddWithoutValidation("Content-Type", type);
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length > 0 && text[0] is '{' or '[' && response.Content.Headers.ContentType?.MediaType != "application/x-ndjson" ? JsonNode.Parse(text)! : JsonValue.Create(text));
    }

    public async Task<(int Status, JsonNode Body)> Get(string path, string? key = null) => await Send(path, null, null, HttpMethod.Get, key);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
    }
}
