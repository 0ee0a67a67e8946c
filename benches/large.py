#!/usr/bin/env python3
"""A large PDF, signed and verified: CPU time beside `openssl dgst -sha256` of the same run, and memory.

    large.py [--kyso target/release/kyso] [--megabytes 1024] [--objects N] [--folder DIR] [--runs 3]

Prints one line for each command: CPU seconds (user + system, minimum and median of the runs), the ratio of the medians to
openssl's, and the peak of anonymous memory (RssAnon, sampled every 5 ms: what is neither the mapped file nor the page cache).
Nothing is asserted: machines are noisy. Run it on a quiet one.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(words, **kw):
    before = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kw)
    peak = 0

    def watch():
        nonlocal peak
        while True:
            try:
                with open(f"/proc/{process.pid}/status") as status:
                    for line in status:
                        if line.startswith("RssAnon:"):
                            peak = max(peak, int(line.split()[1]))
            except OSError:
                return
            time.sleep(0.005)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    thread.join(0.1)
    return process.returncode, usage.ru_utime + usage.ru_stime, time.monotonic() - before, peak / 1024, error


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kyso", default=os.path.join(HERE, "..", "target", "release", "kyso"))
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--objects", type=int, help="how many streams the megabytes are divided into")
    parser.add_argument("--folder")
    parser.add_argument("--runs", type=int, default=3)
    a = parser.parse_args()
    folder = a.folder or tempfile.mkdtemp(prefix="kyso-large-")
    os.makedirs(folder, exist_ok=True)
    plain, signed, ca = (os.path.join(folder, n) for n in ("plain.pdf", "signed.pdf", "authority"))
    if not os.path.exists(plain):
        subprocess.check_call([sys.executable, os.path.join(HERE, "make_large_pdf.py"), plain, str(a.megabytes)] + ([str(a.objects)] if a.objects else []))
    if not os.path.exists(ca):
        subprocess.check_call([a.kyso, "sandbox", "init", ca], stdout=subprocess.DEVNULL)
    p12 = next(os.path.join(ca, n) for n in sorted(os.listdir(ca)) if n.startswith("organisation") and n.endswith(".p12"))
    sign = [a.kyso, "sign", "pdf", plain, "-o", signed, "--force", "--p12", p12, "--password-file", os.path.join(ca, "password.txt")]
    first = run(sign)
    if first[0] != 0:
        sys.exit(first[4].decode())
    jobs = {
        "openssl dgst -sha256 (unsigned)": ["openssl", "dgst", "-sha256", plain],
        "kyso sign": sign,
        "openssl dgst -sha256 (signed)": ["openssl", "dgst", "-sha256", signed],
        "kyso verify": [a.kyso, "verify", "--format", "json", signed],
    }
    results = {name: [] for name in jobs}
    for _ in range(a.runs):
        for name, words in jobs.items():
            results[name].append(run(words))
    floors = {"kyso sign": "openssl dgst -sha256 (unsigned)", "kyso verify": "openssl dgst -sha256 (signed)"}
    print(f"{os.path.getsize(plain) / 1e6:.0f} MB, {a.runs} runs")
    for name, runs in results.items():
        cpu = [r[1] for r in runs]
        line = f"{name:<34} cpu min {min(cpu):.2f} median {statistics.median(cpu):.2f} s, anonymous {max(r[3] for r in runs):.0f} MB"
        if name in floors:
            line += f", {statistics.median(cpu) / statistics.median([r[1] for r in results[floors[name]]]):.2f} x openssl"
        print(line)


if __name__ == "__main__":
    main()
