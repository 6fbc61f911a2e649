using Tilth.Prepare;

namespace Tilth.Learners.Linear;

/// <summary>What the learners of this family share in words.</summary>
internal static class LinearNeeds
{
    public const string MaxIterHelp = "Most Newton steps; each reads the data a few times.";

    public const string TolHelp = "The fit ends when the largest slope is this small relative to that of the constant model.";

    /// <summary>Numbers on one scale, no gaps, categories as columns of 0 and 1, texts as sparse columns.</summary>
    public static PreparationNeeds Default { get; } = new()
    {
        Numbers = NumberForm.Standard, FillMissing = true, Categories = CategoryForm.OneHot, Text = TextForm.Sparse,
    };
}
