namespace Transformer.Kernels;

/// <summary>
/// Work that falls into chunks which may run in any order and on any thread. A struct, so that
/// <see cref="Workers.Run"/> compiles a loop of its own for each and allocates nothing. What the chunks read and write
/// are its fields: spans as <see cref="SharedSpan{T}"/>.
/// </summary>
internal interface IChunkBody
{
    /// <summary>
    /// Does chunk number <paramref name="chunk"/>. What a chunk covers must depend on the problem alone, never on the
    /// number of threads, and no two chunks may write the same element: then results are the same bits on any number of threads.
    /// </summary>
    void Run(int chunk);
}
