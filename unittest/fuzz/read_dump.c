/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS text dumps. */
#include "fuzz/dataset_promise.h"
#include "fuzz/fuzz.h"

#include <string.h>

int fuzz_read(const char *path)
{
  static const char *const elements[] = {"Si", "Al"};
  eipnn_dataset *dataset;
  FUZZ_PROMISE(eipnn_dataset_create(&dataset) == EIPNN_OK);
  const eipnn_status status = eipnn_dataset_read_dump(dataset, path, 2, elements);
  fuzz_check_append(dataset, status);
  eipnn_dataset_free(&dataset);
  return status == EIPNN_OK;
}

static const char *const seeds[] = {
    "ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp ff\n0 5\n0 5\n0 5\n"
    "ITEM: ATOMS id type x y z fx fy fz\n2 1 0 0 0 .1 .2 .3\n1 2 1 1 1 0 0 0\n",
    "ITEM: UNITS\nmetal\nITEM: TIME\n0.5\nITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n1\n"
    "ITEM: BOX BOUNDS xy xz yz pp pp pp\n0 6 0.5\n0 6 0.25\n0 6 -0.5\n"
    "ITEM: ATOMS element xs ys zs\nSi 0.5 0.5 0.5\n"
    "ITEM: TIMESTEP\n20\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS\n-1 1e1\n0 6\n0 6\n"
    "ITEM: ATOMS type xsu ysu zsu\n1 1.5 -0.5 0.5\n",
};

void fuzz_seeds(fuzz_store store, void *context)
{
  for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++)
    store(context, seeds[k], strlen(seeds[k]));
}
