namespace Tilth.Reporting.Charts;

/// <summary>Two axes with ticks, a grid and names, and the way from data to the picture. 400 x 300: readable on a phone.</summary>
internal sealed class Plot
{
    public const int Width = 400, Height = 300;
    const double Right = 388, Top = 12, Bottom = 250;

    readonly double left, lowX, highX, lowY, highY;

    public Plot(string title, string description, (double Low, double High) x, (double Low, double High) y, string nameX, string nameY, bool ticksX = true,
        Func<double, string>? format = null, Func<double, string>? formatX = null)
    {
        format ??= Numbers.Short;
        formatX ??= format;
        (lowX, highX) = Widen(x);
        (lowY, highY) = Widen(y);
        Svg = new(Width, Height, title, description);
        double[] ticksY = Numbers.Ticks(lowY, highY);
        left = Math.Max(52, 28 + ticksY.Max(tick => Svg.WidthOf(format(tick))));
        foreach (double tick in ticksY)
        {
            Svg.Line(left, Y(tick), Right, Y(tick), "grid");
            Svg.Text(left - 6, Y(tick) + 4, format(tick), "end");
        }
        foreach (double tick in ticksX ? TicksThatFit(formatX) : [])
        {
            Svg.Line(X(tick), Top, X(tick), Bottom, "grid");
            double half = Svg.WidthOf(formatX(tick)) / 2;
            bool cut = X(tick) + half > Width; // the last one would stand half outside
            Svg.Text(cut ? Width - 1 : X(tick), Bottom + 18, formatX(tick), cut ? "end" : "middle");
        }
        Svg.Text((left + Right) / 2, Bottom + 40, nameX, "middle");
        Svg.TextUpwards(14, (Top + Bottom) / 2, nameY);
    }

    public Svg Svg { get; }

    /// <summary>As many as stand beside each other without touching.</summary>
    double[] TicksThatFit(Func<double, string> format)
    {
        for (int wanted = 4; ; wanted--)
        {
            double[] ticks = Numbers.Ticks(lowX, highX, wanted);
            if (wanted == 1 || ticks.Sum(tick => Svg.WidthOf(format(tick)) + 6) <= Right - left) return ticks;
        }
    }

    public double X(double value) => left + (Math.Clamp(value, lowX, highX) - lowX) / (highX - lowX) * (Right - left);

    public double Y(double value) => Bottom - (Math.Clamp(value, lowY, highY) - lowY) / (highY - lowY) * (Bottom - Top);

    public (double, double) At(double x, double y) => (X(x), Y(y));

    public override string ToString()
    {
        Svg.Line(left, Bottom, Right, Bottom, "axis");
        Svg.Line(left, Top, left, Bottom, "axis");
        return Svg.ToString();
    }

    static (double, double) Widen((double Low, double High) range)
        => range.High > range.Low ? range : (range.Low - Math.Max(1e-9, Math.Abs(range.Low) * 0.1), range.Low + Math.Max(1e-9, Math.Abs(range.Low) * 0.1));
}
