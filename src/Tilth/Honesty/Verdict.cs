using System.Globalization;
using Tilth.Evaluation;
using Tilth.Metrics;

namespace Tilth.Honesty;

/// <summary>Is there anything in this data.</summary>
public enum VerdictMark
{
    /// <summary>No sign that the columns tell anything about the target.</summary>
    None,
    /// <summary>A hint that is not sure.</summary>
    Weak,
    /// <summary>The columns tell something.</summary>
    Signal,
}

/// <summary>What to tell somebody first, in plain sentences.</summary>
/// <param name="Mark">None, weak or signal.</param>
/// <param name="Sentence">Better than knowing nothing? By how much, how sure.</param>
/// <param name="Enough">How exactly the score is known, and what more rows would bring.</param>
/// <param name="Optimism">From which rows the score is, and why what comes true may be worse.</param>
public sealed record Verdict(VerdictMark Mark, string Sentence, string Enough, string Optimism)
{
    const double Sure = 0.005, Likely = 0.03;
    const int FewInClass = 50, FewRows = 100;

    /// <summary>
    /// Judges an evaluation. Two chances count: that predictions which know nothing rank the rows this well, and that shuffled
    /// targets lie this close to the columns; the second sees what too few rows do not let a model learn. They are put together
    /// by their harmonic mean, which holds though they depend on each other (Wilson, 2019). Where rows are drawn in groups, the
    /// grouped interval of the difference to the baseline decides alone.
    /// </summary>
    /// <param name="evaluation">Of rows that were not learned from.</param>
    /// <param name="openSuspicions">Leaks that are suspected and not left out.</param>
    /// <param name="shuffled">Chance of columns this close to a shuffled target; NaN if that was not asked.</param>
    public static Verdict Of(Evaluation.Evaluation evaluation, int openSuspicions = 0, double shuffled = double.NaN)
    {
        var score = evaluation.HeadlineScore();
        var metric = MetricCatalog.Find(score.Name);
        bool better = metric.HigherIsBetter ? score.Difference.Lower > 0 : score.Difference.Upper < 0;
        double p = score.Method == "grouped bootstrap" ? double.NaN : Together(evaluation.ChancePValue, shuffled);
        var mark = double.IsNaN(p) ? better ? VerdictMark.Signal : VerdictMark.None
            : p < Sure && better ? VerdictMark.Signal : p < Likely ? VerdictMark.Weak : VerdictMark.None;
        return new(mark, $"{Words(mark, evaluation)} {Measured(score, metric)}{Chance(p)}", EnoughRows(evaluation, score), OptimismOf(evaluation, openSuspicions));
    }

    static double Together(double ranked, double shuffled) => double.IsNaN(shuffled) ? ranked : double.IsNaN(ranked) ? shuffled : 2 / (1 / ranked + 1 / shuffled);

    static string Words(VerdictMark mark, Evaluation.Evaluation e) => mark switch
    {
        VerdictMark.Signal => $"The columns tell something about {e.Target}: predictions are better than those of somebody who looks at no column.",
        VerdictMark.Weak => $"There is a hint that the columns tell something about {e.Target}, but it is not sure.",
        _ => $"There is no sign that the columns tell anything about {e.Target}. Do not use these predictions.",
    };

    static string Measured(MetricScore score, Metric metric) => double.IsNaN(score.Score.Value) ? $"{metric.Title} cannot be measured on these rows." : string.Create(CultureInfo.InvariantCulture,
        $"{metric.Title} is {Short(score.Score.Value)}{(double.IsNaN(score.Score.Lower) ? "" : $" (95 %: {Short(score.Score.Lower)} to {Short(score.Score.Upper)})")}, without any column {Short(score.Baseline)}.");

    static string Chance(double p) => double.IsNaN(p) ? ""
        : p < 0.001 ? " Chance alone would do this in fewer than 1 of 1,000 cases."
        : string.Create(CultureInfo.InvariantCulture, $" Chance alone would do this in about {Math.Max(1, Math.Round(p * 1000)):0} of 1,000 cases.");

    static string EnoughRows(Evaluation.Evaluation e, MetricScore score)
    {
        int least = e.ClassRows.Count > 0 ? e.ClassRows.Min() : e.RowCount;
        string few = e.ClassRows.Count > 0 && least < FewInClass
            ? string.Create(CultureInfo.InvariantCulture, $"Only {least:N0} of {e.RowCount:N0} rows are '{e.Classes[e.ClassRows.ToList().IndexOf(least)]}': these few decide the score. ")
            : e.RowCount < FewRows ? string.Create(CultureInfo.InvariantCulture, $"The score is from {e.RowCount:N0} rows only. ") : "";
        double half = (score.Score.Upper - score.Score.Lower) / 2, gain = Math.Abs(score.Score.Value - score.Baseline);
        if (!(half > 0)) return few + "How exactly the score is known cannot be said.";
        string known = $"The score is known to about ±{Short(half)}";
        return few + (half > gain ? $"{known}, more than what was gained over knowing nothing: more rows are needed before anything can be said."
            : half > gain / 4 ? $"{known}: enough to see that there is something, not enough to say how much. Four times as many rows would halve that."
            : $"{known}: enough rows to trust it.");
    }

    static string OptimismOf(Evaluation.Evaluation e, int openSuspicions)
    {
        string from = e.RowsFrom switch
        {
            "sealed hold-out" => "The score is from rows that were sealed before training and read once.",
            "out of fold" => "Every row was foreseen by a model that had not learned from it.",
            _ => "The score is from rows that the model had not learned from.",
        };
        string leaks = openSuspicions == 0 ? "" : openSuspicions == 1 ? " One leak is suspected: if it is one, the score is too good."
            : string.Create(CultureInfo.InvariantCulture, $" {openSuspicions} leaks are suspected: if one is real, the score is too good.");
        return $"{from} Expect it on rows drawn like these; on later or other rows expect less.{leaks}";
    }

    static string Short(double value) => value.ToString(Math.Abs(value) is >= 1000 ? "N0" : Math.Abs(value) >= 10 ? "0.0" : "0.###", CultureInfo.InvariantCulture);
}
