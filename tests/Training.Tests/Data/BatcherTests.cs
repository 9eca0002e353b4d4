using FsCheck;
using FsCheck.Fluent;
using Transformer.Layers;
using Transformer.Training.Data;
using Xunit;

namespace Training.Tests.Data;

public class BatcherTests
{
    private sealed record Case(EncodedPair[] Pairs, BatchLimit Limit, ulong Seed, bool Bucketed)
    {
        public Batcher Batcher => new(Pairs, Limit, Seed, Bucketed);
    }

    private static readonly bool[] Both = [true, false];
    private static readonly ulong[] Seeds = [0, 1, 2, ulong.MaxValue];

    private static readonly Gen<int[]> Sentence =
        from length in Gen.Choose(0, 12)
        from words in Gen.Choose(4, 50).ListOf(length)
        select words.Append(Vocabulary.End).ToArray();

    private static readonly Arbitrary<Case> Cases = (
        from pairCount in Gen.Choose(1, 150)
        from sources in Sentence.ListOf(pairCount)
        from targets in Sentence.ListOf(pairCount)
        from largest in Gen.Choose(1, 40)
        from tokens in Gen.Elements(Both)
        from seed in Gen.Choose(0, 1000)
        from bucketed in Gen.Elements(Both)
        select new Case(
            [.. sources.Zip(targets, (source, target) => new EncodedPair(source, target))],
            tokens ? BatchLimit.Tokens(largest) : BatchLimit.Sentences(largest), (ulong)seed, bucketed)).ToArbitrary();

    [Fact]
    public void The_batches_of_an_epoch_are_a_partition_of_the_data() =>
        TextProperty.Holds(Cases, c => c.Batcher.Plan(3).SelectMany(rows => rows).Order().SequenceEqual(Enumerable.Range(0, c.Pairs.Length))
            && c.Batcher.ByLength().SelectMany(batch => batch.Rows).Order().SequenceEqual(Enumerable.Range(0, c.Pairs.Length)));

    [Fact]
    public void No_batch_is_larger_than_allowed_nor_empty() =>
        TextProperty.Holds(Cases, c => c.Batcher.Epoch(1).All(batch => c.Limit.CountsTokens
            ? batch.Size == 1 || batch.Size * Math.Max(batch.SourceLength, batch.TargetLength) <= c.Limit.Largest
            : batch.Size >= 1 && batch.Size <= c.Limit.Largest));

    [Fact]
    public void An_epoch_goes_on_anywhere_with_the_same_batches() =>
        TextProperty.Holds(Cases, c =>
        {
            Batch[] whole = [.. c.Batcher.Epoch(7)];
            int first = whole.Length / 2;
            Batch[] rest = [.. c.Batcher.Epoch(7, first)];
            return whole.Skip(first).Select(batch => batch.Rows).Zip(rest.Select(batch => batch.Rows), (a, b) => a.SequenceEqual(b)).All(same => same)
                && rest.Length == whole.Length - first;
        });

    [Fact]
    public void A_batch_holds_its_sentences_and_the_target_shifted_right() =>
        TextProperty.Holds(Cases, c => c.Batcher.Epoch(0).All(batch => IsRight(batch, c.Pairs)));

    [Fact]
    public void Epochs_and_seeds_have_orders_of_their_own()
    {
        EncodedPair[] pairs = [.. Enumerable.Range(0, 100).Select(i => new EncodedPair([4 + i, 2], [4 + i, 2]))];
        string[] orders =
        [
            .. from seed in Seeds
               from epoch in Enumerable.Range(0, 4)
               select string.Join(' ', new Batcher(pairs, BatchLimit.Sentences(1), seed).Plan(epoch).Select(rows => rows[0])),
        ];
        Assert.Equal(orders.Length, orders.Distinct().Count());
    }

    // Pinned: a change of the order would make a saved run go on elsewhere in the data than where it stopped.
    [Fact]
    public void The_order_is_the_same_in_every_version()
    {
        EncodedPair[] pairs = [.. Enumerable.Range(0, 10).Select(i => new EncodedPair([4, 2], [4, 2]))];
        Assert.Equal("3,6,0 7,2,8 1 5,4,9", string.Join(' ', new Batcher(pairs, BatchLimit.Sentences(3), seed: 1).Plan(epoch: 2).Select(rows => string.Join(',', rows))));
    }

    // 6 orders of 3 batches over 6000 epochs: each about 1000 times. Deviation √(6000·1/6·5/6) ≈ 29, so five of them are 144.
    [Fact]
    public void Every_order_is_equally_likely()
    {
        EncodedPair[] pairs = [.. Enumerable.Range(0, 3).Select(i => new EncodedPair([4, 2], [4, 2]))];
        var batcher = new Batcher(pairs, BatchLimit.Sentences(1), seed: 5, bucketed: false);
        int[] counts = [.. Enumerable.Range(0, 6000).GroupBy(epoch => string.Concat(batcher.Plan(epoch).Select(rows => rows[0]))).Select(group => group.Count())];
        Assert.Equal(6, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 1000 - 144, 1000 + 144));
    }

    [Fact]
    public void Buckets_sort_a_pool_of_twenty_batches_by_target_then_source_length()
    {
        // 80 pairs of distinct lengths, batches of 2, pools of 40 pairs: a batch's two are neighbours in the order of their pool.
        EncodedPair[] pairs = [.. Enumerable.Range(0, 80).Select(i => new EncodedPair(new int[1 + i % 8], new int[1 + i / 8]))];
        IReadOnlyList<IReadOnlyList<int>> plan = new Batcher(pairs, BatchLimit.Sentences(2), seed: 3).Plan(0);
        Assert.Equal(40, plan.Count);
        // Where two pools are each cut into neighbours, no more than one other pool's pair can lie between: over all batches
        // the gaps are small, while unsorted they would be 27 on average.
        Assert.All(plan, rows => Assert.True(rows[0] < rows[1]));
        Assert.True(plan.Average(rows => rows[1] - rows[0]) < 4, string.Join(' ', plan.Select(rows => rows[1] - rows[0])));
        // One pool: exactly the sorted order, cut.
        IEnumerable<IReadOnlyList<int>> onePool = new Batcher(pairs, BatchLimit.Sentences(4), seed: 3).Plan(0).OrderBy(rows => rows[0]);
        Assert.Equal(Enumerable.Range(0, 80), onePool.SelectMany(rows => rows));
    }

    [Fact]
    public void A_limit_that_nobody_set_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Batcher([], default, seed: 1));

    [Fact]
    public void A_packed_batch_takes_the_memory_of_its_tokens_and_positions()
    {
        EncodedPair[] pairs = [.. Enumerable.Range(0, 64).Select(i => new EncodedPair(Ones(200 + i), Ones(263 - i)))];
        int[] rows = [.. Enumerable.Range(0, pairs.Length)];
        Pack();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Batch batch = Pack();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        // Tokens and positions of the source; tokens of the decoder's input and output, and positions of the one.
        long numbers = (2 * batch.SourceTokens) + (3 * batch.TargetTokens);
        Assert.InRange(bytes, numbers * sizeof(int), (numbers * sizeof(int)) + 3000);

        Batch Pack()
        {
            Batch made = new(pairs, rows);
            _ = (made.PackedSource.Positions, made.PackedTargetInput.Positions, made.PackedTargetOutput.Tokens);
            return made;
        }

        static int[] Ones(int length)
        {
            int[] tokens = new int[length];
            Array.Fill(tokens, 1);
            return tokens;
        }
    }

    [Multi30kFact]
    public void On_multi30k_buckets_leave_little_padding()
    {
        ParallelText text = ParallelText.Read(Multi30k.File("train.de"), Multi30k.File("train.en"));
        var tokenizer = new WordTokenizer(lowerCase: true);
        var source = new TextEncoder(tokenizer, tokenizer.BuildVocabulary(text.Pairs.Select(pair => pair.Source), 2));
        var target = new TextEncoder(tokenizer, tokenizer.BuildVocabulary(text.Pairs.Select(pair => pair.Target), 2));
        EncodedCorpus corpus = EncodedCorpus.Encode(text.Pairs, source, target, maximumLength: 100);
        Assert.Equal((29000, 0, 0), (corpus.KeptCount, corpus.DroppedCount, text.EmptyCount));
        double bucketed = TargetPadding(new Batcher(corpus.Pairs, BatchLimit.Sentences(128), seed: 1));
        double plain = TargetPadding(new Batcher(corpus.Pairs, BatchLimit.Sentences(128), seed: 1, bucketed: false));
        Assert.True(bucketed < 0.08 && plain > 0.3, $"padding {bucketed:P1} with buckets, {plain:P1} without");
    }

    private static double TargetPadding(Batcher batcher)
    {
        Batch[] batches = [.. batcher.Epoch(1)];
        return 1 - (double)batches.Sum(batch => batch.TargetTokens) / batches.Sum(batch => batch.TargetOutput.Length);
    }

    private static bool IsRight(Batch batch, EncodedPair[] pairs)
    {
        bool right = batch.Source.Length == batch.Size * batch.SourceLength && batch.TargetInput.Length == batch.Size * batch.TargetLength
            && batch.SourceTokens == batch.Source.Count(token => token != 0)
            && batch.TargetTokens == batch.TargetOutput.Count(token => token != 0)
            && batch.TargetTokens == batch.TargetInput.Count(token => token != 0);
        for (int i = 0; i < batch.Size; i++)
        {
            EncodedPair pair = pairs[batch.Rows[i]];
            right &= Padded(pair.Source, batch.SourceLength).SequenceEqual(batch.Source.Skip(i * batch.SourceLength).Take(batch.SourceLength));
            right &= Padded(pair.Target, batch.TargetLength).SequenceEqual(batch.TargetOutput.Skip(i * batch.TargetLength).Take(batch.TargetLength));
            right &= Padded([Vocabulary.Begin, .. pair.Target[..^1]], batch.TargetLength)
                .SequenceEqual(batch.TargetInput.Skip(i * batch.TargetLength).Take(batch.TargetLength));
        }
        return right && IsPacked(batch.PackedSource, batch.Source, batch.SourceLength)
            && IsPacked(batch.PackedTargetInput, batch.TargetInput, batch.TargetLength)
            && IsPacked(batch.PackedTargetOutput, batch.TargetOutput, batch.TargetLength);
    }

    private static bool IsPacked(PackedTokens packed, int[] padded, int length)
    {
        PackedTokens expected = PackedTokens.FromPadded(padded, length, Vocabulary.Padding);
        return packed.Tokens.Values.SequenceEqual(expected.Tokens.Values) && packed.Sentences.Starts.SequenceEqual(expected.Sentences.Starts)
            && packed.Positions.Values.SequenceEqual(expected.Positions.Values);
    }

    private static int[] Padded(int[] tokens, int length) => [.. tokens, .. new int[length - tokens.Length]];
}
