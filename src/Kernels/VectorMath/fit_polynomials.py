"""Fits the polynomials of VectorMath: python3 fit_polynomials.py (standard library only, a few seconds).

Each is a weighted least-squares fit on Chebyshev points in 80 decimal digits, reweighted (Lawson 1961) towards the
smallest largest error. The weight is the share that an error of the polynomial has in a relative error of the result.
"""
from decimal import Decimal as D, getcontext
import math

getcontext().prec = 80
PI = D("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
TWO_OVER_ROOT_PI = 2 / PI.sqrt()


def erf(x):
    term = total = x
    n = 0
    while abs(term) > D(10) ** -75 * abs(total):
        n += 1
        term *= 2 * x * x / (2 * n + 1)
        total += term
    return TWO_OVER_ROOT_PI * (-x * x).exp() * total


def tanh(x):
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


def solve(matrix, right):
    n = len(right)
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(matrix[r][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        right[i], right[pivot] = right[pivot], right[i]
        for r in range(i + 1, n):
            factor = matrix[r][i] / matrix[i][i]
            for c in range(i, n):
                matrix[r][c] -= factor * matrix[i][c]
            right[r] -= factor * right[i]
    for i in reversed(range(n)):
        right[i] = (right[i] - sum(matrix[i][c] * right[c] for c in range(i + 1, n))) / matrix[i][i]
    return right


def fit(name, function, low, high, degree, weight, rounds=6):
    low, high = D(low), D(high)
    count = 4 * degree + 24
    points = [(low + high) / 2 + (high - low) / 2 * D(math.cos(math.pi * (k + 0.5) / count)) for k in range(count)]
    values = [function(x) for x in points]
    weights = [weight(x) for x in points]
    powers = [[x ** k for k in range(degree + 1)] for x in points]
    lawson = [D(1)] * count
    best = None
    for _ in range(rounds):
        squares = [l * w * w for l, w in zip(lawson, weights)]
        sums = [sum(s * x ** k for s, x in zip(squares, points)) for k in range(2 * degree + 1)]
        matrix = [[sums[i + j] for j in range(degree + 1)] for i in range(degree + 1)]
        right = [sum(s * v * p[i] for s, v, p in zip(squares, values, powers)) for i in range(degree + 1)]
        coefficients = solve(matrix, right)
        errors = [abs(w * (v - sum(c * q for c, q in zip(coefficients, p)))) for w, v, p in zip(weights, values, powers)]
        if best is None or max(errors) < best[0]:
            best = max(errors), coefficients
        lawson = [l * e for l, e in zip(lawson, errors)]
        mean = sum(lawson) / count
        lawson = [l / mean + D("1e-6") for l in lawson]
    print(f"// {name}: relative error {float(best[0]):.2g} = 2^{math.log2(best[0]):.1f}")
    for coefficient in reversed(best[1]):
        print(f"    {float(coefficient)!r},")


def fit_all(label, exp_degree, log_degree, tanh_degree, small_degree, large_degree, reach):
    half = D(2).ln() / 2
    tiny = D("1e-15")
    # exp r = 1 + r + r² P(r)
    fit(f"{label} exp, P(r)", lambda r: (r.exp() - 1 - r) / (r * r) if abs(r) > tiny else D("0.5"), -half, half, exp_degree,
        lambda r: r * r / r.exp())
    # ln(1 + f) = 2s + s z P(z), s = f / (2 + f), z = s²
    edge = ((D(2).sqrt() - 1) / (D(2).sqrt() + 1)) ** 2
    fit(f"{label} log, P(z)", lambda z: (((1 + z.sqrt()) / (1 - z.sqrt())).ln() / z.sqrt() - 2) / z, D("1e-8"), edge, log_degree,
        lambda z: z / 2)
    # tanh x = x + x t P(t), t = x², |x| ≤ 0.55
    fit(f"{label} tanh, P(t)", lambda t: (tanh(t.sqrt()) / t.sqrt() - 1) / t, D("1e-9"), D("0.3025"), tanh_degree,
        lambda t: t * t.sqrt() / tanh(t.sqrt()))
    # erf x = x + x P(x²), 0 ≤ x ≤ 1
    fit(f"{label} erf, |x| <= 1, P(x²)", lambda t: erf(t.sqrt()) / t.sqrt() - 1 if t > tiny else TWO_OVER_ROOT_PI - 1, 0, 1, small_degree,
        lambda t: t.sqrt() / erf(t.sqrt()) if t > tiny else 1 / TWO_OVER_ROOT_PI)
    # erf x = 1 − exp(P(x)), 1 ≤ x ≤ reach: an error of P counts by erfc / erf
    fit(f"{label} erf, 1 <= |x| <= {reach}, P(|x|)", lambda x: (1 - erf(x)).ln(), 1, reach, large_degree,
        lambda x: (1 - erf(x)) / erf(x))


def normal_tail(slope, reach, degree):
    # Phi(-t) = exp(-t^2/2) s P(s), s = 1 / (1 + slope t), 0 <= t <= reach
    def scaled(s):
        t = (1 / s - 1) / D(slope)
        return (1 - erf(t / D(2).sqrt())) / 2 * (t * t / 2).exp() / s
    fit("float normal tail, P(s)", scaled, 1 / (1 + D(slope) * D(reach)), 1, degree, lambda s: 1 / scaled(s), rounds=12)


if __name__ == "__main__":
    normal_tail("0.35", "13.5", 8)
    fit_all("float", 4, 2, 4, 6, 6, "4")
    fit_all("double", 9, 6, 10, 11, 17, "6")
