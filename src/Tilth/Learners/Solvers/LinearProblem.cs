using System.Globalization;
using Tilth.Data;
using Tilth.Fitting;
using Tilth.Models.Linear;

namespace Tilth.Learners.Solvers;

/// <summary>What every fit of a weighted sum begins and ends with: the rows as a design, the loss of the task, the model.</summary>
internal static class LinearProblem
{
    /// <summary>The rows that count.</summary>
    /// <exception cref="LearningException">There is no row, or only one class.</exception>
    public static Design DesignOf(TrainingSet set, FitContext context)
    {
        context.ThrowIfCancelled();
        var design = Design.Of(set, context);
        CheckRows(set, design.SourceRows);
        return design;
    }

    /// <exception cref="LearningException">None of the rows counts, or only those of one class.</exception>
    public static void CheckRows(TrainingSet set, int[] rows)
    {
        if (rows.Length == 0) throw new LearningException("rows-none", "there are no rows to learn from" + (set.Rows.Length > 0 ? ": every weight is 0" : ""));
        double first = set.Target.Values[rows[0]];
        if (set.Target.Task != TaskKind.Regression && Array.TrueForAll(rows, row => set.Target.Values[row] == first))
            throw new LearningException("target-single-class",
                $"every row of the target '{set.Target.Schema.Column}' has the class '{set.Target.Schema.Classes[(int)first]}'; at least two classes are needed");
    }

    /// <summary>Log loss for classes, squared error for numbers.</summary>
    public static LinearLoss LossOf(Target target) => target.Task switch
    {
        TaskKind.Regression => new SquaredLoss(),
        TaskKind.Binary => new LogisticLoss(),
        _ => new SoftmaxLoss(target.ClassCount),
    };

    /// <summary>A model under one known penalty.</summary>
    public static LinearModel Fit(TrainingSet data, FitContext context, LinearLoss loss, Func<Design, Penalty> penaltyOf, bool intercept, Precision precision)
    {
        var design = DesignOf(data, context);
        var penalty = penaltyOf(design);
        var run = new NewtonRun(design, loss, design.Weights, intercept, penalty.L1 > 0);
        run.Solve(penalty, precision, context);
        return ModelOf(design, loss, run.Coefficients);
    }

    /// <exception cref="LearningException">A row's target is outside what the loss is defined for.</exception>
    public static void CheckRange(TrainingSet set, TargetRange range, string title)
    {
        foreach (int row in set.Rows)
            if (set.Target.Values[row] is var y && (y < 0 || (y == 0 && range == TargetRange.Positive)))
                throw new LearningException("target-range", string.Create(CultureInfo.InvariantCulture,
                    $"{title} needs a target {(range == TargetRange.Positive ? "above 0" : "of at least 0")}, but '{set.Target.Schema.Column}' is {y} in row {row + 1}"));
    }

    /// <summary>The model of a run's coefficients.</summary>
    public static LinearModel ModelOf(Design design, LinearLoss loss, double[] coefficients)
    {
        int p = design.Columns, outputs = loss.Outputs;
        var weights = new double[outputs * p];
        var intercepts = new double[outputs];
        for (int k = 0; k < outputs; k++)
        {
            coefficients.AsSpan(k * (p + 1), p).CopyTo(weights.AsSpan(k * p));
            intercepts[k] = coefficients[k * (p + 1) + p];
        }
        if (outputs > 1)
        {
            // A constant added to every class's score changes nothing; the one with mean 0 stands for all.
            double mean = Design.Total(intercepts) / outputs;
            for (int k = 0; k < outputs; k++) intercepts[k] -= mean;
        }
        return new LinearModel(design.Shape, weights, intercepts, design.Means, loss.Link);
    }
}
