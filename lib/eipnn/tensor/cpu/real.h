/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_REAL_H
#define EIPNN_TENSOR_CPU_REAL_H

/* The kernels are compiled twice, with elements of type float and double
   (EIPNN_CPU_SINGLE or EIPNN_CPU_DOUBLE). EIPNN_CPU(name) is a symbol of one of
   the two sets. */

#include <stddef.h>
#include <stdint.h>

#ifdef EIPNN_CPU_SINGLE
typedef float real;
typedef uint32_t real_ubits;
#define EIPNN_CPU(name) eipnn_cpu_single_##name
#else
typedef double real;
typedef uint64_t real_ubits;
#define EIPNN_CPU(name) eipnn_cpu_double_##name
#endif

#endif
