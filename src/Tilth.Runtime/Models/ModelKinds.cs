using Tilth.Data;
using Tilth.Models.Additive;
using Tilth.Models.Kernel;
using Tilth.Models.Linear;
using Tilth.Models.Neighbors;
using Tilth.Models.Neural;
using Tilth.Models.Trees;
using Tilth.Parts;

namespace Tilth.Models;

/// <summary>The closed list of model kinds that a package may hold: one line each.</summary>
internal static class ModelKinds
{
    /// <summary>Reads the model of that kind.</summary>
    /// <param name="kind">As <see cref="Model.PartKind"/> gave it.</param>
    /// <param name="reader">The part that <see cref="Model.Pack"/> wrote.</param>
    /// <param name="map">The features that the model will see.</param>
    public static Model Unpack(string kind, PartReader reader, FeatureMap map) => kind switch
    {
        "trees" => TreeEnsemble.Unpack(reader, map),
        "statistics_trees" => StatisticsEnsemble.Unpack(reader, map),
        "linear" => LinearModel.Unpack(reader, map),
        "neighbors" => NeighborsModel.Unpack(reader, map),
        "kernel" => KernelModel.Unpack(reader, map),
        "network" => NetworkModel.Unpack(reader, map),
        "additive" => AdditiveModel.Unpack(reader, map),
        "log_target" => LogTargetModel.Unpack(reader, map),
        _ => throw reader.Wrong("kind", $"is '{kind}', a kind of model that this version does not know"),
    };
}
