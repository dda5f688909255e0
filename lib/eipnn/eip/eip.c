/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "eip/provider.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef EIPNN_HAVE_KIM
#define KIM_PROVIDER &eipnn_eip_kim
#else
#define KIM_PROVIDER NULL
#endif

/* Every provider an EIP list may name; implementation NULL: not in this build,
   and `absent` says what to do. */
static const struct provider_row {
  const char *name;
  const eipnn_eip_provider *implementation;
  const char *absent;
} providers[] = {
    {"kim", KIM_PROVIDER,
     "this eipnn was built without the KIM API; install libkim-api-dev and openkim-models (so "
     "Debian calls them) and build eipnn again with EIPNN_KIM=ON"},
    {"lammps", &eipnn_eip_lammps, ""},
};

struct eipnn_eip {
  const eipnn_eip_provider *provider;
  void *state;
  eipnn_eip_entry entry; /* a copy, without commands */
  int has_forces;
  char version[64];
  double (*forces)[3]; /* results wait here until they are known to be finite */
  size_t capacity;
};

static const struct provider_row *find_provider(const char *name)
{
  for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
    if (!strcmp(providers[i].name, name)) return &providers[i];
  return NULL;
}

int eipnn_eip_provider_available(const char *provider)
{
  const struct provider_row *row = find_provider(provider);
  return row && row->implementation;
}

static eipnn_status check_species(int nspecies, const int *species)
{
  const eipnn_eip_entry *entry = NULL;
  const int most = (int)(sizeof entry->species / sizeof *entry->species);
  if (nspecies < 1 || nspecies > most)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d species are asked for; 1 to %d are possible",
                       nspecies, most);
  for (int s = 0; s < nspecies; s++)
    if (!eipnn_element_symbol(species[s]))
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d is not an atomic number", species[s]);
  return EIPNN_OK;
}

eipnn_status eipnn_eip_list_installed(const char *provider, int nspecies, const int *species,
                                      eipnn_eip_list **list)
{
  *list = NULL;
  const struct provider_row *row = find_provider(provider);
  if (row && !row->implementation)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "provider %s: %s", row->name, row->absent);
  if (!row || !row->implementation->installed)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "provider %s has no collection of EIPs; take kim",
                       provider);
  EIPNN_TRY(check_species(nspecies, species));
  eipnn_eip_list *found = eipnn_calloc(1, sizeof *found);
  if (!found) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for an EIP list");
  eipnn_status status = row->implementation->installed(nspecies, species, found);
  if (status != EIPNN_OK)
    eipnn_eip_list_free(&found);
  else
    *list = found;
  return status;
}

eipnn_status eipnn_eip_open(const eipnn_eip_entry *entry, eipnn_eip **eip)
{
  *eip = NULL;
  const struct provider_row *row = find_provider(entry->provider);
  if (!row)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "EIP %s: unknown provider \"%s\"; known: kim, lammps",
                       entry->name, entry->provider);
  if (!row->implementation)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "EIP %s, provider %s: %s", entry->name, row->name,
                       row->absent);
  eipnn_eip *opened = eipnn_calloc(1, sizeof *opened);
  if (!opened) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for EIP %s", entry->name);
  opened->provider = row->implementation;
  opened->entry = *entry;
  if (entry->ncommands > 0) /* what messages call it */
    snprintf(opened->entry.model, sizeof opened->entry.model, "%s", entry->commands[0]);
  opened->entry.ncommands = 0;
  opened->entry.commands = NULL;
  eipnn_status status =
      opened->provider->open(entry, &opened->state, &opened->has_forces, opened->version);
  if (status != EIPNN_OK) {
    eipnn_eip_close(&opened);
    return eipnn_error(status, "EIP %s: %s", entry->name, eipnn_last_error());
  }
  *eip = opened;
  return EIPNN_OK;
}

void eipnn_eip_close(eipnn_eip **eip)
{
  if (!eip || !*eip) return;
  if ((*eip)->state) (*eip)->provider->close((*eip)->state);
  free((*eip)->forces);
  free(*eip);
  *eip = NULL;
}

int eipnn_eip_covers(const eipnn_eip *eip, int number)
{
  for (int s = 0; s < eip->entry.nspecies; s++)
    if (eip->entry.species[s] == number) return 1;
  return 0;
}

int eipnn_eip_has_forces(const eipnn_eip *eip)
{
  return eip->has_forces;
}

const char *eipnn_eip_version(const eipnn_eip *eip)
{
  return eip->version;
}

static eipnn_status check_request(const eipnn_eip *eip, const eipnn_configuration *configuration,
                                  int forces)
{
  if (configuration->natoms < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "EIP %s: the configuration has no atom",
                       eip->entry.name);
  for (int i = 0; i < configuration->natoms; i++) {
    int number = configuration->number[i];
    if (eipnn_eip_covers(eip, number)) continue;
    const char *symbol = eipnn_element_symbol(number);
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "EIP %s (%s) is not made for species %s (atomic number %d, atom %d)",
                       eip->entry.name, eip->entry.model, symbol ? symbol : "?", number, i + 1);
  }
  if (forces && !eip->has_forces)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "EIP %s (%s) computes no forces or virial; ask for its energy only",
                       eip->entry.name, eip->entry.model);
  return EIPNN_OK;
}

static int all_finite(const double *values, size_t count)
{
  for (size_t i = 0; i < count; i++)
    if (!isfinite(values[i])) return 0;
  return 1;
}

eipnn_status eipnn_eip_compute(eipnn_eip *eip, const eipnn_configuration *configuration,
                               double *energy, double (*forces)[3], double *virial)
{
  EIPNN_TRY(check_request(eip, configuration, forces || virial));
  size_t natoms = (size_t)configuration->natoms;
  double total = NAN, stress[6] = {0};
  if (forces)
    EIPNN_TRY(eipnn_grow((void **)&eip->forces, &eip->capacity, natoms, sizeof *eip->forces));
  eipnn_status status = eip->provider->compute(eip->state, configuration, &total,
                                               forces ? eip->forces : NULL, virial ? stress : NULL);
  if (status != EIPNN_OK)
    return eipnn_error(status, "EIP %s: %s", eip->entry.name, eipnn_last_error());
  if (!isfinite(total) || (forces && !all_finite(&eip->forces[0][0], 3 * natoms)) ||
      (virial && !all_finite(stress, 6)))
    return eipnn_error(EIPNN_ERROR_NUMERIC,
                       "EIP %s (%s): the result for a configuration of %zu atoms is not finite",
                       eip->entry.name, eip->entry.model, natoms);
  *energy = total;
  if (forces) memcpy(forces, eip->forces, natoms * sizeof *forces);
  if (virial) memcpy(virial, stress, sizeof stress);
  return EIPNN_OK;
}
