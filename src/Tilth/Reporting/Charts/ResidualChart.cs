using Tilth.Evaluation;

namespace Tilth.Reporting.Charts;

/// <summary>How large errors are, too low on the left and too high on the right.</summary>
public static class ResidualChart
{
    /// <summary>An SVG picture.</summary>
    public static string Draw(ResidualSummary residuals) => HistogramChart.Draw("Errors", "prediction - true value", residuals.Histogram);
}
