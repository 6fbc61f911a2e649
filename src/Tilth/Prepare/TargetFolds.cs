using Tilth.Data;
using Tilth.Fitting;

namespace Tilth.Prepare;

/// <summary>
/// The target as steps that read it see it: one column of numbers an output, and a fold for every row that is learned
/// from. A row's own value never enters what it is given: that comes from the other folds. Folds are stratified, so that
/// the target's mean is the same in each and does not itself tell a row's target.
/// </summary>
internal sealed class TargetFolds
{
    /// <summary>Number of folds.</summary>
    public const int Count = 5;

    /// <summary>Classes beyond the most frequent ones get no column of their own.</summary>
    public const int MostOutputs = 30;

    TargetFolds(Target target, byte[] fold, IReadOnlyList<(string Name, double[] Values)> outputs)
        => (Target, Fold, Outputs) = (target, fold, outputs);

    public Target Target { get; }

    /// <summary>The fold of each position in the list of rows.</summary>
    public byte[] Fold { get; }

    /// <summary>For each output a suffix for its features' names, and its value at each position in the list of rows.</summary>
    public IReadOnlyList<(string Name, double[] Values)> Outputs { get; }

    public static TargetFolds Of(Target target, int[] rows, FitContext context)
    {
        var y = Array.ConvertAll(rows, row => target.Values[row]);
        return new(target, Assign(y, context), OutputsOf(target, y));
    }

    /// <summary>Rows in random order, sorted by target, dealt out: every five neighbours go to five folds in random order.</summary>
    static byte[] Assign(double[] y, FitContext context)
    {
        var random = context.NewRandom().Child(0x70726570);
        var order = Enumerable.Range(0, y.Length).ToArray();
        random.Shuffle<int>(order);
        var sorted = order.OrderBy(i => y[i]).ToArray();
        var fold = new byte[y.Length];
        Span<byte> deal = [0, 1, 2, 3, 4];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i % Count == 0) random.Shuffle(deal);
            fold[sorted[i]] = deal[i % Count];
        }
        return fold;
    }

    static List<(string, double[])> OutputsOf(Target target, double[] y)
    {
        if (target.Task != TaskKind.Multiclass) return [("", y)];
        var counts = new int[target.ClassCount];
        foreach (double label in y) counts[(int)label]++;
        return [.. Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0).OrderByDescending(k => counts[k]).Take(MostOutputs).Order()
            .Select(k => ($" {target.Schema.Classes[k]}", Array.ConvertAll(y, label => label == k ? 1.0 : 0.0)))];
    }
}
