#!/usr/bin/env python3
"""Writes bleu.json: sentence pairs and their corpus BLEU, computed without the project. Python 3 alone is needed:

    python3 make_bleu.py

sacreBLEU itself could not be run where this was made. What follows was written from its documented definition and that of
mteval-v13a, without regular expressions for 13a and without logarithms, so that a slip in one program is not in the other.
"""
import json
import pathlib
import re
from collections import Counter
from fractions import Fraction
from math import exp

HERE = pathlib.Path(__file__).parent
ORDERS = 4

# (hypothesis, reference): what a tokenizer trips over.
EDGES = [
    ('It cost $1,299.50 in 2019, not 1.299,50.', 'It costs $1,299.50 in 2019 - not 1.299,50!'),
    ('Pages 3-14, A-4 and 5- 6 are missing (10%).', 'Pages 3-14, A-4 and 5 -6 are missing (10 %).'),
    ('"Stop," he said, "don\'t!"', '"Stop", he said, "don\'t!"'),
    ('“Stop,” he said, ‘don’t!’ «Non.»', '"Stop," he said, “don’t!” «Non.»'),
    ('Tom &amp; Jerry said &quot;no&quot; to x &lt; 3 &gt; 2.', 'Tom & Jerry said "no" to x < 3 > 2.'),
    ('&amp;lt; and &amp;amp; are written &amp;gt; here.', '&lt; and &amp; are written &gt; there.'),
    ('a..1 b.,2 1..2 3,,4 .5. ,6, 7.', 'a..1 b,.2 1..2 3,.4 .5. ,6, 7.'),
    ('A state-of-the-art e-mail – well-known — really.', 'A state-of-the-art e-mail - well known - really.'),
    ('Der Bär aß 3 Süßigkeiten für 5,50 € in İzmir.', 'Der BÄR aß drei Süßigkeiten für 5,50 € in İZMİR.'),
    ('ΟΔΥΣΣΕΥΣ saw ΣΑΣ, ẞ and ǅ.', 'οδυσσευς saw σας, ß and ǆ.'),
    ('日本語の文。 これは、ペンです。', '日本語の文。 これは ペンです。'),
    ('Cafe\u0301 naïve 𝒳.𝒴 👩‍🚀, ok', 'Café naïve 𝒳.𝒴 👩‍🚀 , ok'),
    ('one\u00a0two\u3000three\tfour  five \u2009six ', 'one two three four five six'),
    ('See http://a.b/c_d?e=f#g or me@x.org: 1/2.', 'See http://a.b/c_d?e=f#g or you@x.org; 1/2.'),
    ('<skipped>He left<unk> at 10:30 p.m.', 'He left <unk> at 10:30 p.m.'),
    ('{a|b}~[c]^`d` \\e* +f', '{a | b} ~ [c] ^ `d` \\e * + f'),
    ('', 'Nothing was said.'),
    ('THE END', 'The end'),
]


def disturbed(line, i):
    """A translation with mistakes: a word is lost, two change places, one is repeated, case or the mark is wrong."""
    words = line.split(' ')
    if i % 5 == 0:
        return line
    if i % 5 == 1:
        del words[3 * i % len(words)]
    elif i % 5 == 2:
        at = i % (len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    elif i % 5 == 3:
        words.insert(i % len(words), words[i % len(words)])
    else:
        words[-1] = words[-1].rstrip('.?') + ' !'
    text = ' '.join(words)
    return text.upper() if i % 7 == 3 else text


SYMBOLS = frozenset('{|}~[\\]^_` !"#$%&()*+:;<=>?@/')
DIGITS = frozenset('0123456789')
STOPS = frozenset('.,')


def spaced_pairs(text, is_first, is_second, form):
    """Replaces neighbours, from the left; a character is in one pair at most."""
    out, i = [], 0
    while i < len(text):
        if i + 1 < len(text) and is_first(text[i]) and is_second(text[i + 1]):
            out.append(form.format(text[i], text[i + 1]))
            i += 2
        else:
            out.append(text[i])
            i += 1
    return ''.join(out)


def tokens_13a(line):
    text = line.rstrip().replace('<skipped>', '')
    for entity, mark in (('&quot;', '"'), ('&amp;', '&'), ('&lt;', '<'), ('&gt;', '>')):
        text = text.replace(entity, mark)
    text = ''.join(f' {c} ' if c in SYMBOLS else c for c in f' {text} ')
    text = spaced_pairs(text, lambda c: c not in DIGITS, lambda c: c in STOPS, '{} {} ')
    text = spaced_pairs(text, lambda c: c in STOPS, lambda c: c not in DIGITS, ' {} {}')
    text = spaced_pairs(text, lambda c: c in DIGITS, lambda c: c == '-', '{} {} ')
    return text.split()


TOKENIZERS = {
    'ThirteenA': tokens_13a,
    'None': str.split,
    'Tokens': lambda line: re.findall(r'<unk>|\w+|[^\w\s]', line),
}


def bleu(pairs, tokenization, lower_case):
    cut = TOKENIZERS[tokenization]
    texts = [[cut(side.lower() if lower_case else side) for side in pair] for pair in pairs]
    matches, totals = [0] * ORDERS, [0] * ORDERS
    for hypothesis, reference in texts:
        for n in range(1, ORDERS + 1):
            found, wanted = (Counter(tuple(side[i:i + n]) for i in range(len(side) - n + 1)) for side in (hypothesis, reference))
            matches[n - 1] += sum((found & wanted).values())
            totals[n - 1] += sum(found.values())
    product, missing = Fraction(1), 0
    for match, total in zip(matches, totals):
        if match == 0:
            missing += 1
        product *= Fraction(match, total) if match else Fraction(1, 2 ** missing * total)
    length, reference_length = (sum(len(text[side]) for text in texts) for side in (0, 1))
    penalty = 1 if length >= reference_length else exp(1 - reference_length / length)
    return {
        'tokenization': tokenization, 'lowerCase': lower_case, 'score': 100 * penalty * float(product) ** 0.25,
        'matches': matches, 'totals': totals, 'hypothesisLength': length, 'referenceLength': reference_length,
    }


def main():
    lines = (HERE / 'corpus_lines.txt').read_text(encoding='utf-8').splitlines()
    disturbances = [(disturbed(line, i), line) for i, line in enumerate(lines)]
    cases = []
    for name, pairs in (('corpus', disturbances), ('edges', EDGES), ('both', disturbances + EDGES)):
        for tokenization, lower_case in (('ThirteenA', False), ('ThirteenA', True), ('None', False), ('None', True), ('Tokens', True)):
            cases.append({'pairs': name, **bleu(pairs, tokenization, lower_case)})
    content = {
        'corpus': [{'hypothesis': h, 'reference': r} for h, r in disturbances],
        'edges': [{'hypothesis': h, 'reference': r, 'hypothesisTokens': tokens_13a(h), 'referenceTokens': tokens_13a(r)} for h, r in EDGES],
        'scores': cases,
    }
    (HERE / 'bleu.json').write_text(json.dumps(content, indent=1) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
