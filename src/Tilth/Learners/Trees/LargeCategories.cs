using Tilth.Data;
using Tilth.Kernels;
using Tilth.Parallelism;

namespace Tilth.Learners.Trees;

/// <summary>
/// Categories of more levels than bins are also told as numbers, beside the bins of their frequent levels: a level stands
/// where the mean of the target over its rows is, drawn towards the overall mean (Micci-Barreca, 2001). A row that is learned
/// from stands where the rows of the other folds put its level, so that no row tells its own target. Trees cut such a column
/// as they cut numbers; in the model a cut is a set of levels.
/// </summary>
internal static unsafe class LargeCategories
{
    const int Folds = 5, MostClasses = 12;

    /// <summary>The overall mean counts as so many rows of each level.</summary>
    const double PriorRows = 10;

    /// <summary>The matrix and its large categories in order, a column a class; the matrix itself if there are none, or too many classes.</summary>
    public static BinnedMatrix AddTo(BinnedMatrix matrix, TrainingSet data, BoostedRows learn, RandomSource random, WorkerPool workers)
    {
        int[] large = [.. Enumerable.Range(0, matrix.Columns.Length).Where(at => matrix.Columns[at].LevelsShareBin)];
        if (large.Length == 0 || data.Target.Schema.OutputCount > MostClasses) return matrix;
        var target = new StatisticTarget(data.Target, learn.Rows, learn.Weights);
        var foldOf = new byte[learn.Count];
        foreach (ref byte fold in foldOf.AsSpan()) fold = (byte)random.NextInt(Folds);
        int[] kept = [.. Enumerable.Range(0, matrix.Columns.Length)];
        var made = new (BinColumn Column, byte[] OfLevel, byte[] OfRow)[large.Length * target.Outputs];
        workers.For(made.Length, at => made[at] = Make(data.Features, matrix.Columns[large[at / target.Outputs]], target, at % target.Outputs, learn.Rows, foldOf));
        var all = matrix.With(kept, Array.ConvertAll(made, column => column.Column));
        workers.For(made.Length, at => Write(all.Bins(kept.Length + at), made[at].OfLevel, made[at].OfRow, CodesOf(data.Features, made[at].Column), learn.Rows));
        GC.KeepAlive(all);
        return all;
    }

    static int[] CodesOf(FeatureMatrix features, BinColumn column) => features.Codes[column.Feature - features.Map.CategoryStart];

    static (BinColumn, byte[], byte[]) Make(FeatureMatrix features, BinColumn column, StatisticTarget target, int output, int[] rows, byte[] foldOf)
    {
        int[] codes = CodesOf(features, column);
        // Missing is the level after all others.
        int levels = column.BinOfCode!.Length;
        var sums = new (double Sum, double Weight)[(levels + 1) * Folds];
        double[] values = target.Values[output];
        for (int i = 0; i < rows.Length; i++)
        {
            ref var cell = ref sums[LevelOf(codes[rows[i]], levels) * Folds + foldOf[i]];
            cell.Sum += target.WeightOf(i) * values[i];
            cell.Weight += target.WeightOf(i);
        }
        float[] ofLevel = [.. Enumerable.Range(0, levels + 1).Select(level => Place(level, -1))];
        float[] ofRow = [.. Enumerable.Range(0, rows.Length).Select(i => Place(LevelOf(codes[rows[i]], levels), foldOf[i]))];
        byte[] levelBins = new byte[levels + 1], rowBins = new byte[rows.Length];
        var numbers = NumberBins.Fill(column.Feature, ofRow, target.Weights, rowBins);
        BinKernel.Bin(ofLevel, numbers.Edges!, 0, levelBins);
        var made = new BinColumn
        {
            Feature = column.Feature, ValueBins = numbers.ValueBins, HasMissing = false, Edges = numbers.Edges,
            BinOfCode = [.. levelBins.Take(levels).Select(bin => (short)bin)], MissingLevelBin = levelBins[levels],
        };
        return (made, levelBins, rowBins);

        float Place(int level, int withoutFold)
        {
            double sum = PriorRows * target.Means[output], weight = PriorRows;
            for (int fold = 0; fold < Folds; fold++)
            {
                if (fold == withoutFold) continue;
                sum += sums[level * Folds + fold].Sum;
                weight += sums[level * Folds + fold].Weight;
            }
            return (float)(sum / weight);
        }
    }

    /// <summary>Rows that are not learned from stand where new rows would.</summary>
    static void Write(byte* bins, byte[] ofLevel, byte[] ofRow, int[] codes, int[] rows)
    {
        for (int row = 0; row < codes.Length; row++) bins[row] = ofLevel[LevelOf(codes[row], ofLevel.Length - 1)];
        for (int i = 0; i < rows.Length; i++) bins[rows[i]] = ofRow[i];
    }

    static int LevelOf(int code, int levels) => (uint)code < (uint)levels ? code : levels;
}
