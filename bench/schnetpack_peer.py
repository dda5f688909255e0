# SPDX-License-Identifier: GPL-2.0-or-later
"""schnetpack's speed on one core, or on a GPU, for the network of the benchmark.

    python schnetpack_peer.py md [cuda]         energy + forces, 1,000 atoms, on a GPU 32,000:
                                                atom-steps/s
    python schnetpack_peer.py training [cuda]   energy training, 32 x 64 atoms: configurations/s
    python schnetpack_peer.py pretraining DATA.xyz [...]   seven heads, batches of 32 configurations
                                         drawn from the data: seconds of CPU per step

The neighbour list is made once and not timed, which favours schnetpack. On a GPU the faster of the
network as it is and after torch.compile counts.
"""

import sys
import time

import ase.io
import numpy as np
import schnetpack.properties as key
import torch
from ase.build import bulk
from ase.neighborlist import primitive_neighbor_list
from schnetpack.atomistic import Atomwise, Forces, PairwiseDistances
from schnetpack.model import NeuralNetworkPotential
from schnetpack.nn.activations import shifted_softplus
from schnetpack.nn.cutoff import CosineCutoff
from schnetpack.nn.radial import GaussianRBF
from schnetpack.representation import SchNet

HIDDEN, LAYERS, NRADIAL, CUTOFF = 128, 5, 50, 5.0
DEVICE = "cuda" if sys.argv[2:3] == ["cuda"] else "cpu"


def network(forces, nradial=NRADIAL, nheads=1):
    schnet = SchNet(HIDDEN, LAYERS, GaussianRBF(nradial, CUTOFF), CosineCutoff(CUTOFF))
    outputs = [Atomwise(HIDDEN, n_out=nheads, n_hidden=HIDDEN, activation=shifted_softplus,
                        output_key="energy")]
    if forces:
        outputs.append(Forces())
    return NeuralNetworkPotential(schnet, input_modules=[PairwiseDistances()],
                                  output_modules=outputs).to(DEVICE)


def batch(structures):
    """Input of the configurations together."""
    first = np.cumsum([0] + [len(atoms) for atoms in structures])
    pairs = [primitive_neighbor_list("ijS", atoms.pbc, atoms.cell.array, atoms.positions, CUTOFF)
             for atoms in structures]
    offsets = [shift @ atoms.cell.array for atoms, (_, _, shift) in zip(structures, pairs)]
    single = torch.float32
    inputs = {
        key.Z: torch.tensor(np.concatenate([atoms.numbers for atoms in structures]),
                            dtype=torch.int64),
        key.R: torch.tensor(np.concatenate([atoms.positions for atoms in structures]),
                            dtype=single),
        key.idx_i: torch.tensor(np.concatenate([i + n for n, (i, _, _) in zip(first, pairs)])),
        key.idx_j: torch.tensor(np.concatenate([j + n for n, (_, j, _) in zip(first, pairs)])),
        key.offsets: torch.tensor(np.concatenate(offsets), dtype=single),
        key.idx_m: torch.tensor(np.repeat(np.arange(len(structures)), np.diff(first))),
        key.n_atoms: torch.tensor(np.diff(first)),
        key.cell: torch.tensor(np.array([atoms.cell.array for atoms in structures]), dtype=single),
    }
    return {k: v.to(DEVICE) for k, v in inputs.items()}


def crystal(repeat):
    atoms = bulk("Si", "diamond", a=5.43, cubic=True).repeat(repeat)
    atoms.rattle(0.05, seed=1)
    return atoms


def finish():
    """A GPU works on while Python goes ahead."""
    if DEVICE == "cuda":
        torch.cuda.synchronize()


def best_time(work, repeats):
    work()
    times = []
    for _ in range(repeats):
        finish()
        start = time.perf_counter()
        work()
        finish()
        times.append(time.perf_counter() - start)
    return min(times)


def best_of_both(model, work, repeats):
    """work(model) with the model as it is and, on a GPU, compiled: the shorter time."""
    seconds = best_time(lambda: work(model), repeats)
    if DEVICE == "cuda":
        try:
            compiled = torch.compile(model)
            seconds = min(seconds, best_time(lambda: work(compiled), repeats))
        except Exception as error:  # what torch cannot compile counts as it is
            print(f"schnetpack_peer: torch.compile: {error}", file=sys.stderr)
    return seconds


def md():
    atoms = crystal((20, 20, 10) if DEVICE == "cuda" else 5)
    inputs = batch([atoms])
    seconds = best_of_both(network(forces=True).eval(),
                           lambda model: model({k: v.clone() for k, v in inputs.items()}), 6)
    return len(atoms) / seconds


def step(model, optimiser, inputs):
    """An optimiser step towards energies of zero: what the energies are costs nothing."""
    optimiser.zero_grad()
    energy = model({k: v.clone() for k, v in inputs.items()})["energy"]
    (energy**2).mean().backward()
    optimiser.step()


def training():
    model, inputs = network(forces=False), batch(32 * [crystal(2)])
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    return 32 / best_of_both(model, lambda model: step(model, optimiser, inputs), 3)


def pretraining(paths):
    structures = [atoms for path in paths for atoms in ase.io.read(path, index=":")]
    order = np.random.default_rng(1).permutation(len(structures))
    batches = [batch([structures[k] for k in order[32 * n:32 * n + 32]]) for n in range(12)]
    model = network(forces=False, nradial=128, nheads=7)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    step(model, optimiser, batches[0])
    start = time.process_time()
    for inputs in batches[2:]:
        step(model, optimiser, inputs)
    return (time.process_time() - start) / len(batches[2:])


if __name__ == "__main__":
    torch.set_num_threads(1)
    figure = {"md": md, "training": training,
              "pretraining": lambda: pretraining(sys.argv[2:])}[sys.argv[1]]
    print(f"{figure():.6g}")
