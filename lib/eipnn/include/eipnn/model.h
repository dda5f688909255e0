/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODEL_H
#define EIPNN_MODEL_H

#include <eipnn/precision.h>
#include <eipnn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum eipnn_cutoff_function {
  EIPNN_CUTOFF_NONE,      /* the paper's: energy jumps at the cutoff */
  EIPNN_CUTOFF_COSINE,    /* (1 + cos(pi d/rc))/2 */
  EIPNN_CUTOFF_POLYNOMIAL /* 1 - 21 s^5 + 35 s^6 - 15 s^7, s = d/rc (GemNet's envelope, p = 5) */
} eipnn_cutoff_function;
const char *eipnn_cutoff_function_name(eipnn_cutoff_function function); /* static storage */

/* Everything that defines a network but its weights. Start from
   eipnn_network_options_default. */
typedef struct eipnn_network_options {
  char network[16];       /* "schnet" */
  double cutoff;          /* Angstrom */
  int hidden;             /* features per atom and filter */
  int layers;             /* interactions */
  int nradial;            /* radial basis functions */
  double radial_gamma;    /* exponent of the Gaussians, 1/A^2; 0: nradial/cutoff, the paper's */
  eipnn_cutoff_function cutoff_function;
  int residual;           /* 1: h <- h + v; 0: h <- v, the released code of the paper */
  int filter_ssp;         /* 1: shifted softplus after the filter's second layer too, as the paper's */
  int padded;             /* 1: the paper's padded graph (training only) */
} eipnn_network_options;
void eipnn_network_options_default(eipnn_network_options *options);

/* Smallest and largest accepted value of the numbers above, in that order. */
#define EIPNN_RANGE_CUTOFF 0.01, 100.0
#define EIPNN_RANGE_HIDDEN 1, 8192
#define EIPNN_RANGE_LAYERS 1, 100
#define EIPNN_RANGE_NRADIAL 2, 8192
#define EIPNN_RANGE_RADIAL_GAMMA 0.0, 1e9

/* A network with weights: one or more heads, each with its own energy zero.
   E_k = sum_i [ scale_k * out_ik + shift_k(species_i) ]. */
typedef struct eipnn_model eipnn_model;

/* species: [nspecies] atomic numbers, ascending; heads: [nheads] names ("dft",
   or EIP names). Weights uniform +-1/sqrt(fan_in), embedding normal(0,1), from
   seed; scale 1 and shift 0. */
eipnn_status eipnn_model_create(const eipnn_network_options *options, int nspecies,
                                const int *species, int nheads, const char *const *heads,
                                uint64_t seed, eipnn_model **model);
void eipnn_model_free(eipnn_model **model);
eipnn_status eipnn_model_copy(const eipnn_model *source, eipnn_model **copy);

/* HDF5, format "eipnn-model", version 1. Reading checks that every weight is
   there, of the right shape and finite. Writing is atomic. */
eipnn_status eipnn_model_read(const char *path, eipnn_model **model);
eipnn_status eipnn_model_write(const eipnn_model *model, const char *path);

const eipnn_network_options *eipnn_model_options(const eipnn_model *model);
/* How far an atom's energy reaches: to atoms so many steps from neighbour to neighbour away, each
   step shorter than the cutoff. */
int eipnn_model_hops(const eipnn_model *model);
int eipnn_model_species_count(const eipnn_model *model);
const int *eipnn_model_species(const eipnn_model *model);          /* [nspecies] atomic numbers */
int eipnn_model_species_index(const eipnn_model *model, int number); /* -1 if unknown */
int eipnn_model_head_count(const eipnn_model *model);
const char *eipnn_model_head_name(const eipnn_model *model, int head);

double eipnn_model_scale(const eipnn_model *model, int head);
const double *eipnn_model_shift(const eipnn_model *model, int head); /* [nspecies] eV */
eipnn_status eipnn_model_set_output(eipnn_model *model, int head, double scale, const double *shift);

/* All weights, [*count] in the order of eipnn_model_parameter; owned by the model,
   writable. count may be NULL. */
double *eipnn_model_weights(const eipnn_model *model, size_t *count);
typedef struct eipnn_parameter_info {
  const char *path; /* e.g. "layer0/filter1/weight"; owned by the model */
  int rows, cols;
  size_t offset;    /* into the flat array, row major */
} eipnn_parameter_info;
int eipnn_model_parameter_count(const eipnn_model *model);
const eipnn_parameter_info *eipnn_model_parameter(const eipnn_model *model, int index);

/* The first thing in which the representations (everything but heads) of two models
   differ: an option's name or "species"; NULL: nothing. Static storage. */
const char *eipnn_model_difference(const eipnn_model *a, const eipnn_model *b);

/* Copies the representation (everything but heads) from source; an error where
   network, sizes or species differ. The heads of model stay as they are. */
eipnn_status eipnn_model_copy_representation(eipnn_model *model, const eipnn_model *source);

/* Delta learning: E = E of the network + sum_k coefficient_k E_k over EIPs that run beside it. name: label
   sets "eip/<name>". Part of the file; count 0 for other models. Calculators compute the network's
   part only. */
int eipnn_model_baseline_count(const eipnn_model *model);
const char *eipnn_model_baseline_name(const eipnn_model *model, int index);
double eipnn_model_baseline_coefficient(const eipnn_model *model, int index);
eipnn_status eipnn_model_set_baseline(eipnn_model *model, int count, const char *const *name,
                                      const double *coefficient);
/* What computes an EIP of the baseline: "kim MODEL" or "lammps COMMAND; COMMAND ...", at most 279
   characters; "" where nobody said. */
eipnn_status eipnn_model_set_baseline_source(eipnn_model *model, int index, const char *source);
const char *eipnn_model_baseline_source(const eipnn_model *model, int index);

/* History: key-value text written into the file (method, dataset hash, seed,
   final metrics, precision). */
eipnn_status eipnn_model_set_history(eipnn_model *model, const char *key, const char *value);
const char *eipnn_model_history(const eipnn_model *model, const char *key); /* NULL if absent */
size_t eipnn_model_history_count(const eipnn_model *model);
const char *eipnn_model_history_key(const eipnn_model *model, size_t index);

#ifdef __cplusplus
}
#endif
#endif
