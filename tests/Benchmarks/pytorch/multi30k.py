#!/usr/bin/python3
"""Trains a translator on Multi30k, German to English, as samples/Translate does with its preset multi30k; BLEU after each epoch.

    python3 multi30k.py --data FOLDER [--epochs 12] [--seed 1] [--threads 2]

FOLDER has train, val and test_2016_flickr, each as .de.gz and .en.gz (github.com/multi30k/dataset, data/task1/raw).

Text: lower-cased words and marks; those that occur twice or more in the training text make a language's vocabulary.
Batches: 128 pairs; each stretch of 20 batches of the shuffled pairs is sorted by length, then all batches are shuffled.
Model: 3 + 3 layers, size 256, 8 heads, feed-forward 512, dropout 0.1, post-norm; the output is tied to the target table.
Training: label smoothing 0.1, Adam(0.9, 0.98, 1e-9), clipping at 1, rate 0.001 after 400 steps, then by the inverse square root.
BLEU: of test_2016_flickr, greedy, on the lower-cased tokens, <unk> as a token. Validation loss: a target token, no smoothing.

The last line is JSON; its curve has seconds of training alone.
"""
import common
options = common.options(__doc__, data="multi30k", epochs=12, seed=1)
import collections
import gzip
import math
import os
import random
import re
import time
import warnings
from types import SimpleNamespace
import torch
from torch import nn
from torch.nn import functional
import translator
from cached import decode

END, UNKNOWN = 2, 3
BATCH, POOL, RATE, WARM_UP, EXTRA_LENGTH = 128, 20, 1e-3, 400, 20
SIZES = dict(model=256, heads=8, feed_forward=512, layers=3, length=255)


def lines(part, language):
    with gzip.open(os.path.join(options.data, f"{part}.{language}.gz"), "rt", encoding="utf-8") as file:
        return [re.findall(r"\w+|[^\w\s]", line.lower()) for line in file]


class Vocabulary:
    def __init__(self, sentences):
        counts = collections.Counter(token for sentence in sentences for token in sentence)
        frequent = sorted((token for token, count in counts.items() if count > 1), key=lambda token: (-counts[token], token))
        self.tokens = ["<pad>", "<bos>", "<eos>", "<unk>", *frequent]
        self.numbers = {token: number for number, token in enumerate(self.tokens)}

    def encode(self, sentence):
        return [*(self.numbers.get(token, UNKNOWN) for token in sentence), END]

    def decode(self, numbers):
        return [self.tokens[number] for number in (numbers[:numbers.index(END)] if END in numbers else numbers)]


class TiedTranslator(translator.Translator):
    """A vocabulary for each language; the output projection is the target table."""

    def __init__(self, source_count, target_count):
        super().__init__(SimpleNamespace(vocabulary=target_count, **SIZES), dropout=0.1)
        self.source_table = nn.Embedding(source_count, SIZES["model"], padding_idx=translator.PADDING)
        for table in (self.source_table, self.target_table):
            nn.init.normal_(table.weight, std=SIZES["model"] ** -0.5)
            nn.init.zeros_(table.weight[translator.PADDING])
        self.output.weight = self.target_table.weight
        nn.init.zeros_(self.output.bias)


def padded(rows):
    return nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=translator.PADDING)


def tensors(pairs):
    """Source, decoder input and labels."""
    labels = [target for _, target in pairs]
    return padded([source for source, _ in pairs]), padded([[translator.BEGIN, *target[:-1]] for target in labels]), padded(labels)


def batches(pairs, generator):
    shuffled = generator.sample(pairs, len(pairs))
    result = []
    for first in range(0, len(shuffled), BATCH * POOL):
        pool = sorted(shuffled[first:first + BATCH * POOL], key=lambda pair: (len(pair[1]), len(pair[0])))
        result.extend(pool[i:i + BATCH] for i in range(0, len(pool), BATCH))
    generator.shuffle(result)
    return result


def bleu(translations, references):
    """Corpus BLEU of one reference (Papineni et al. 2002); an order without matches counts 2^-k of one match, the k-th such order."""
    logarithms, missing = 0.0, 0
    for order in range(1, 5):
        def grams(tokens):
            return collections.Counter(zip(*(tokens[i:] for i in range(order))))
        matches = sum(sum((grams(ours) & grams(theirs)).values()) for ours, theirs in zip(translations, references))
        total = sum(max(0, len(ours) - order + 1) for ours in translations)
        if total == 0 or (order == 1 and matches == 0):
            return 0.0
        if matches == 0:
            missing += 1
            matches = 0.5 ** missing
        logarithms += math.log(matches / total) / 4
    shortness = sum(map(len, references)) / sum(map(len, translations))
    return 100 * math.exp(logarithms + min(0.0, 1 - shortness))


@torch.no_grad()
def validation_loss(model, pairs):
    total = count = 0
    for first in range(0, len(pairs), BATCH):
        source, target, labels = tensors(pairs[first:first + BATCH])
        logits = model(source, target)
        total += functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=translator.PADDING, reduction="sum").item()
        count += int((labels != translator.PADDING).sum())
    return total / count


@torch.no_grad()
def translate(model, sources, vocabulary):
    result = [None] * len(sources)
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    for first in range(0, len(order), BATCH):
        chosen = order[first:first + BATCH]
        source = padded([sources[i] for i in chosen])
        for i, numbers in zip(chosen, decode(model, source, source.shape[1] + EXTRA_LENGTH, END).tolist()):
            result[i] = vocabulary.decode(numbers)
    return result


def main():
    # The encoder takes a faster path in evaluation that is new in 1.13 and says so.
    warnings.filterwarnings("ignore", message=".*nested tensors is in prototype")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    generator = random.Random(options.seed)
    text = {part: (lines(part, "de"), lines(part, "en")) for part in ("train", "val", "test_2016_flickr")}
    german, english = (Vocabulary(language) for language in text["train"])
    pairs = {part: [(german.encode(s), english.encode(t)) for s, t in zip(*both)] for part, both in text.items()}
    sources, references = [source for source, _ in pairs["test_2016_flickr"]], text["test_2016_flickr"][1]
    model = TiedTranslator(len(german.tokens), len(english.tokens))
    criterion = nn.CrossEntropyLoss(ignore_index=translator.PADDING, label_smoothing=0.1)
    adam = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-9)
    steps = len(batches(pairs["train"], random.Random(0)))
    rate = torch.optim.lr_scheduler.LambdaLR(adam, lambda done: min((done + 1) / WARM_UP, math.sqrt(WARM_UP / (done + 1))))
    print(f"{len(pairs['train']):,} pairs, {steps} steps an epoch, {sum(p.numel() for p in model.parameters()):,} parameters", flush=True)
    curve, trained = [], 0.0
    for epoch in range(1, options.epochs + 1):
        model.train()
        start = time.perf_counter()
        for batch in batches(pairs["train"], generator):
            source, target, labels = tensors(batch)
            adam.zero_grad(set_to_none=True)
            criterion(model(source, target).flatten(0, 1), labels.flatten()).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
            rate.step()
        trained += time.perf_counter() - start
        model.eval()
        loss = validation_loss(model, pairs["val"])
        score = bleu(translate(model, sources, english), references)
        curve.append({"epoch": epoch, "trainSeconds": trained, "validationLoss": loss, "bleu": score})
        print(f"epoch {epoch:2}  validation {loss:.4f}  BLEU {score:.2f}  {trained:.1f} s", flush=True)
    common.finish(threads=options.threads, seed=options.seed, curve=curve)


main()
