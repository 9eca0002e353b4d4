"""Writes ReferenceValues.cs: elementary functions of doubles, computed in 60 decimal digits and rounded once.

python3 reference_values.py > ReferenceValues.cs (standard library only)
"""
from decimal import Decimal as D, getcontext
import random

getcontext().prec = 60
PI = D("3.14159265358979323846264338327950288419716939937510582097494459")


def erf(x):
    term = total = x
    n = 0
    while total != 0 and abs(term) > D(10) ** -58 * abs(total):
        n += 1
        term *= 2 * x * x / (2 * n + 1)
        total += term
    return 2 / PI.sqrt() * (-x * x).exp() * total


def tanh(x):
    if abs(x) < D("1e-12"):
        return x - x ** 3 / 3
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


def values(seed, ranges, count):
    source = random.Random(seed)
    return [source.uniform(low, high) for low, high in ranges for _ in range(count)]


def table(name, function, points):
    print(f"\n    public static readonly (double X, double Y)[] {name} =\n    [")
    for x in sorted(points):
        print(f"        ({x!r}, {float(function(D(x)))!r}),")
    print("    ];")


print("""namespace Kernels.Tests;

/// <summary>Made by reference_values.py: elementary functions in 60 decimal digits, rounded once to double.</summary>
internal static class ReferenceValues
{""", end="")
table("Exp", lambda x: x.exp(), values(1, [(-745, -700), (-700, -1), (-1, 1), (-1e-8, 1e-8), (1, 700), (700, 709.7)], 25))
table("Log", lambda x: x.ln(), values(2, [(5e-324, 1e-308), (1e-300, 1e-10), (1e-3, 0.7), (0.7, 1.5), (0.99999, 1.00001), (1.5, 100), (1e10, 1.7e308)], 25))
table("Tanh", tanh, values(3, [(-25, -1), (-1, 1), (-0.01, 0.01), (-1e-9, 1e-9), (0.1, 0.5), (1, 3)], 25))
table("Sigmoid", lambda x: 1 / (1 + (-x).exp()), values(4, [(-744, -40), (-40, -1), (-1, 1), (1, 50)], 25))
table("Erf", erf, values(5, [(-6.5, -1), (-1, 1), (-1e-3, 1e-3), (-1e-9, 1e-9), (0.9, 1.1), (1, 4), (4, 6)], 25))
print("}")
