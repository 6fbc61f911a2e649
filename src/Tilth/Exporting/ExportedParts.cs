using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Tilth.Kernels;

namespace Tilth.Exporting;

/// <summary>
/// What an exported file computes with. This source itself is copied into the file (without its usings and namespace), so it
/// uses nothing but the platform and the kernels that are copied too (Elementary, StableHash, TextTerms, TextCounts). Each
/// function gives the bits of the preparation step or model that it is named after.
/// </summary>
internal static class ExportedParts
{
    public static double Number(double? value) => value ?? double.NaN;

    public static double Number(bool? value) => value is { } flag ? flag ? 1 : 0 : double.NaN;

    public static double Number(DateTime? value) => value is { } moment ? moment.Ticks : double.NaN;

    public static double YeoJohnson(double u, double power)
    {
        if (double.IsNaN(u)) return u;
        return u < 0 ? -YeoJohnsonPositive(-u, 2 - power) : YeoJohnsonPositive(u, power);
    }

    static double YeoJohnsonPositive(double u, double power)
    {
        double log = Elementary.Log1p(u);
        return Math.Abs(power) < 1e-9 ? log : Elementary.Expm1(power * log) / power;
    }

    public static double SmoothClip(double z)
    {
        double third = z / 3;
        return Math.Abs(third) < 1e150 ? z / Math.Sqrt(1 + third * third) : Math.CopySign(3, third);
    }

    public static double DatePart(double ticks, int part)
    {
        if (!(ticks >= 0 && ticks <= DateTime.MaxValue.Ticks - 1000)) return double.NaN;
        var moment = new DateTime((long)ticks);
        return part switch
        {
            0 => moment.Year,
            1 => moment.Month,
            2 => moment.Day,
            3 => ((int)moment.DayOfWeek + 6) % 7,
            4 => (double)moment.TimeOfDay.Ticks / TimeSpan.TicksPerHour,
            _ => (double)(moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerDay,
        };
    }

    public static (double Sine, double Cosine) Cycle(double x, double period)
    {
        double turns = x / period;
        double angle = 2 * Math.PI * (turns - Math.Floor(turns));
        return double.IsFinite(angle) ? (Elementary.Sin(angle), Elementary.Cos(angle)) : (double.NaN, double.NaN);
    }

    public static double FiniteOrNaN(double x) => double.IsFinite(x) ? x : double.NaN;

    /// <summary>What a list has for a code, or something else for a code that it has not.</summary>
    public static T At<T>(ReadOnlySpan<T> list, int code, T otherwise) => (uint)code < (uint)list.Length ? list[code] : otherwise;

    public static void OneHot(int slot, Span<double> registers)
    {
        registers.Clear();
        if (slot >= 0) registers[slot] = 1;
    }

    /// <summary>One sparse entry of 1, or none.</summary>
    public static List<(int Column, float Value)> OneHot(int slot)
    {
        var entries = new List<(int Column, float Value)>();
        if (slot >= 0) entries.Add((slot, 1));
        return entries;
    }

    /// <summary>Six counts of a text, all NaN where it is missing.</summary>
    public static void CountText(byte[]? utf8, Span<double> to)
    {
        to.Fill(double.NaN);
        if (utf8 is null) return;
        var counts = TextCounts.Of(utf8);
        to[0] = counts.Characters;
        to[1] = counts.Words;
        to[2] = (double)(counts.Letters + counts.Digits) / Math.Max(1, counts.Words);
        to[3] = (double)counts.Digits / Math.Max(1, counts.Characters);
        to[4] = (double)counts.Capitals / Math.Max(1, counts.Letters);
        to[5] = (double)counts.Marks / Math.Max(1, counts.Characters);
    }

    /// <summary>TF-IDF of a text, scaled to length 1.</summary>
    /// <param name="utf8">The text, or null.</param>
    /// <param name="characters">Character n-grams of low to high, else words and pairs of them if high is 2.</param>
    /// <param name="low">Smallest n.</param>
    /// <param name="high">Largest n.</param>
    /// <param name="vocabulary">The column of each term's hash, or null where its low bits are the column.</param>
    /// <param name="idf">One a column.</param>
    public static List<(int Column, float Value)> TfIdf(byte[]? utf8, bool characters, int low, int high, Dictionary<ulong, int>? vocabulary, ReadOnlySpan<float> idf)
    {
        var scratch = new TextScratch();
        int terms = characters ? TextTerms.Characters(utf8, low, high, scratch) : TextTerms.Words(utf8, high, scratch);
        var columns = new List<int>();
        for (int i = 0; i < terms; i++)
            if (vocabulary is null) columns.Add((int)scratch.Terms[i] & (idf.Length - 1));
            else if (vocabulary.TryGetValue(scratch.Terms[i], out int known)) columns.Add(known);
        columns.Sort();
        var entries = new List<(int Column, float Value)>();
        double squares = 0;
        for (int i = 0; i < columns.Count;)
        {
            int column = columns[i], times = 1;
            while (i + times < columns.Count && columns[i + times] == column) times++;
            double value = (times == 1 ? 1 : 1 + Elementary.Log(times)) * idf[column];
            squares += value * value;
            entries.Add((column, (float)value));
            i += times;
        }
        if (squares > 0)
        {
            double factor = 1 / Math.Sqrt(squares);
            for (int e = 0; e < entries.Count; e++) entries[e] = (entries[e].Column, (float)(entries[e].Value * factor));
        }
        return entries;
    }

    /// <summary>A vocabulary: each hash's column.</summary>
    public static Dictionary<ulong, int> Vocabulary(ReadOnlySpan<ulong> keys)
    {
        var columns = new Dictionary<ulong, int>();
        for (int column = 0; column < keys.Length; column++) columns.Add(keys[column], column);
        return columns;
    }

    /// <summary>Adds what the entries of a sparse segment contribute to a linear score; weights stand column by column.</summary>
    public static double AddScore(double sum, List<(int Column, float Value)> entries, ReadOnlySpan<float> weights, int output, int outputs)
    {
        foreach (var (column, value) in entries) sum += (double)value * weights[column * outputs + output];
        return sum;
    }

    /// <summary>A text as UTF-8, null where it is missing.</summary>
    public static byte[]? Text(string? value, params string[] missing)
    {
        var text = value.AsSpan().Trim();
        return text.Length == 0 || IsOneOf(text, missing) ? null : Encoding.UTF8.GetBytes(value!);
    }

    static bool IsOneOf(ReadOnlySpan<char> text, string[] markers)
    {
        foreach (string marker in markers)
            if (text.SequenceEqual(marker)) return true;
        return false;
    }

    /// <summary>Adds the leaves that a row falls into.</summary>
    /// <param name="last">The highest feature that a node asks for.</param>
    /// <param name="roots">Of each tree its first node, or ~(place of the values) for a tree of one leaf.</param>
    /// <param name="outputs">Of each tree the output that it adds to, or -1 if its leaves have a value for each.</param>
    /// <param name="features">Of each node; dense features first, then categories, then sparse ones.</param>
    /// <param name="thresholds">A number goes left if it is at most this.</param>
    /// <param name="next">Of each node the left and the right next node, or ~(place of the leaf's values).</param>
    /// <param name="missingLeft">1 where a missing value goes left.</param>
    /// <param name="sets">Where a category node's left-going codes start: a length, then 64 codes a word.</param>
    /// <param name="bits">The sets.</param>
    /// <param name="values">Of the leaves.</param>
    /// <param name="dense">Numbers of the row.</param>
    /// <param name="codes">Categories of the row; -1 is missing.</param>
    /// <param name="sparse">Sparse columns of the row that are not 0, ascending.</param>
    /// <param name="sparseValues">Their values.</param>
    /// <param name="sums">One an output.</param>
    public static void AddTrees(int last, ReadOnlySpan<int> roots, ReadOnlySpan<int> outputs, ReadOnlySpan<int> features, ReadOnlySpan<float> thresholds,
        ReadOnlySpan<int> next, ReadOnlySpan<byte> missingLeft, ReadOnlySpan<int> sets, ReadOnlySpan<ulong> bits, ReadOnlySpan<int> values,
        ReadOnlySpan<float> dense, ReadOnlySpan<int> codes, ReadOnlySpan<int> sparse, ReadOnlySpan<float> sparseValues, Span<long> sums)
    {
        if (last < dense.Length)
        {
            AddNumberTrees(roots, outputs, features, thresholds, next, missingLeft, values, dense, sums);
            return;
        }
        for (int tree = 0; tree < roots.Length; tree++)
        {
            int node = roots[tree];
            while (node >= 0)
            {
                // Which side is a number, not a branch: processors guess half of such branches wrong.
                int feature = features[node], category = feature - dense.Length, side;
                if ((uint)category < (uint)codes.Length)
                {
                    int code = codes[category], set = sets[node];
                    side = code < 0 ? 1 - missingLeft[node] : (uint)(code >> 6) < bits[set] && (bits[set + 1 + (code >> 6)] >> (code & 63) & 1) != 0 ? 0 : 1;
                }
                else
                {
                    float value = category < 0 ? dense[feature] : SparseValue(category - codes.Length, sparse, sparseValues);
                    side = value <= thresholds[node] ? 0 : 1;
                    if (float.IsNaN(value)) side = 1 - missingLeft[node];
                }
                node = next[2 * node + side];
            }
            if (outputs[tree] >= 0) sums[outputs[tree]] += values[~node];
            else for (int k = 0; k < sums.Length; k++) sums[k] += values[~node + k];
        }
    }

    /// <summary>
    /// As <see cref="AddTrees"/> for trees that ask for dense numbers only. Four trees are walked at once, because each waits for
    /// memory most of the time.
    /// </summary>
    static void AddNumberTrees(ReadOnlySpan<int> roots, ReadOnlySpan<int> outputs, ReadOnlySpan<int> features, ReadOnlySpan<float> thresholds,
        ReadOnlySpan<int> next, ReadOnlySpan<byte> missingLeft, ReadOnlySpan<int> values, ReadOnlySpan<float> dense, Span<long> sums)
    {
        Span<int> nodes = stackalloc int[4];
        for (int tree = 0; tree < roots.Length; tree += 4)
        {
            nodes.Fill(-1);
            roots.Slice(tree, Math.Min(4, roots.Length - tree)).CopyTo(nodes);
            int a = nodes[0], b = nodes[1], c = nodes[2], d = nodes[3];
            while ((a & b & c & d) >= 0)
            {
                a = Next(a, features, thresholds, next, missingLeft, dense);
                b = Next(b, features, thresholds, next, missingLeft, dense);
                c = Next(c, features, thresholds, next, missingLeft, dense);
                d = Next(d, features, thresholds, next, missingLeft, dense);
            }
            (nodes[0], nodes[1], nodes[2], nodes[3]) = (a, b, c, d);
            for (int i = 0; i < 4 && tree + i < roots.Length; i++)
                if (outputs[tree + i] >= 0) sums[outputs[tree + i]] += values[~nodes[i]];
                else for (int k = 0; k < sums.Length; k++) sums[k] += values[~nodes[i] + k];
        }
    }

    /// <summary>The node after a node; a leaf stays. Which side is a number, not a branch: processors guess half of such branches wrong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Next(int node, ReadOnlySpan<int> features, ReadOnlySpan<float> thresholds, ReadOnlySpan<int> next, ReadOnlySpan<byte> missingLeft, ReadOnlySpan<float> dense)
    {
        int at = Math.Max(node, 0);
        float value = dense[features[at]];
        int side = value <= thresholds[at] ? 0 : 1;
        if (float.IsNaN(value)) side = 1 - missingLeft[at];
        int to = next[2 * at + side];
        return node < 0 ? node : to;
    }

    /// <summary>The value of a sparse column; 0 where the row has none.</summary>
    public static float SparseValue(int column, ReadOnlySpan<int> sparse, ReadOnlySpan<float> values)
        => sparse.BinarySearch(column) is var at && at >= 0 ? values[at] : 0;

    /// <summary>Writes the numbers that stand for a combination of levels.</summary>
    public static void Statistics(ReadOnlySpan<int> categories, ReadOnlySpan<int> radices, ReadOnlySpan<long> keys, ReadOnlySpan<float> values, ReadOnlySpan<float> unseen,
        ReadOnlySpan<int> codes, Span<float> numbers)
    {
        long key = 0;
        for (int i = 0; i < categories.Length && key >= 0; i++)
        {
            int digit = Math.Max(0, codes[categories[i]] + 1);
            key = digit >= radices[i] ? -1 : key * radices[i] + digit;
        }
        int at = key < 0 ? -1 : keys.BinarySearch(key);
        for (int column = 0; column < unseen.Length; column++) numbers[column] = at < 0 ? unseen[column] : values[column * keys.Length + at];
    }

    /// <summary>The score of one output of a linear model.</summary>
    public static double Linear(double intercept, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<int> levels,
        ReadOnlySpan<float> dense, ReadOnlySpan<int> codes, ReadOnlySpan<int> sparse, ReadOnlySpan<float> sparseValues)
    {
        double sum = intercept;
        for (int j = 0; j < dense.Length; j++) sum = Math.FusedMultiplyAdd(weights[j], float.IsNaN(dense[j]) ? means[j] : dense[j], sum);
        int start = dense.Length;
        for (int f = 0; f < codes.Length; start += levels[f++]) sum += (uint)codes[f] < (uint)levels[f] ? weights[start + codes[f]] : 0;
        for (int e = 0; e < sparse.Length; e++) sum = Math.FusedMultiplyAdd(weights[start + sparse[e]], sparseValues[e], sum);
        return sum;
    }

    /// <summary>The bin of a number in an additive term: the first edge that is not below it.</summary>
    public static int NumberBin(float value, ReadOnlySpan<float> edges, int missing)
    {
        if (float.IsNaN(value)) return missing;
        int low = 0, high = edges.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (edges[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    public static int LevelBin(int code, ReadOnlySpan<int> bins, int missing) => code < 0 ? missing : code < bins.Length ? bins[code] : -1;

    /// <summary>Adds a cell of an additive term; nothing was learned of a bin below 0.</summary>
    public static void AddCell(ReadOnlySpan<int> values, int first, int second, int secondBins, Span<long> sums)
    {
        if (first < 0 || second < 0) return;
        int at = (first * secondBins + second) * sums.Length;
        for (int k = 0; k < sums.Length; k++) sums[k] += values[at + k];
    }

    public static void Softmax(Span<double> row)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double score in row) max = Math.Max(max, score);
        for (int k = 0; k < row.Length; k++) sum += row[k] = Elementary.Exp(row[k] - max);
        for (int k = 0; k < row.Length; k++) row[k] /= sum;
    }

    public static double Logit(double p)
    {
        p = Math.Clamp(p, 1e-15, 1 - 1e-15);
        return Elementary.Log(p / (1 - p));
    }

    public static void Temper(Span<double> probabilities, double temperature)
    {
        if (probabilities.Length == 1)
        {
            probabilities[0] = Elementary.Sigmoid(Logit(probabilities[0]) / temperature);
            return;
        }
        for (int k = 0; k < probabilities.Length; k++) probabilities[k] = Elementary.Log(Math.Max(probabilities[k], 1e-300)) / temperature;
        Softmax(probabilities);
    }

    public static double Beta(double p, double a, double b, double c)
    {
        p = Math.Clamp(p, 1e-15, 1 - 1e-15);
        return Elementary.Sigmoid(a * Elementary.Log(p) - b * Elementary.Log1p(-p) + c);
    }

    /// <summary>Straight between knots, flat beyond them.</summary>
    public static double Between(double p, ReadOnlySpan<double> from, ReadOnlySpan<double> to)
    {
        if (double.IsNaN(p)) return p;
        int at = from.BinarySearch(p);
        if (at >= 0) return to[at];
        if ((at = ~at) == 0) return to[0];
        if (at == from.Length) return to[^1];
        double share = (p - from[at - 1]) / (from[at] - from[at - 1]);
        return to[at - 1] + share * (to[at] - to[at - 1]);
    }

    public static int MostProbable(ReadOnlySpan<double> predictions)
    {
        int best = 0;
        for (int k = 1; k < predictions.Length; k++)
            if (predictions[k] > predictions[best]) best = k;
        return best;
    }

    /// <summary>The class of the least expected cost; the first of equals.</summary>
    public static int Cheapest(ReadOnlySpan<double> predictions, ReadOnlySpan<double> costs)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int called = 0; called < predictions.Length; called++)
        {
            double cost = 0;
            for (int k = 0; k < predictions.Length; k++) cost += predictions[k] * costs[k * predictions.Length + called];
            if (cost < least) (least, best) = (cost, called);
        }
        return best;
    }

    /// <summary>The levels of a category by the hash of their text.</summary>
    internal sealed class Levels
    {
        readonly Dictionary<ulong, int> codes = [];
        readonly string[] missing;

        public Levels(ReadOnlySpan<ulong> keys, params string[] missing)
        {
            this.missing = missing;
            for (int code = 0; code < keys.Length; code++) codes.Add(keys[code], code);
        }

        /// <summary>The level's code; -1 is missing or unseen.</summary>
        public int Code(string? value)
        {
            var text = value.AsSpan().Trim();
            if (text.Length == 0 || IsOneOf(text, missing)) return -1;
            if (codes.TryGetValue(StableHash.Of(text), out int code)) return code;
            if (!double.TryParse(text, CultureInfo.InvariantCulture, out double number)) return -1;
            return codes.TryGetValue(StableHash.Of(double.IsNaN(number) ? "" : number.ToString("R", CultureInfo.InvariantCulture)), out code) ? code : -1;
        }
    }
}
