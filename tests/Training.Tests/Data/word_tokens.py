#!/usr/bin/env python3
"""Prints the digests that WordTokenizerTests and VocabularyTests hold: python3 word_tokens.py ../shared/multi30k"""
import collections
import gzip
import hashlib
import re
import sys

BLOCKS = [(0, 0x52F), (0x5D0, 0x5EA), (0x900, 0x97F), (0x1E00, 0x23FF), (0x2460, 0x24FF), (0x3000, 0x312E),
          (0xFF00, 0xFFEF), (0x10400, 0x1049D), (0x1D400, 0x1D7FF), (0x1F130, 0x1F189)]


def tokens(text):
    return re.findall(r"\w+|[^\w\s]", text)


def digest(lines):
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()


def in_blocks():
    for first, last in BLOCKS:
        for c in map(chr, range(first, last + 1)):
            for text in (f"a{c}b", f"A\u03a3{c}", f"A\u03a3{c}B", f"{c}\u03a3"):
                yield " ".join(tokens(text))
                yield " ".join(tokens(text.lower()))


def vocabulary(lines):
    counts = collections.Counter(token for line in lines for token in tokens(line.lower()))
    known = sorted((t for t, n in counts.items() if n >= 2), key=lambda t: (-counts[t], t))
    return ["<pad>", "<bos>", "<eos>", "<unk>"] + known


print("blocks", digest(in_blocks()))
for name in ("train", "val", "test_2016_flickr"):
    for language in ("de", "en"):
        with gzip.open(f"{sys.argv[1]}/{name}.{language}.gz", "rt", encoding="utf-8") as file:
            lines = list(file)
        print(name, language, digest(" ".join(tokens(line.lower())) for line in lines), digest(" ".join(tokens(line)) for line in lines))
        if name == "train":
            print("vocabulary", language, len(vocabulary(lines)), digest(vocabulary(lines)))
