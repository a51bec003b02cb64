# SPDX-License-Identifier: Apache-2.0
"""Converts frames to a voice with faiss as RVC does, on one thread, when it is asked to.

usage: faiss_voice.py serve FOLDER DIMS K BLOCK RATE N QUERIES TARGET
       faiss_voice.py memory FOLDER DIMS K BLOCK RATE NPROBE QUERIES
FOLDER holds base.f32 (N, DIMS), queries.f32 (QUERIES, DIMS) and kth.f64 (QUERIES: squared distance
of the k-th neighbour), all little-endian.

serve builds RVC's index, writes voice.index, and prints a JSON object with the recalls at nprobe 1
and at the least nprobe that reaches TARGET. Then it answers lines "NPROBE BLOCKS CLIP" with the
microseconds of each block of the query stream and of a frame of a clip, until there are no more.
memory reads voice.index as RVC does, converts QUERIES frames and prints its resident memory.
"""
import json
import os
import sys
import time

import faiss
import numpy as np

task, folder, d, k, block, rate = sys.argv[1:7]
d, k, block, rate = int(d), int(k), int(block), float(rate)
faiss.omp_set_num_threads(1)


def read(name, kind="<f4"):
    return np.fromfile(os.path.join(folder, name), kind)


queries = read("queries.f32").reshape(-1, d)


def stream(first, count):
    """Frames of the endless stream: after the last query comes the first."""
    return queries[np.arange(first, first + count) % len(queries)]


def convert(index, vectors, frames):
    """Weights are the squares of reciprocal distances; a distance of 0 gives NaN, as in RVC."""
    distances, ids = index.search(frames, k)
    weights = np.square(1 / distances)
    weights /= weights.sum(axis=1, keepdims=True)
    voice = np.sum(vectors[ids] * weights[:, :, None], axis=1)
    return rate * voice + (1 - rate) * frames


def resident_bytes():
    """None where the system does not tell."""
    if not os.path.exists("/proc/self/status"):
        return None
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) << 10
    return None


def serve(n, nq, target):
    base = read("base.f32").reshape(n, d)
    nlist = max(1, min(int(16 * n**0.5), n // 39))
    factory = f"IVF{nlist},Flat"
    index = faiss.index_factory(d, factory)
    start = time.perf_counter()
    index.train(base)
    index.add(base)
    seconds = time.perf_counter() - start
    faiss.write_index(index, os.path.join(folder, "voice.index"))
    vectors = index.reconstruct_n(0, n)
    del base
    # Distances are added up in single precision, of two terms in another order than in the truth.
    kth = (read("kth.f64", "<f8") * (1 + 1e-5) + 1e-6)[:, None]

    def recall(nprobe):
        index.nprobe = nprobe
        right = 0
        for first in range(0, nq, block):
            distances, ids = index.search(queries[first : first + block], k)
            right += np.count_nonzero((distances <= kth[first : first + block]) & (ids >= 0))
        return right / (nq * k)

    failing, nprobe = 0, 1
    while recall(nprobe) < target and nprobe < nlist:
        failing, nprobe = nprobe, min(nlist, nprobe * 2)
    while nprobe - failing > 1:
        middle = (failing + nprobe) // 2
        if recall(middle) >= target:
            nprobe = middle
        else:
            failing = middle
    settings = [{"nprobe": p, "recall": recall(p)} for p in sorted({1, nprobe})]
    build = f"faiss {faiss.__version__}"
    if hasattr(faiss, "get_compile_options"):
        build += " " + faiss.get_compile_options().strip()
    say({"factory": factory, "build": build, "index_s": seconds, "settings": settings})
    for line in sys.stdin:
        index.nprobe, blocks, clip = map(int, line.split())
        times = []
        for i in range(blocks):
            frames = stream(i * block, block)
            start = time.perf_counter()
            convert(index, vectors, frames)
            times.append((time.perf_counter() - start) * 1e6)
        frames = stream(0, clip)
        start = time.perf_counter()
        convert(index, vectors, frames)
        say({"block_us": times, "clip_us": (time.perf_counter() - start) * 1e6 / clip})


def memory(nprobe, count):
    index = faiss.read_index(os.path.join(folder, "voice.index"))
    index.nprobe = nprobe
    vectors = index.reconstruct_n(0, index.ntotal)
    for first in range(0, count, block):
        convert(index, vectors, stream(first, block))
    say({"resident_bytes": resident_bytes()})


def say(answer):
    print(json.dumps(answer), flush=True)


if task == "serve":
    serve(int(sys.argv[7]), int(sys.argv[8]), float(sys.argv[9]))
else:
    memory(int(sys.argv[7]), int(sys.argv[8]))
