/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_EIP_PROVIDER_H
#define EIPNN_EIP_PROVIDER_H

#include <eipnn/eip.h>

/* What runs EIPs: one row of the table in eip.c and one file each. A model's
   state belongs to one thread at a time; different states are independent. */
typedef struct eipnn_eip_provider {
  const char *name;
  /* Loads the entry's model and checks that it knows the entry's species. On
     failure *state is NULL. version: [64]. */
  eipnn_status (*open)(const eipnn_eip_entry *entry, void **state, int *has_forces, char *version);
  void (*close)(void *state);
  /* Only called with species of the entry. forces and virial may be NULL, and
     are when the model has no forces. EIPNN_ERROR_NUMERIC: the model cannot
     evaluate this configuration; results need not be finite. */
  eipnn_status (*compute)(void *state, const eipnn_configuration *configuration, double *energy,
                          double (*forces)[3], double *virial);
  /* Fills the zeroed list with every model that is installed, whether or not it covers the
     species; names are unique. NULL: the provider has no collection. */
  eipnn_status (*installed)(int nspecies, const int *species, eipnn_eip_list *list);
} eipnn_eip_provider;

extern const eipnn_eip_provider eipnn_eip_kim; /* kim.c, built where the KIM API is installed */
extern const eipnn_eip_provider eipnn_eip_lammps;

/* kim_collection.c */
eipnn_status eipnn_kim_installed(int nspecies, const int *species, eipnn_eip_list *list);

#endif
