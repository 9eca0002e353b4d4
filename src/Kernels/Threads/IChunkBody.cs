namespace Transformer.Kernels;

/// <summary>
/// Work that falls into chunks which may run in any order and on any thread. A struct, so that
/// <see cref="Workers.Run"/> compiles a loop of its own for each and allocates nothing. What the chunks read and write
/// are its fields: spans as <see cref="SharedSpan{T}"/>.
/// </summary>
internal interface IChunkBody
{
    /// <summary>
    /// Does chunk number <paramref name="chunk"/>. No two chunks may write the same element, and what an element becomes must not depend on
    /// the number of threads: then results are the same bits on any number. So what a chunk covers depends on the problem alone, or an
    /// element's sum runs in an order that is the same in every chunk.
    /// </summary>
    void Run(int chunk);
}
