"""Greedy decoding that remembers keys and values. nn.Transformer has none: its decoder's layers are run here from their weights."""
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


def decode(model, source, count, end=None):
    """[batch, tokens]: `count` tokens a sentence, fewer once every sentence has had its `end`; what follows an end means nothing."""
    memory, padding = model.encode(source)
    layers = [CachedLayer(layer, memory, padding, count) for layer in model.transformer.decoder.layers]
    token = torch.full((source.shape[0], 1), translator.BEGIN)
    ended = torch.full(token.shape, False)
    tokens = []
    for position in range(count):
        x = model.embed(model.target_table, token, position)
        for layer in layers:
            x = layer.next(x, position)
        token = model.output(model.transformer.decoder.norm(x)[:, -1]).argmax(-1, keepdim=True)
        tokens.append(token)
        if end is not None:
            ended |= token == end
            if ended.all():
                break
    return torch.cat(tokens, 1)
