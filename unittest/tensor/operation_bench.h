/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_OPERATION_BENCH_H
#define EIPNN_UNITTEST_OPERATION_BENCH_H

#include "operation_problem.h"

/* Prints, for every case whose name contains text, backend and precision, the time
   of the operation and of its gradient in a layer of 1,000 atoms, 14,000
   pairs and 128 features. */
void operation_bench(const operation_case *list, size_t count, const char *text);

#endif
