using Tilth.Fitting;
using Tilth.Models;
using Tilth.Prepare;

namespace Tilth.Learners.Neural;

/// <summary>
/// A network for tables in the manner of TabM (Gorishniy et al. 2024, arXiv:2410.24210): piecewise-linear embeddings of
/// numbers, embeddings of categories, rectified layers with dropout, and several members that share the layers and differ in
/// an input scale and a head. Each member has its own loss; predictions are averaged. Trained by AdamW, stopped early.
/// </summary>
public sealed record NeuralNetwork : IStepsLearner
{
    /// <summary>Members that share the layers, 1 to 64; 1 is a plain multilayer perceptron.</summary>
    public int Members { get; init; } = 8;

    /// <summary>Hidden layers, 0 to 8.</summary>
    public int HiddenLayers { get; init; } = 2;

    /// <summary>Units of a hidden layer, 1 to 2,048.</summary>
    public int HiddenUnits { get; init; } = 192;

    /// <summary>Width of a number's embedding, 1 to 64.</summary>
    public int EmbeddingSize { get; init; } = 12;

    /// <summary>Bins of a number's embedding, 1 to 256.</summary>
    public int EmbeddingBins { get; init; } = 32;

    /// <summary>Share of the hidden units that a step leaves out, 0 to 0.9.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Step size of AdamW, above 0 to 1.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>Decoupled weight decay, 0 to 1.</summary>
    public double WeightDecay { get; init; } = 3e-4;

    /// <summary>Rows of a step, 1 to 8,192; 0 chooses by the number of rows.</summary>
    public int BatchSize { get; init; }

    /// <summary>Most passes over the rows, 1 to 10,000.</summary>
    public int MaxEpochs { get; init; } = 150;

    /// <summary>Passes without a better validation loss before the fit stops, 1 to 1,000.</summary>
    public int Patience { get; init; } = 16;

    /// <summary>Share of the rows set aside to stop by where the caller gives none, above 0 to 0.5.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <inheritdoc/>
    public PreparationNeeds Needs { get; } = new()
    {
        Numbers = NumberForm.Robust, FillMissing = true, Categories = CategoryForm.Codes, Text = TextForm.Dense,
    };

    /// <inheritdoc/>
    public Model Fit(TrainingSet data, FitContext context) => new NeuralRun(this, data, context).Fit();

    ISupervisedLearner IStepsLearner.EndingAt(FitProgress last) => this with { MaxEpochs = (int)last.Done };

    internal static LearnerEntry Entry { get; } = new("neural_network", "Neural network", new NeuralNetwork(),
    [
        Parameter.Integer<NeuralNetwork>("n_members", l => l.Members, (l, v) => l with { Members = v }, 1, 64, "Networks that share their layers; their predictions are averaged.", (4, 16)),
        Parameter.Integer<NeuralNetwork>("n_layers", l => l.HiddenLayers, (l, v) => l with { HiddenLayers = v }, 0, 8, "Number of hidden layers.", (1, 3)),
        Parameter.Integer<NeuralNetwork>("hidden_units", l => l.HiddenUnits, (l, v) => l with { HiddenUnits = v }, 1, 2048, "Units of each hidden layer.", (64, 512), ParameterScale.Log),
        Parameter.Integer<NeuralNetwork>("embedding_size", l => l.EmbeddingSize, (l, v) => l with { EmbeddingSize = v }, 1, 64, "Width of the embedding of a number.", (4, 24)),
        Parameter.Integer<NeuralNetwork>("embedding_bins", l => l.EmbeddingBins, (l, v) => l with { EmbeddingBins = v }, 1, 256, "Pieces of the piecewise-linear embedding of a number.", (8, 64)),
        Parameter.Real<NeuralNetwork>("dropout", l => l.Dropout, (l, v) => l with { Dropout = v }, 0, 0.9, "Share of hidden units that a step leaves out.", (0, 0.5)),
        Parameter.Real<NeuralNetwork>("learning_rate", l => l.LearningRate, (l, v) => l with { LearningRate = v }, 1e-6, 1, "Step size of AdamW.", (3e-4, 5e-3), ParameterScale.Log),
        Parameter.Real<NeuralNetwork>("weight_decay", l => l.WeightDecay, (l, v) => l with { WeightDecay = v }, 0, 1, "Decoupled weight decay of AdamW.", (0, 0.1)),
        Parameter.Integer<NeuralNetwork>("batch_size", l => l.BatchSize, (l, v) => l with { BatchSize = v }, 0, 8192, "Rows of a step; 0 chooses by the number of rows."),
        Parameter.Integer<NeuralNetwork>("max_epochs", l => l.MaxEpochs, (l, v) => l with { MaxEpochs = v }, 1, 10_000, "Most passes over the rows."),
        Parameter.Integer<NeuralNetwork>("patience", l => l.Patience, (l, v) => l with { Patience = v }, 1, 1000, "Passes without a better validation loss before the fit stops."),
        Parameter.Real<NeuralNetwork>("validation_fraction", l => l.ValidationFraction, (l, v) => l with { ValidationFraction = v }, 0.01, 0.5, "Share of the rows set aside to stop by."),
    ], new LearnerTraits { WeightZeroMatters = "rows of weight 0 take part in the order of the batches and in the quantiles of the embeddings" });
}
