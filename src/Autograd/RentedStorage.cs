using System.Runtime.CompilerServices;

namespace Transformer.Autograd;

/// <summary>
/// Memory of an <see cref="Arena"/>. The object serves again and again; <see cref="Storage.Lease"/> tells its uses apart.
/// </summary>
internal abstract class RentedStorage() : Storage(Array.Empty<byte>(), 0, 0)
{
    private object? identity;

    public override bool IsRented => true;

    public override object Identity => identity ??= new object();

    /// <summary>What the tensors on it hold is lost from here on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndLease()
    {
        Lease++;
        identity = null;
        // A number of edits is never seen twice, for it tells contents apart.
        MarkEdited();
    }
}

/// <summary>
/// Place for one number (or two floats), of which a graph may have thousands: it serves again when its step has ended, and not before.
/// </summary>
internal sealed class ScalarStorage : RentedStorage
{
    public const int ByteSize = sizeof(double);

    /// <summary>The place at an index within a block.</summary>
    public ScalarStorage(Block block, int index) => block.Lend(this, index);

    public override void Return() => EndLease();

    /// <summary>Becomes these bytes.</summary>
    public void Cover(Array array, nint start) => Place(array, start, ByteSize);
}
