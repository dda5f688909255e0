/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SchNet (Schuett et al., NeurIPS 2017), with the interaction block of later
   SchNetPack versions: the filter is multiplied by a cutoff function.
     h_i = embedding(species_i)
     each layer: y_i = sum_j (h_j Win + b) o w(d_ij),
                 v   = ssp(y Wout + b) Wproject + b,
                 h   = h + v (residual) or v
     w(d) = [ssp(gaussians(d) W1 + b1) W2 + b2] fcut(d), with filter_ssp another
            ssp inside the brackets. */
#include "models/radial.h"

static eipnn_status declare(eipnn_parameter_list *list, const eipnn_network_options *options,
                            int nspecies)
{
  const int hidden = options->hidden;
  eipnn_parameter_rule normal = {EIPNN_INIT_NORMAL, 0};
  EIPNN_TRY(eipnn_parameter_declare(list, normal, nspecies, hidden, "embedding"));
  for (int l = 0; l < options->layers; l++) {
    EIPNN_TRY(eipnn_parameter_declare_linear(list, options->nradial, hidden, "layer%d/filter1", l));
    EIPNN_TRY(eipnn_parameter_declare_linear(list, hidden, hidden, "layer%d/filter2", l));
    EIPNN_TRY(eipnn_parameter_declare_linear(list, hidden, hidden, "layer%d/in", l));
    EIPNN_TRY(eipnn_parameter_declare_linear(list, hidden, hidden, "layer%d/out", l));
    EIPNN_TRY(eipnn_parameter_declare_linear(list, hidden, hidden, "layer%d/project", l));
  }
  return EIPNN_OK;
}

/* w(d) of one layer at the points, [rows][hidden]. basis: [rows][nradial];
   cutoff: [rows][1] or EIPNN_NO_TENSOR. */
static eipnn_tensor build_filter(const eipnn_network_graph *network, int layer, eipnn_tensor basis,
                                 eipnn_tensor cutoff)
{
  eipnn_graph *graph = network->graph;
  eipnn_tensor w =
      eipnn_network_activated(network, EIPNN_FUNCTION_SSP, basis, "layer%d/filter1", layer);
  w = eipnn_network_linear(network, w, "layer%d/filter2", layer);
  if (eipnn_model_options(network->model)->filter_ssp)
    w = eipnn_unary(graph, EIPNN_FUNCTION_SSP, w);
  return cutoff == EIPNN_NO_TENSOR ? w : eipnn_mul(graph, w, cutoff);
}

/* h Win + b for every atom. In the first layer h depends on the species alone:
   the product is taken once per species. */
static eipnn_tensor build_in(const eipnn_network_graph *network, int layer, eipnn_tensor h)
{
  if (layer > 0) return eipnn_network_linear(network, h, "layer%d/in", layer);
  eipnn_tensor embedding = eipnn_network_parameter(network, "embedding");
  eipnn_tensor x = eipnn_network_linear(network, embedding, "layer0/in");
  return eipnn_gather(network->graph, x, EIPNN_INDEX_ATOM_SPECIES);
}

static eipnn_tensor build(const eipnn_network_graph *network)
{
  eipnn_graph *graph = network->graph;
  const eipnn_network_options *options = eipnn_model_options(network->model);
  const double gamma =
      options->radial_gamma > 0.0 ? options->radial_gamma : options->nradial / options->cutoff;
  eipnn_radial_points points = eipnn_radial_points_make(network);
  eipnn_tensor basis =
      eipnn_radial_gaussians(graph, &points, options->cutoff, options->nradial, gamma);
  eipnn_tensor cutoff = EIPNN_NO_TENSOR;
  if (options->cutoff_function != EIPNN_CUTOFF_NONE)
    cutoff = eipnn_radial_cutoff(graph, &points, options->cutoff_function, options->cutoff);
  eipnn_tensor h =
      eipnn_gather(graph, eipnn_network_parameter(network, "embedding"), EIPNN_INDEX_ATOM_SPECIES);
  for (int l = 0; l < options->layers; l++) {
    eipnn_tensor x = eipnn_halo_exchange(graph, build_in(network, l, h));
    eipnn_tensor filter = build_filter(network, l, basis, cutoff);
    eipnn_tensor v = eipnn_radial_convolution(network, &points, filter, x);
    v = eipnn_network_activated(network, EIPNN_FUNCTION_SSP, v, "layer%d/out", l);
    h = options->residual ? eipnn_network_residual(network, h, v, "layer%d/project", l)
                          : eipnn_network_linear(network, v, "layer%d/project", l);
  }
  return h;
}

static int hops(const eipnn_network_options *options)
{
  return options->layers;
}

const eipnn_network eipnn_network_schnet = {"schnet", declare, build, hops};
