/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_TIMED_BACKEND_H
#define BENCH_TIMED_BACKEND_H

/* Backend "cpu" with a clock around every kernel. The program that uses it is linked with
   --wrap=eipnn_backend_cpu, so that the library finds it in the place of its own: profiling
   costs the library nothing. */

/* Kinds of work of one step. */
typedef enum timed_kind {
  TIMED_DENSE_ATOMS,
  TIMED_DENSE_TABLE,
  TIMED_CONVOLUTION,        /* forward */
  TIMED_CONVOLUTION_ATOMS,  /* its derivative by the features of atoms */
  TIMED_CONVOLUTION_FILTER, /* its derivative by the filter */
  TIMED_UNARY,
  TIMED_ELEMENTWISE,
  TIMED_SUMS,
  TIMED_INDEX,
  TIMED_SPLINE,
  TIMED_OTHER,
  TIMED_KINDS
} timed_kind;

const char *timed_kind_name(timed_kind kind);

/* Clocks run (1) or not (0) from now on, for the calling thread, whose sums start at zero. */
void timed_backend_enable(int enable);
/* Thread CPU seconds of the calling thread by kind, [TIMED_KINDS], since it enabled the clocks. */
const double *timed_backend_seconds(void);

#endif
