# SPDX-License-Identifier: GPL-2.0-or-later
"""schnetpack's speed on one core for the network of the benchmark.

    python schnetpack_peer.py md         energy + forces, 1,000 atoms: atom-steps/s
    python schnetpack_peer.py training   energy training, 32 x 64 atoms: configurations/s

The neighbour list is made once and not timed, which favours schnetpack.
"""

import sys
import time

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


def network(forces):
    schnet = SchNet(HIDDEN, LAYERS, GaussianRBF(NRADIAL, CUTOFF), CosineCutoff(CUTOFF))
    outputs = [Atomwise(HIDDEN, n_hidden=HIDDEN, activation=shifted_softplus,
                        output_key="energy")]
    if forces:
        outputs.append(Forces())
    return NeuralNetworkPotential(schnet, input_modules=[PairwiseDistances()],
                                  output_modules=outputs)


def batch(atoms, copies):
    i, j, shift = primitive_neighbor_list("ijS", atoms.pbc, atoms.cell.array, atoms.positions,
                                          CUTOFF)
    count = len(atoms)
    first = count * np.repeat(np.arange(copies), len(i))
    single = torch.float32
    return {
        key.Z: torch.tensor(np.tile(atoms.numbers, copies), dtype=torch.int64),
        key.R: torch.tensor(np.tile(atoms.positions, (copies, 1)), dtype=single),
        key.idx_i: torch.tensor(np.tile(i, copies) + first),
        key.idx_j: torch.tensor(np.tile(j, copies) + first),
        key.offsets: torch.tensor(np.tile(shift @ atoms.cell.array, (copies, 1)), dtype=single),
        key.idx_m: torch.tensor(np.repeat(np.arange(copies), count)),
        key.n_atoms: torch.full((copies,), count),
        key.cell: torch.tensor(np.tile(atoms.cell.array, (copies, 1, 1)), dtype=single),
    }


def crystal(repeat):
    atoms = bulk("Si", "diamond", a=5.43, cubic=True).repeat(repeat)
    atoms.rattle(0.05, seed=1)
    return atoms


def best_time(work, repeats):
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def md():
    atoms = crystal(5)
    model, inputs = network(forces=True).eval(), batch(atoms, 1)
    seconds = best_time(lambda: model({k: v.clone() for k, v in inputs.items()}), 6)
    return len(atoms) / seconds


def training():
    model, inputs = network(forces=False), batch(crystal(2), 32)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)

    def step():
        optimiser.zero_grad()
        energy = model({k: v.clone() for k, v in inputs.items()})["energy"]
        (energy**2).mean().backward()
        optimiser.step()

    return 32 / best_time(step, 3)


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"{ {'md': md, 'training': training}[sys.argv[1]]():.6g}")
