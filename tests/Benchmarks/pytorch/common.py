"""What the programs in this folder share: options, timing, and the JSON object that each prints as its last line.

Import this and call `options` before torch or numpy: the BLAS takes its number of threads from the environment
when it is loaded.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time


def options(description, **defaults):
    """Reads `--name value` for each default (the type is the default's), and sets the number of threads."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    for name, value in defaults.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    chosen = parser.parse_args()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(chosen.threads)
    return chosen


def time_steps(step, most_steps, seconds):
    """Seconds of each training step: `most_steps` of them, or once `seconds` are over 5 or more.

    Before them a warm-up of at least 3 steps, at most 10, that ends after 2 seconds.
    """
    begin = time.perf_counter()
    warm = 0
    while warm < 3 or (warm < 10 and time.perf_counter() - begin < 2):
        step(warm)
        warm += 1
    times = []
    begin = time.perf_counter()
    while len(times) < most_steps and (len(times) < 5 or time.perf_counter() - begin < seconds):
        start = time.perf_counter()
        step(len(times))
        times.append(time.perf_counter() - start)
    return times


def time_calls(call, samples, sample_seconds, warm_up_seconds, most_seconds=5.0):
    """Seconds of one call: `samples` values, each over as many calls as last `sample_seconds`.

    After `most_seconds` it stops early, with at least 3 values.
    """
    call()
    one = spent = 0.0
    while spent < warm_up_seconds:
        one = seconds_of(call, 1)
        spent += one
    calls = max(1, int(sample_seconds / max(one, 1e-9)))
    values, begin = [], time.perf_counter()
    while len(values) < samples and (len(values) < 3 or time.perf_counter() - begin < most_seconds):
        values.append(seconds_of(call, calls) / calls)
    return values


def seconds_of(call, count):
    start = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - start


def summary(values, factor=1.0):
    """Median, minimum and maximum of the values times the factor."""
    values = [value * factor for value in values]
    return {"median": statistics.median(values), "minimum": min(values), "maximum": max(values), "count": len(values)}


def peak_memory_megabytes():
    """The most physical memory that the process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def blas():
    """Folder and file of the BLAS that is loaded, or "unknown BLAS"."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line}
    except OSError:
        return "unknown BLAS"
    # The folder tells openblas-openmp from openblas-pthread. OpenBLAS stands behind files that merely pass calls on to it.
    files = sorted("/".join(path.split("/")[-2:]) for path in paths)
    return ", ".join([file for file in files if "libopenblas" in file] or files) or "unknown BLAS"


def description():
    """Version and origin of torch, and its BLAS: 1.13.1 of Debian, openblas-openmp/libopenblasp-r0.3.21.so."""
    import torch
    version = torch.__version__
    if torch.__file__.startswith("/usr/lib/python3/dist-packages/"):
        # Debian's torch 1.13.1 calls itself 1.13.0a0.
        query = ["dpkg-query", "--show", "--showformat=${Version}", "python3-torch"]
        version = subprocess.run(query, capture_output=True, text=True).stdout.split("+")[0] + " of Debian"
    return f"{version}, {blas()}"


def finish(**result):
    """Prints the result and what it ran on as one JSON object, the last line of the output."""
    result["torch"] = description()
    result["peakMemoryMB"] = peak_memory_megabytes()
    sys.stdout.write(json.dumps(result) + "\n")
