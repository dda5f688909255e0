/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_PRECISION_H
#define EIPNN_PRECISION_H

#include <eipnn/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the numbers a network computes with. Positions, vectors between atoms until they enter the
   network, and the energies, forces and virials summed from what comes out of it are double in all
   three. Errors as measured: doc/howto/accelerators.rst. */
typedef enum eipnn_precision {
  EIPNN_PRECISION_SINGLE, /* float; a backend may add up in float where MIXED may not (none of today
                             does: all give the results of MIXED) */
  EIPNN_PRECISION_MIXED,  /* float, also in products of matrices and in sums over the neighbours of
                             an atom within the network; what leaves it adds up in double */
  EIPNN_PRECISION_DOUBLE
} eipnn_precision;

/* "single", "mixed", "double"; "unknown" for anything else. Static storage. */
const char *eipnn_precision_name(eipnn_precision precision);
/* EIPNN_ERROR_ARGUMENT, naming the known ones, for another name. */
eipnn_status eipnn_precision_from_name(const char *name, eipnn_precision *precision);

#ifdef __cplusplus
}
#endif
#endif
