using Tilth.Fitting;

namespace Tilth.Learners.Solvers;

/// <summary>How strongly weights are held small: l1 |w|_1 + l2 / 2 |w|_2^2; the intercept is free.</summary>
internal readonly record struct Penalty(double L1, double L2);

/// <summary>When a run ends: by the size of the gradient relative to that of the constant model, or by its number of steps.</summary>
internal readonly record struct Precision(double Tolerance, int MostSteps);

/// <summary>
/// Minimises sum_i weight_i loss(y_i, x_i w + b) + penalty by proximal Newton steps (Lee, Sun and Saunders, 2014): the loss is
/// replaced by its quadratic model, whose minimum under the penalty is the step's end, and a line search guards the step.
/// Least squares is the special case in which the second step only polishes the rounding of the first.
/// The run is warm: another penalty or another loss starts where the last one ended.
/// </summary>
internal sealed class NewtonRun
{
    const int MostHalvings = 40;

    readonly Design design;
    readonly double[] weights, chunkSums;
    readonly bool intercept;
    readonly IStepFinder finder;
    LinearLoss loss;
    double[] scores, trial;
    double[]? directionScores;
    double scale;

    /// <param name="design">The rows.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="weights">One a row; 0 holds a row out.</param>
    /// <param name="intercept">Whether a constant is fitted.</param>
    /// <param name="lasso">Whether the penalty will have an L1 part.</param>
    /// <param name="nearby">Second derivatives that are shared with other runs, or null.</param>
    public NewtonRun(Design design, LinearLoss loss, double[] weights, bool intercept, bool lasso, ClassCurvature? nearby = null)
    {
        (this.design, this.loss, this.weights, this.intercept) = (design, loss, weights, intercept);
        int outputs = loss.Outputs, stride = design.Columns + 1;
        Coefficients = new double[outputs * stride];
        Slope = new double[outputs * stride];
        (scores, trial) = (new double[outputs * design.Rows], new double[outputs * design.Rows]);
        chunkSums = new double[design.Chunks];
        Rows = new(design.Target, weights, scores, new double[scores.Length], new double[scores.Length]);
        finder = StepFinders.For(design, loss, intercept, lasso, nearby);
        if (intercept) StartIntercepts();
        design.Times(Coefficients, scores, outputs);
        Value = Evaluate(scores);
        UpdateSlope(default);
        scale = Math.Max(LargestSlope(default), 1e-300);
    }

    /// <summary>Weights and intercept (last) of each output.</summary>
    public double[] Coefficients { get; private set; }

    /// <summary>The loss alone, without the penalty.</summary>
    public double Value { get; private set; }

    /// <summary>The last solution reached the tolerance, or the limit of what doubles can tell apart.</summary>
    public bool Converged { get; private set; }

    /// <summary>Steps taken in all.</summary>
    public int Steps { get; private set; }

    /// <summary>The gradient of the smooth part (loss and L2) at the present point, laid out as the coefficients.</summary>
    public double[] Slope { get; }

    public LossRows Rows { get; private set; }

    public LinearLoss Loss => loss;

    /// <summary>The scores of all rows, the held-out ones included.</summary>
    public double[] Scores => scores;

    /// <summary>The smallest L1 strength at which all weights are 0; valid before the first solution.</summary>
    public double LargestUsefulL1 => scale;

    /// <summary>Goes on with another loss of the same outputs from the present point.</summary>
    public void ChangeLoss(LinearLoss next)
    {
        loss = next;
        Value = Evaluate(scores);
    }

    /// <summary>Goes on from other coefficients, weights and intercept (last) of each output.</summary>
    public void GoOnFrom(double[] coefficients)
    {
        coefficients.CopyTo(Coefficients, 0);
        design.Times(Coefficients, scores, loss.Outputs);
        Value = Evaluate(scores);
    }

    /// <summary>Steps until the penalised loss is at its minimum.</summary>
    public void Solve(Penalty penalty, Precision precision, FitContext context)
    {
        Converged = false;
        for (int step = 0; step < precision.MostSteps; step++)
        {
            context.ThrowIfCancelled();
            UpdateSlope(penalty);
            double size = LargestSlope(penalty) / scale;
            if (size <= precision.Tolerance)
            {
                Converged = true;
                return;
            }
            if (step > 0 && context.ShouldFinish) return;
            var direction = finder.Find(this, design, loss, penalty, AccuracyOf(size, precision.Tolerance));
            Steps++;
            if (!LineSearch(direction, penalty))
            {
                // No point nearby is lower: the rounding of the sums has the last word.
                Converged = size <= 1e-6;
                return;
            }
        }
    }

    /// <summary>The error that a step may leave, of the slope that it starts with: ever less, so that convergence is quadratic.</summary>
    double AccuracyOf(double size, double tolerance)
    {
        if (loss.IsQuadratic) return 0.1 * tolerance;
        // Several outputs pay most for the last turns: none beyond what ends the run.
        return Math.Min(0.1, loss.Outputs > 1 ? Math.Max(size, 0.5 * tolerance / size) : size);
    }

    /// <summary>Every score is the best constant's.</summary>
    void StartIntercepts()
    {
        int outputs = loss.Outputs;
        var means = new double[outputs];
        for (int i = 0; i < design.Rows; i++)
            if (outputs == 1) means[0] += weights[i] * design.Target[i];
            else means[(int)design.Target[i]] += weights[i];
        double total = Design.Total(weights);
        for (int k = 0; k < outputs; k++) Coefficients[k * (design.Columns + 1) + design.Columns] = loss.StartScore(means[k] / total);
    }

    void UpdateSlope(Penalty penalty)
    {
        design.TransposeTimes(Rows.Gradient, Slope, loss.Outputs);
        int stride = design.Columns + 1;
        for (int at = 0; at < Slope.Length; at++)
            if (at % stride != design.Columns) Slope[at] += penalty.L2 * Coefficients[at];
            else if (!intercept) Slope[at] = 0;
    }

    /// <summary>How far the point is from meeting the conditions of a minimum, in the largest coordinate.</summary>
    double LargestSlope(Penalty penalty)
    {
        double largest = 0;
        for (int at = 0; at < Slope.Length; at++)
        {
            double l1 = at % (design.Columns + 1) == design.Columns ? 0 : penalty.L1, w = Coefficients[at];
            double slope = w != 0 ? Math.Abs(Slope[at] + l1 * Math.Sign(w)) : Math.Max(0, Math.Abs(Slope[at]) - l1);
            largest = Math.Max(largest, slope);
        }
        return largest;
    }

    /// <summary>Halves the step until the penalised loss falls by a share of what the slope promises (Armijo).</summary>
    bool LineSearch(double[] direction, Penalty penalty)
    {
        directionScores ??= new double[scores.Length];
        design.Times(direction, directionScores, loss.Outputs);
        double before = Value + Of(Coefficients, penalty), promise = Promise(direction, penalty);
        if (!(promise < 0)) return false;
        var next = new double[Coefficients.Length];
        double t = 1;
        for (int halving = 0; halving < MostHalvings; halving++, t /= 2)
        {
            for (int at = 0; at < next.Length; at++) next[at] = Coefficients[at] + t * direction[at];
            Move(t);
            double value = Evaluate(trial), after = value + Of(next, penalty);
            if (after <= before + 1e-4 * t * promise || (halving == 0 && -promise < 1e-9 * Math.Abs(before) && after <= before + 1e-14 * Math.Abs(before)))
            {
                (scores, trial) = (trial, scores);
                Rows = Rows with { Scores = scores };
                (Coefficients, Value) = (next, value);
                return true;
            }
        }
        Value = Evaluate(scores);
        return false;
    }

    void Move(double t) => design.Workers.ForChunks(scores.Length, Design.ChunkRows, (_, start, end) =>
    {
        for (int i = start; i < end; i++) trial[i] = Math.FusedMultiplyAdd(t, directionScores![i], scores[i]);
    });

    /// <summary>The first-order change of the penalised loss over the whole direction.</summary>
    double Promise(double[] direction, Penalty penalty)
    {
        double sum = 0;
        for (int at = 0; at < direction.Length; at++)
        {
            sum += Slope[at] * direction[at];
            if (penalty.L1 > 0 && at % (design.Columns + 1) != design.Columns)
                sum += penalty.L1 * (Math.Abs(Coefficients[at] + direction[at]) - Math.Abs(Coefficients[at]));
        }
        return sum;
    }

    double Of(double[] coefficients, Penalty penalty)
    {
        double l1 = 0, l2 = 0;
        for (int at = 0; at < coefficients.Length; at++)
        {
            if (at % (design.Columns + 1) == design.Columns) continue;
            l1 += Math.Abs(coefficients[at]);
            l2 += coefficients[at] * coefficients[at];
        }
        return penalty.L1 * l1 + 0.5 * penalty.L2 * l2;
    }

    double Evaluate(double[] at)
    {
        var rows = Rows with { Scores = at };
        design.Workers.ForChunks(design.Rows, Design.ChunkRows, (chunk, start, end) => chunkSums[chunk] = loss.Evaluate(rows, start, end));
        double sum = Design.Total(chunkSums);
        return double.IsNaN(sum) ? double.PositiveInfinity : sum;
    }
}
