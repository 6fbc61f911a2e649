namespace Tilth.Learners.Solvers;

/// <summary>Finds where the quadratic model of the loss, plus the penalty, is least.</summary>
internal interface IStepFinder
{
    /// <summary>The step from the run's coefficients, laid out like them.</summary>
    /// <param name="run">The present point, its slope and curvatures.</param>
    /// <param name="design">The rows.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="penalty">The penalty.</param>
    /// <param name="accuracy">How small the slope of the model must become, relative to the slope at the present point.</param>
    double[] Find(NewtonRun run, Design design, LinearLoss loss, Penalty penalty, double accuracy);
}

/// <summary>Chooses by the shape of the data which way is cheapest.</summary>
internal static class StepFinders
{
    /// <summary>Columns up to which a matrix of second derivatives pays when it is made again at each step, or only once.</summary>
    const int NarrowAlways = 320, NarrowOnce = 1000, NarrowLasso = 500;

    public static IStepFinder For(Design design, LinearLoss loss, bool intercept, bool lasso, ClassCurvature? nearby)
    {
        bool narrow = loss.Outputs == 1 && design.Columns <= (loss.IsQuadratic ? NarrowOnce : lasso ? NarrowLasso : NarrowAlways);
        if (lasso) return narrow ? new MatrixCoordinateDescent(intercept) : new ColumnCoordinateDescent(intercept);
        return narrow ? new DirectStep(intercept) : new ConjugateGradientStep(intercept, nearby ?? ClassCurvature.For(design, loss, intercept, lasso, shared: false));
    }
}
