# SPDX-License-Identifier: GPL-2.0-or-later
"""Configurations, weights and the fixture file shared by the SchNet oracles."""

import h5py
import numpy as np

SPECIES = [6, 14]
HIDDEN, LAYERS, NRADIAL, CUTOFF = 20, 2, 18, 5.0


def scattered(rng, cell, natoms, closest):
    """natoms points inside the cell, no two images nearer than closest (Angstrom)."""
    shifts = np.array([(a, b, c) for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1)])
    positions = []
    while len(positions) < natoms:
        trial = rng.random(3) @ cell
        distances = [np.linalg.norm(trial - p + shifts @ cell, axis=1).min() for p in positions]
        if not distances or min(distances) > closest:
            positions.append(trial)
    return np.array(positions)


def configurations():
    """(name, cell, atomic numbers, positions): a triclinic cell, one smaller than the cutoff
    (atoms are their own neighbours), and two species."""
    rng = np.random.default_rng(42)
    wide = np.array([[6.4, 0.0, 0.0], [1.1, 5.9, 0.0], [-0.7, 0.9, 6.1]])
    narrow = np.array([[2.9, 0.0, 0.0], [0.4, 3.3, 0.0], [0.3, -0.5, 4.2]])
    mixed = np.array([[5.2, 0.3, 0.0], [0.0, 5.6, -0.2], [0.4, 0.0, 6.6]])
    return [
        ("si8", wide, np.full(8, 14), scattered(rng, wide, 8, 2.0)),
        ("si2_small_cell", narrow, np.full(2, 14), scattered(rng, narrow, 2, 1.9)),
        ("si4c4", mixed, np.array([14, 6, 14, 6, 6, 14, 6, 14]), scattered(rng, mixed, 8, 1.7)),
    ]


def random_weights(in_bias):
    """Weights by eipnn's parameter paths, matrices as [in][out]."""
    rng = np.random.default_rng(7)
    weights = {"embedding": rng.normal(size=(len(SPECIES), HIDDEN))}

    def dense(path, nin, nout, bias=True):
        bound = 1.5 / np.sqrt(nin)
        weights[path + "/weight"] = rng.uniform(-bound, bound, (nin, nout))
        drawn = rng.uniform(-bound, bound, nout)
        weights[path + "/bias"] = drawn if bias else np.zeros(nout)

    for layer in range(LAYERS):
        dense(f"layer{layer}/filter1", NRADIAL, HIDDEN)
        dense(f"layer{layer}/filter2", HIDDEN, HIDDEN)
        dense(f"layer{layer}/in", HIDDEN, HIDDEN, bias=in_bias)
        dense(f"layer{layer}/out", HIDDEN, HIDDEN)
        dense(f"layer{layer}/project", HIDDEN, HIDDEN)
    dense("head/hidden", HIDDEN, HIDDEN)
    dense("head/out", HIDDEN, 1)
    return weights


def write_fixture(path, gamma, weights, results, source):
    """results: name -> (energy in eV, forces in eV/Angstrom)."""
    with h5py.File(path, "w") as file:
        file.attrs["source"] = source
        file.attrs["cutoff"] = CUTOFF
        file.attrs["radial_gamma"] = gamma
        for key, value in (("hidden", HIDDEN), ("layers", LAYERS), ("nradial", NRADIAL)):
            file.attrs[key] = np.int32(value)
        file["species"] = np.array(SPECIES, dtype=np.int32)
        for name, value in weights.items():
            file["weights/" + name] = value
        for name, cell, numbers, positions in configurations():
            energy, forces = results[name]
            group = file.create_group("configurations/" + name)
            group["cell"] = cell
            group["number"] = np.asarray(numbers, dtype=np.int32)
            group["position"] = positions
            group["energy"] = np.array([energy])
            group["forces"] = forces
            print(f"{name}: {len(numbers)} atoms, energy {energy:.12f} eV")
