using System.Globalization;

namespace Tilth.Bench.Quality;

/// <summary>
/// What AutoGluon 1 (best quality, 5 minutes, 8 cores) scored in the AutoML Benchmark: means of ten folds and their standard deviation
/// (Gijsbers et al. 2024, "AMLB: an AutoML Benchmark", JMLR 25; results of its 2023 runs). Same data, other folds.
/// </summary>
static class Published
{
    static readonly Dictionary<string, (double Mean, double Deviation)> scores = new()
    {
        ["adult"] = (0.9313, 0.0037), ["amazon_employee_access"] = (0.8996, 0.012), ["bank_marketing"] = (0.9411, 0.0057), ["credit_g"] = (0.8027, 0.035),
        ["car"] = (0.006111, 0.0078), ["segment"] = (0.05372, 0.022), ["shuttle"] = (0.001057, 0.0005), ["vehicle"] = (0.2865, 0.035),
        ["abalone"] = (2.05, 0.12), ["diamonds"] = (509.7, 20), ["house_prices_ames"] = (24_920, 6_600), ["house_sales"] = (107_400, 12_000),
    };

    /// <summary>"0.9313 +-0.0037: within", "above" or "below", as our score lies; empty where nothing is published.</summary>
    public static string Beside(string set, double score, bool higherIsBetter)
    {
        if (!scores.TryGetValue(set, out var theirs)) return "";
        double better = (higherIsBetter ? 1 : -1) * (score - theirs.Mean);
        string place = better > theirs.Deviation ? "above" : better >= -theirs.Deviation ? "within" : "below";
        return string.Create(CultureInfo.InvariantCulture, $"   AutoGluon {theirs.Mean:G5} +-{theirs.Deviation:G3}: {place}");
    }
}
