using System.Numerics;
using System.Runtime.CompilerServices;
using Transformer.Kernels.Simd;

namespace Transformer.Kernels;

/// <summary>
/// Dropout of a block of weights, rows × visible, packed without gaps. The mask of the weight with index i in [batch, head, target, source]
/// is that of element i of <see cref="Dropout"/>.
/// </summary>
internal static unsafe class AttentionDropout<V, S, T>
    where V : struct
    where S : ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements that the mask of <paramref name="count"/> weights needs: it is read in whole vectors.</summary>
    public static int MaskLength(int count) => count + S.Count;

    /// <summary>Draws the mask of the targets from <paramref name="first"/> on: true = kept.</summary>
    public static void Draw(in AttentionProblem<T> problem, int batch, int head, int first, int rows, int visible, Span<bool> kept)
    {
        if (visible == problem.Shape.SourceLength)
        {
            Dropout.Mask(problem.DropoutKey, problem.DropoutRate, problem.WeightIndex(batch, head, first), kept[..(rows * visible)]);
            return;
        }
        for (int row = 0; row < rows; row++)
            Dropout.Mask(problem.DropoutKey, problem.DropoutRate, problem.WeightIndex(batch, head, first + row), kept.Slice(row * visible, visible));
    }

    /// <summary>yᵢ = xᵢ / (1 − rate) where kept, else 0. Rows of x are <paramref name="stride"/> apart, those of y follow each other; y may be x.</summary>
    public static void Apply(T rate, bool* kept, T* x, int stride, T* y, int rows, int visible)
    {
        T scale = Dropout.Scale(rate);
        if (visible == stride)
        {
            ApplyRow(scale, kept, x, y, rows * visible);
            return;
        }
        for (nint row = 0; row < rows; row++)
            ApplyRow(scale, kept + (row * visible), x + (row * stride), y + (row * visible), visible);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyRow(T scale, bool* kept, T* x, T* y, int count)
    {
        V factor = S.Fill(scale);
        int i = 0;
        for (; i <= count - S.Count; i += S.Count)
            S.Store(S.Select(S.LoadMask(ref kept[i]), S.Multiply(S.Load(ref x[i]), factor), S.Zero), ref y[i]);
        if (i < count)
        {
            V last = S.Multiply(S.LoadFirst(ref x[i], count - i), factor);
            S.StoreFirst(S.Select(S.LoadMask(ref kept[i]), last, S.Zero), ref y[i], count - i);
        }
    }
}
