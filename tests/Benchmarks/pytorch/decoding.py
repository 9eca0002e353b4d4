#!/usr/bin/python3
"""Greedy decoding with cached keys and values, in tokens a second, for a whole batch and for one sentence.

    python3 decoding.py [--preset small] [--threads 2] [--tokens 0] [--samples 5]

nn.Transformer has no cache: the decoder's layers are run here from its weights, and the tokens compared with those
that running nn.Transformer over the whole prefix gives. `--tokens 0`: as many as the preset's length, 64 at most;
<eos> stops nothing. The last line is JSON.
"""
import common
options = common.options(__doc__, preset="small", tokens=0, samples=5)
import warnings
import torch
from torch.nn import functional
import translator


class CachedLayer:
    """One layer of nn.TransformerDecoder that remembers the keys and values of the tokens that it has seen."""

    def __init__(self, layer, memory, padding, tokens):
        self.layer = layer
        self.heads = layer.self_attn.num_heads
        cross = layer.multihead_attn
        size = memory.shape[2]
        both = functional.linear(memory, cross.in_proj_weight[size:], cross.in_proj_bias[size:])
        self.memory_keys, self.memory_values = (self.split(part) for part in both.chunk(2, -1))
        self.memory_bias = torch.zeros(padding.shape).masked_fill(padding, float("-inf"))[:, None, None]
        self.query_weight, self.query_bias = cross.in_proj_weight[:size], cross.in_proj_bias[:size]
        self.keys = memory.new_empty(memory.shape[0], self.heads, tokens, size // self.heads)
        self.values = torch.empty_like(self.keys)

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def attend(self, query, keys, values, bias, output):
        query = self.split(query)
        scores = query @ keys.transpose(-2, -1) * query.shape[-1] ** -0.5
        if bias is not None:
            scores = scores + bias
        return output((scores.softmax(-1) @ values).transpose(1, 2).flatten(2))

    def next(self, x, position):
        layer, own = self.layer, self.layer.self_attn
        query, key, value = functional.linear(x, own.in_proj_weight, own.in_proj_bias).chunk(3, -1)
        self.keys[:, :, position] = self.split(key)[:, :, 0]
        self.values[:, :, position] = self.split(value)[:, :, 0]
        seen = position + 1
        x = layer.norm1(x + self.attend(query, self.keys[:, :, :seen], self.values[:, :, :seen], None, own.out_proj))
        query = functional.linear(x, self.query_weight, self.query_bias)
        x = layer.norm2(x + self.attend(
            query, self.memory_keys, self.memory_values, self.memory_bias, layer.multihead_attn.out_proj))
        return layer.norm3(x + layer.linear2(functional.relu(layer.linear1(x))))


def decode(model, source, count):
    memory, padding = model.encode(source)
    layers = [CachedLayer(layer, memory, padding, count) for layer in model.transformer.decoder.layers]
    token = torch.full((source.shape[0], 1), translator.BEGIN)
    tokens = []
    for position in range(count):
        x = model.embed(model.target_table, token, position)
        for layer in layers:
            x = layer.next(x, position)
        token = model.output(model.transformer.decoder.norm(x)[:, -1]).argmax(-1, keepdim=True)
        tokens.append(token)
    return torch.cat(tokens, 1)


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

    def tokens_per_second(sentences):
        times = common.time_calls(lambda: decode(model, sentences, count), options.samples, 0, 0.3)
        return sentences.shape[0] * count / common.summary(times)["median"]

    batch, one = tokens_per_second(source), tokens_per_second(source[:1])
    print(f"{options.preset}, {options.threads} threads, {count} tokens: batch {len(source)} {batch:.0f} tokens/s, batch 1 {one:.0f} tokens/s")
    common.finish(preset=options.preset, threads=options.threads, decodeTokensPerSecond=batch, decodeTokensPerSecondBatch1=one)


main()
