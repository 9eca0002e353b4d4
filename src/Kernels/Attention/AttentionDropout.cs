namespace Transformer.Kernels;

/// <summary>Dropout of attention weights: which mask, and how much of it is dropped. Element i of it is what <see cref="Dropout"/> draws for i.</summary>
/// <param name="Key">Names the mask.</param>
/// <param name="Rate">Probability of dropping an element, 0 ≤ rate &lt; 1; 0, the default, drops nothing.</param>
public readonly record struct AttentionDropout(RandomKey Key, double Rate);
