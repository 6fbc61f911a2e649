using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tilth.Kernels;

/// <summary>
/// C = A B (+ C) in single precision: packed panels and a register tile (Goto and van de Geijn 2008). Each output is one chain
/// of fused multiply-adds in the order of k, so that 512-bit, 256-bit, 128-bit and scalar forms give the same bits, and so
/// does any division of the rows over threads.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows of a block that callers may give to different threads; a multiple of every tile's height.</summary>
    public const int BlockRows = 168;

    const int MaxTileRows = 14, TileColumns = PackedMatrix.TileColumns;

    /// <summary>Where a matrix lies: element (i, j) is data[i * RowStep + j * ColumnStep].</summary>
    public readonly struct View(float* data, int rows, int columns, int rowStep, int columnStep)
    {
        public readonly float* Data = data;
        public readonly int Rows = rows, Columns = columns, RowStep = rowStep, ColumnStep = columnStep;

        /// <summary>A matrix stored row by row.</summary>
        public View(float* data, int rows, int columns) : this(data, rows, columns, columns, 1) { }

        /// <summary>The same memory with rows and columns swapped.</summary>
        public View Transposed => new(Data, Columns, Rows, ColumnStep, RowStep);

        /// <summary>Rows start to start + count - 1.</summary>
        public View RowRange(int start, int count) => new(Data + (long)start * RowStep, count, Columns, RowStep, ColumnStep);
    }

    /// <summary>Writes A B into C, whose rows lie <paramref name="stride"/> apart; adds to what is there if <paramref name="add"/>.</summary>
    public static void Multiply(View a, View b, float* c, int stride, bool add)
    {
        using var packed = new PackedMatrix(b);
        MultiplyPacked(a, packed, c, stride, add);
    }

    /// <summary>The same with a right factor that was packed before.</summary>
    public static void MultiplyPacked(View a, PackedMatrix b, float* c, int stride, bool add)
    {
        if (a.Columns != b.Depth) throw new ArgumentException($"{a.Rows} x {a.Columns} does not multiply {b.Depth} x {b.Columns}");
        if (a.Columns == 0 && !add)
            for (int i = 0; i < a.Rows; i++) new Span<float>(c + (long)i * stride, b.Columns).Clear();
        float* tile = stackalloc float[Math.Min(a.Columns, PackedMatrix.SliceDepth) * MaxTileRows];
        for (int k = 0; k < a.Columns; k += PackedMatrix.SliceDepth)
            MultiplySlice(a, k, Math.Min(PackedMatrix.SliceDepth, a.Columns - k), tile, b, c, stride, add || k > 0);
    }

    /// <summary>Writes x B into the <paramref name="n"/> numbers of y, where B has x.Length rows; the same bits as <see cref="Multiply"/>.</summary>
    public static void MultiplyRow(ReadOnlySpan<float> x, float* b, int n, float* y)
    {
        new Span<float>(y, n).Clear();
        for (int k = 0; k < x.Length; k++, b += n)
        {
            var factor = Vector256.Create(x[k]);
            int j = 0;
            for (; j <= n - Vector256<float>.Count; j += Vector256<float>.Count)
                Vector256.FusedMultiplyAdd(factor, Vector256.Load(b + j), Vector256.Load(y + j)).Store(y + j);
            for (; j < n; j++) y[j] = MathF.FusedMultiplyAdd(x[k], b[j], y[j]);
        }
    }

    static void MultiplySlice(View a, int k, int kc, float* packed, PackedMatrix b, float* c, int stride, bool add)
    {
        int height = Avx512F.IsSupported ? MaxTileRows : 4, n = b.Columns;
        float* edge = stackalloc float[MaxTileRows * TileColumns], slice = b.Slice(k);
        for (int i = 0; i < a.Rows; i += height)
        {
            int rows = Math.Min(height, a.Rows - i);
            bool direct = rows == height && a.ColumnStep == 1;
            float* tileA = direct ? a.Data + (long)i * a.RowStep + k : packed;
            int rowStep = direct ? a.RowStep : 1, depthStep = direct ? 1 : height;
            if (!direct) PackA(a, i, rows, height, k, kc, packed);
            for (int j = 0; j < n; j += TileColumns)
            {
                float* tileB = slice + (long)j * kc, tileC = c + (long)i * stride + j;
                int columns = Math.Min(TileColumns, n - j);
                bool whole = rows == height && columns == TileColumns;
                if (!whole && add) CopyTile(tileC, stride, edge, TileColumns, rows, columns);
                float* target = whole ? tileC : edge;
                int step = whole ? stride : TileColumns;
                if (height == 14) Tile512(kc, tileA, rowStep, depthStep, tileB, target, step, add);
                else if (Avx2.IsSupported && Fma.IsSupported) Tile256(kc, tileA, rowStep, depthStep, tileB, target, step, add);
                else Tile128(kc, tileA, rowStep, depthStep, tileB, target, step, add);
                if (!whole) CopyTile(edge, TileColumns, tileC, stride, rows, columns);
            }
        }
    }

    static void CopyTile(float* from, int fromStride, float* to, int toStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            new ReadOnlySpan<float>(from + (long)r * fromStride, columns).CopyTo(new Span<float>(to + (long)r * toStride, columns));
    }

    /// <summary>One tile of rows, k by k; missing rows are zero.</summary>
    static void PackA(View a, int i, int rows, int height, int k0, int kc, float* packed)
    {
        float* from = a.Data + (long)i * a.RowStep + (long)k0 * a.ColumnStep;
        if (rows < height) new Span<float>(packed, kc * height).Clear();
        for (int k = 0; k < kc; k++, packed += height, from += a.ColumnStep)
        {
            if (a.RowStep != 1)
                for (int r = 0; r < rows; r++) packed[r] = from[(long)r * a.RowStep];
            else if (rows == 14)
            {
                // Two halves that overlap.
                var last = Vector256.Load(from + 6);
                Vector256.Load(from).Store(packed);
                last.Store(packed + 6);
            }
            else for (int r = 0; r < rows; r++) packed[r] = from[r];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile512(int kc, float* a, nint rowStep, nint depthStep, float* b, float* c, int stride, bool add)
    {
        float* a3 = a + 3 * rowStep, a6 = a + 6 * rowStep, a9 = a + 9 * rowStep, aC = a + 12 * rowStep;
        nint twice = 2 * rowStep;
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        Vector512<float> c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        Vector512<float> c80 = default, c81 = default, c90 = default, c91 = default, cA0 = default, cA1 = default, cB0 = default, cB1 = default;
        Vector512<float> cC0 = default, cC1 = default, cD0 = default, cD1 = default;
        if (add)
        {
            c00 = Vector512.Load(c); c01 = Vector512.Load(c + 16);
            c10 = Vector512.Load(c + stride); c11 = Vector512.Load(c + stride + 16);
            c20 = Vector512.Load(c + 2 * stride); c21 = Vector512.Load(c + 2 * stride + 16);
            c30 = Vector512.Load(c + 3 * stride); c31 = Vector512.Load(c + 3 * stride + 16);
            c40 = Vector512.Load(c + 4 * stride); c41 = Vector512.Load(c + 4 * stride + 16);
            c50 = Vector512.Load(c + 5 * stride); c51 = Vector512.Load(c + 5 * stride + 16);
            c60 = Vector512.Load(c + 6 * stride); c61 = Vector512.Load(c + 6 * stride + 16);
            c70 = Vector512.Load(c + 7 * stride); c71 = Vector512.Load(c + 7 * stride + 16);
            c80 = Vector512.Load(c + 8 * stride); c81 = Vector512.Load(c + 8 * stride + 16);
            c90 = Vector512.Load(c + 9 * stride); c91 = Vector512.Load(c + 9 * stride + 16);
            cA0 = Vector512.Load(c + 10 * stride); cA1 = Vector512.Load(c + 10 * stride + 16);
            cB0 = Vector512.Load(c + 11 * stride); cB1 = Vector512.Load(c + 11 * stride + 16);
            cC0 = Vector512.Load(c + 12 * stride); cC1 = Vector512.Load(c + 12 * stride + 16);
            cD0 = Vector512.Load(c + 13 * stride); cD1 = Vector512.Load(c + 13 * stride + 16);
        }
        for (int k = 0; k < kc; k++, a += depthStep, a3 += depthStep, a6 += depthStep, a9 += depthStep, aC += depthStep, b += 32)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var x = Vector512.Create(a[0]);
            c00 = Avx512F.FusedMultiplyAdd(x, b0, c00); c01 = Avx512F.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a[rowStep]);
            c10 = Avx512F.FusedMultiplyAdd(x, b0, c10); c11 = Avx512F.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a[twice]);
            c20 = Avx512F.FusedMultiplyAdd(x, b0, c20); c21 = Avx512F.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(a3[0]);
            c30 = Avx512F.FusedMultiplyAdd(x, b0, c30); c31 = Avx512F.FusedMultiplyAdd(x, b1, c31);
            x = Vector512.Create(a3[rowStep]);
            c40 = Avx512F.FusedMultiplyAdd(x, b0, c40); c41 = Avx512F.FusedMultiplyAdd(x, b1, c41);
            x = Vector512.Create(a3[twice]);
            c50 = Avx512F.FusedMultiplyAdd(x, b0, c50); c51 = Avx512F.FusedMultiplyAdd(x, b1, c51);
            x = Vector512.Create(a6[0]);
            c60 = Avx512F.FusedMultiplyAdd(x, b0, c60); c61 = Avx512F.FusedMultiplyAdd(x, b1, c61);
            x = Vector512.Create(a6[rowStep]);
            c70 = Avx512F.FusedMultiplyAdd(x, b0, c70); c71 = Avx512F.FusedMultiplyAdd(x, b1, c71);
            x = Vector512.Create(a6[twice]);
            c80 = Avx512F.FusedMultiplyAdd(x, b0, c80); c81 = Avx512F.FusedMultiplyAdd(x, b1, c81);
            x = Vector512.Create(a9[0]);
            c90 = Avx512F.FusedMultiplyAdd(x, b0, c90); c91 = Avx512F.FusedMultiplyAdd(x, b1, c91);
            x = Vector512.Create(a9[rowStep]);
            cA0 = Avx512F.FusedMultiplyAdd(x, b0, cA0); cA1 = Avx512F.FusedMultiplyAdd(x, b1, cA1);
            x = Vector512.Create(a9[twice]);
            cB0 = Avx512F.FusedMultiplyAdd(x, b0, cB0); cB1 = Avx512F.FusedMultiplyAdd(x, b1, cB1);
            x = Vector512.Create(aC[0]);
            cC0 = Avx512F.FusedMultiplyAdd(x, b0, cC0); cC1 = Avx512F.FusedMultiplyAdd(x, b1, cC1);
            x = Vector512.Create(aC[rowStep]);
            cD0 = Avx512F.FusedMultiplyAdd(x, b0, cD0); cD1 = Avx512F.FusedMultiplyAdd(x, b1, cD1);
        }
        Store(c, c00, c01); Store(c + stride, c10, c11); Store(c + 2 * stride, c20, c21); Store(c + 3 * stride, c30, c31);
        Store(c + 4 * stride, c40, c41); Store(c + 5 * stride, c50, c51); Store(c + 6 * stride, c60, c61); Store(c + 7 * stride, c70, c71);
        Store(c + 8 * stride, c80, c81); Store(c + 9 * stride, c90, c91); Store(c + 10 * stride, cA0, cA1); Store(c + 11 * stride, cB0, cB1);
        Store(c + 12 * stride, cC0, cC1); Store(c + 13 * stride, cD0, cD1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* at, Vector512<float> low, Vector512<float> high)
    {
        low.Store(at);
        high.Store(at + 16);
    }

    /// <summary>4 rows x 32 columns as two halves of 4 x 16: eight accumulators each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile256(int kc, float* a, nint rowStep, nint depthStep, float* b, float* c, int stride, bool add)
    {
        for (int half = 0; half < TileColumns; half += 16)
        {
            float* at = c + half;
            Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
            if (add)
            {
                c00 = Vector256.Load(at); c01 = Vector256.Load(at + 8);
                c10 = Vector256.Load(at + stride); c11 = Vector256.Load(at + stride + 8);
                c20 = Vector256.Load(at + 2 * stride); c21 = Vector256.Load(at + 2 * stride + 8);
                c30 = Vector256.Load(at + 3 * stride); c31 = Vector256.Load(at + 3 * stride + 8);
            }
            float* fromA = a, fromB = b + half;
            for (int k = 0; k < kc; k++, fromA += depthStep, fromB += TileColumns)
            {
                var b0 = Vector256.Load(fromB);
                var b1 = Vector256.Load(fromB + 8);
                var x = Vector256.Create(fromA[0]);
                c00 = Fma.MultiplyAdd(x, b0, c00); c01 = Fma.MultiplyAdd(x, b1, c01);
                x = Vector256.Create(fromA[rowStep]);
                c10 = Fma.MultiplyAdd(x, b0, c10); c11 = Fma.MultiplyAdd(x, b1, c11);
                x = Vector256.Create(fromA[2 * rowStep]);
                c20 = Fma.MultiplyAdd(x, b0, c20); c21 = Fma.MultiplyAdd(x, b1, c21);
                x = Vector256.Create(fromA[3 * rowStep]);
                c30 = Fma.MultiplyAdd(x, b0, c30); c31 = Fma.MultiplyAdd(x, b1, c31);
            }
            c00.Store(at); c01.Store(at + 8);
            c10.Store(at + stride); c11.Store(at + stride + 8);
            c20.Store(at + 2 * stride); c21.Store(at + 2 * stride + 8);
            c30.Store(at + 3 * stride); c31.Store(at + 3 * stride + 8);
        }
    }

    /// <summary>The portable form; without vector hardware the runtime computes each lane with an exact fused multiply-add.</summary>
    static void Tile128(int kc, float* a, nint rowStep, nint depthStep, float* b, float* c, int stride, bool add)
    {
        for (int row = 0; row < 4; row++)
        for (int column = 0; column < TileColumns; column += 4)
        {
            float* at = c + row * stride + column;
            var sum = add ? Vector128.Load(at) : default;
            for (int k = 0; k < kc; k++)
                sum = Vector128.FusedMultiplyAdd(Vector128.Create(a[row * rowStep + k * depthStep]), Vector128.Load(b + k * TileColumns + column), sum);
            sum.Store(at);
        }
    }
}
