using System.Runtime.Intrinsics;

namespace Tilth.Kernels;

/// <summary>Element by element loops over floats. Lanes never mix, so every vector width gives the same bits.</summary>
internal static unsafe class FloatLoops
{
    static readonly int Lanes = Vector256<float>.Count;

    /// <summary>to += from.</summary>
    public static void Add(float* to, float* from, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes) (Vector256.Load(to + i) + Vector256.Load(from + i)).Store(to + i);
        for (; i < count; i++) to[i] += from[i];
    }

    /// <summary>The sum of squares; eight sums that are joined in order.</summary>
    public static double SquaredNorm(float* values, int count)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var (first, second) = Vector256.Widen(Vector256.Load(values + i));
            low += first * first;
            high += second * second;
        }
        double sum = 0;
        for (int lane = 0; lane < 4; lane++) sum += low[lane] + high[lane];
        for (; i < count; i++) sum += (double)values[i] * values[i];
        return sum;
    }

    /// <summary>to += factor * from, fused.</summary>
    public static void AddScaled(float* to, float factor, float* from, int count)
    {
        var factors = Vector256.Create(factor);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes) Vector256.FusedMultiplyAdd(factors, Vector256.Load(from + i), Vector256.Load(to + i)).Store(to + i);
        for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(factor, from[i], to[i]);
    }

    /// <summary>to += a * b, fused.</summary>
    public static void AddProduct(float* to, float* a, float* b, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
            Vector256.FusedMultiplyAdd(Vector256.Load(a + i), Vector256.Load(b + i), Vector256.Load(to + i)).Store(to + i);
        for (; i < count; i++) to[i] = MathF.FusedMultiplyAdd(a[i], b[i], to[i]);
    }

    /// <summary>to = a * b.</summary>
    public static void Multiply(float* a, float* b, float* to, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes) (Vector256.Load(a + i) * Vector256.Load(b + i)).Store(to + i);
        for (; i < count; i++) to[i] = a[i] * b[i];
    }

    /// <summary>values = max(0, values + bias).</summary>
    public static void AddBiasRectify(float* values, float* bias, int count)
    {
        int i = 0;
        for (; i <= count - Lanes; i += Lanes) Vector256.Max(default, Vector256.Load(values + i) + Vector256.Load(bias + i)).Store(values + i);
        for (; i < count; i++) values[i] = Math.Max(0, values[i] + bias[i]);
    }

    /// <summary>Eight values: zero where the byte of <paramref name="bits"/> is below the limit, else times the scale.</summary>
    public static void Thin(float* values, ulong bits, int limit, float scale)
    {
        var (first, second) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(bits).AsByte()));
        var drawn = Vector256.Create(first, second);
        var kept = Vector256.GreaterThanOrEqual(drawn.AsInt32(), Vector256.Create(limit)).AsSingle();
        (Vector256.Load(values) * Vector256.Create(scale) & kept).Store(values);
    }

    /// <summary>gradient = active > 0 ? gradient * scale : 0.</summary>
    public static void Mask(float* gradient, float* active, float scale, int count)
    {
        var scales = Vector256.Create(scale);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var on = Vector256.GreaterThan(Vector256.Load(active + i), Vector256<float>.Zero);
            (Vector256.Load(gradient + i) * scales & on).Store(gradient + i);
        }
        for (; i < count; i++) gradient[i] = active[i] > 0 ? gradient[i] * scale : 0;
    }

    /// <summary>
    /// One step of AdamW (Loshchilov and Hutter 2019): moments of the gradient times <paramref name="clip"/>, then the step and the decay; the gradient is
    /// set to zero.
    /// </summary>
    public static void AdamStep(float* p, float* gradient, float* m, float* v, int count,
        float clip, float beta1, float beta2, float rate, float correction, float decay)
    {
        Vector256<float> b1 = Vector256.Create(beta1), b2 = Vector256.Create(beta2), c1 = Vector256.Create(1 - beta1), c2 = Vector256.Create(1 - beta2);
        Vector256<float> clips = Vector256.Create(clip), step = Vector256.Create(rate), scale = Vector256.Create(correction), keep = Vector256.Create(1 - decay), tiny = Vector256.Create(1e-8f);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var g = clips * Vector256.Load(gradient + i);
            var mean = b1 * Vector256.Load(m + i) + c1 * g;
            var square = b2 * Vector256.Load(v + i) + c2 * g * g;
            mean.Store(m + i);
            square.Store(v + i);
            (keep * Vector256.Load(p + i) - step * mean / (Vector256.Sqrt(square * scale) + tiny)).Store(p + i);
            Vector256<float>.Zero.Store(gradient + i);
        }
        for (; i < count; i++)
        {
            float g = clip * gradient[i];
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            p[i] = (1 - decay) * p[i] - rate * m[i] / (MathF.Sqrt(v[i] * correction) + 1e-8f);
            gradient[i] = 0;
        }
    }
}
