namespace Tilth.Reporting;

/// <summary>The report's style sheet: light and dark by the reader's choice, one column on a phone, black on white in print.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--page:#fff;--ink:#1d2327;--soft:#5c6770;--line:#d8dee3;--panel:#f5f7f8;--main:#1f6f8b;--warn:#b4532a;--good:#2e7d4f;--low:#2b6cb0;--mid:#8d6fb0;--high:#c53030}
        @media(prefers-color-scheme:dark){:root{--page:#14181b;--ink:#e6eaed;--soft:#9aa7b0;--line:#333c43;--panel:#1d2327;--main:#5bb5d3;--warn:#e08a5f;--good:#6cc492;--low:#63a4e8;--mid:#a892cf;--high:#f07878}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:960px;margin:0 auto;padding:24px 20px 60px}
        h1{font-size:1.9rem;line-height:1.2;margin:.4em 0 .2em;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2.2em 0 .6em;padding-top:.9em;border-top:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.8em 0 .4em}
        p{margin:.5em 0;max-width:70ch;overflow-wrap:anywhere}
        .soft{color:var(--soft)}
        .lead{display:flex;flex-wrap:wrap;gap:16px;margin:20px 0}
        .card{flex:1 1 240px;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 18px}
        .card b{display:block;font-size:2rem;line-height:1.2;font-weight:650}
        .mark{color:var(--main)}.mark.signal{color:var(--good)}.mark.none,.mark.weak{color:var(--warn)}
        .card h3{margin:.1em 0 .4em}.card ul{margin:.3em 0;padding-left:1.1em}.card li{margin:.35em 0}
        .uses .card{flex:1 1 300px}.not{border-color:var(--warn)}
        .banner{border:2px solid var(--warn);border-radius:10px;padding:6px 18px;margin:16px 0}
        .first{margin:22px 0}.first .chart{max-width:640px}.wide .chart{max-width:640px}
        .legend{list-style:none;padding:0;margin:.6em 0;display:flex;flex-wrap:wrap;gap:4px 22px}
        .legend li::before{content:"";display:inline-block;width:11px;height:11px;margin-right:7px;border-radius:50%}
        .k-right::before{background:var(--good)}.k-missed::before{border:2.5px solid var(--warn);box-sizing:border-box}.legend .k-wrong::before{background:var(--warn);border-radius:2px}.k-quiet::before{background:var(--line)}
        .flow{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:12px 26px;align-items:stretch}
        .flow li{flex:1 1 150px;max-width:240px;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:8px 14px;font-size:.9rem;position:relative}
        .flow li:not(:last-child)::after{content:"→";position:absolute;right:-21px;top:calc(50% - .8em);color:var(--soft)}
        .flow b{display:block;font-size:1.35rem}.flow .out{border-style:dashed}
        .narrow{max-width:560px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{font-weight:600;color:var(--soft)}
        td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}th.n{white-space:normal}
        td.w{overflow-wrap:anywhere;min-width:8em}
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:20px 28px}
        figure{margin:0;break-inside:avoid}
        figcaption{font-weight:600;margin-bottom:4px}
        figure p{font-size:.88rem;color:var(--soft);margin:.2em 0}
        pre{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px;overflow-wrap:anywhere;white-space:pre-wrap;font-size:.88rem}
        .chart{width:100%;max-width:560px;height:auto;display:block;font-size:13px}
        .chart text{fill:var(--soft)}.chart .value{fill:var(--ink);font-size:15px}.chart .share{fill:var(--ink)}
        .grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
        .reference{stroke:var(--soft);stroke-width:1.2;stroke-dasharray:4 4}
        .curve{fill:none;stroke:var(--main);stroke-width:2.4;stroke-linejoin:round}.thin{stroke-width:1.2}
        .whisker{stroke:var(--ink);stroke-width:1.6}.dot{fill:var(--main)}.faint{fill-opacity:.4}
        .bar{fill:var(--main)}.right{fill:var(--good)}.wrong{fill:var(--warn)}
        .missed{fill:none;stroke:var(--warn);stroke-width:2}.quiet{fill:var(--line)}
        .band{fill:var(--main);fill-opacity:.18}.single{fill:none;stroke:var(--soft);stroke-width:.8;stroke-opacity:.55}.strong{fill:none;stroke:var(--warn);stroke-width:1.8}
        polyline.reference{fill:none}
        .unseen{fill:none;stroke:var(--soft);stroke-opacity:.6;stroke-dasharray:3 3}
        .up{fill:var(--high)}.down{fill:var(--low)}
        .s{fill:var(--soft);fill-opacity:.75}.s0,.s1{fill:var(--low)}.s1{fill-opacity:.6}.s2{fill:var(--mid)}.s3,.s4{fill:var(--high)}.s3{fill-opacity:.6}
        .key::before{content:"";display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.3em}.k-low::before{background:var(--low)}.k-high::before{background:var(--high)}
        @media(max-width:560px){main{padding:14px 14px 40px}h1{font-size:1.5rem}th,td{padding-right:8px}table{font-size:.86rem}.help{display:none}td.w{min-width:6em}.flow li{flex-basis:100%;max-width:none}.flow li:not(:last-child)::after{content:"↓";right:50%;top:auto;bottom:-1.35em}.flow{gap:22px}.card b{font-size:1.7rem}}
        @media print{:root{--page:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#fff;--main:#1f6f8b;--warn:#b4532a;--good:#2e7d4f;--low:#2b6cb0;--mid:#8d6fb0;--high:#c53030}
        body{font-size:10.5pt}main{max-width:none;padding:0}h2,h3,h3+p,figcaption{break-after:avoid}.first .chart,.wide .chart{max-width:400px}.chart{max-width:400px}.first,.wide{margin:8px 0}tr,.card{break-inside:avoid}.charts{grid-template-columns:1fr 1fr}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
        """;
}
