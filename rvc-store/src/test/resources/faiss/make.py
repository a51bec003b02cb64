# SPDX-License-Identifier: Apache-2.0
"""Makes the faiss indexes beside this file, with faiss 1.7.3 (Debian's python3-faiss): python3 make.py

vectors.npy (96, 8) are what every index holds, row i with id i unless the name says otherwise.
"""
import os

import faiss
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(7)
vectors = (rng.randn(4, 8)[rng.randint(4, size=96)] * 3 + rng.randn(96, 8)).astype("float32")
np.save(os.path.join(here, "vectors.npy"), vectors)
faiss.omp_set_num_threads(1)


def write(name, factory, ids=None, train=True, count=96, metric=faiss.METRIC_L2):
    index = faiss.index_factory(8, factory, metric)
    if train:
        index.train(vectors)
    if ids is not None:
        index.add_with_ids(vectors[:count], ids)
    elif count:
        index.add(vectors[:count])
    faiss.write_index(index, os.path.join(here, name + ".index"))


write("flat", "Flat")
write("ivf_flat", "IVF2,Flat")
write("ivf_flat_inner_product", "IVF2,Flat", metric=faiss.METRIC_INNER_PRODUCT)
write("ivf_flat_sparse", "IVF12,Flat", count=3)
write("ivf_flat_ids", "IVF2,Flat", ids=np.arange(96, dtype="int64") * 7 + 1000)
write("idmap_flat", "IDMap,Flat", ids=np.arange(96, dtype="int64") * 7 + 1000)
write("ivf_pq4fs_rflat", "IVF2,PQ4x4fs,RFlat")
write("ivf_pq4fs", "IVF2,PQ4x4fs")
write("ivf_pq3fsr", "PCAR6,IVF2,PQ3x4fsr")
write("rr_ivf_flat", "RR8,IVF2,Flat")
write("trained", "IVF2,Flat", count=0)
write("untrained", "IVF2,Flat", train=False, count=0)
