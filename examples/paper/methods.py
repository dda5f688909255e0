# SPDX-License-Identifier: GPL-2.0-or-later
"""The methods that are compared: rows of the tables, each a set of options of `eipnn train`."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Method:
    name: str
    word: str  # of --method
    title: str = ""
    pretraining: str = ""  # "": none; "all", "forces", "collection" or a subset of the EIPs
    eips: str = "all"  # list that label augmentation chooses from
    classifier: str = ""  # method whose classifier is used; "" or its own name: trains one
    options: dict = dataclasses.field(default_factory=dict, hash=False)


_CALIBRATED = {"calibrate": "affine"}

_ALL = [
    Method("none", "none", "DFT only"),
    Method("la", "la", "LA"),
    Method("mp", "mp", "MP", "all"),
    Method("mp-la", "mp+la", "MP+LA", "all", classifier="la"),
    Method("la-calibrated", "la", "LA, calibrated EIPs", options=_CALIBRATED),
    Method("mp-la-calibrated", "mp+la", "MP+LA, calibrated EIPs", "all",
           classifier="la-calibrated", options=_CALIBRATED),
    # Table 4
    Method("la-squared", "la", "LA, squared loss", classifier="la",
           options={"augmentation-loss": "squared"}),
    # Table 7
    Method("la-best", "la", "LA, best EIP (1)", eips="best"),
    Method("la-worst", "la", "LA, worst EIP (1)", eips="worst"),
    Method("la-mix", "la", "LA, mix (2)", eips="mix"),
    Method("mp-best", "mp", "MP, best EIP (1)", "best"),
    Method("mp-worst", "mp", "MP, worst EIP (1)", "worst"),
    Method("mp-mix", "mp", "MP, mix (2)", "mix"),
    # Released code
    Method("la-released", "la", "LA, as the released code", classifier="la",
           options={"augmentation-loss": "tukey-scaled", "augmentation-batches": "mixed",
                    "alpha-scaling": "count"}),
    # Beyond the paper
    Method("mp-forces", "mp", "MP on energies and forces of the EIPs", "forces"),
    Method("mp-collection", "mp", "MP on every KIM model for the elements", "collection"),
    Method("mp-la-forces", "mp+la", "the same and MP+LA, calibrated EIPs", "forces",
           classifier="la-calibrated", options=_CALIBRATED),
    Method("mp-la-mean", "mp+la", "MP+LA calibrated, mean pooling in the classifier", "all",
           options={"pooling": "mean", **_CALIBRATED}),
    Method("mp-la-expected", "mp+la", "MP+LA calibrated, expected label", "all",
           classifier="la-calibrated", options={"label": "expected", **_CALIBRATED}),
    Method("mp-la-weights", "mp+la", "MP+LA calibrated, confidence-weighted labels", "all",
           classifier="la-calibrated", options={"confidence-weights": "yes", **_CALIBRATED}),
    Method("mp-la-auto", "mp+la", "MP+LA calibrated, alpha chosen on validation", "all",
           classifier="la-calibrated", options={"alpha": "auto", **_CALIBRATED}),
    Method("delta", "none", "delta learning on the regression", options={"delta": "ridge"}),
    Method("mp-delta", "mp", "MP, delta learning on the regression", "all",
           options={"delta": "ridge"}),
]

METHODS = {method.name: method for method in _ALL}
