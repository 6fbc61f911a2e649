using Tilth.Kernels;
using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>What a date says.</summary>
internal enum DatePart
{
    /// <summary>1 to 9999.</summary>
    Year,
    /// <summary>1 to 12.</summary>
    Month,
    /// <summary>Day of the month, 1 to 31.</summary>
    Day,
    /// <summary>Monday is 0.</summary>
    Weekday,
    /// <summary>0 to 24, with minutes and seconds as its fraction.</summary>
    Hour,
    /// <summary>Days, with their fraction, since 1970-01-01.</summary>
    Days,
}

/// <summary>One part of a moment that is given as ticks; NaN where the moment is missing or no date.</summary>
internal sealed class DatePartStep(int from, int to, DatePart part) : PreparationStep
{
    public const string Kind = "date_part";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadNumber(from);
        check.WriteNumbers(to);
    }

    public override void Apply(PreparationFrame frame)
    {
        var ticks = frame.Numbers(from);
        var y = frame.Numbers(to);
        for (int i = 0; i < ticks.Length; i++) y[i] = Of(part, ticks[i]);
    }

    /// <summary>The part of the moment <paramref name="ticks"/> x 100 ns after 0001-01-01.</summary>
    public static double Of(DatePart part, double ticks)
    {
        if (!(ticks >= 0 && ticks <= DateTime.MaxValue.Ticks - 1000)) return double.NaN;
        var moment = new DateTime((long)ticks);
        return part switch
        {
            DatePart.Year => moment.Year,
            DatePart.Month => moment.Month,
            DatePart.Day => moment.Day,
            DatePart.Weekday => ((int)moment.DayOfWeek + 6) % 7,
            DatePart.Hour => (double)moment.TimeOfDay.Ticks / TimeSpan.TicksPerHour,
            _ => (double)(moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerDay,
        };
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("to", to);
        writer.Choice("part", part);
    }

    public static DatePartStep Unpack(PartReader reader)
        => new(reader.Register("from"), reader.Register("to"), reader.Choice<DatePart>("part"));
}

/// <summary>Where a number stands on a circle of a given period: the sine and the cosine of its angle.</summary>
internal sealed class CycleStep(int from, int sine, int cosine, double period) : PreparationStep
{
    public const string Kind = "cycle";

    public override string PartKind => Kind;

    public override void Declare(RegisterCheck check)
    {
        check.ReadNumber(from);
        check.WriteNumbers(sine);
        check.WriteNumbers(cosine);
    }

    public override void Apply(PreparationFrame frame)
    {
        var x = frame.Numbers(from);
        var s = frame.Numbers(sine);
        var c = frame.Numbers(cosine);
        for (int i = 0; i < x.Length; i++)
        {
            double turns = x[i] / period;
            double angle = 2 * Math.PI * (turns - Math.Floor(turns));
            (s[i], c[i]) = double.IsFinite(angle) ? (Elementary.Sin(angle), Elementary.Cos(angle)) : (double.NaN, double.NaN);
        }
    }

    public override void Pack(PartWriter writer)
    {
        writer.Int("from", from);
        writer.Int("sine", sine);
        writer.Int("cosine", cosine);
        writer.Real("period", period);
    }

    public static CycleStep Unpack(PartReader reader)
        => new(reader.Register("from"), reader.Register("sine"), reader.Register("cosine"), reader.FiniteReal("period"));
}
