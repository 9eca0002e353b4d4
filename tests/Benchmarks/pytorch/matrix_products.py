#!/usr/bin/python3
"""Single-precision matrix products in GFLOP/s: OpenBLAS through numpy and torch.mm, and batches of them through torch.bmm.

    python3 matrix_products.py [--threads 1] [--samples 3] [--sample-seconds 0.02] [--warm-up-seconds 0.04]
                               [--only-batched 0]

Each shape in all four transposes (a transposed operand is a view, which the BLAS reads without a copy); the names are
those of `-- gemm`. Three figures a row, of which the best counts as OpenBLAS: one call from numpy, one call from torch
and, where a product is so short that Python's call would be half of it, numpy's own loop in C over copies of the product.
The last line is JSON.
"""
import common
options = common.options(__doc__, samples=3, sample_seconds=0.02, warm_up_seconds=0.04, only_batched=0)
import numpy
import torch

# Batch, rows, inner size, columns.
SHAPES = [(1, size, size, size) for size in (32, 64, 128, 256, 512, 1024)] + [
    (1, 2048, 128, 512), (1, 2048, 512, 128), (1, 128, 2048, 512), (1, 2048, 128, 10000), (1, 128, 2048, 10000), (1, 2048, 10000, 128),
    (512, 32, 16, 32), (512, 32, 32, 16), (32, 1024, 16, 1024), (32, 1024, 1024, 16)]
SHORT_PRODUCT = 2e6  # floating-point operations
COPIES = 8


def operand(numbers, batch, rows, columns, transposed):
    """The numbers as [batch, rows, columns], stored as [batch, columns, rows] where transposed."""
    return numbers.reshape(batch, columns, rows).swapaxes(1, 2) if transposed else numbers.reshape(batch, rows, columns)


def rate(operations, call):
    times = common.time_calls(call, options.samples, options.sample_seconds, options.warm_up_seconds)
    return common.summary([operations / seconds * 1e-9 for seconds in times])


def measure(shape, numbers_a, numbers_b, transpose_a, transpose_b):
    batch, rows, inner, columns = shape
    a, b = operand(numbers_a, batch, rows, inner, transpose_a), operand(numbers_b, batch, inner, columns, transpose_b)
    c = numpy.empty((batch, rows, columns), numpy.float32)
    operations = 2.0 * batch * rows * inner * columns
    figures = {}
    if batch == 1:
        a, b, c = a[0], b[0], c[0]
        if operations < SHORT_PRODUCT:
            many = numpy.empty((COPIES, rows, columns), numpy.float32)
            stack_a, stack_b = (numpy.broadcast_to(x, (COPIES, *x.shape)) for x in (a, b))
            figures["stacked"] = rate(COPIES * operations, lambda: numpy.matmul(stack_a, stack_b, out=many))
    figures["numpy"] = rate(operations, lambda: numpy.matmul(a, b, out=c))
    ta, tb, tc = torch.from_numpy(a), torch.from_numpy(b), torch.from_numpy(c)
    multiply = torch.mm if batch == 1 else torch.bmm
    figures["torch"] = rate(operations, lambda: multiply(ta, tb, out=tc))
    return figures


def main():
    torch.set_num_threads(options.threads)
    random = numpy.random.default_rng(1)
    table = []
    for shape in SHAPES:
        batch, rows, inner, columns = shape
        if options.only_batched and batch == 1:
            continue
        a, b = (random.standard_normal(count, dtype=numpy.float32) for count in (batch * rows * inner, batch * inner * columns))
        for transpose_a in (False, True):
            for transpose_b in (False, True):
                name = f"{rows} x {inner} x {columns} {'NT'[transpose_a]}{'NT'[transpose_b]}"
                name = f"{batch} x {name}" if batch > 1 else name
                figures = measure(shape, a, b, transpose_a, transpose_b)
                best = max(figures.values(), key=lambda figure: figure["median"])
                table.append({"name": name, "gflops": best, **figures})
                print(f"{name:30}" + "".join(f"  {key} {figure['median']:7.1f}" for key, figure in figures.items()), flush=True)
    common.finish(threads=options.threads, rows=table)


main()
