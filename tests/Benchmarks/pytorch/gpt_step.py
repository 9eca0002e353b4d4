#!/usr/bin/python3
"""Training steps of a small GPT (the layout of GPT-2; Radford et al. 2019): forward, cross-entropy, backward, AdamW.

    python3 gpt_step.py [--batch 4] [--length 64] [--threads 2] [--steps 60] [--seconds 5]

Pre-norm, one product for query, key and value, GELU with tanh, learned positions, output tied to the embedding; no
dropout, no clipping, no weight decay. Eight random batches take turns. The last line is JSON.
"""
import common
options = common.options(__doc__, batch=4, length=64, layers=6, heads=6, channels=192, vocabulary=4096, steps=60, seconds=5.0)
import torch
from torch import nn
from torch.nn import functional


class Attention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(channels, 3 * channels)
        self.output = nn.Linear(channels, channels)

    def forward(self, x, future):
        batch, length, channels = x.shape
        packed = self.query_key_value(x).view(batch, length, 3, self.heads, channels // self.heads)
        query, key, value = packed.permute(2, 0, 3, 1, 4)
        scores = query @ key.transpose(-2, -1) * (channels // self.heads) ** -0.5
        weights = scores.masked_fill(future, float("-inf")).softmax(-1)
        return self.output((weights @ value).transpose(1, 2).reshape(batch, length, channels))


class Block(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attention = Attention(channels, heads)
        self.norm2 = nn.LayerNorm(channels)
        self.feed_forward = nn.Sequential(
            nn.Linear(channels, 4 * channels), nn.GELU("tanh"), nn.Linear(4 * channels, channels))

    def forward(self, x, future):
        x = x + self.attention(self.norm1(x), future)
        return x + self.feed_forward(self.norm2(x))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        channels = options.channels
        self.tokens = nn.Embedding(options.vocabulary, channels)
        self.positions = nn.Embedding(options.length, channels)
        self.blocks = nn.ModuleList(Block(channels, options.heads) for _ in range(options.layers))
        self.norm = nn.LayerNorm(channels)
        self.register_buffer("future", torch.full((options.length, options.length), True).triu(1))
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions.weight
        for block in self.blocks:
            x = block(x, self.future)
        return functional.linear(self.norm(x), self.tokens.weight)


def main():
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    model = Gpt()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.0)
    text = torch.randint(0, options.vocabulary, (8, options.batch, options.length + 1))
    losses = []

    def step(number):
        tokens = text[number % len(text)]
        optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        losses.append(loss.item())

    times = common.summary(common.time_steps(step, options.steps, options.seconds), 1000)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"gpt, batch {options.batch}, length {options.length}, {options.threads} threads, {parameters} parameters: "
          f"{times['median']:.2f} ms a step [{times['minimum']:.2f} to {times['maximum']:.2f}, {times['count']} steps], "
          f"loss {losses[0]:.3f} to {losses[-1]:.3f}")
    common.finish(
        preset="gpt", threads=options.threads, batch=options.batch, length=options.length, parameters=parameters,
        msPerStep=times["median"], msPerStepMinimum=times["minimum"], msPerStepMaximum=times["maximum"],
        targetTokensPerSecond=options.batch * options.length / times["median"] * 1000, firstLoss=losses[0], lastLoss=losses[-1])


main()
