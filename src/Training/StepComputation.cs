using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;
using Transformer.Training.Losses;
using Transformer.Training.Optimizers;

namespace Transformer.Training;

/// <summary>What one optimizer step is computed from, beside the parameters.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Number">The step's number in the run, from 1.</param>
/// <param name="Parts">The batches whose gradients are added.</param>
internal sealed record StepBatches(int Epoch, long Number, IReadOnlyList<Batch> Parts)
{
    /// <summary>Target tokens, padding not counted.</summary>
    public int Tokens { get; } = Parts.Sum(part => part.TargetTokens);
}

/// <summary>What a step's forward and backward passes come to, beside the gradients.</summary>
/// <param name="LossSum">Σ loss · target tokens.</param>
/// <param name="Norm">The global norm of all gradients.</param>
internal readonly record struct StepGradients(double LossSum, double Norm);

/// <summary>
/// Forward and backward passes of a step, up to the optimizer's part. They change gradients and nothing else: run again from
/// the same parameters, they come to the same bits.
/// </summary>
internal sealed class StepComputation(TransformerModel model, Optimizer optimizer, RandomStreams random, double labelSmoothing)
{
    private readonly Parameter[] parameters = [.. model.Parameters()];

    /// <summary>Computes all gradients, from none.</summary>
    /// <exception cref="NonFiniteException">A loss or gradient is NaN or infinite.</exception>
    public StepGradients Run(StepBatches step)
    {
        // Whoever was told of the last step may have translated something.
        if (!model.Training)
            model.Train();
        double lossSum = 0;
        foreach (Parameter parameter in parameters)
            parameter.ZeroGradient();
        random.Step = (uint)step.Number;
        for (int i = 0; i < step.Parts.Count; i++)
        {
            random.MicroBatch = (uint)i;
            lossSum += AddGradients(step.Parts[i], step) * step.Parts[i].TargetTokens;
        }

        double norm = GradientClipping.GlobalNorm(optimizer.Parameters);
        return double.IsFinite(norm)
            ? new StepGradients(lossSum, norm)
            : throw new NonFiniteException(step.Number, FiniteCheck.PlaceOfGradient(model));
    }

    // Adds ∂/∂θ of this part's share of the step's loss: its mean loss times its share of the step's target tokens.
    private double AddGradients(Batch part, StepBatches step)
    {
        using Step memory = new();
        Tensor loss = TranslationLoss.Of(model, part, labelSmoothing);
        double value = loss.Item();
        if (!double.IsFinite(value))
            throw new NonFiniteException(step.Number, FiniteCheck.PlaceOfLoss(model, "loss", value));
        loss.Backward(Tensor.Scalar((double)part.TargetTokens / step.Tokens, loss.DType));
        return value;
    }
}
