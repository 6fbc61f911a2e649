using Tilth.Data;

namespace Tilth.Search;

/// <summary>
/// How large a network the time can train: a network that is cut short is worth nothing, a smaller one nearly as much as a large
/// one. Counts multiplications, which is all that matters for the order of magnitude.
/// </summary>
internal static class NetworkSize
{
    /// <summary>Multiplications and additions that a core does in a second while it trains small networks.</summary>
    const double Speed = 5e10;

    /// <summary>A network may take this share of the time.</summary>
    const double Share = 0.2;

    /// <summary>Where early stopping mostly ends a training.</summary>
    const int StoppedEpochs = 35;

    /// <summary>Numbers that a category is embedded in, roughly.</summary>
    const int CategoryNumbers = 8;

    static readonly Size[] Sizes = [new(8, 192, 12, 150, []), Small(4, 128, 8, 60), Small(4, 64, 6, 40), Small(2, 64, 4, 25)];

    /// <summary>Settings of the largest network that fits; null if none does.</summary>
    public static (string, string)[]? For(TrainingTable data, int rows, int folds, double? coreSeconds)
    {
        int categories = data.Schema.Features.Count(column => column.Kind == ColumnKind.Category), numbers = data.Schema.Features.Count() - categories;
        double learned = (double)rows * Math.Max(0.9, folds - 1);
        return Sizes.FirstOrDefault(size => coreSeconds is null || learned * size.WorkOfRow(numbers, categories, data.Target.Schema.OutputCount) <= Share * Speed * coreSeconds)?.Settings;
    }

    static Size Small(int members, int units, int embedding, int epochs) => new(members, units, embedding, epochs,
        [("n_members", $"{members}"), ("hidden_units", $"{units}"), ("embedding_size", $"{embedding}"), ("max_epochs", $"{epochs}")]);

    /// <summary>A network of two hidden layers.</summary>
    sealed record Size(int Members, int Units, int Embedding, int Epochs, (string, string)[] Settings)
    {
        /// <summary>Forwards and twice backwards, in every epoch until it stops early.</summary>
        public double WorkOfRow(int numbers, int categories, int outputs)
        {
            double input = numbers * Embedding + categories * CategoryNumbers;
            return 6.0 * Members * (input * Units + (double)Units * Units + Units * outputs) * Math.Min(Epochs, StoppedEpochs);
        }
    }
}
