namespace Tilth.Metrics;

/// <summary>Metrics of the confusion matrix: what was called what. A share without rows is 0, as in scikit-learn.</summary>
internal static class DecisionMetrics
{
    /// <summary>Rows that are called what they are.</summary>
    public static Share Accuracy(EvaluationData data) => Count(data, _ => true, row => data.Decisions[row] == data.Targets[row]);

    /// <summary>Of the rows called positive, those that are.</summary>
    public static Share Precision(EvaluationData data) => Count(data, row => data.Decisions[row] == 1, row => data.Targets[row] == 1);

    /// <summary>Of the positive rows, those called so.</summary>
    public static Share Recall(EvaluationData data) => Count(data, row => data.Targets[row] == 1, row => data.Decisions[row] == 1);

    /// <summary>Of the negative rows, those called so.</summary>
    public static Share Specificity(EvaluationData data) => Count(data, row => data.Targets[row] == 0, row => data.Decisions[row] == 0);

    /// <summary>Rows whose class is among the two most likely ones; of equal ones the first classes count as likelier.</summary>
    public static Share TopTwo(EvaluationData data) => Count(data, _ => true, row =>
    {
        var shares = data.Predictions.AsSpan(row * data.ClassCount, data.ClassCount);
        int truth = (int)data.Targets[row], above = 0;
        for (int k = 0; k < shares.Length; k++)
            if (shares[k] > shares[truth] || (shares[k] == shares[truth] && k < truth)) above++;
        return above < 2;
    });

    /// <summary>The value of a share; 0 without trials.</summary>
    public static double ValueOf(Share share) => share.Trials > 0 ? share.Hits / share.Trials : 0;

    /// <summary>The mean of the classes' recalls; classes without rows are left out.</summary>
    public static double BalancedAccuracy(EvaluationData data)
    {
        var tally = new Tally(data);
        double sum = 0;
        int counted = 0;
        for (int k = 0; k < tally.Classes; k++)
        {
            if (tally.Actual[k] <= 0) continue;
            sum += tally.Right[k] / tally.Actual[k];
            counted++;
        }
        return sum / counted;
    }

    /// <summary>2 TP / (2 TP + FP + FN) of the positive class.</summary>
    public static double F1(EvaluationData data) => new Tally(data).F1(1);

    /// <summary>The plain mean of the classes' F1; classes that neither occur nor are called are left out.</summary>
    public static double MacroF1(EvaluationData data)
    {
        var tally = new Tally(data);
        double sum = 0;
        int counted = 0;
        for (int k = 0; k < tally.Classes; k++)
        {
            if (tally.Actual[k] + tally.Called[k] <= 0) continue;
            sum += tally.F1(k);
            counted++;
        }
        return sum / counted;
    }

    /// <summary>The mean of the classes' F1, each counted by its rows.</summary>
    public static double WeightedF1(EvaluationData data)
    {
        var tally = new Tally(data);
        double sum = 0;
        for (int k = 0; k < tally.Classes; k++) sum += tally.Actual[k] * tally.F1(k);
        return sum / tally.Total;
    }

    /// <summary>Correlation of truth and call (Gorodkin, 2004): -1 to 1, 0 for calls that say nothing.</summary>
    public static double Matthews(EvaluationData data)
    {
        var tally = new Tally(data);
        double right = 0, chance = 0, actual = 0, called = 0;
        for (int k = 0; k < tally.Classes; k++)
        {
            right += tally.Right[k];
            chance += tally.Actual[k] * tally.Called[k];
            actual += tally.Actual[k] * tally.Actual[k];
            called += tally.Called[k] * tally.Called[k];
        }
        double square = tally.Total * tally.Total, spread = (square - called) * (square - actual);
        return spread > 0 ? Math.Clamp((right * tally.Total - chance) / Math.Sqrt(spread), -1, 1) : 0;
    }

    static Share Count(EvaluationData data, Predicate<int> counts, Predicate<int> hits)
    {
        double hit = 0, trials = 0, squares = 0;
        for (int row = 0; row < data.RowCount; row++)
        {
            double w = data.WeightOf(row);
            if (w == 0 || !counts(row)) continue;
            trials += w;
            squares += w * w;
            if (hits(row)) hit += w;
        }
        return new(hit, trials, squares);
    }

    /// <summary>The confusion matrix's diagonal and margins.</summary>
    sealed class Tally
    {
        public Tally(EvaluationData data)
        {
            Classes = data.ClassCount;
            (Right, Actual, Called) = (new double[Classes], new double[Classes], new double[Classes]);
            var confusion = data.Confusion();
            for (int i = 0; i < Classes; i++)
            for (int j = 0; j < Classes; j++)
            {
                double weight = confusion[i * Classes + j];
                Actual[i] += weight;
                Called[j] += weight;
                Total += weight;
                if (i == j) Right[i] = weight;
            }
        }

        public int Classes { get; }

        public double Total { get; }

        public double[] Right { get; }

        public double[] Actual { get; }

        public double[] Called { get; }

        public double F1(int k) => Right[k] > 0 ? 2 * Right[k] / (Actual[k] + Called[k]) : 0;
    }
}
