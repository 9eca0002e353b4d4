#!/usr/bin/python3
"""Training steps of a Transformer for translation: forward, smoothed cross-entropy, backward, clipping, Adam.

    python3 translation_step.py --preset tiny|small|base|long [--threads 2] [--dropout 0.1] [--steps 40] [--seconds 5]

Four random batches take turns. `--batch` and `--length` change the preset's. The last line is JSON.
"""
import common
options = common.options(__doc__, preset="small", dropout=0.1, batch=0, length=0, steps=40, seconds=5.0)
import torch
from torch import nn
import translator


def main():
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    sizes = translator.PRESETS[options.preset]
    sizes.batch, sizes.length = options.batch or sizes.batch, options.length or sizes.length
    generator = torch.Generator().manual_seed(1)
    batches = [translator.random_batch(sizes, generator) for _ in range(4)]
    model = translator.Translator(sizes, options.dropout)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, betas=(0.9, 0.98), eps=1e-9)
    loss_function = nn.CrossEntropyLoss(ignore_index=translator.PADDING, label_smoothing=0.1)
    losses = []

    def step(number):
        source, target, labels = batches[number % len(batches)]
        optimizer.zero_grad(set_to_none=True)
        loss = loss_function(model(source, target).flatten(0, 1), labels.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())

    times = common.summary(common.time_steps(step, options.steps, options.seconds), 1000)
    tokens = sum(int((labels != translator.PADDING).sum()) for _, _, labels in batches) / len(batches)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"{options.preset}, dropout {options.dropout}, {options.threads} threads, {parameters} parameters: "
          f"{times['median']:.2f} ms a step [{times['minimum']:.2f} to {times['maximum']:.2f}, {times['count']} steps], "
          f"loss {losses[0]:.3f} to {losses[-1]:.3f}")
    common.finish(
        preset=options.preset, threads=options.threads, dropout=options.dropout, parameters=parameters,
        msPerStep=times["median"], msPerStepMinimum=times["minimum"], msPerStepMaximum=times["maximum"],
        targetTokensPerSecond=tokens / times["median"] * 1000, firstLoss=losses[0], lastLoss=losses[-1])


main()
