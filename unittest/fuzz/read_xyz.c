/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ, compressed or not. */
#include "fuzz/dataset_promise.h"
#include "fuzz/fuzz.h"

#include <string.h>

int fuzz_read(const char *path)
{
  eipnn_dataset *dataset;
  FUZZ_PROMISE(eipnn_dataset_create(&dataset) == EIPNN_OK);
  const eipnn_status status = eipnn_dataset_read_xyz(dataset, path);
  fuzz_check_append(dataset, status);
  eipnn_dataset_free(&dataset);
  return status == EIPNN_OK;
}

/* "1\n\nSi 0 0 0\n", compressed by gzip. */
static const unsigned char compressed[] = {31, 139, 8,   0,  0,   0,  0,  0, 0,  3,
                                           51, 228, 226, 10, 206, 84, 48, 0, 65, 46,
                                           0,  243, 194, 92, 120, 12, 0,  0, 0};

static const char *const seeds[] = {
    "1\nLattice=\"5 0 0 0 5 0 0 0 5\" Properties=species:S:1:pos:R:3 energy=-4.5 pbc=\"T T T\"\n"
    "Si 0 0 0\n",
    "2\nLattice='5 0 0 0.5 5 0 0 0 6' Properties=species:S:1:pos:R:3:forces:R:3:magmom:R:1 "
    "energy=-9e0 virial=\"1 2 3 4 5 6 7 8 9\" config_type=amorphous note=\"a \\\"b\\\"\" pbc=\"T F "
    "1\"\nAg 0 0 0 .1 .2 .3 0\nAu 1.5 1.5 1.5 -.1 -.2 -.3 0\n",
    "1\nLattice={4 0 0 0 4 0 0 0 4} Properties=Z:I:1:pos:R:3:force:R:3 stress=\"1 2 3 4 5 6\" "
    "free_energy=nan flag pbc=[T,T,F]\n14 0 0 0 0 0 0\n\n1\n\nAl 1 2 3\n",
    "3\nProperties=pos:R:3:species:S:1 energy=-1 [1,[2,3]] 'quoted key'=7\n0 0 0 H\n1 0 0 H\n0 1 0 "
    "O\n",
};

void fuzz_seeds(fuzz_store store, void *context)
{
  for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++)
    store(context, seeds[k], strlen(seeds[k]));
  store(context, compressed, sizeof compressed);
}
