/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_PARALLEL_H
#define EIPNN_PARALLEL_H

#include <eipnn/status.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The host's communicator, as the library sees it. The library links no MPI:
   the host fills this table on whatever communicator it runs on. Every
   function is collective and returns 0 on success. A NULL table, or size 1,
   means serial; the functions are then never called. */
typedef struct eipnn_parallel {
  int rank;
  int size;
  void *context;                                                   /* passed back to every function */
  int (*sum)(void *context, double *values, size_t count);         /* element sums, in place, to all ranks */
  int (*maximum)(void *context, double *values, size_t count);     /* element maxima, in place, to all ranks */
  int (*broadcast)(void *context, void *bytes, size_t count, int root);
  int (*barrier)(void *context);
} eipnn_parallel;

#ifdef __cplusplus
}
#endif
#endif
