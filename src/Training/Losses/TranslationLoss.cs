using Transformer.Autograd;
using Transformer.Layers;
using Transformer.Training.Data;

namespace Transformer.Training.Losses;

/// <summary>
/// The loss of translation with teacher forcing: the decoder reads the target shifted right and is asked for the next
/// token at every position. Mean cross-entropy per target token with label smoothing (Vaswani et al. 2017, section 5.4);
/// padding counts nothing.
/// </summary>
public static class TranslationLoss
{
    /// <summary>
    /// The mean loss of a batch, in nats per target token, as a scalar of the graph. The batch is packed: nothing is computed for
    /// padding.
    /// </summary>
    public static Tensor Of(TransformerModel model, Batch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        Tensor states = model.States(batch.PackedSource, batch.PackedTargetInput);
        return model.Output.CrossEntropy(states, batch.PackedTargetOutput.Tokens, labelSmoothing);
    }

    /// <summary>
    /// The same number as the textbook has it: tensors [batch, length, …] with rows of padding, which masks hide and the loss
    /// leaves out. Dropout draws other masks.
    /// </summary>
    public static Tensor OfPadded(TransformerModel model, Batch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        Indices source = new(batch.Source, [batch.Size, batch.SourceLength]);
        Indices target = new(batch.TargetInput, [batch.Size, batch.TargetLength]);
        Indices expected = new(batch.TargetOutput, [batch.Size, batch.TargetLength]);
        return model.Forward(source, target).CrossEntropy(expected, labelSmoothing, Vocabulary.Padding);
    }
}
