/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_MODELS_DEVICE_MEMORY_H
#define EIPNN_UNITTEST_MODELS_DEVICE_MEMORY_H

/* Memory of the default device of Kokkos for tests in C, and what Kokkos does behind their back. */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A copy of bytes of the host's memory (NULL: zeros) on the device. */
void *device_copy(const void *host, size_t bytes);
void device_write(void *device, const void *host, size_t bytes);
void device_read(void *host, const void *device, size_t bytes);
void device_free(void *device);

/* Since device_count_start: allocations of Kokkos and of the heap (operator new; not counted in CUDA
   builds), copies between memories. */
typedef struct device_counts {
  long allocations, news, copies;
} device_counts;
void device_count_start(void);
device_counts device_count_stop(void);

#ifdef __cplusplus
}
#endif
#endif
