# SPDX-License-Identifier: GPL-2.0-or-later
"""The SchNet variant of Shui et al. (NeurIPS 2022), written out with explicit padding nodes.

Every image of an atom that is a neighbour of an atom of the cell becomes a node of its own. It
exchanges messages with the atoms of the cell only and adds no energy. No residual connection,
no cutoff function, an activation after the second filter layer as well.
Writes schnet_padded.h5 (needs torch, numpy, h5py):
    python schnet_padded.py
"""

import itertools

import numpy as np
import torch

import oracle_common as common


def ssp(x):
    return torch.nn.functional.softplus(x) - np.log(2.0)


def padded_graph(cell, positions):
    """Nodes as (atom, image shift), the atoms of the cell first; directed edges both ways."""
    natoms = len(positions)
    reach = [int(np.ceil(common.CUTOFF * np.linalg.norm(row))) + 1
             for row in np.linalg.inv(cell).T]
    nodes = [(atom, (0, 0, 0)) for atom in range(natoms)]
    index = {node: row for row, node in enumerate(nodes)}
    edges = []
    shifts = itertools.product(*(range(-r, r + 1) for r in reach))
    for shift, i, j in itertools.product(shifts, range(natoms), range(natoms)):
        distance = np.linalg.norm(positions[j] + np.array(shift) @ cell - positions[i])
        if distance >= common.CUTOFF or (i == j and not any(shift)):
            continue
        node = (j, shift)
        if node not in index:
            index[node] = len(nodes)
            nodes.append(node)
        edges.append((i, index[node]))
        if any(shift):
            edges.append((index[node], i))
    return nodes, np.array(edges)


def energy(weights, gamma, cell, numbers, positions):
    nodes, edges = padded_graph(cell, positions.detach().numpy())
    owner = torch.tensor([atom for atom, _ in nodes])
    offset = torch.tensor(np.array([shift for _, shift in nodes]) @ cell)
    place = positions[owner] + offset
    target, source = torch.tensor(edges[:, 0]), torch.tensor(edges[:, 1])
    distance = (place[target] - place[source]).norm(dim=1)
    centre = torch.linspace(0.0, common.CUTOFF, common.NRADIAL, dtype=torch.float64)
    radial = torch.exp(-gamma * (distance[:, None] - centre) ** 2)

    def dense(path, x):
        return x @ weights[path + "/weight"] + weights[path + "/bias"]

    species = torch.tensor([common.SPECIES.index(z) for z in numbers])
    h = weights["embedding"][species[owner]]
    for layer in range(common.LAYERS):
        name = f"layer{layer}"
        kernel = ssp(dense(name + "/filter2", ssp(dense(name + "/filter1", radial))))
        message = dense(name + "/in", h)[source] * kernel
        total = torch.zeros_like(h).index_add(0, target, message)
        h = dense(name + "/project", ssp(dense(name + "/out", total)))
    out = dense("head/out", ssp(dense("head/hidden", h)))
    return out[: len(numbers)].sum()


def main():
    weights = common.random_weights(in_bias=True)
    tensors = {name: torch.from_numpy(value) for name, value in weights.items()}
    gamma = common.NRADIAL / common.CUTOFF
    results = {}
    for name, cell, numbers, positions in common.configurations():
        place = torch.tensor(positions, requires_grad=True)
        value = energy(tensors, gamma, cell, numbers, place)
        value.backward()
        results[name] = (value.item(), -place.grad.numpy())
    common.write_fixture("schnet_padded.h5", gamma, weights, results, "padded graph in PyTorch")


if __name__ == "__main__":
    main()
