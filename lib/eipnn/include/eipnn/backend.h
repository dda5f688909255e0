/* eipnn: neural-network potentials taught by empirical interatomic potentials.
   SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BACKEND_H
#define EIPNN_BACKEND_H

/* Where networks are evaluated: the backends that options name. "cpu": one core of the host. "ref":
   plain loops in double, for checks. In builds with Kokkos also "kokkos": the device that Kokkos
   was built for, a GPU or the cores; "kokkos-host": always the cores. */

#include <eipnn/status.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Starts a backend, which using it does too; again is harmless. EIPNN_ERROR_ARGUMENT: the name is
   unknown. EIPNN_ERROR_UNSUPPORTED: this build lacks it, or its device is not there. */
eipnn_status eipnn_backend_start(const char *name);

/* The device of a backend, which is started: "CUDA, NVIDIA H200", "OpenMP, 8 threads", "Serial,
   1 thread", "1 core". text: room for size bytes, cut where it does not fit. Errors as above. */
eipnn_status eipnn_backend_device(const char *name, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
