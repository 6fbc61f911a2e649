using Tilth.Models;

namespace Tilth.Learners.Losses;

/// <summary>
/// What boosting minimises. Scores stand row by row, <see cref="Outputs"/> each; weights are applied by the caller, so that
/// one row's gradient is that of weight 1. A fit calls, in this order:
/// 1. <see cref="Check"/> and <see cref="Start"/> once;
/// 2. <see cref="Gradients"/> before every round, on blocks of rows, from several threads at once;
/// 3. <see cref="Total"/> after every round on the rows that decide when to stop.
/// </summary>
public interface IBoostingLoss
{
    /// <summary>The name under which progress is told ("log_loss").</summary>
    string Name { get; }

    /// <summary>How the scores become predictions.</summary>
    Link Link { get; }

    /// <summary>Scores a row.</summary>
    int Outputs => 1;

    /// <summary>What is wrong with the target, or null.</summary>
    Problem? Check(ReadOnlySpan<double> values) => null;

    /// <summary>Writes the best constant score of each output.</summary>
    /// <param name="values">The target, one number a row.</param>
    /// <param name="weights">One number a row, above 0.</param>
    /// <param name="scores"><see cref="Outputs"/> numbers.</param>
    void Start(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, Span<double> scores);

    /// <summary>Writes the first and second derivative of each row's loss by its scores; second ones at least 0.</summary>
    /// <param name="scores">rows x outputs.</param>
    /// <param name="values">The target of the rows.</param>
    /// <param name="gradients">rows x outputs.</param>
    /// <param name="hessians">rows x outputs.</param>
    void Gradients(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, Span<float> gradients, Span<float> hessians);

    /// <summary>The rows' losses, weighted and summed.</summary>
    double Total(ReadOnlySpan<double> scores, ReadOnlySpan<double> values, ReadOnlySpan<double> weights);
}

/// <summary>A loss whose gradient says little about how far to go: leaves take a value of their own from the rows in them.</summary>
public interface ILeafRenewal
{
    /// <summary>The best constant for the rows of a leaf.</summary>
    /// <param name="residuals">Target minus score; may be reordered.</param>
    /// <param name="weights">One a row; may be reordered.</param>
    double LeafValue(Span<double> residuals, Span<double> weights);
}
