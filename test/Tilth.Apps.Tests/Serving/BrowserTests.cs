using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Tilth.AspNetCore;

namespace Tilth.Apps.Tests.Serving;

/// <summary>The pages in a real browser: a person fills in the form, sees the answer, and no script of a category runs.</summary>
public class BrowserTests
{
    const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task A_person_fills_in_the_form_and_reads_the_model_page()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"there is no browser {Chromium}");
        await using var app = await Serve();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        foreach (var (name, width, height, scheme) in new[] { ("phone-light", 390, 800, ColorScheme.Light), ("desktop-dark", 1280, 900, ColorScheme.Dark), ("phone-dark", 390, 800, ColorScheme.Dark), ("desktop-light", 1280, 900, ColorScheme.Light) })
        {
            await using var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
            var page = await context.NewPageAsync();
            var errors = new List<string>();
            page.Console += (_, message) => errors.Add(message.Text);
            page.PageError += (_, message) => errors.Add(message);
            await page.GotoAsync(app.Urls.First() + "/models/churn/form");
            await page.GetByLabel("age").FillAsync("71");
            await page.GetByLabel("city").SelectOptionAsync("Thun");
            await page.GetByLabel("since").FillAsync("2022-02-03");
            await page.GetByRole(AriaRole.Button, new() { Name = "Predict" }).ClickAsync();
            await Assertions.Expect(page.Locator(".answer")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("yes|no"));
            await Assertions.Expect(page.GetByLabel("age")).ToHaveValueAsync("71");
            await Assertions.Expect(page.GetByLabel("since")).ToHaveValueAsync("2022-02-03");
            await Assertions.Expect(page.GetByText("towards").First).ToBeVisibleAsync();
            await Picture(page, $"form-{name}");
            await page.GetByRole(AriaRole.Link, new() { Name = "About the model" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Area under the ROC curve").First).ToBeVisibleAsync();
            await Picture(page, $"model-{name}");
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{name}: the page is wider than the window");

            await page.GotoAsync(app.Urls.First() + "/models/evil/form");
            await page.GetByLabel("<b>'city'</b>").SelectOptionAsync(Packages.Script);
            await page.GetByLabel("age").FillAsync(Packages.Attribute);
            await page.GetByRole(AriaRole.Button, new() { Name = "Predict" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            await Picture(page, $"refused-{name}");
            await page.GetByLabel("age").FillAsync("40");
            await page.GetByRole(AriaRole.Button, new() { Name = "Predict" }).ClickAsync();
            await Assertions.Expect(page.Locator(".answer")).ToBeVisibleAsync();
            Assert.DoesNotContain("owned", await page.TitleAsync());
            Assert.Equal(0, await page.Locator("script, img, iframe").CountAsync());
            Assert.All(errors, error => Assert.Contains("400 (Bad Request)", error)); // a violated policy would stand here
        }
    }

    /// <summary>Keeps a picture for people to look at, where TILTH_PICTURES names a folder.</summary>
    static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("TILTH_PICTURES") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    static async Task<WebApplication> Serve()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTilth("churn").From(Packages.First).AddTilth("evil").From(Packages.Hostile);
        var app = builder.Build();
        app.MapTilth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
