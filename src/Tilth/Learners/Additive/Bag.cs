using Tilth.Kernels;

namespace Tilth.Learners.Additive;

/// <summary>
/// One of the models that are averaged: its own rows left out, its own values of every term. It walks all rows, those left
/// out with weight 0, so that one pass moves the scores that it learns from and those that it stops by.
/// </summary>
internal sealed class Bag
{
    const int Chunk = 1024;

    readonly AdditiveRows rows;
    readonly AdditiveLoss loss;
    readonly float[] learn;
    readonly int[] stop;
    readonly double[] start, scores;
    readonly float[] gradients, hessians;
    double[] sums = [], steps = [], moves = [];
    readonly List<double[]> cellWeights = [], values = [], best = [];

    /// <param name="rows">All rows.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="leftOut">Positions to leave out, ascending, of those to learn from.</param>
    public Bag(AdditiveRows rows, AdditiveLoss loss, int[] leftOut)
    {
        (this.rows, this.loss) = (rows, loss);
        learn = new float[rows.Count];
        for (int i = 0; i < rows.LearnCount; i++) learn[i] = (float)rows.Weights[i];
        foreach (int position in leftOut) learn[position] = 0;
        stop = rows.LearnCount < rows.Count ? [.. Enumerable.Range(rows.LearnCount, rows.Count - rows.LearnCount)] : leftOut;
        start = loss.Start(rows.Values, Array.ConvertAll(learn, weight => (double)weight));
        scores = new double[rows.Count * loss.Outputs];
        gradients = new float[scores.Length];
        hessians = new float[scores.Length];
        for (int at = 0; at < scores.Length; at += start.Length) start.CopyTo(scores, at);
        LeftOutShare = leftOut.Sum(position => rows.Weights[position]) / rows.Weights.Take(rows.LearnCount).Sum();
    }

    /// <summary>The share of the weight that it does not learn from.</summary>
    public double LeftOutShare { get; }

    /// <summary>The scores before any term.</summary>
    public ReadOnlySpan<double> Start => start;

    public bool CanStop => stop.Length > 0;

    /// <summary>The values of a term: cells x outputs.</summary>
    public ReadOnlySpan<double> ValuesOf(int term) => values[term];

    public float[] Gradients => gradients;

    public float[] Hessians => hessians;

    /// <summary>Takes another term, 0 everywhere.</summary>
    public void Add(BoostedTerm term)
    {
        var weights = new double[term.CellCount];
        for (int i = 0; i < learn.Length; i++) weights[term.Cells[i]] += learn[i];
        cellWeights.Add(weights);
        values.Add(new double[term.CellCount * loss.Outputs]);
        best.Add(new double[term.CellCount * loss.Outputs]);
    }

    /// <summary>One step of each of the terms from first on, in turn (Lou et al., 2012, algorithm 2).</summary>
    public void Round(IReadOnlyList<BoostedTerm> terms, int first, CutRules rules)
    {
        for (int t = first; t < terms.Count; t++) Step(terms[t], t, rules);
    }

    void Step(BoostedTerm term, int number, CutRules rules)
    {
        int outputs = loss.Outputs, count = term.CellCount;
        ComputeGradients();
        if (steps.Length < count) (sums, steps, moves) = (new double[2 * count], new double[count], new double[count * outputs]);
        for (int k = 0; k < outputs; k++)
        {
            Sum(term.Cells, k);
            term.Cut(sums, cellWeights[number], rules, steps.AsSpan(0, count));
            for (int cell = 0; cell < count; cell++) values[number][cell * outputs + k] += moves[cell * outputs + k] = steps[cell];
        }
        Move(term.Cells, moves);
    }

    /// <summary>The weighted derivatives at the present scores.</summary>
    public void ComputeGradients()
    {
        int outputs = loss.Outputs;
        if (loss.IsQuadratic)
        {
            learn.CopyTo(hessians, 0);
            for (int i = 0; i < scores.Length; i++) gradients[i] = learn[i] * (float)(scores[i] - rows.Values[i]);
            return;
        }
        for (int from = 0; from < rows.Count; from += Chunk)
        {
            int count = Math.Min(Chunk, rows.Count - from), at = from * outputs, size = count * outputs;
            Span<float> g = gradients.AsSpan(at, size), h = hessians.AsSpan(at, size);
            loss.Gradients(scores.AsSpan(at, size), rows.Values.AsSpan(from, count), g, h);
            for (int i = 0, e = 0; i < count; i++)
                for (int k = 0; k < outputs; k++, e++)
                {
                    g[e] *= learn[from + i];
                    h[e] *= learn[from + i];
                }
        }
    }

    void Sum(ushort[] cells, int output)
    {
        Array.Clear(sums);
        int outputs = loss.Outputs;
        if (outputs == 1) CellKernel.Sum(cells, gradients, hessians, sums);
        else
            for (int i = 0, e = output; i < cells.Length; i++, e += outputs)
            {
                int cell = 2 * cells[i];
                sums[cell] += gradients[e];
                sums[cell + 1] += hessians[e];
            }
    }

    void Move(ushort[] cells, double[] by)
    {
        int outputs = loss.Outputs;
        if (outputs == 1)
            for (int i = 0; i < cells.Length; i++) scores[i] += by[cells[i]];
        else
            for (int i = 0, e = 0; i < cells.Length; i++)
                for (int k = 0; k < outputs; k++, e++) scores[e] += by[cells[i] * outputs + k];
    }

    /// <summary>The loss of the rows to stop by, weighted and summed, and their weight.</summary>
    public (double Loss, double Weight) StopLoss()
    {
        double sum = 0, total = 0;
        foreach (int position in stop)
        {
            sum += rows.Weights[position] * loss.Of(scores.AsSpan(position * loss.Outputs, loss.Outputs), rows.Values[position]);
            total += rows.Weights[position];
        }
        return (sum, total);
    }

    /// <summary>Remembers the values.</summary>
    public void Keep()
    {
        for (int t = 0; t < values.Count; t++) values[t].CopyTo(best[t], 0);
    }

    /// <summary>Goes back to the values that were kept last.</summary>
    public void Return(IReadOnlyList<BoostedTerm> terms)
    {
        for (int at = 0; at < scores.Length; at += start.Length) start.CopyTo(scores, at);
        for (int t = 0; t < values.Count; t++)
        {
            best[t].CopyTo(values[t], 0);
            Move(terms[t].Cells, values[t]);
        }
    }

    /// <summary>Positions to leave out: the same share of each class, or of each stretch of the target's range.</summary>
    public static int[] LeaveOut(double[] values, int count, double share, RandomSource random)
    {
        int aside = count < 2 ? 0 : Math.Clamp((int)Math.Round(share * count), 1, count - 1);
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle<int>(order);
        // A stable sort of shuffled rows: neighbours have like targets, and each stretch of them gives one row.
        order = [.. order.OrderBy(position => values[position])];
        double from = random.NextDouble(), stride = aside > 0 ? (double)count / aside : 0;
        return [.. Enumerable.Range(0, aside).Select(i => order[Math.Min(count - 1, (int)((i + from) * stride))]).Order()];
    }
}
