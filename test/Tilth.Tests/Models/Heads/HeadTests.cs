using System.Buffers;
using System.Text.Json;
using Tilth.Data;
using Tilth.Models.Heads;
using Tilth.Parts;
using Tilth.Tests.Contracts;

namespace Tilth.Tests.Models.Heads;

public class HeadTests
{
    [Theory]
    [InlineData(1, 0, 0.3, 0.3)]
    [InlineData(2, 0, 0.8, 0.9411764705882353)] // odds 4 squared: 16 / 17
    [InlineData(1, 0.6931471805599453, 0.5, 0.6666666666666666)] // odds doubled
    [InlineData(1, 0, 0, 1e-15)]
    public void Platt_moves_the_log_odds(double slope, double intercept, double p, double expected)
        => Assert.Equal(expected, Apply(new PlattCalibrator(slope, intercept), p)[0], 1e-12);

    [Fact]
    public void Temperature_takes_roots_and_keeps_the_sum()
    {
        Assert.Equal(2.0 / 3, Apply(new TemperatureCalibrator(2), 0.8)[0], 1e-12); // odds 4 -> 2
        double[] cooled = Apply(new TemperatureCalibrator(2), 0.64, 0.32, 0.04);
        double sum = 0.8 + Math.Sqrt(0.32) + 0.2;
        Assert.Equal(0.8 / sum, cooled[0], 1e-12);
        Assert.Equal(0.2 / sum, cooled[2], 1e-12);
        Assert.Equal(1, cooled.Sum(), 1e-12);
        Assert.All(Apply(new TemperatureCalibrator(0.5), 1, 0, 0), p => Assert.True(double.IsFinite(p)));
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.2, 0.1)]
    [InlineData(0.3, 0.2)]
    [InlineData(0.4, 0.3)]
    [InlineData(0.9, 0.7)]
    [InlineData(1, 0.7)]
    public void Isotonic_is_straight_between_knots_and_flat_beyond(double p, double expected)
        => Assert.Equal(expected, Apply(new IsotonicCalibrator([0.2, 0.4, 0.8], [0.1, 0.3, 0.7]), p)[0], 1e-12);

    [Fact]
    public void Decisions_follow_the_rule()
    {
        var threshold = new DecisionRule(DecisionKind.Threshold, 0.3);
        Assert.Equal((1, 0), (threshold.Decide([0.3]), threshold.Decide([0.29])));
        Assert.Equal(1, new DecisionRule(DecisionKind.Argmax).Decide([0.2, 0.4, 0.4]));
        Assert.Equal(-1, new DecisionRule(DecisionKind.None).Decide([5]));
    }

    [Fact]
    public void Conformal_radii_make_intervals_and_sets()
    {
        var conformal = new Conformal([0.8, 0.9], [1.5, 2.5]);
        Assert.Equal((7.5, 12.5), conformal.Interval(10, 1));
        var sets = new Conformal([0.9], [0.7]);
        Assert.True(sets.Includes(0.31, 0, 0) && !sets.Includes(0.29, 0, 0));
    }

    [Fact]
    public void Each_class_has_its_own_radius_and_widths_follow_the_prediction()
    {
        var sets = new Conformal([0.8, 0.9], [0.5, 0.6], [0.2, 0.7, 0.3, 0.8]);
        Assert.True(!sets.Includes(0.79, 0, 0) && sets.Includes(0.31, 1, 0) && sets.Includes(0.71, 0, 1) && !sets.Includes(0.19, 1, 1));
        var varied = new Conformal([0.9], [2], default, new WidthCurve([0, 10], [1, 3]));
        Assert.Equal((-12, -8), varied.Interval(-10, 0));
        Assert.Equal((1, 9), varied.Interval(5, 0));
        Assert.Equal((94, 106), varied.Interval(100, 0));
        var back = RoundTrip(Head.For(ContractData.TargetOf(TaskKind.Regression)) with { Conformal = varied }, ContractData.TargetOf(TaskKind.Regression)).Conformal!;
        Assert.Equal(varied.Interval(5, 0), back.Interval(5, 0));
        var binary = RoundTrip(Head.For(ContractData.TargetOf(TaskKind.Binary)) with { Conformal = sets }, ContractData.TargetOf(TaskKind.Binary)).Conformal!;
        Assert.True(binary.Includes(0.31, 1, 0) && !binary.Includes(0.29, 1, 0));
        Assert.Throws<PackageFormatException>(() => RoundTrip(Head.For(ContractData.TargetOf(TaskKind.Multiclass)) with { Conformal = sets }, ContractData.TargetOf(TaskKind.Multiclass)));
        Assert.Throws<ArgumentException>(() => new Conformal([0.8, 0.9], [0.5, 0.6], [0.2, 0.7, 0.1, 0.8]));
        Assert.Throws<ArgumentException>(() => new WidthCurve([1, 1], [1, 1]));
    }

    [Fact]
    public void Every_head_comes_back_from_its_part()
    {
        var binary = ContractData.TargetOf(TaskKind.Binary);
        foreach (Calibrator? calibrator in (Calibrator?[])[null, new PlattCalibrator(1.3, -0.2), new TemperatureCalibrator(1.7), new BetaCalibrator(0.9, 1.3, -0.1), new IsotonicCalibrator([0.1, 0.9], [0, 1])])
        {
            var head = Head.For(binary) with { Calibrator = calibrator, Rule = new DecisionRule(DecisionKind.Threshold, 0.1 + 0.2) };
            var back = RoundTrip(head, binary);
            Assert.Equal(head.Rule, back.Rule);
            Assert.Equal(head.Outputs, back.Outputs);
            Assert.Equal(calibrator?.GetType(), back.Calibrator?.GetType());
            if (calibrator is not null) Assert.Equal(Apply(calibrator, 0.37), Apply(back.Calibrator!, 0.37));
        }
        var regression = ContractData.TargetOf(TaskKind.Regression);
        var interval = RoundTrip(Head.For(regression, "EUR") with { Conformal = new Conformal([0.9], [3.25]) }, regression);
        Assert.Equal(3.25, interval.Conformal!.Radii[0]);
        Assert.Equal("EUR", interval.Outputs[0].Unit);
    }

    [Fact]
    public void A_head_that_does_not_fit_the_target_is_refused()
    {
        var three = ContractData.TargetOf(TaskKind.Multiclass);
        var head = Head.For(ContractData.TargetOf(TaskKind.Binary)) with { Calibrator = new PlattCalibrator(1, 0) };
        Assert.NotNull(head.FaultFor(three));
        Assert.NotNull((Head.For(three) with { Calibrator = new PlattCalibrator(1, 0) }).FaultFor(three));
        Assert.Throws<PackageFormatException>(() => RoundTrip(head, three));
        Assert.Throws<PackageFormatException>(() => RoundTrip(Head.For(ContractData.TargetOf(TaskKind.Binary)) with { Rule = new DecisionRule(DecisionKind.Threshold, 7) }, ContractData.TargetOf(TaskKind.Binary)));
        Assert.Throws<ArgumentException>(() => new IsotonicCalibrator([0.5, 0.4], [0, 1]));
        Assert.Throws<ArgumentException>(() => new Conformal([0.9, 0.8], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureCalibrator(0));
        Assert.Throws<ArgumentException>(() => new BetaCalibrator(-1, 1, 0));
    }

    static double[] Apply(Calibrator calibrator, params double[] probabilities)
    {
        calibrator.Apply(probabilities);
        return probabilities;
    }

    static Head RoundTrip(Head head, TargetSchema target)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var arrays = new ArrayStore();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            head.Pack(new PartWriter(json, arrays));
            json.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return Head.Unpack(new PartReader(document.RootElement, arrays), target);
    }
}
