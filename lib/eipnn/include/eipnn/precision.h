/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_PRECISION_H
#define EIPNN_PRECISION_H

#include <eipnn/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the numbers a network computes with. Positions, and the energies, forces and
   virials summed from the network's outputs, are double in all three. */
typedef enum eipnn_precision {
  EIPNN_PRECISION_SINGLE, /* float; a backend may also add up in float (backend "cpu" does not: it
                             gives the results of MIXED) */
  EIPNN_PRECISION_MIXED,  /* float; sums over atoms, pairs and configurations add up in double */
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
