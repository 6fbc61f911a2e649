using Tilth.Data;

namespace Tilth.Metrics;

/// <summary>
/// What a metric reads: true values, predictions and weights of the same rows. Orders and decisions are worked out once and
/// shared with every copy that has other weights, so that a bootstrap resample costs one pass over the rows.
/// </summary>
public sealed class EvaluationData
{
    readonly RowFacts facts;
    double[]? confusion;

    /// <summary>Wraps the arrays without copying.</summary>
    /// <param name="schema">Task and classes.</param>
    /// <param name="targets">One a row: the class's index, or the value.</param>
    /// <param name="predictions">Rows x outputs, row by row: probabilities (binary: of the positive class) or values.</param>
    /// <param name="weights">One a row, at least 0; null if every row counts once.</param>
    /// <param name="threshold">A binary row is called positive from this probability on.</param>
    /// <param name="costs">Three or more classes: classes x classes, what it costs to call true class i class j; rows are called what is cheapest. Null to call the most likely class.</param>
    /// <exception cref="ArgumentException">Lengths do not fit, or a target or weight is not a usable number.</exception>
    /// <exception cref="LearningException">There is no row, no weight, or a prediction that is not a number.</exception>
    public EvaluationData(TargetSchema schema, double[] targets, double[] predictions, double[]? weights = null, double threshold = 0.5, double[]? costs = null)
    {
        int outputs = schema.OutputCount;
        if (predictions.Length != (long)targets.Length * outputs)
            throw new ArgumentException($"{targets.Length} rows x {outputs} outputs need as many predictions, but there are {predictions.Length}");
        if (targets.Length == 0) throw new LearningException("rows-none", "there is no row to compare predictions with");
        CheckTargets(schema, targets);
        for (int i = 0; i < predictions.Length; i++)
            if (!double.IsFinite(predictions[i]))
                throw new LearningException("prediction-value", $"the prediction for row {i / outputs + 1} is {predictions[i]}, but must be a finite number");
        CheckWeights(weights, targets.Length);
        if (costs is not null && costs.Length != outputs * outputs) throw new ArgumentException($"costs of {outputs} classes are {outputs * outputs} numbers, not {costs.Length}");
        (Schema, Weights, Threshold, Costs) = (schema, weights, threshold, costs);
        facts = new(schema, targets, predictions, threshold, costs);
    }

    EvaluationData(EvaluationData source, double[]? weights) => (Schema, Weights, Threshold, Costs, facts) = (source.Schema, weights, source.Threshold, source.Costs, source.facts);

    /// <summary>Task and classes.</summary>
    public TargetSchema Schema { get; }

    /// <summary>Binary, multiclass or regression.</summary>
    public TaskKind Task => Schema.Task;

    /// <summary>Number of rows.</summary>
    public int RowCount => facts.Targets.Length;

    /// <summary>Number of classes; 0 for regression.</summary>
    public int ClassCount => Schema.Classes.Count;

    /// <summary>One a row.</summary>
    public double[] Targets => facts.Targets;

    /// <summary>Rows x outputs, row by row.</summary>
    public double[] Predictions => facts.Predictions;

    /// <summary>One a row; null if every row counts once.</summary>
    public double[]? Weights { get; }

    /// <summary>A binary row is called positive from this probability on.</summary>
    public double Threshold { get; }

    internal double[]? Costs { get; }

    /// <summary>The same rows with other weights; what was worked out about the rows is shared.</summary>
    public EvaluationData WithWeights(double[]? weights)
    {
        CheckWeights(weights, RowCount);
        return new(this, weights);
    }

    /// <summary>How much the row counts.</summary>
    internal double WeightOf(int row) => Weights is null ? 1 : Weights[row];

    /// <summary>Sum of all weights.</summary>
    internal double WeightSum
    {
        get
        {
            if (Weights is null) return RowCount;
            double sum = 0;
            foreach (double w in Weights) sum += w;
            return sum;
        }
    }

    /// <summary>Rows by ascending prediction of one output.</summary>
    internal int[] OrderOf(int output) => facts.Orders[output].Value;

    /// <summary>Rows by ascending |prediction - target|.</summary>
    internal int[] ErrorOrder => facts.ErrorOrder.Value;

    /// <summary>The class that each row is called: by the threshold, or the most likely one.</summary>
    internal int[] Decisions => facts.Decisions.Value;

    /// <summary>Weight of the rows of class i that are called j, at i x classes + j.</summary>
    internal double[] Confusion()
    {
        if (confusion is not null) return confusion;
        int classes = ClassCount;
        var counts = new double[classes * classes];
        for (int row = 0; row < RowCount; row++) counts[(int)Targets[row] * classes + Decisions[row]] += WeightOf(row);
        return confusion = counts;
    }

    /// <summary>The weighted mean of one number a row.</summary>
    internal double MeanOf(Func<int, double> value)
    {
        double sum = 0, total = 0;
        for (int row = 0; row < RowCount; row++)
        {
            double w = WeightOf(row);
            if (w == 0) continue;
            sum += w * value(row);
            total += w;
        }
        return sum / total;
    }

    static void CheckTargets(TargetSchema schema, double[] targets)
    {
        for (int row = 0; row < targets.Length; row++)
        {
            double y = targets[row];
            bool good = schema.Task == TaskKind.Regression ? double.IsFinite(y) : y >= 0 && y < schema.Classes.Count && y == Math.Floor(y);
            if (!good) throw new ArgumentException($"the target of row {row + 1} is {y}, which is no value of '{schema.Column}'");
        }
    }

    static void CheckWeights(double[]? weights, int rows)
    {
        if (weights is null) return;
        if (weights.Length != rows) throw new ArgumentException($"{rows} rows need as many weights, but there are {weights.Length}");
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!(weights[row] >= 0) || double.IsInfinity(weights[row]))
                throw new ArgumentException($"the weight of row {row + 1} is {weights[row]}, but must be a finite number of at least 0");
            sum += weights[row];
        }
        if (!(sum > 0)) throw new LearningException("weights-zero", "every row has weight 0, so nothing can be measured");
    }

    /// <summary>What does not depend on the weights.</summary>
    sealed class RowFacts
    {
        public RowFacts(TargetSchema schema, double[] targets, double[] predictions, double threshold, double[]? costs)
        {
            (Targets, Predictions) = (targets, predictions);
            int outputs = schema.OutputCount;
            Orders = [.. Enumerable.Range(0, outputs).Select(k => new Lazy<int[]>(() => Ascending(row => predictions[row * outputs + k])))];
            ErrorOrder = new(() => Ascending(row => Math.Abs(predictions[row] - targets[row])));
            Decisions = new(() => Decide(outputs, threshold, costs));
        }

        public double[] Targets { get; }

        public double[] Predictions { get; }

        public Lazy<int[]>[] Orders { get; }

        public Lazy<int[]> ErrorOrder { get; }

        public Lazy<int[]> Decisions { get; }

        int[] Ascending(Func<int, double> key)
        {
            var keys = new double[Targets.Length];
            var rows = new int[Targets.Length];
            for (int row = 0; row < rows.Length; row++) (keys[row], rows[row]) = (key(row), row);
            Array.Sort(keys, rows);
            return rows;
        }

        int[] Decide(int outputs, double threshold, double[]? costs)
        {
            var decisions = new int[Targets.Length];
            for (int row = 0; row < decisions.Length; row++)
                decisions[row] = outputs == 1 ? (Predictions[row] >= threshold ? 1 : 0) : costs is null ? MostLikely(Predictions.AsSpan(row * outputs, outputs)) : Cheapest(Predictions.AsSpan(row * outputs, outputs), costs);
            return decisions;
        }

        static int Cheapest(ReadOnlySpan<double> shares, double[] costs)
        {
            int best = 0;
            double least = double.PositiveInfinity;
            for (int called = 0; called < shares.Length; called++)
            {
                double cost = 0;
                for (int k = 0; k < shares.Length; k++) cost += shares[k] * costs[k * shares.Length + called];
                if (cost < least) (least, best) = (cost, called);
            }
            return best;
        }

        static int MostLikely(ReadOnlySpan<double> shares)
        {
            int best = 0;
            for (int k = 1; k < shares.Length; k++)
                if (shares[k] > shares[best]) best = k;
            return best;
        }
    }
}
