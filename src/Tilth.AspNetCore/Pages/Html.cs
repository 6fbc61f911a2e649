using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tilth.AspNetCore.Pages;

/// <summary>Plain pages: no script, nothing from elsewhere, one style sheet that the content policy knows by its hash.</summary>
internal static class Html
{
    const string Css = """
        :root{color-scheme:light dark;--page:#fff;--ink:#1d2327;--soft:#5c6770;--line:#cfd6dc;--panel:#f5f7f8;--main:#1f6f8b;--warn:#a8471f;--good:#2e7d4f;--on:#fff}
        @media(prefers-color-scheme:dark){:root{--page:#14181b;--ink:#e6eaed;--soft:#9aa7b0;--line:#3a444c;--panel:#1d2327;--main:#5bb5d3;--warn:#e08a5f;--good:#6cc492;--on:#10171a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:920px;margin:0 auto;padding:20px 20px 60px}
        nav{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:.92rem}
        a{color:var(--main)}
        h1{font-size:1.7rem;line-height:1.2;margin:.5em 0 .1em;overflow-wrap:anywhere}
        h2{font-size:1.15rem;margin:1.8em 0 .5em}
        p,li{max-width:70ch;overflow-wrap:anywhere}p{margin:.4em 0}
        .soft{color:var(--soft)}.small{font-size:.86rem}
        .panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 18px;margin:16px 0}
        .panel h2{margin-top:.2em}.panel.bad{border-color:var(--warn)}
        .answer{font-size:2rem;line-height:1.2;font-weight:650;margin:.1em 0;color:var(--main);overflow-wrap:anywhere}
        .fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,260px),1fr));gap:14px 20px;align-items:start}
        label{display:block;font-weight:600;overflow-wrap:anywhere}
        input,select,textarea{width:100%;min-height:42px;padding:8px 10px;margin:3px 0;font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--soft);border-radius:7px}
        [aria-invalid]{border:2px solid var(--warn)}
        :focus-visible{outline:3px solid var(--main);outline-offset:1px}
        button{margin-top:20px;min-height:46px;padding:8px 28px;font:inherit;font-weight:650;color:var(--on);background:var(--main);border:0;border-radius:8px;cursor:pointer}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.93rem}
        th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:middle}
        td:first-child{min-width:6.5em;max-width:22em;overflow-wrap:anywhere}
        th{font-weight:600;color:var(--soft)}
        .n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .code{font-family:ui-monospace,monospace;font-size:.86rem}
        .bar{display:block;width:100%;min-width:70px;max-width:220px;height:12px}
        .bar .track{fill:var(--line)}.bar .main,.bar .up{fill:var(--main)}.bar .down{fill:var(--warn)}.bar line{stroke:var(--soft)}
        @media(max-width:560px){main{padding:14px 14px 40px}h1{font-size:1.4rem}th,td{padding-right:8px}.wide{display:none}button{width:100%}}
        """;

    static readonly string policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The text with everything that could be markup written as references; control characters become blanks.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Any(char.IsControl)) text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return WebUtility.HtmlEncode(text);
    }

    /// <summary>A number for people: six digits that count.</summary>
    public static string Number(double value)
    {
        double size = Math.Abs(value);
        if (!double.IsFinite(value)) return "not known";
        if (size != 0 && size is < 1e-4 or >= 1e9) return value.ToString("G4", CultureInfo.InvariantCulture);
        int whole = 1;
        for (double limit = 10; limit <= size; limit *= 10) whole++;
        return Math.Round(value, Math.Max(0, 6 - whole)).ToString(size >= 10_000 ? "#,0.####" : "0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "\u00a0%";

    /// <summary>A bar from the left; share in 0 to 1.</summary>
    public static string Bar(double share)
        => FormattableString.Invariant($"""<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10" rx="2"/><rect class="main" width="{Math.Clamp(share, 0, 1) * 100:0.##}" height="10" rx="2"/></svg>""");

    /// <summary>A bar from the middle; share in -1 to 1.</summary>
    public static string SidedBar(double share)
    {
        double length = Math.Clamp(Math.Abs(share), 0, 1) * 100;
        return FormattableString.Invariant($"""<svg class="bar" viewBox="-100 0 200 10" preserveAspectRatio="none" aria-hidden="true"><rect class="{(share < 0 ? "down" : "up")}" x="{(share < 0 ? -length : 0):0.##}" width="{length:0.##}" height="10"/><line x1="0" x2="0" y1="0" y2="10"/></svg>""");
    }

    /// <summary>Answers with a page.</summary>
    /// <param name="context">The call.</param>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML.</param>
    /// <param name="status">The answer's status.</param>
    public static async Task Write(HttpContext context, string title, string body, int status = StatusCodes.Status200OK)
    {
        byte[] page = Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Escape(title)}</title><style>{Css}</style></head><body><main>
            {body}
            </main></body></html>

            """);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = policy;
        context.Response.ContentLength = page.Length;
        await context.Response.BodyWriter.WriteAsync(page, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The links between a model's pages.</summary>
    public static string Links(string model, string current)
    {
        (string Path, string Word)[] pages = [("form", "Try it"), ("page", "About the model"), ("openapi.json", "OpenAPI"), ("drift", "Drift (JSON)")];
        return $"<nav>{string.Concat(pages.Select(page => page.Path == current ? $"<b>{page.Word}</b>" : $"<a href=\"{page.Path}\">{page.Word}</a>"))}</nav><h1>{Escape(model)}</h1>";
    }
}
