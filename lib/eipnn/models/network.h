/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_NETWORK_H
#define EIPNN_MODELS_NETWORK_H

/* The table of networks. A network is one file that declares its parameters and
   builds its representation (features per atom) in the tensor graph; everything
   else (heads, energies, gradients, files, MD) is shared. To add a network:
   write its file and add its row to the table in network.c. */

#include "models/parameters.h"
#include "models/potential.h"

/* What a network builds from and into. */
typedef struct eipnn_network_graph {
  eipnn_graph *graph;
  const eipnn_model *model;
  const eipnn_potential_options *options;
  const eipnn_tensor *parameter; /* leaves, in the order of eipnn_model_parameter */
  eipnn_tensor vec;              /* [pair][3] r_j - r_i */
  eipnn_tensor distance;         /* [pair][1] */
} eipnn_network_graph;

typedef struct eipnn_network {
  const char *name;
  /* Declares the parameters of the representation. */
  eipnn_status (*declare)(eipnn_parameter_list *list, const eipnn_network_options *options,
                          int nspecies);
  /* Returns the features, [atom][hidden]; a failure is the graph's sticky error. */
  eipnn_tensor (*build)(const eipnn_network_graph *network);
  int (*hops)(const eipnn_network_options *options); /* see eipnn_model_hops */
} eipnn_network;

extern const eipnn_network eipnn_network_schnet;

/* An unknown name is an error that lists the known ones. */
eipnn_status eipnn_network_find(const char *name, const eipnn_network **network);

/* Sizes, ranges and names of options; *network is the network they name. */
eipnn_status eipnn_network_options_check(const eipnn_network_options *options,
                                         const eipnn_network **network);

/* The leaf of the parameter whose path is the printf-style text;
   EIPNN_NO_TENSOR, and so an error of the graph, where it was not declared. */
eipnn_tensor eipnn_network_parameter(const eipnn_network_graph *network, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* a W + b with W = "<path>/weight", b = "<path>/bias". */
eipnn_tensor eipnn_network_linear(const eipnn_network_graph *network, eipnn_tensor a,
                                  const char *format, ...) __attribute__((format(printf, 3, 4)));
/* f(a W + b) */
eipnn_tensor eipnn_network_activated(const eipnn_network_graph *network, eipnn_function function,
                                     eipnn_tensor a, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* h + a W + b */
eipnn_tensor eipnn_network_residual(const eipnn_network_graph *network, eipnn_tensor h,
                                    eipnn_tensor a, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
