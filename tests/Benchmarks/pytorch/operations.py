#!/usr/bin/python3
"""Single operations, forward and with backward, in microseconds, and what a node of the graph costs.

    python3 operations.py [--threads 2] [--samples 5] [--sample-seconds 0.03] [--warm-up-seconds 0.1]

Forward runs without a graph; backward starts from a fixed random gradient of the output. The rows are those of
`-- ops`, by name. The last line is JSON.
"""
import common
options = common.options(__doc__, samples=5, sample_seconds=0.03, warm_up_seconds=0.1)
import torch
from torch.nn import functional

NODES = 1000
rows = []


def microseconds(call):
    return common.summary(common.time_calls(call, options.samples, options.sample_seconds, options.warm_up_seconds), 1e6)


def report(name, forward, both):
    rows.append({"name": name, "forward": forward, "forwardBackward": both})
    print(f"{name:42} forward {forward['median'] if forward else 0:10.1f} µs   with backward {both['median']:10.1f} µs", flush=True)


def measure(name, function, *shapes):
    """The function of tensors of these shapes, all of which want a gradient."""
    inputs = [torch.randn(shape, requires_grad=True) for shape in shapes]
    with torch.no_grad():
        gradient = torch.randn_like(function(*inputs))
        forward = microseconds(lambda: function(*inputs))
    report(name, forward, microseconds(lambda: torch.autograd.grad(function(*inputs), inputs, gradient)))


def wake_processor():
    """Half a second of work that is not counted, or the first row pays for the start of threads and clocks."""
    x = torch.randn(512, 512)
    common.time_calls(lambda: x @ x, 3, 0, 0.5)


def attention(mask):
    def attend(query, key, value):
        scores = query @ key.transpose(-2, -1) * query.shape[-1] ** -0.5
        if mask is not None:
            scores = scores.masked_fill(mask, float("-inf"))
        return scores.softmax(-1) @ value
    return attend


def optimizers():
    """Adam and clipping over 3.2 million parameters in 4 tensors."""
    parameters = [torch.zeros(800_000, requires_grad=True) for _ in range(4)]
    for parameter in parameters:
        parameter.grad = torch.randn_like(parameter)
    adam = torch.optim.Adam(parameters)
    report("adam 4 x 800000", None, microseconds(adam.step))
    report("clip gradients 4 x 800000", None, microseconds(lambda: torch.nn.utils.clip_grad_norm_(parameters, 1e9)))


def chain():
    """A thousand additions to one number: time is the graph's own."""
    one, start = torch.ones(1), torch.ones(1, requires_grad=True)

    def add():
        y = start
        for _ in range(NODES):
            y = y + one
        return y

    with torch.no_grad():
        forward = microseconds(add)
    report("chain of 1000 additions", forward, microseconds(lambda: torch.autograd.grad(add(), start)))


def main():
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    targets = torch.randint(0, 8000, (1536,))
    wake_processor()
    measure("softmax 12288 x 24", lambda x: x.softmax(-1), (12288, 24))
    measure("softmax 8192 x 1024", lambda x: x.softmax(-1), (8192, 1024))
    measure("layer norm 1536 x 128", lambda x, weight, bias: functional.layer_norm(x, (128,), weight, bias), (1536, 128), 128, 128)
    measure("gelu 1536 x 512", functional.gelu, (1536, 512))
    measure("relu 1536 x 512", functional.relu, (1536, 512))
    measure("add 1536 x 128", torch.add, (1536, 128), (1536, 128))
    measure("dropout 1536 x 512", lambda x: functional.dropout(x, 0.1), (1536, 512))
    measure("linear 1536 x 128 to 512", functional.linear, (1536, 128), (512, 128), 512)
    measure("linear 1536 x 128 to 8000", functional.linear, (1536, 128), (8000, 128), 8000)
    measure("cross-entropy 1536 x 8000", lambda x: functional.cross_entropy(x, targets), (1536, 8000))
    measure("cross-entropy smoothed 1536 x 8000",
            lambda x: functional.cross_entropy(x, targets, label_smoothing=0.1), (1536, 8000))
    measure("embedding 1536 of 8000 x 128", lambda table: functional.embedding(targets, table), (8000, 128))
    for batch, length in ((64, 24), (4, 1024)):
        shapes = [(batch, 8, length, 16)] * 3
        measure(f"attention {batch} x 8 heads, length {length}", attention(None), *shapes)
        measure(f"attention causal {batch} x 8 heads, length {length}", attention(torch.full((length, length), True).triu(1)), *shapes)
    optimizers()
    chain()
    common.finish(threads=options.threads, rows=rows)


main()
