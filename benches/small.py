#!/usr/bin/env python3
"""One small file, a process each: CPU time of `kyso verify`, beside `openssl dgst -sha256` in the same run.

    small.py FILE.pdf [--kyso target/release/kyso] [--runs 50]
"""
import argparse
import os
import statistics
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def cpu(words):
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--kyso", default=os.path.join(HERE, "..", "target", "release", "kyso"))
    parser.add_argument("--runs", type=int, default=50)
    a = parser.parse_args()
    jobs = {
        "openssl dgst -sha256": ["openssl", "dgst", "-sha256", a.file],
        "kyso verify --format json": [a.kyso, "verify", "--format", "json", a.file],
        "kyso verify": [a.kyso, "verify", a.file],
    }
    results = {name: [] for name in jobs}
    for _ in range(a.runs):
        for name, words in jobs.items():
            results[name].append(cpu(words))
    for name, runs in results.items():
        times = [r[0] for r in runs]
        print(f"{name:<28} cpu min {min(times):.1f} median {statistics.median(times):.1f} max {max(times):.1f} ms, peak RSS {max(r[1] for r in runs):.0f} MB")


if __name__ == "__main__":
    main()
