/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "eip/kim_silence.h"
#include "eip/provider.h"

#include <eipnn/neighbor.h>

#include <KIM_SemVer.h>
#include <KIM_SimulatorHeaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Portable models of the OpenKIM repository through the KIM API 2. Simulator
   models need a simulator and belong to the provider "lammps". */

#define MOST_NUMBER 118

typedef struct kim_state {
  KIM_Model *model;
  KIM_ComputeArguments *arguments;
  char id[256];
  double influence;          /* Angstrom: how far images matter */
  int nlist;                 /* neighbour lists the model asks for */
  const double *cutoff;      /* [nlist], of the model */
  const int *only_real;      /* [nlist], of the model: it never asks for neighbours of images */
  eipnn_ghost_list *list;    /* [nlist], or one for the images alone where nlist is 0 */
  int code[MOST_NUMBER + 1]; /* the model's code of an atomic number; asking KIM each time costs
                                more than evaluating a small configuration */
  int needs_forces;          /* the model refuses to run without a force array */
  int introducing;           /* atoms have no neighbours */
  int *species, *contributing;
  double (*forces)[3]; /* [ntotal] of real atoms and images */
  size_t species_capacity, contributing_capacity, forces_capacity;
} kim_state;

static int get_neighbors(void *const data, int const nlist, double const *const cutoffs,
                         int const which, int const particle, int *const count,
                         int const **const neighbors)
{
  const kim_state *state = data;
  *count = 0;
  if (state->introducing) return 0;
  if (nlist != state->nlist || which < 0 || which >= nlist || particle < 0 ||
      particle >= state->list[which].ntotal || cutoffs[which] > state->cutoff[which])
    return 1;
  const eipnn_ghost_list *list = &state->list[which];
  *count = list->first[particle + 1] - list->first[particle];
  *neighbors = list->neighbor + list->first[particle];
  return 0;
}

/* KIM_Model_Create only says that it failed. */
static eipnn_status check_installed(const char *id)
{
  KIM_Collections *collections;
  if (KIM_Collections_Create(&collections))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "the KIM API cannot read its model collections");
  KIM_CollectionItemType type;
  int missing = KIM_Collections_GetItemType(collections, id, &type);
  int portable =
      !missing && KIM_CollectionItemType_Equal(type, KIM_COLLECTION_ITEM_TYPE_portableModel);
  KIM_Collections_Destroy(&collections);
  if (missing)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "KIM model %s is not installed; install Debian's openkim-models, or run: "
                       "kim-api-collections-management install user %s",
                       id, id);
  if (!portable)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "%s is a simulator model or a driver of KIM, which cannot be evaluated "
                       "outside its simulator; take a portable model (id with MO_)",
                       id);
  return EIPNN_OK;
}

static eipnn_status create_model(kim_state *state)
{
  int accepted = 0;
  EIPNN_TRY(check_installed(state->id));
  if (KIM_Model_Create(KIM_NUMBERING_zeroBased, KIM_LENGTH_UNIT_A, KIM_ENERGY_UNIT_eV,
                       KIM_CHARGE_UNIT_e, KIM_TEMPERATURE_UNIT_K, KIM_TIME_UNIT_ps, state->id,
                       &accepted, &state->model)) {
    state->model = NULL;
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "KIM model %s is installed but could not be loaded; check it with: "
                       "kim-api-portable-model-info %s",
                       state->id, state->id);
  }
  if (!accepted)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s does not work in Angstrom and eV",
                       state->id);
  if (KIM_Model_ComputeArgumentsCreate(state->model, &state->arguments)) {
    state->arguments = NULL;
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s cannot prepare a computation",
                       state->id);
  }
  return EIPNN_OK;
}

static eipnn_status check_arguments(kim_state *state, int *has_forces)
{
  int count;
  KIM_COMPUTE_ARGUMENT_NAME_GetNumberOfComputeArgumentNames(&count);
  for (int i = 0; i < count; i++) {
    KIM_ComputeArgumentName name;
    KIM_SupportStatus support;
    if (KIM_COMPUTE_ARGUMENT_NAME_GetComputeArgumentName(i, &name) ||
        KIM_ComputeArguments_GetArgumentSupportStatus(state->arguments, name, &support))
      return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s does not say what it computes",
                         state->id);
    int supported = !KIM_SupportStatus_Equal(support, KIM_SUPPORT_STATUS_notSupported);
    int required = KIM_SupportStatus_Equal(support, KIM_SUPPORT_STATUS_required);
    if (KIM_ComputeArgumentName_Equal(name, KIM_COMPUTE_ARGUMENT_NAME_partialForces)) {
      *has_forces = supported;
      state->needs_forces = required;
    } else if (KIM_ComputeArgumentName_Equal(name, KIM_COMPUTE_ARGUMENT_NAME_partialEnergy)) {
      if (!supported)
        return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s computes no energy", state->id);
    } else if (required) {
      return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s insists on the quantity %s",
                         state->id, KIM_ComputeArgumentName_ToString(name));
    }
  }
  return EIPNN_OK;
}

static eipnn_status set_callbacks(kim_state *state)
{
  const KIM_ComputeCallbackName unused[] = {KIM_COMPUTE_CALLBACK_NAME_ProcessDEDrTerm,
                                            KIM_COMPUTE_CALLBACK_NAME_ProcessD2EDr2Term};
  for (size_t i = 0; i < sizeof unused / sizeof *unused; i++) {
    KIM_SupportStatus support;
    if (KIM_ComputeArguments_GetCallbackSupportStatus(state->arguments, unused[i], &support) ||
        KIM_SupportStatus_Equal(support, KIM_SUPPORT_STATUS_required))
      return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s insists on the callback %s",
                         state->id, KIM_ComputeCallbackName_ToString(unused[i]));
  }
  if (KIM_ComputeArguments_SetCallbackPointer(
          state->arguments, KIM_COMPUTE_CALLBACK_NAME_GetNeighborList, KIM_LANGUAGE_NAME_c,
          (KIM_Function *)get_neighbors, state))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "KIM model %s takes no neighbour list", state->id);
  return EIPNN_OK;
}

static eipnn_status look_up_species(kim_state *state, const eipnn_eip_entry *entry)
{
  for (int s = 0; s < entry->nspecies; s++) {
    int supported = 0, number = entry->species[s];
    const char *symbol = eipnn_element_symbol(number);
    if (!symbol) return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d is not an atomic number", number);
    if (KIM_Model_GetSpeciesSupportAndCode(state->model, KIM_SpeciesName_FromString(symbol),
                                           &supported, &state->code[number]) ||
        !supported)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "KIM model %s does not know the species %s; take it out of the list",
                         state->id, symbol);
  }
  return EIPNN_OK;
}

/* The arrays of one evaluation. forces NULL: none are asked for. */
typedef struct particles {
  int *count, *species, *contributing;
  double (*position)[3], *energy, (*forces)[3];
} particles;

static int set_pointers(kim_state *state, const particles *all)
{
  KIM_ComputeArguments *a = state->arguments;
  return KIM_ComputeArguments_SetArgumentPointerInteger(
             a, KIM_COMPUTE_ARGUMENT_NAME_numberOfParticles, all->count) ||
         KIM_ComputeArguments_SetArgumentPointerInteger(
             a, KIM_COMPUTE_ARGUMENT_NAME_particleSpeciesCodes, all->species) ||
         KIM_ComputeArguments_SetArgumentPointerInteger(
             a, KIM_COMPUTE_ARGUMENT_NAME_particleContributing, all->contributing) ||
         KIM_ComputeArguments_SetArgumentPointerDouble(a, KIM_COMPUTE_ARGUMENT_NAME_coordinates,
                                                       all->position[0]) ||
         KIM_ComputeArguments_SetArgumentPointerDouble(a, KIM_COMPUTE_ARGUMENT_NAME_partialEnergy,
                                                       all->energy) ||
         (all->forces && KIM_ComputeArguments_SetArgumentPointerDouble(
                             a, KIM_COMPUTE_ARGUMENT_NAME_partialForces, all->forces[0]));
}

/* One free atom of each species, evaluated once. Drivers of ASAP (EMT) keep the elements of the
   first configuration they see, and would take later ones of other elements for those. What comes
   of it, even a failure, does not matter: no atom has a neighbour. */
static void introduce_species(kim_state *state, const eipnn_eip_entry *entry)
{
  enum { MOST = sizeof entry->species / sizeof *entry->species };
  int species[MOST], contributing[MOST], count = entry->nspecies;
  double position[MOST][3] = {{0}}, forces[MOST][3], energy;
  for (int s = 0; s < count; s++) {
    species[s] = state->code[entry->species[s]];
    contributing[s] = 1;
    position[s][0] = 100.0 * s;
  }
  state->introducing = 1;
  const particles all = {&count,   species, contributing,
                         position, &energy, state->needs_forces ? forces : NULL};
  if (!set_pointers(state, &all)) (void)KIM_Model_Compute(state->model, state->arguments);
  state->introducing = 0;
}

static eipnn_status set_up(kim_state *state, const eipnn_eip_entry *entry, int *has_forces)
{
  EIPNN_TRY(check_arguments(state, has_forces));
  EIPNN_TRY(set_callbacks(state));
  EIPNN_TRY(look_up_species(state, entry));
  KIM_Model_GetInfluenceDistance(state->model, &state->influence);
  KIM_Model_GetNeighborListPointers(state->model, &state->nlist, &state->cutoff, &state->only_real);
  state->list = eipnn_calloc(state->nlist > 0 ? (size_t)state->nlist : 1, sizeof *state->list);
  if (!state->list)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %d neighbour lists", state->nlist);
  if (entry->nspecies > 1) introduce_species(state, entry);
  return EIPNN_OK;
}

static void kim_close(void *pointer)
{
  kim_state *state = pointer;
  if (state->arguments) KIM_Model_ComputeArgumentsDestroy(state->model, &state->arguments);
  if (state->model) KIM_Model_Destroy(&state->model);
  int lists = state->nlist > 0 ? state->nlist : 1;
  for (int l = 0; state->list && l < lists; l++) eipnn_ghost_list_free(&state->list[l]);
  free(state->list);
  free(state->species);
  free(state->contributing);
  free(state->forces);
  free(state);
}

static eipnn_status kim_open(const eipnn_eip_entry *entry, void **result, int *has_forces,
                             char *version)
{
  *result = NULL;
  kim_state *state = eipnn_calloc(1, sizeof *state);
  if (!state) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for KIM model %s", entry->model);
  snprintf(state->id, sizeof state->id, "%s", entry->model);
  eipnn_kim_begin_silence();
  eipnn_status status = create_model(state);
  if (status == EIPNN_OK) status = set_up(state, entry, has_forces);
  if (status != EIPNN_OK) kim_close(state);
  eipnn_kim_end_silence();
  if (status != EIPNN_OK) return status;
  snprintf(version, 64, "KIM API %s", KIM_SEM_VER_GetSemVer());
  *result = state;
  return EIPNN_OK;
}

/* Images and neighbour lists. A geometry no list can be made for is a
   configuration the EIP cannot evaluate. */
static eipnn_status build_lists(kim_state *state, const eipnn_configuration *configuration)
{
  int lists = state->nlist > 0 ? state->nlist : 1;
  for (int l = 0; l < lists; l++) {
    double cutoff = state->nlist > 0 ? state->cutoff[l] : state->influence;
    int images_too = state->nlist > 0 && !state->only_real[l];
    eipnn_status status = eipnn_ghost_list_build(&state->list[l], configuration, state->influence,
                                                 cutoff, images_too);
    if (status == EIPNN_ERROR_MEMORY) return status;
    if (status != EIPNN_OK) return eipnn_error(EIPNN_ERROR_NUMERIC, "%s", eipnn_last_error());
  }
  return EIPNN_OK;
}

static eipnn_status fill_particles(kim_state *state, const int *number)
{
  const eipnn_ghost_list *list = &state->list[0];
  size_t total = (size_t)list->ntotal;
  EIPNN_TRY(eipnn_grow((void **)&state->species, &state->species_capacity, total, sizeof(int)));
  EIPNN_TRY(
      eipnn_grow((void **)&state->contributing, &state->contributing_capacity, total, sizeof(int)));
  EIPNN_TRY(
      eipnn_grow((void **)&state->forces, &state->forces_capacity, total, sizeof *state->forces));
  for (int i = 0; i < list->ntotal; i++) {
    state->species[i] = state->code[number[list->owner[i]]];
    state->contributing[i] = i < list->natoms;
  }
  return EIPNN_OK;
}

/* An image's force acts on its owner; with the image's own position it enters
   the virial, which therefore needs no pair forces. */
static void collect_forces(const kim_state *state, double (*forces)[3], double *virial)
{
  const eipnn_ghost_list *list = &state->list[0];
  double w[6] = {0};
  if (forces) memset(forces, 0, (size_t)list->natoms * sizeof *forces);
  for (int i = 0; i < list->ntotal; i++) {
    const double *r = list->position[i], *f = state->forces[i];
    if (forces)
      for (int k = 0; k < 3; k++) forces[list->owner[i]][k] += f[k];
    for (int k = 0; k < 3; k++) w[k] += r[k] * f[k];
    w[3] += r[0] * f[1];
    w[4] += r[0] * f[2];
    w[5] += r[1] * f[2];
  }
  if (virial) memcpy(virial, w, sizeof w);
}

static eipnn_status kim_compute(void *pointer, const eipnn_configuration *configuration,
                                double *energy, double (*forces)[3], double *virial)
{
  kim_state *state = pointer;
  EIPNN_TRY(build_lists(state, configuration));
  EIPNN_TRY(fill_particles(state, configuration->number));
  int wanted = forces || virial;
  int with_forces = wanted || state->needs_forces;
  eipnn_ghost_list *list = &state->list[0];
  const particles all = {&list->ntotal,  state->species, state->contributing,
                         list->position, energy,         with_forces ? state->forces : NULL};
  int failed = set_pointers(state, &all) || KIM_Model_Compute(state->model, state->arguments);
  /* forget the force array: the next configuration may not ask for forces */
  if (with_forces)
    failed = KIM_ComputeArguments_SetArgumentPointerDouble(
                 state->arguments, KIM_COMPUTE_ARGUMENT_NAME_partialForces, NULL) ||
             failed;
  if (failed)
    return eipnn_error(EIPNN_ERROR_NUMERIC,
                       "KIM model %s cannot evaluate this configuration of %d atoms", state->id,
                       configuration->natoms);
  if (wanted) collect_forces(state, forces, virial);
  return EIPNN_OK;
}

const eipnn_eip_provider eipnn_eip_kim = {"kim", kim_open, kim_close, kim_compute,
                                          eipnn_kim_installed};
