using Tilth.Parts;

namespace Tilth.Prepare;

/// <summary>The closed list of steps that a package may hold: one line each.</summary>
internal static class StepKinds
{
    /// <summary>Every kind; the step contract runs over it.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        FillStep.Kind, MissingStep.Kind, SkewStep.Kind, ScaleStep.Kind, DatePartStep.Kind, CycleStep.Kind, PairStep.Kind,
        RecodeStep.Kind, LookupStep.Kind, OneHotStep.Kind, SparseOneHotStep.Kind,
        TextCountStep.Kind, TfIdfStep.Kind, SparseScoreStep.Kind,
    ];

    /// <summary>Reads a step.</summary>
    /// <exception cref="PackageFormatException">The kind is not known, or its content is damaged.</exception>
    public static PreparationStep Unpack(PartReader reader) => reader.Text("kind") switch
    {
        FillStep.Kind => FillStep.Unpack(reader),
        MissingStep.Kind => MissingStep.Unpack(reader),
        SkewStep.Kind => SkewStep.Unpack(reader),
        ScaleStep.Kind => ScaleStep.Unpack(reader),
        DatePartStep.Kind => DatePartStep.Unpack(reader),
        CycleStep.Kind => CycleStep.Unpack(reader),
        PairStep.Kind => PairStep.Unpack(reader),
        RecodeStep.Kind => RecodeStep.Unpack(reader),
        LookupStep.Kind => LookupStep.Unpack(reader),
        OneHotStep.Kind => OneHotStep.Unpack(reader),
        SparseOneHotStep.Kind => SparseOneHotStep.Unpack(reader),
        TextCountStep.Kind => TextCountStep.Unpack(reader),
        TfIdfStep.Kind => TfIdfStep.Unpack(reader),
        SparseScoreStep.Kind => SparseScoreStep.Unpack(reader),
        var kind => throw reader.Wrong("kind", $"is '{kind}', a preparation step that this version does not know"),
    };

    /// <summary>Registers are numbered below this; also the most that an array of a step may hold.</summary>
    public const int Most = 1 << 22;

    public static int Register(this PartReader reader, string name) => reader.Int(name, 0, Most);
}
