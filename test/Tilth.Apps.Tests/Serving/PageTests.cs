using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tilth.AspNetCore;
using Tilth.AspNetCore.Security;
using Tilth.Prediction;

namespace Tilth.Apps.Tests.Serving;

/// <summary>The pages for people, as text: what they show, what they escape, whom they let in.</summary>
public class PageTests
{
    static readonly KeyValuePair<string, string>[] row = [new("age", "70"), new("city", "Bern"), new("member", "true"), new("since", "2021-05-03"), new("spend", "300")];

    [Fact]
    public async Task The_form_answers_as_the_predictor_does()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        string empty = await Page(host, await host.Client.GetAsync("/models/churn/form", TestContext.Current.CancellationToken));
        Assert.Contains("<select id=\"f1\" name=\"city\"", empty);
        Assert.Contains("training saw 18 to 77", empty);
        string answer = await Page(host, await Post(host, "churn", row));
        var expected = new Predictor(Packages.First).Predict(new Dictionary<string, object?> { ["age"] = 70, ["city"] = "Bern", ["member"] = true, ["since"] = "2021-05-03", ["spend"] = 300 });
        Assert.Contains($"<p class=\"answer\">{expected.Decision}</p>", answer);
        Assert.Contains((expected.Probabilities.Max(one => one.Value) * 100).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture), answer);
        Assert.Contains("towards yes", answer);
        Assert.Contains("value=\"300\"", answer);
        Assert.Contains("<option value=\"Bern\" selected>", answer);
        Assert.Contains("of cases the truth is among", answer);
    }

    [Fact]
    public async Task A_number_comes_with_its_interval()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("price").From(Packages.Number));
        Assert.Contains("of cases the truth lies between", await Page(host, await Post(host, "price", [new("age", "40"), new("city", "Bern")])));
    }

    [Fact]
    public async Task Empty_fields_are_missing_and_wrong_ones_are_marked()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        string empty = await Page(host, await Post(host, "churn", row.Select(field => new KeyValuePair<string, string>(field.Key, ""))));
        Assert.DoesNotContain("Beware", empty);
        Assert.Contains("not known", empty);
        string beware = await Page(host, await Post(host, "churn", [new("city", "Atlantis"), new("age", "900")]));
        Assert.Contains("&#39;Atlantis&#39;, which training did not see", beware);
        Assert.Contains("outside the 18 to 77 of training", beware);
        using var wrong = await Post(host, "churn", [new("age", "4O"), new("spend", "Infinity"), new("member", "perhaps")]);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        string page = await wrong.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("must be a number, but is &#39;4O&#39;", page);
        Assert.Equal(3, page.Split("aria-invalid=\"true\"").Length - 1);
    }

    [Fact]
    public async Task The_model_page_shows_score_versions_and_columns()
    {
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.AllowAnonymousChanges = true).AddTilth("churn").From(Packages.First));
        await host.Send("/models/churn/canary?share=0.25", new ByteArrayContent(Packages.Second.ToBytes()), null, HttpMethod.Put);
        string page = await Page(host, await host.Client.GetAsync("/models/churn/page", TestContext.Current.CancellationToken));
        foreach (string part in new[] { "Area under the ROC curve", "95 % interval", "canary, 25&#160;% of calls", Packages.First.ContentHash, Packages.Second.Version, "spend", "4 levels" })
            Assert.Contains(part, page);
    }

    [Fact]
    public async Task Markup_in_names_levels_classes_and_answers_is_text()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("evil").From(Packages.Hostile));
        string[] pages =
        [
            await Page(host, await host.Client.GetAsync("/models/evil/form", TestContext.Current.CancellationToken)),
            await Page(host, await host.Client.GetAsync("/models/evil/page", TestContext.Current.CancellationToken)),
            await Page(host, await Post(host, "evil", [new("<b>'city'</b>", Packages.Script), new("age", "<script>alert(1)</script>")]), HttpStatusCode.BadRequest),
            await Page(host, await Post(host, "evil", [new("<b>'city'</b>", Packages.Attribute), new("age", "30")])),
            await Page(host, await Post(host, "evil", [new("<b>'city'</b>", "</textarea><svg onload=alert(1)>")])),
        ];
        Assert.All(pages, page =>
        {
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<svg onload", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<i>no", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<b>'", page, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Contains("&lt;script&gt;", pages[0]);
    }

    [Fact]
    public async Task A_browser_asks_for_the_key_and_only_pages_take_it_so()
    {
        using var folder = Folders.Temporary();
        string key = ApiKeys.Add(folder.At("keys"), "anna", "predict,read,promote"), predict = ApiKeys.Add(folder.At("keys"), "ben", "predict");
        await using var host = await TestHost.Start(services => services.AddTilth(options => options.KeysFile = folder.At("keys")).AddTilth("churn").From(Packages.First));
        using var asked = await host.Client.GetAsync("/models/churn/form", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.StartsWith("Basic realm", asked.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.OK, await As(key, HttpMethod.Get, "/models/churn/form"));
        Assert.Equal(HttpStatusCode.OK, await As(key, HttpMethod.Get, "/models/churn/page"));
        Assert.Equal(HttpStatusCode.Forbidden, await As(predict, HttpMethod.Get, "/models/churn/page"));
        Assert.Equal(HttpStatusCode.Unauthorized, await As("wrong", HttpMethod.Get, "/models/churn/form"));
        // What a browser sends along by itself opens nothing that changes.
        Assert.Equal(HttpStatusCode.Unauthorized, await As(key, HttpMethod.Post, "/models/churn/rollback"));
        Assert.Equal(HttpStatusCode.Unauthorized, await As(key, HttpMethod.Get, "/models/churn"));

        async Task<HttpStatusCode> As(string password, HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{password}")));
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        await using var host = await TestHost.Start(services => services.AddTilth("churn").From(Packages.First));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/models/churn/form") { Content = new FormUrlEncodedContent(row) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    static Task<HttpResponseMessage> Post(TestHost host, string model, IEnumerable<KeyValuePair<string, string>> fields)
        => host.Client.PostAsync($"/models/{model}/form", new FormUrlEncodedContent(fields), TestContext.Current.CancellationToken);

    static async Task<string> Page(TestHost host, HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        Assert.NotNull(host);
        using (response)
        {
            Assert.Equal(status, response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("http:", page);
            Assert.DoesNotContain("https:", page);
            Assert.DoesNotContain(" style=", page);
            return page;
        }
    }
}
