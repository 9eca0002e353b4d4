#!/usr/bin/python3
"""Writes the reference values that the tests compare with: PyTorch's forward results and gradients, in double.

Install (Debian 12): apt-get install python3-torch        (PyTorch 1.13.1; the values were made with it)
Run:                 /usr/bin/python3 tests/Testing/References/make_references.py
It rewrites the *.json files beside it and prints one line per file; a second run writes the same bytes.

Format: {"caseName": {"attributes": {...}, "tensors": {"name": {"shape": [...], "values": [...]}}}}, row-major.
  x, query, ids, ...      what goes in; parameters have their PyTorch state key, `in_proj_weight`
  output, loss, ...       what comes out
  gradient:NAME           the derivative of L by NAME. Where the result is a scalar `loss`, L is that loss; else
                          L = sum(output * gradient:output), and gradient:output is given, as random as the inputs
  ...Mask                 1 = may attend, 0 = must not. PyTorch's own boolean masks mean the opposite
Doubles are printed with the digits that read back to the same bits. Inputs are rounded to four decimals to keep the
files small. Every case draws from a generator seeded with its own name, so that a new case changes no other.
"""
import json
import math
import os
import random
import torch
from torch import nn
import torch.nn.functional as F

FOLDER = os.path.dirname(os.path.abspath(__file__))
PAD = 0


class Case:
    """One case: its random generator, its attributes, and the tensors in order of appearance."""

    def __init__(self, name, **attributes):
        self.name = name
        self.attributes = attributes
        self.tensors = {}
        self.random = random.Random("transformer references: " + name)
        self.leaves = {}

    def draw(self, *shape, mean=0.0, deviation=1.0):
        values = [round(self.random.gauss(mean, deviation), 4) for _ in range(math.prod(shape))]
        return torch.tensor(values).reshape(shape)

    def leaf(self, name, value):
        """An input or a parameter whose gradient will be stored."""
        self.leaves[name] = value.requires_grad_()
        return self.store(name, value)

    def input(self, name, *shape, mean=0.0, deviation=1.0):
        return self.leaf(name, self.draw(*shape, mean=mean, deviation=deviation))

    def store(self, name, value):
        assert name not in self.tensors, name
        self.tensors[name] = value
        return value

    def fill(self, module, rename=lambda key: key):
        """Gives every parameter of a module random values, none of them 0 or 1, and makes it a leaf."""
        for key, parameter in module.named_parameters():
            if parameter.dim() > 1:
                value = self.draw(*parameter.shape, deviation=parameter.shape[-1] ** -0.5)
            elif "norm" in key and key.endswith("weight") or key == "weight":
                value = self.draw(*parameter.shape, mean=1.0, deviation=0.2)
            else:
                value = self.draw(*parameter.shape, deviation=0.2)
            parameter.data.copy_(value)
            self.leaf(rename(key), parameter)
        return module.train()

    def finish(self, output, name="output"):
        """Stores the result, sends a random gradient back (1 into a scalar loss) and stores what arrives."""
        self.store(name, output)
        if name == "loss":
            output.backward()
        else:
            output.backward(self.store("gradient:" + name, self.draw(*output.shape)))
        for leaf, value in self.leaves.items():
            self.store("gradient:" + leaf, value.grad)
        return self


def causal_mask(target, source):
    return torch.ones(target, source, dtype=torch.bool).tril()


def padding_mask(lengths, longest):
    return torch.arange(longest)[None, :] < torch.tensor(lengths)[:, None]


def unary(name, function, *shape, mean=0.0, deviation=1.0, **attributes):
    case = Case(name, **attributes)
    return case.finish(function(case.input("x", *shape, mean=mean, deviation=deviation)))


def binary(name, function, left, right, mean=0.0, deviation=1.0, **attributes):
    case = Case(name, **attributes)
    a = case.input("a", *left, mean=mean, deviation=deviation)
    return case.finish(function(a, case.input("b", *right, mean=mean, deviation=deviation)))


def given(name, function, values, **attributes):
    case = Case(name, **attributes)
    return case.finish(function(case.leaf("x", torch.tensor(values))))


def operations():
    grid = [0.0] + [sign * x for x in (1e-9, 1e-3, 0.1, 0.5, 0.84375, 1.0, 1.25, 2.0, 2.857, 4.0, 5.5) for sign in (1, -1)]
    yield unary("exp", torch.exp, 3, 5)
    yield unary("log", torch.log, 3, 5, mean=5.0, deviation=0.8)
    yield unary("sqrt", torch.sqrt, 3, 5, mean=5.0, deviation=0.8)
    yield unary("abs", torch.abs, 3, 5)
    yield unary("power", lambda x: x ** 2.5, 3, 5, mean=5.0, deviation=0.8, exponent=2.5)
    yield unary("cube", lambda x: x ** 3, 3, 5, exponent=3.0)
    yield given("tanh", torch.tanh, grid)
    yield given("sigmoid", torch.sigmoid, grid + [30.0, -30.0])
    yield given("erf", torch.erf, grid)
    yield unary("relu", torch.relu, 3, 5)
    yield given("gelu_exact", F.gelu, grid)
    yield given("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), grid)
    yield binary("add_broadcast", torch.add, (2, 1, 4), (3, 1))
    yield binary("subtract_broadcast", torch.sub, (2, 1, 4), (3, 1))
    yield binary("multiply_broadcast", torch.mul, (2, 1, 4), (3, 1))
    yield binary("divide_broadcast", torch.div, (2, 1, 4), (3, 1), mean=3.0, deviation=0.5)
    yield unary("sum_last", lambda x: x.sum(-1), 2, 3, 4, axes=[2])
    yield unary("mean_two_axes", lambda x: x.mean((0, 2)), 2, 3, 4, axes=[0, 2])
    yield unary("variance_population", lambda x: x.var(-1, unbiased=False), 3, 5, axes=[1], correction=0)
    yield unary("variance_sample", lambda x: x.var(-1, unbiased=True), 3, 5, axes=[1], correction=1)
    yield unary("variance_two_axes", lambda x: x.var((0, 2), unbiased=False), 2, 3, 4, axes=[0, 2], correction=0)
    yield given("variance_large_mean", lambda x: x.var(-1, unbiased=False),
                [[1e6 + 0.25, 1e6 - 0.5, 1e6 + 1.0, 1e6]], axes=[1], correction=0)
    yield unary("max_last", lambda x: x.amax(-1), 2, 3, 4, axes=[2])
    # amax shares the gradient evenly among equal maxima: 1/2 each for two, 1/3 each for three.
    yield given("max_ties", lambda x: x.amax(-1), [[1.0, 3.0, 3.0, 2.0], [2.0, 2.0, 2.0, -1.0], [5.0, 4.0, 3.0, 2.0]], axes=[1])
    yield given("max_ties_all", lambda x: x.amax((0, 1)), [[1.0, 3.0, 3.0], [3.0, 2.0, 3.0]], axes=[0, 1])
    yield unary("softmax", lambda x: x.softmax(-1), 2, 3, 4, axis=2)
    yield unary("softmax_middle_axis", lambda x: x.softmax(1), 2, 3, 4, axis=1)
    yield given("softmax_large", lambda x: x.softmax(-1), [[1000.0, 1001.0, 999.0], [-1000.0, -1001.5, -999.5], [0.0, 40.0, -40.0]], axis=1)
    yield unary("log_softmax", lambda x: x.log_softmax(-1), 2, 3, 4, axis=2)
    yield given("log_softmax_large", lambda x: x.log_softmax(-1), [[1000.0, 1001.0, 999.0], [-1000.0, -1001.5, -999.5], [0.0, 40.0, -400.0]], axis=1)

    case = Case("softmax_masked", axis=2)
    x, mask = case.input("x", 2, 3, 4), torch.tensor([[1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 0]], dtype=torch.bool)
    case.store("scoreMask", mask)
    yield case.finish(x.masked_fill(~mask, -math.inf).softmax(-1))

    yield binary("matmul", torch.matmul, (3, 4), (4, 5))
    yield binary("matmul_batched", torch.matmul, (2, 3, 4), (2, 4, 5))
    yield binary("matmul_broadcast_batch", torch.matmul, (2, 1, 3, 4), (3, 4, 2))
    case = Case("linear")
    x, weight, bias = case.input("x", 2, 3, 4), case.input("weight", 5, 4), case.input("bias", 5)
    yield case.finish(F.linear(x, weight, bias))

    # Row PAD of the table is looked up like any other but gets no gradient; repeated rows add up.
    case = Case("embedding", paddingIndex=PAD)
    ids = case.store("ids", torch.tensor([[3, 1, 4, 1], [2, 2, 0, 0]]))
    yield case.finish(F.embedding(ids, case.input("weight", 6, 3), padding_idx=PAD))


def layer_norm():
    for name, shape, deviation in (("layer_norm", (2, 3, 8), 1.0), ("layer_norm_wide", (3, 17), 4.0), ("layer_norm_tiny", (3, 6), 1e-3)):
        case = Case(name, epsilon=1e-5)
        module = case.fill(nn.LayerNorm(shape[-1]))
        yield case.finish(module(case.input("x", *shape, deviation=deviation)))
    case = Case("layer_norm_offset", epsilon=1e-5)
    module = case.fill(nn.LayerNorm(6))
    yield case.finish(module(case.input("x", 3, 6, mean=1000.0)))


def cross_entropy():
    for smoothing in (0.0, 0.1):
        for ignored in (False, True):
            case = Case(f"smoothing_{smoothing:g}" + ("_ignored" if ignored else ""), labelSmoothing=smoothing, ignoredIndex=PAD if ignored else -100)
            logits = case.input("logits", 2, 4, 7, deviation=2.0)
            targets = case.store("targets", torch.tensor([[3, 1, 6, 2], [5, 4, 0, 0]]))
            yield case.finish(F.cross_entropy(logits.flatten(0, 1), targets.flatten(), label_smoothing=smoothing,
                                              ignore_index=PAD if ignored else -100), "loss")
    case = Case("large_logits", labelSmoothing=0.1, ignoredIndex=-100)
    logits = case.leaf("logits", torch.tensor([[1000.0, 990.0, -1000.0], [-500.0, -510.0, -490.0]]))
    targets = case.store("targets", torch.tensor([1, 2]))
    yield case.finish(F.cross_entropy(logits, targets, label_smoothing=0.1), "loss")


def multi_head_attention():
    batch, size, heads = 2, 6, 3
    for cross in (False, True):
        for mask in ("none", "padding", "causal", "both"):
            case = Case(("cross_" if cross else "self_") + mask, headCount=heads, cross=cross)
            module = case.fill(nn.MultiheadAttention(size, heads, batch_first=True))
            target, source = (3, 5) if cross else (4, 4)
            query = case.input("query", batch, target, size)
            memory = case.input("memory", batch, source, size) if cross else query
            options = {}
            if mask in ("padding", "both"):
                keep = case.store("paddingMask", padding_mask([source, 2], source))
                options["key_padding_mask"] = ~keep
            if mask in ("causal", "both"):
                keep = case.store("causalMask", causal_mask(target, source))
                options["attn_mask"] = ~keep
            output, weights = module(query, memory, memory, need_weights=True, average_attn_weights=False, **options)
            case.store("weights", weights)
            yield case.finish(output)
    # Query, key and value all differ.
    case = Case("separate_value", headCount=heads, cross=True)
    module = case.fill(nn.MultiheadAttention(size, heads, batch_first=True))
    inputs = [case.input("query", batch, 3, size), case.input("key", batch, 4, size), case.input("value", batch, 4, size)]
    output, weights = module(*inputs, need_weights=True, average_attn_weights=False)
    case.store("weights", weights)
    yield case.finish(output)


def scaled_dot_product_attention():
    for mask in ("none", "both"):
        case = Case(mask, scale=0.5)
        query, key, value = case.input("query", 2, 3, 4, 4), case.input("key", 2, 3, 5, 4), case.input("value", 2, 3, 5, 4)
        scores = query @ key.transpose(-1, -2) * 0.5
        if mask == "both":
            keep = padding_mask([5, 2], 5)[:, None, None, :] & causal_mask(4, 5)
            scores = scores.masked_fill(~case.store("attentionMask", keep), -math.inf)
        weights = case.store("weights", scores.softmax(-1))
        yield case.finish(weights @ value)


VARIANTS = [(norm_first, activation) for norm_first in (False, True) for activation in ("relu", "gelu")]


def variant_name(norm_first, activation):
    return f"{'pre' if norm_first else 'post'}_norm_{activation}"


def encoder_layer():
    for norm_first, activation in VARIANTS:
        case = Case(variant_name(norm_first, activation), headCount=2, normFirst=norm_first, activation=activation, epsilon=1e-5)
        layer = case.fill(nn.TransformerEncoderLayer(8, 2, 12, 0.0, activation, batch_first=True, norm_first=norm_first))
        x, padding = case.input("x", 2, 4, 8), case.store("paddingMask", padding_mask([4, 2], 4))
        causal = case.store("causalMask", causal_mask(4, 4))
        yield case.finish(layer(x, src_mask=~causal, src_key_padding_mask=~padding))


def decoder_layer():
    for norm_first, activation in VARIANTS:
        case = Case(variant_name(norm_first, activation), headCount=2, normFirst=norm_first, activation=activation, epsilon=1e-5)
        layer = case.fill(nn.TransformerDecoderLayer(8, 2, 12, 0.0, activation, batch_first=True, norm_first=norm_first))
        x, memory = case.input("x", 2, 4, 8), case.input("memory", 2, 3, 8)
        padding = case.store("targetPaddingMask", padding_mask([2, 4], 4))
        memory_padding = case.store("sourcePaddingMask", padding_mask([3, 1], 3))
        causal = case.store("causalMask", causal_mask(4, 4))
        yield case.finish(layer(x, memory, tgt_mask=~causal, tgt_key_padding_mask=~padding, memory_key_padding_mask=~memory_padding))


def transformer():
    """nn.Transformer, 2 + 2 layers. It ends both stacks with a norm of their own, `encoder.norm` and `decoder.norm`, post-norm too."""
    for norm_first in (False, True):
        case = Case("pre_norm" if norm_first else "post_norm", headCount=2, layerCount=2, normFirst=norm_first, activation="relu", epsilon=1e-5)
        model = case.fill(nn.Transformer(8, 2, 2, 2, 12, 0.0, "relu", batch_first=True, norm_first=norm_first))
        source, target = case.input("source", 2, 3, 8), case.input("target", 2, 4, 8)
        source_padding = case.store("sourcePaddingMask", padding_mask([3, 2], 3))
        target_padding = case.store("targetPaddingMask", padding_mask([2, 4], 4))
        causal = case.store("causalMask", causal_mask(4, 4))
        case.store("memory", model.encoder(source, src_key_padding_mask=~source_padding))
        yield case.finish(model(source, target, tgt_mask=~causal, src_key_padding_mask=~source_padding,
                                tgt_key_padding_mask=~target_padding, memory_key_padding_mask=~source_padding))


class Translator(nn.Module):
    """Token ids in, logits out: embedding * sqrt(d) + sinusoidal positions, nn.Transformer, output projection."""

    def __init__(self, source_size, target_size, d, heads, layers, ff, tied, activation, norm_first):
        super().__init__()
        self.d = d
        self.source_embedding = nn.Embedding(source_size, d, padding_idx=PAD)
        self.target_embedding = nn.Embedding(target_size, d, padding_idx=PAD)
        self.core = nn.Transformer(d, heads, layers, layers, ff, 0.0, activation, batch_first=True, norm_first=norm_first)
        self.output = nn.Linear(d, target_size)
        if tied:
            self.output.weight = self.target_embedding.weight

    def positions(self, length):
        angle = torch.arange(length).unsqueeze(1) * torch.exp(torch.arange(0, self.d, 2) * (-math.log(10000.0) / self.d))
        return torch.stack((torch.sin(angle), torch.cos(angle)), -1).flatten(1)

    def embed(self, table, ids):
        return table(ids) * math.sqrt(self.d) + self.positions(ids.shape[1])

    def forward(self, source, target):
        causal = ~causal_mask(target.shape[1], target.shape[1])
        h = self.core(self.embed(self.source_embedding, source), self.embed(self.target_embedding, target), tgt_mask=causal,
                      src_key_padding_mask=source == PAD, tgt_key_padding_mask=target == PAD, memory_key_padding_mask=source == PAD)
        return self.output(h)


def translation_model():
    for name, tied, activation, norm_first in (("tied_post_norm", True, "relu", False), ("untied_post_norm", False, "relu", False),
                                               ("tied_pre_norm_gelu", True, "gelu", True)):
        case = Case(name, tied=tied, activation=activation, normFirst=norm_first, headCount=2, layerCount=2, modelSize=8, feedForwardSize=12,
                    sourceVocabularySize=9, targetVocabularySize=10, paddingIndex=PAD, labelSmoothing=0.1, epsilon=1e-5)
        model = Translator(9, 10, 8, 2, 2, 12, tied, activation, norm_first)
        case.fill(model, lambda key: key.removeprefix("core."))
        source = case.store("source", torch.tensor([[4, 7, 5, 8, 2], [6, 3, 2, 0, 0], [5, 5, 6, 2, 0]]))
        target = case.store("targetInput", torch.tensor([[1, 8, 4, 9], [1, 5, 7, 3], [1, 6, 0, 0]]))
        expected = case.store("targetOutput", torch.tensor([[8, 4, 9, 2], [5, 7, 3, 2], [6, 2, 0, 0]]))
        case.store("positions", model.positions(5))
        logits = case.store("logits", model(source, target))
        yield case.finish(F.cross_entropy(logits.flatten(0, 1), expected.flatten(), ignore_index=PAD, label_smoothing=0.1), "loss")


def optimizers():
    """Five steps from given gradients: `parameter` before them, then `gradient:N` and `parameter:N` for steps N = 1 to 5."""
    fixed, changing = [0.01] * 5, [0.002, 0.004, 0.006, 0.005, 0.004]
    settings = [
        ("adam", torch.optim.Adam, fixed, {"betas": (0.9, 0.999), "eps": 1e-8}),
        ("adam_transformer", torch.optim.Adam, changing, {"betas": (0.9, 0.98), "eps": 1e-9}),
        ("adam_l2", torch.optim.Adam, fixed, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1}),
        ("adamw", torch.optim.AdamW, fixed, {"betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.1}),
        ("adamw_changing_rate", torch.optim.AdamW, changing, {"betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.5}),
        ("sgd", torch.optim.SGD, fixed, {}),
        ("sgd_momentum", torch.optim.SGD, changing, {"momentum": 0.9}),
        ("sgd_momentum_decay", torch.optim.SGD, fixed, {"momentum": 0.9, "weight_decay": 0.1}),
    ]
    names = {"eps": "epsilon", "weight_decay": "weightDecay", "momentum": "momentum"}
    for name, kind, rates, options in settings:
        case = Case(name, **{names[key]: value for key, value in options.items() if key != "betas"})
        if "betas" in options:
            case.attributes["beta1"], case.attributes["beta2"] = options["betas"]
        case.store("learningRates", torch.tensor(rates))
        parameter = nn.Parameter(case.draw(3, 4))
        case.store("parameter", parameter.detach().clone())
        optimizer = kind([parameter], lr=rates[0], **options)
        for step, rate in enumerate(rates, 1):
            parameter.grad = case.store(f"gradient:{step}", case.draw(3, 4, deviation=0.5)).clone()
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
            case.store(f"parameter:{step}", parameter.detach().clone())
        for key, value in optimizer.state[parameter].items():
            if key != "step" and torch.is_tensor(value):
                case.store({"exp_avg": "firstMoment", "exp_avg_sq": "secondMoment", "momentum_buffer": "velocity"}[key], value)
        yield case


def clipping():
    """PyTorch scales by min(1, maximumNorm / (norm + 1e-6)): `gradient:N` before, `clipped:N` after, for three parameters."""
    for name, maximum in (("above", 1.0), ("below", 100.0), ("just_below", None)):
        case = Case(name)
        parameters = [nn.Parameter(torch.zeros(shape)) for shape in ((3, 4), (5,), (2, 2))]
        for index, parameter in enumerate(parameters, 1):
            parameter.grad = case.store(f"gradient:{index}", case.draw(*parameter.shape)).clone()
        norm = math.sqrt(sum(float((p.grad ** 2).sum()) for p in parameters))
        case.attributes["maximumNorm"] = maximum if maximum is not None else norm + 5e-7
        case.store("norm", nn.utils.clip_grad_norm_(parameters, case.attributes["maximumNorm"]))
        for index, parameter in enumerate(parameters, 1):
            case.store(f"clipped:{index}", parameter.grad)
        yield case


def tensor_text(tensor):
    flat = tensor.detach().flatten()
    if tensor.dtype == torch.float64:
        assert bool(torch.isfinite(flat).all())
        values = [repr(value) for value in flat.tolist()]
    else:
        values = [str(int(value)) for value in flat.tolist()]
    return f'{{"shape": {json.dumps(list(tensor.shape))}, "values": [{", ".join(values)}]}}'


def case_text(case):
    tensors = ",\n".join(f"      {json.dumps(name)}: {tensor_text(tensor)}" for name, tensor in case.tensors.items())
    return f'  {json.dumps(case.name)}: {{\n    "attributes": {json.dumps(case.attributes)},\n    "tensors": {{\n{tensors}\n    }}\n  }}'


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    total = 0
    for topic in (operations, layer_norm, cross_entropy, scaled_dot_product_attention, multi_head_attention, encoder_layer,
                  decoder_layer, transformer, translation_model, optimizers, clipping):
        cases = list(topic())
        assert len({case.name for case in cases}) == len(cases)
        text = "{\n" + ",\n".join(map(case_text, cases)) + "\n}\n"
        with open(os.path.join(FOLDER, topic.__name__ + ".json"), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        total += len(text)
        print(f"{topic.__name__}: {len(cases)} cases, {len(text)} bytes")
    print(f"{total} bytes in all, by PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
