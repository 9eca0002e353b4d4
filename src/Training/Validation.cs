using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Losses;

namespace Transformer.Training;

/// <summary>The loss of a model on sentence pairs that it was not trained on.</summary>
internal sealed class Validation(TransformerModel model, Batcher batches)
{
    /// <summary>Mean loss per target token, in nats, without label smoothing and dropout.</summary>
    /// <param name="step">The training step before, for the message.</param>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite.</exception>
    /// <exception cref="InvalidOperationException">There are no pairs.</exception>
    public double Loss(long step)
    {
        bool wasTraining = model.Training;
        model.Evaluate();
        double sum = 0;
        long tokens = 0;
        foreach (Batch batch in batches.ByLength())
        {
            double loss = LossOf(batch);
            if (!double.IsFinite(loss))
                throw new NonFiniteException(step, Place(batch, loss));
            sum += loss * batch.TargetTokens;
            tokens += batch.TargetTokens;
        }

        if (wasTraining)
            model.Train();
        return tokens > 0 ? sum / tokens : throw new InvalidOperationException("Validation: there are no pairs; pass null to train without.");
    }

    private double LossOf(Batch batch)
    {
        using NoGradient scope = new();
        using Step memory = new();
        return TranslationLoss.Of(model, batch, labelSmoothing: 0).Item();
    }

    // Computed once more, this time on the tape, which knows where the fault began.
    private string Place(Batch batch, double loss)
    {
        using Step memory = new();
        TranslationLoss.Of(model, batch, labelSmoothing: 0);
        return FiniteCheck.PlaceOfLoss(model, "validation loss", loss);
    }
}
