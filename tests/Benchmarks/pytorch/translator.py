"""The Transformer for translation of Vaswani et al. 2017, as one writes it with torch.nn.Transformer, and its random batches."""
import math
from types import SimpleNamespace

import torch
from torch import nn

PADDING, BEGIN, FIRST_WORD = 0, 1, 3

# The presets of `-- step`.
PRESETS = {
    "tiny": SimpleNamespace(model=64, heads=4, feed_forward=128, layers=2, vocabulary=1000, batch=32, length=16),
    "small": SimpleNamespace(model=128, heads=8, feed_forward=512, layers=3, vocabulary=8000, batch=64, length=24),
    "base": SimpleNamespace(model=256, heads=8, feed_forward=1024, layers=3, vocabulary=10000, batch=128, length=24),
    "long": SimpleNamespace(model=128, heads=8, feed_forward=512, layers=2, vocabulary=8000, batch=4, length=1024),
}


def sinusoids(length, size):
    """Positional encoding (section 3.5), [length, size]: sines at even columns, cosines at odd ones."""
    position = torch.arange(length, dtype=torch.float32)[:, None]
    wave = position / 10000 ** (torch.arange(0, size, 2) / size)
    return torch.stack([wave.sin(), wave.cos()], -1).reshape(length, size)


class Translator(nn.Module):
    """Post-norm, ReLU, separate tables for source, target and output."""

    def __init__(self, sizes, dropout):
        super().__init__()
        self.sizes = sizes
        self.source_table = nn.Embedding(sizes.vocabulary, sizes.model, padding_idx=PADDING)
        self.target_table = nn.Embedding(sizes.vocabulary, sizes.model, padding_idx=PADDING)
        self.dropout = nn.Dropout(dropout)
        self.transformer = nn.Transformer(
            sizes.model, sizes.heads, sizes.layers, sizes.layers, sizes.feed_forward, dropout, batch_first=True)
        self.output = nn.Linear(sizes.model, sizes.vocabulary)
        self.register_buffer("positions", sinusoids(sizes.length + 1, sizes.model))
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def embed(self, table, tokens, first=0):
        positions = self.positions[first:first + tokens.shape[1]]
        return self.dropout(table(tokens) * math.sqrt(self.sizes.model) + positions)

    def encode(self, source):
        padding = source == PADDING
        embedded = self.embed(self.source_table, source)
        return self.transformer.encoder(embedded, src_key_padding_mask=padding), padding

    def forward(self, source, target):
        memory, padding = self.encode(source)
        length = target.shape[1]
        future = torch.full((length, length), True).triu(1)
        decoded = self.transformer.decoder(
            self.embed(self.target_table, target), memory, tgt_mask=future,
            tgt_key_padding_mask=target == PADDING, memory_key_padding_mask=padding)
        return self.output(decoded)


def random_tokens(sizes, generator):
    """[batch, length]: words drawn evenly; lengths drawn evenly from half the length to all of it, the first sentence full."""
    tokens = torch.randint(FIRST_WORD, sizes.vocabulary, (sizes.batch, sizes.length), generator=generator)
    lengths = torch.randint(sizes.length // 2, sizes.length + 1, (sizes.batch, 1), generator=generator)
    lengths[0] = sizes.length
    return tokens.masked_fill(torch.arange(sizes.length) >= lengths, PADDING)


def random_batch(sizes, generator):
    """Source, decoder input (the labels shifted right behind <bos>) and labels."""
    source, labels = random_tokens(sizes, generator), random_tokens(sizes, generator)
    target = torch.cat([torch.full((sizes.batch, 1), BEGIN), labels[:, :-1]], 1)
    return source, target, labels
