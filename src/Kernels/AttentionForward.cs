using System.Numerics;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

internal static class AttentionForward<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Run(in AttentionProblem<T> problem) => AttentionPlain.Forward(problem);
}
