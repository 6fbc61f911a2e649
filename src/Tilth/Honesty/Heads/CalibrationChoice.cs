using Tilth.Models.Heads;

namespace Tilth.Honesty.Heads;

/// <summary>What calibration brought, on predictions of rows that the calibrator was not fitted on.</summary>
/// <param name="Kind">"none", "temperature", "Platt", "beta" or "isotonic".</param>
/// <param name="Rows">Rows it was chosen on.</param>
/// <param name="Before">Log loss without.</param>
/// <param name="After">Log loss of the best kind, cross-fitted, also where it was not kept.</param>
public sealed record CalibrationFinding(string Kind, int Rows, double Before, double After);

/// <summary>
/// Chooses a calibrator by cross-fitted log loss and keeps it only where it helps beyond doubt: by two standard errors of the
/// paired difference. Predictions of the rows themselves are calibrated by what was chosen and fitted on the other folds, so
/// that a score of them stays honest.
/// </summary>
internal static class CalibrationChoice
{
    const int Folds = 5, FewestRows = 100, FewestInClass = 20, MostRows = 20_000, MostFitRows = 200_000, MostCells = 200_000;
    const double SureErrors = 2, BetterErrors = 1;

    /// <summary>The calibrator, or null for none; the finding; and every row's predictions calibrated by others.</summary>
    public static (Calibrator? Calibrator, CalibrationFinding? Finding, double[] CrossFitted) Of(HeldRows held, ulong seed)
    {
        if (held.Target.Task == Data.TaskKind.Regression || !Enough(held)) return (null, null, held.Predictions);
        var sample = held.Sample(Math.Max(1000, Math.Min(MostRows, MostCells / held.Outputs)), seed);
        var (kind, fit, before, after) = Choose(sample, seed);
        var finding = new CalibrationFinding(kind, sample.Count, before, after);
        if (fit is null) return (null, finding, held.Predictions);
        return (fit(held.Sample(Math.Min(MostFitRows, 10 * MostCells / held.Outputs), seed + 1)), finding, CrossFit(held, sample.Count, seed));
    }

    static bool Enough(HeldRows held)
        => held.Count >= FewestRows && held.Target.Values.CountBy(y => y) is var counts && counts.Count() > 1 && (held.Outputs > 1 || counts.Min(pair => pair.Value) >= FewestInClass);

    /// <summary>The best kind by cross-fitted log loss, null if none helps.</summary>
    static (string Kind, Func<HeldRows, Calibrator>? Fit, double Before, double After) Choose(HeldRows held, ulong seed)
    {
        int[] fold = held.Folds(Folds, seed);
        double[] plain = LogLoss.Rows(held, null), bestLosses = plain;
        double before = LogLoss.Mean(plain, held), after = double.PositiveInfinity;
        (string Name, Func<HeldRows, Calibrator>? Fit) best = ("none", null);
        foreach (var (name, fit) in CalibratorFits.For(held.Target.Schema, held.Count))
        {
            var losses = new double[held.Count];
            for (int f = 0; f < Folds; f++)
            {
                int[] rows = HeldRows.RowsOf(fold, f, others: false);
                if (rows.Length == 0) continue;
                double[] fresh = LogLoss.Rows(held.Take(rows), fit(held.Take(HeldRows.RowsOf(fold, f, others: true))));
                for (int i = 0; i < rows.Length; i++) losses[rows[i]] = fresh[i];
            }
            after = Math.Min(after, LogLoss.Mean(losses, held));
            // Simple kinds come first; one with more parameters must be better by a standard error.
            if (Helps(bestLosses, losses, BetterErrors)) (bestLosses, best) = (losses, (name, fit));
        }
        return Helps(plain, bestLosses, SureErrors) ? (best.Name, best.Fit, before, after) : ("none", null, before, after);
    }

    static bool Helps(double[] before, double[] after, double errors)
    {
        double mean = 0, square = 0;
        for (int i = 0; i < before.Length; i++) mean += (before[i] - after[i]) / before.Length;
        for (int i = 0; i < before.Length; i++) square += (before[i] - after[i] - mean) * (before[i] - after[i] - mean);
        return mean > errors * Math.Sqrt(square / before.Length / (before.Length - 1));
    }

    static double[] CrossFit(HeldRows held, int choiceRows, ulong seed)
    {
        int outputs = held.Outputs;
        int[] fold = held.Folds(Folds, seed + 2);
        double[] calibrated = [.. held.Predictions];
        for (int f = 0; f < Folds; f++)
        {
            var others = held.Take(HeldRows.RowsOf(fold, f, others: true));
            var (_, fit, _, _) = Choose(others.Sample(choiceRows, seed + 3), seed + 4);
            if (fit is null) continue;
            var calibrator = fit(others.Sample(MostFitRows, seed + 5));
            foreach (int row in HeldRows.RowsOf(fold, f, others: false)) calibrator.Apply(calibrated.AsSpan(row * outputs, outputs));
        }
        return calibrated;
    }
}
