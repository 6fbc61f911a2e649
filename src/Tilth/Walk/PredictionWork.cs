using Tilth.Models;
using Tilth.Models.Additive;
using Tilth.Models.Kernel;
using Tilth.Models.Linear;
using Tilth.Models.Nodes;
using Tilth.Models.Trees;

namespace Tilth.Walk;

/// <summary>About how long a row's prediction takes, counted and not timed, so that what is left out for it is the same everywhere.</summary>
internal static class PredictionWork
{
    const double NanosecondsATree = 20, NanosecondsAColumn = 100, NanosecondsAPoint = 7, NanosecondsOfOthers = 20_000;

    /// <summary>Nanoseconds a row, to an order of magnitude.</summary>
    public static double Of(Node node) => node.Pipelines.Sum(pipeline => Of(pipeline.Model)) + node.Preparations.Sum(preparation => preparation.Inputs.Count() * NanosecondsAColumn);

    /// <summary>How many rows can be predicted in a budget.</summary>
    public static int RowsIn(TimeSpan budget, Node node) => (int)Math.Clamp(budget.TotalNanoseconds / Math.Max(1, Of(node)), 1, 1e8);

    static double Of(Model model) => model switch
    {
        TreeEnsemble trees => 300 + NanosecondsATree * trees.TreeCount,
        AdditiveModel additive => 300 + NanosecondsATree * additive.Terms.Count,
        LinearModel => 500,
        KernelModel kernel => 300 + NanosecondsAPoint * kernel.ComponentCount,
        _ => NanosecondsOfOthers,
    };
}
