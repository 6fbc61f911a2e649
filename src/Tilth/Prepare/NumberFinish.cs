namespace Tilth.Prepare;

/// <summary>
/// Brings every number feature that is not finished to the form that the learner needs: gaps marked and filled with the
/// median, skew taken out, scaled. Values further outside the training range than the range is wide are brought back to
/// there, so that one absurd value cannot move a prediction without bound.
/// </summary>
internal static class NumberFinish
{
    public static void Apply(PreparationDraft draft, PreparationNeeds needs, List<PreparationNote> notes)
    {
        if (needs.Numbers == NumberForm.Raw && !needs.FillMissing) return;
        var open = draft.Numbers.Where(feature => !feature.Finished).ToArray();
        var values = draft.Evaluate([.. open.Select(feature => feature.Register)]);
        var shapes = new NumberShape[open.Length];
        draft.Context.Workers.For(open.Length, i => shapes[i] = NumberShape.Of(values[i], needs.Numbers));
        var marked = new HashSet<string>();
        var finished = new List<PreparationDraft.NumberFeature>();
        int next = 0;
        foreach (var feature in draft.Numbers)
            if (feature.Finished) finished.Add(feature);
            else finished.AddRange(Finish(draft, feature, shapes[next++], needs, marked, notes));
        draft.ReplaceNumbers(finished);
    }

    static IEnumerable<PreparationDraft.NumberFeature> Finish(PreparationDraft draft, PreparationDraft.NumberFeature feature,
        NumberShape shape, PreparationNeeds needs, HashSet<string> marked, List<PreparationNote> notes)
    {
        // Several features of one column are missing together; one mark is enough.
        if (needs.FillMissing && shape.Missing > 0 && marked.Add(string.Join('\n', feature.Sources)))
        {
            int mark = draft.NewNumbers();
            draft.Add(new MissingStep(feature.Register, mark));
            yield return new($"{string.Join(", ", feature.Sources)}: missing", feature.Sources, mark, true);
        }
        if (shape.IsConstant) yield break;
        int register = draft.NewNumbers();
        draft.Add(new FillStep(feature.Register, register, needs.FillMissing ? shape.Median : double.NaN, shape.Low, shape.High));
        if (needs.Numbers != NumberForm.Raw)
        {
            if (shape.Power != 1)
            {
                int symmetric = draft.NewNumbers();
                draft.Add(new SkewStep(register, symmetric, shape.Origin, shape.Unit, shape.Power));
                notes.Add(new(feature.Sources[0], FormattableString.Invariant(
                    $"'{feature.Name}' is skewed ({shape.Skewness:0.0}); a Yeo-Johnson transform of power {shape.Power:0.00} makes it symmetric")));
                register = symmetric;
            }
            int scaled = draft.NewNumbers();
            draft.Add(new ScaleStep(register, scaled, shape.Center, shape.Scale, clip: needs.Numbers == NumberForm.Robust));
            register = scaled;
        }
        yield return feature with { Register = register, Finished = true };
    }
}
