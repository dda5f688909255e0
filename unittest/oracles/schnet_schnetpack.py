# SPDX-License-Identifier: GPL-2.0-or-later
"""Energies and forces of schnetpack's SchNet with the weights of a fixture.

Writes schnet_schnetpack.h5. Made with schnetpack 2.0.4 and torch 2.3.1:
    pip install schnetpack==2.0.4 "torch<2.4" "numpy<2" h5py
    python schnet_schnetpack.py
"""

import numpy as np
import schnetpack.properties as key
import torch
from ase.neighborlist import primitive_neighbor_list
from schnetpack.atomistic import Atomwise, Forces, PairwiseDistances
from schnetpack.model import NeuralNetworkPotential
from schnetpack.nn.activations import shifted_softplus
from schnetpack.nn.cutoff import CosineCutoff
from schnetpack.nn.radial import GaussianRBF
from schnetpack.representation import SchNet

import oracle_common as common


def build():
    schnet = SchNet(common.HIDDEN, common.LAYERS, GaussianRBF(common.NRADIAL, common.CUTOFF),
                    CosineCutoff(common.CUTOFF), activation=shifted_softplus)
    head = Atomwise(common.HIDDEN, n_hidden=common.HIDDEN, n_layers=2,
                    activation=shifted_softplus, output_key="energy")
    model = NeuralNetworkPotential(schnet, input_modules=[PairwiseDistances()],
                                   output_modules=[head, Forces()]).double().eval()
    # The Gaussians are built in single precision; the oracle wants them exact.
    basis = model.representation.radial_basis
    basis.offsets = torch.linspace(0.0, common.CUTOFF, common.NRADIAL, dtype=torch.float64)
    basis.widths = torch.full_like(basis.offsets, common.CUTOFF / (common.NRADIAL - 1))
    return model


def load(model, weights):
    def dense(module, path):
        module.weight.data = torch.from_numpy(weights[path + "/weight"].T.copy())
        if module.bias is not None:
            module.bias.data = torch.from_numpy(weights[path + "/bias"])

    for row, number in enumerate(common.SPECIES):
        model.representation.embedding.weight.data[number] = torch.from_numpy(
            weights["embedding"][row])
    for layer, block in enumerate(model.representation.interactions):
        dense(block.filter_network[0], f"layer{layer}/filter1")
        dense(block.filter_network[1], f"layer{layer}/filter2")
        dense(block.in2f, f"layer{layer}/in")
        dense(block.f2out[0], f"layer{layer}/out")
        dense(block.f2out[1], f"layer{layer}/project")
    dense(model.output_modules[0].outnet[0], "head/hidden")
    dense(model.output_modules[0].outnet[1], "head/out")


def evaluate(model, cell, numbers, positions):
    i, j, shift = primitive_neighbor_list("ijS", (True, True, True), cell, positions,
                                          common.CUTOFF, self_interaction=False)
    result = model({
        key.Z: torch.from_numpy(np.asarray(numbers, dtype=np.int64)),
        key.R: torch.from_numpy(positions),
        key.idx_i: torch.from_numpy(i.astype(np.int64)),
        key.idx_j: torch.from_numpy(j.astype(np.int64)),
        key.offsets: torch.from_numpy(shift @ cell),
        key.idx_m: torch.zeros(len(numbers), dtype=torch.int64),
        key.n_atoms: torch.tensor([len(numbers)]),
        key.cell: torch.from_numpy(cell[None]),
    })
    return result["energy"].item(), result["forces"].detach().numpy()


def main():
    weights = common.random_weights(in_bias=False)
    model = build()
    load(model, weights)
    results = {name: evaluate(model, cell, numbers, positions)
               for name, cell, numbers, positions in common.configurations()}
    gamma = 0.5 * ((common.NRADIAL - 1) / common.CUTOFF) ** 2
    common.write_fixture("schnet_schnetpack.h5", gamma, weights, results, "schnetpack 2.0.4")


if __name__ == "__main__":
    main()
