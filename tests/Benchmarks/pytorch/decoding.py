#!/usr/bin/python3
"""Greedy decoding with cached keys and values, in tokens a second, for a whole batch and for one sentence.

    python3 decoding.py [--preset small] [--threads 2] [--tokens 0]

nn.Transformer has no cache: `cached.py` runs the decoder's layers from its weights, and the tokens are compared with those
that running nn.Transformer over the whole prefix gives. `--tokens 0`: as many as the preset's length, 64 at most;
<eos> stops nothing. The last line is JSON.
"""
import common
options = common.options(__doc__, preset="small", tokens=0)
import warnings
import torch
import translator
from cached import decode


def decode_again(model, source, count):
    """The same tokens from nn.Transformer alone, over the whole prefix each time."""
    tokens = torch.full((source.shape[0], 1), translator.BEGIN)
    for _ in range(count):
        tokens = torch.cat([tokens, model(source, tokens)[:, -1].argmax(-1, keepdim=True)], 1)
    return tokens[:, 1:]


@torch.no_grad()
def main():
    # The encoder takes a faster path that is new in 1.13 and says so.
    warnings.filterwarnings("ignore", message=".*nested tensors is in prototype")
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    sizes = translator.PRESETS[options.preset]
    source = translator.random_batch(sizes, torch.Generator().manual_seed(1))[0]
    count = options.tokens or min(sizes.length, 64)
    model = translator.Translator(sizes, dropout=0.1).eval()
    if not torch.equal(decode(model, source[:4], count), decode_again(model, source[:4], count)):
        raise SystemExit("decoding with a cache gives other tokens")

    def tokens_per_second(sentences, samples, most_seconds):
        times = common.time_calls(lambda: decode(model, sentences, count), samples, 0, 0.3, most_seconds)
        return sentences.shape[0] * count / common.summary(times)["median"]

    batch, one = tokens_per_second(source, 5, 10), tokens_per_second(source[:1], 7, 5)
    print(f"{options.preset}, {options.threads} threads, {count} tokens: batch {len(source)} {batch:.0f} tokens/s, batch 1 {one:.0f} tokens/s")
    common.finish(preset=options.preset, threads=options.threads, decodeTokensPerSecond=batch, decodeTokensPerSecondBatch1=one)


main()
