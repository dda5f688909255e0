/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_eipnn.h"

#include "eipnn_atomic_mass.h"
#include "eipnn_delta.h"
#include "eipnn_lammps_compat.h"

#include "atom.h"
#include "error.h"
#include "force.h"
#include "memory.h"
#include "neigh_list.h"
#include "update.h"
#include "utils.h"

#include <eipnn/backend.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

using namespace LAMMPS_NS;

PairEIPNN::PairEIPNN(LAMMPS *lmp)
    : Pair(lmp), style("eipnn"), halo{this, halo_forward, halo_reverse, 0}, energy_unit(1.0),
      chunksize(0), foreign_anywhere(false), exchange(), delta(0), masses_checked(false),
      last_build(-1)
{
  single_enable = 0;
  restartinfo = 0;
  one_coeff = 1;
  manybody_flag = 1;
  no_virial_fdotr_compute = 1;
  centroidstressflag = CENTROID_AVAIL;
  eipnn_calculator_options_default(&options);
  options.backend = "cpu";
}

PairEIPNN::~PairEIPNN()
{
  if (copymode || !allocated) return;
  memory->destroy(setflag);
  memory->destroy(cutsq);
}

void PairEIPNN::allocate()
{
  allocated = 1;
  const int n = atom->ntypes + 1;
  memory->create(setflag, n, n, "pair:setflag");
  memory->create(cutsq, n, n, "pair:cutsq");
}

/* Every rank knows of the failure before anyone stops: error->all with the message of the first
   rank that failed. */
void PairEIPNN::all_or_error(bool good, const std::string &text)
{
  int mine = good ? comm->nprocs : comm->me;
  int first;
  MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, world);
  if (first == comm->nprocs) return;
  char message[1024] = "";
  if (comm->me == first) snprintf(message, sizeof message, "%s", text.c_str());
  MPI_Bcast(message, sizeof message, MPI_CHAR, first, world);
  error->all(FLERR, message);
}

void PairEIPNN::all_or_error(eipnn_status status, const std::string &what)
{
  all_or_error(status == EIPNN_OK, what + ": " + eipnn_last_error());
}

/* Only this rank may know of the failure, and the others may wait in an exchange: they are stopped
   by force, and with them what LAMMPS has not yet written. */
void PairEIPNN::check_step(bool good, const std::string &message)
{
  if (good) return;
  if (comm->nprocs > 1)
    error->one(FLERR, "Pair style " + style + ": " + message);
  else
    error->all(FLERR, "Pair style " + style + ": " + message);
}

static int on_or_off(const char *text)
{
  if (strcmp(text, "on") == 0 || strcmp(text, "yes") == 0) return 1;
  if (strcmp(text, "off") == 0 || strcmp(text, "no") == 0) return 0;
  return -1;
}

void PairEIPNN::set_units()
{
  if (strcmp(update->unit_style, "metal") == 0)
    energy_unit = 1.0;
  else if (strcmp(update->unit_style, "real") == 0)
    energy_unit = utils::get_conversion_factor(utils::ENERGY, utils::METAL2REAL);
  else
    error->all(FLERR,
               std::string("Pair style eipnn works with units metal or real, not with units ") +
                   update->unit_style);
}

/* pair_style eipnn [precision single|mixed|double] [table on|off] [delta yes|no] [chunksize N]
   The hybrid styles take the word table for the pair style of that name: there it is spelt tables.
 */
void PairEIPNN::settings(int narg, char **arg)
{
  set_units();
  keywords.clear();
  delta = chunksize = 0;
  for (int i = 0; i < narg; i += 2) {
    std::string keyword = arg[i];
    if (keyword == "tables") keyword = "table";
    if (keyword != "precision" && keyword != "table" && keyword != "delta" &&
        keyword != "chunksize")
      error->all(FLERR,
                 "Unknown pair_style eipnn keyword " + keyword +
                     "; known are: precision single|mixed|double, table on|off (tables on|off "
                     "in hybrid styles), delta yes|no, chunksize N");
    if (i + 1 == narg) error->all(FLERR, "pair_style eipnn " + keyword + " lacks its value");
    set_keyword(keyword, arg[i + 1]);
  }
}

void PairEIPNN::set_keyword(const std::string &keyword, const std::string &value)
{
  if (keyword == "precision") {
    if (eipnn_precision_from_name(value.c_str(), &options.precision) != EIPNN_OK)
      error->all(FLERR, "pair_style eipnn precision must be single, mixed or double, not " + value);
  } else if (keyword == "chunksize") {
    char *end;
    const long atoms = strtol(value.c_str(), &end, 10);
    if (*end || atoms < 1 || atoms > INT_MAX)
      error->all(FLERR,
                 "pair_style eipnn chunksize must be a number of atoms, 1 or more, not " + value);
    chunksize = (int)atoms;
  } else {
    const int on = on_or_off(value.c_str());
    if (on < 0)
      error->all(FLERR, "pair_style eipnn " + keyword + " must be " +
                            (keyword == "table" ? "on or off" : "yes or no") + ", not " + value);
    (keyword == "table" ? options.table : delta) = on;
  }
  if (keyword == "delta") return;
  keywords += " " + (keyword == "table" ? "tables" : keyword) + " " + value; // for a hybrid style
}

/* pair_coeff * * MODEL.h5 [MODEL2.h5 ...] El1 El2 ... : the last ntypes words are elements.
   LAMMPS itself has checked the asterisks, since one_coeff is set. */
void PairEIPNN::coeff(int narg, char **arg)
{
  const int nmodels = narg - 2 - atom->ntypes;
  if (nmodels < 1)
    error->all(FLERR, "pair_coeff for eipnn reads: pair_coeff * * MODEL.h5 [MODEL2.h5 ...] and one "
                      "element or NULL for each of the " +
                          std::to_string(atom->ntypes) + " atom types");
  if (!allocated) allocate();
  read_elements(atom->ntypes, arg + 2 + nmodels);
  read_models(nmodels, arg + 2);

  for (int i = 1; i <= atom->ntypes; i++)
    for (int j = 1; j <= atom->ntypes; j++) setflag[i][j] = element[i] && element[j];
  masses_checked = false;
  last_build = -1;
  check_delta();
  report();
}

/* The network of a delta-learning model alone is no potential. */
void PairEIPNN::check_delta()
{
  const bool baseline = eipnn_has_baseline(ensemble);
  if (delta && !baseline)
    error->all(FLERR, "pair_style eipnn delta yes is for models of delta learning; the models "
                      "given have no baseline of EIPs: leave delta yes out");
  if (!baseline || (delta && force->pair != this)) return;
  std::string lines = eipnn_delta_lines(ensemble, element, keywords);
  if (lines.find(" kim ") != std::string::npos && !force->pair_map->count("kim"))
    lines += "but pair_style kim is missing here: take a LAMMPS with the package KIM, or train on "
             "EIPs of provider lammps\n";
  if (lmp->kokkos && !force->pair_map->count("hybrid/scaled/kk"))
    lines += "but hybrid/scaled does not run with Kokkos switched on: run without -k on\n";
  error->all(FLERR, "pair_coeff for eipnn: the network of this model learnt what a sum of EIPs "
                    "leaves; those must run beside it. Give these lines instead:\n" +
                        lines);
}

void PairEIPNN::read_elements(int ntypes, char **symbols)
{
  element.assign(ntypes + 1, 0);
  for (int i = 1; i <= ntypes; i++) {
    const std::string symbol = symbols[i - 1];
    if (symbol == "NULL") continue;
    element[i] = eipnn_element_number(symbol.c_str());
    if (!element[i])
      error->all(FLERR, "pair_coeff for eipnn: " + symbol + " is not an element; " +
                            std::to_string(ntypes) +
                            " elements or NULL, one per atom type, follow the model files");
  }
  const int unmapped = (int)std::count(element.begin() + 1, element.end(), 0);
  if (unmapped && force->pair == this)
    error->all(FLERR, "pair_coeff for eipnn: NULL leaves atom types without a potential; use "
                      "pair_style hybrid or hybrid/overlay and give another style their pairs");
  if (unmapped == ntypes)
    error->all(FLERR, "pair_coeff for eipnn: every atom type is NULL; name at least one element");
}

static std::string species_names(const eipnn_model *model)
{
  std::string names;
  for (int s = 0; s < eipnn_model_species_count(model); s++)
    names += std::string(s ? " " : "") + eipnn_element_symbol(eipnn_model_species(model)[s]);
  return names;
}

void PairEIPNN::read_models(int nmodels, char **names)
{
  /* One rank alone has no ghosts of others: then nothing is exchanged. */
  options.halo = comm->nprocs > 1 ? &halo : nullptr;
  ensemble.clear();
  for (int m = 0; m < nmodels; m++) {
    const std::string found = utils::get_potential_file_path(names[m]);
    const std::string path = found.empty() ? names[m] : found;
    all_or_error(ensemble.add(path, element, options), "pair_coeff for eipnn");
    if (eipnn_model_options(ensemble.model(m))->padded)
      error->all(FLERR, "pair_coeff for eipnn: model " + path +
                            " has the padded graph, which is for training only; train one with the "
                            "periodic graph");
    if (eipnn_model_head_count(ensemble.model(m)) > 1)
      error->all(FLERR, "pair_coeff for eipnn: model " + path +
                            " has several heads: it is pretrained on empirical potentials; finish "
                            "it with: eipnn train DATA.h5 --split S --method mp --pretrained " +
                            path + " --out MODEL.h5");
    for (int number : element)
      if (number && eipnn_model_species_index(ensemble.model(m), number) < 0)
        error->all(FLERR, "pair_coeff for eipnn: model " + path + " knows " +
                              species_names(ensemble.model(m)) + ", not " +
                              eipnn_element_symbol(number));
  }
  options.halo = nullptr;

  model_energies.assign(nmodels, 0.0);
  nextra = nmodels > 1 ? nmodels : 0;
  pvector = nmodels > 1 ? model_energies.data() : nullptr;
  const size_t bytes = options.precision == EIPNN_PRECISION_DOUBLE ? sizeof(double) : sizeof(float);
  comm_forward = std::max<int>(2, (int)(ensemble.hidden() * bytes / sizeof(double)));
  comm_reverse = comm_reverse_off = comm_forward;
}

/* The style, and the device it computes on unless that is one core: "eipnn/kk on OpenMP, 2 threads"
 */
std::string PairEIPNN::where() const
{
  char device[128];
  const bool cpu = strcmp(options.backend, "cpu") == 0;
  if (cpu || eipnn_backend_device(options.backend, device, sizeof device) != EIPNN_OK) return style;
  return style + " on " + device + (comm->nprocs > 1 ? " per rank" : "");
}

void PairEIPNN::report() const
{
  if (comm->me != 0) return;
  std::string text;
  for (size_t m = 0; m < ensemble.size(); m++) {
    const eipnn_model *model = ensemble.model(m);
    const eipnn_network_options *network = eipnn_model_options(model);
    size_t parameters;
    eipnn_model_weights(model, &parameters);
    char line[256];
    snprintf(line, sizeof line, "%s hidden %d, layers %d, cutoff %g A, %zu parameters",
             network->network, network->hidden, network->layers, network->cutoff, parameters);
    text += "eipnn model " + ensemble.path(m) + ": " + line + ", species " + species_names(model) +
            ", head " + eipnn_model_head_name(model, 0) + "\n";
  }
  if (delta) text += "eipnn: the network's part of delta learning, EIPs run beside it\n";
  char line[320];
  snprintf(line, sizeof line, "%s: %zu model(s), precision %s, table %s, %.1f MB before atoms\n",
           where().c_str(), ensemble.size(), eipnn_precision_name(options.precision),
           options.table ? "on" : "off", ensemble.bytes() / 1048576.0);
  utils::logmesg(lmp, text + line);
}

void PairEIPNN::request_list()
{
  EIPNNCompat::request_full_list(neighbor, this, instance_me, 0);
}

void PairEIPNN::init_style()
{
  request_list();

  /* A hybrid style copied these before pair_coeff had read the model. */
  force->pair->comm_forward = std::max(force->pair->comm_forward, comm_forward);
  force->pair->comm_reverse = std::max(force->pair->comm_reverse, comm_reverse);
  force->pair->comm_reverse_off = std::max(force->pair->comm_reverse_off, comm_reverse_off);
  check_masses();
}

/* Elements in the wrong order give no error but nonsense: the masses tell. */
void PairEIPNN::check_masses()
{
  if (masses_checked || !atom->mass || comm->me != 0) return;
  masses_checked = true;
  for (int i = 1; i <= atom->ntypes; i++) {
    if (!element[i] || !atom->mass_setflag[i]) continue;
    const double expected = eipnn_atomic_mass(element[i]);
    if (std::fabs(atom->mass[i] - expected) > 0.01 * expected)
      error->warning(FLERR, "Atom type " + std::to_string(i) + " has mass " +
                                std::to_string(atom->mass[i]) + " but is mapped to " +
                                eipnn_element_symbol(element[i]) + " (" + std::to_string(expected) +
                                "): check the order of elements in pair_coeff");
  }
}

double PairEIPNN::init_one(int i, int j)
{
  if (setflag[i][j] == 0) error->all(FLERR, "All pair coeffs are not set");
  return ensemble.cutoff();
}

void PairEIPNN::compute(int eflag, int vflag)
{
  ev_init(eflag, vflag);
  if (list_is_new()) rebuild();
  map_atoms.update(atom->x);
  const EIPNNEnsemble::Wanted wanted = {vflag_atom != 0, cvflag_atom != 0};
  auto sum_ghosts = [this](double *rows, int columns) { collect(rows, columns); };
  const eipnn_status status = ensemble.compute(map_atoms, wanted, sum_ghosts);
  check_step(status == EIPNN_OK, eipnn_last_error());
  tally(ensemble.result());
  if (ensemble.size() > 1) store_spread(ensemble.result());
}

bool PairEIPNN::list_is_new() const
{
  return neighbor->ago == 0 || neighbor->ncalls != last_build;
}

/* After a rebuild; nforeign: ghosts of other ranks. */
void PairEIPNN::note_list(int nforeign)
{
  int most;
  MPI_Allreduce(&nforeign, &most, 1, MPI_INT, MPI_MAX, world);
  foreign_anywhere = most > 0;
  last_build = neighbor->ncalls;
}

void PairEIPNN::rebuild()
{
  std::vector<int> owner;
  find_owners(owner);
  EIPNNAtomMap::Source source;
  source.nlocal = atom->nlocal;
  source.nall = atom->nlocal + atom->nghost;
  source.type = atom->type;
  source.element = &element;
  source.owner = &owner;
  source.x = atom->x;
  source.list = list;
  source.cutoff = ensemble.cutoff() + neighbor->skin;
  map_atoms.build(source);
  ensemble.set_atoms(map_atoms, atom->type);
  host_rows.set_rows(map_atoms.source_row(), map_atoms.ghost_row());
  note_list(map_atoms.nforeign);
}

/* Every atom tells its images who and where it is: (rank, local index). */
void PairEIPNN::find_owners(std::vector<int> &owner)
{
  const int nlocal = atom->nlocal, nall = nlocal + atom->nghost;
  std::vector<int> identity(nall);
  std::iota(identity.begin(), identity.end(), 0);
  std::vector<double> place(2 * (size_t)nall);
  for (int i = 0; i < nlocal; i++) {
    place[2 * i] = comm->me;
    place[2 * i + 1] = i;
  }
  host_rows.set_rows(identity, identity);
  exchange_blocks(place.data(), 2, sizeof(double), true);
  owner.resize(nall);
  for (int i = 0; i < nall; i++)
    owner[i] = (int)place[2 * i] == comm->me ? (int)place[2 * i + 1] : -1;
}

/* LAMMPS would sum ghost forces only with newton on, and squares of ensemble
   members cannot wait: ghosts are always summed into their owners here.
   Images on this rank need no sum: the library adds to the row of their owner. */
void PairEIPNN::collect(double *rows, int columns)
{
  if (foreign_anywhere) exchange_blocks(rows, columns, sizeof(double), false);
}

/* energy: of each model; v: virial. */
void PairEIPNN::tally_global(const double *energy, const double *v)
{
  for (size_t m = 0; m < ensemble.size(); m++) model_energies[m] = energy_unit * energy[m];
  if (eflag_global)
    eng_vdwl += std::accumulate(model_energies.begin(), model_energies.end(), 0.0) /
                (double)ensemble.size();
  if (vflag_global)
    for (int k = 0; k < 6; k++) virial[k] += energy_unit * v[k];
}

/* Adds results, in LAMMPS' units, to LAMMPS' arrays. */
void PairEIPNN::tally(const EIPNNEnsemble::Result &result)
{
  const double unit = energy_unit;
  tally_global(result.energy.data(), result.virial);
  for (int a = 0; a < map_atoms.nowned; a++) {
    const int i = map_atoms.lammps_index(a);
    for (int k = 0; k < 3; k++) atom->f[i][k] += unit * result.forces[a][k];
    if (eflag_atom) eatom[i] += unit * result.atom_energy[a];
    if (vflag_atom)
      for (int k = 0; k < 6; k++) vatom[i][k] += unit * result.atom_virial[a][k];
    if (cvflag_atom)
      for (int k = 0; k < 9; k++) cvatom[i][k] += unit * result.centroid_virial[a][k];
  }
}

void PairEIPNN::store_spread(const EIPNNEnsemble::Result &result)
{
  force_spread.assign(atom->nmax, 0.0);
  energy_spread.assign(atom->nmax, 0.0);
  for (int a = 0; a < map_atoms.nowned; a++) {
    const int i = map_atoms.lammps_index(a);
    force_spread[i] = energy_unit * std::sqrt(result.force_variance[a]);
    energy_spread[i] = energy_unit * std::sqrt(result.energy_variance[a]);
  }
}

void *PairEIPNN::extract_peratom(const char *name, int &columns)
{
  columns = 0;
  if (ensemble.size() < 2) return nullptr;
  std::vector<double> *values = nullptr;
  if (strcmp(name, "force_spread") == 0) values = &force_spread;
  if (strcmp(name, "energy_spread") == 0) values = &energy_spread;
  if (!values) return nullptr;
  if (values->size() < (size_t)atom->nmax) values->resize(atom->nmax, 0.0);
  return values->data();
}

double PairEIPNN::memory_usage()
{
  const size_t doubles = force_spread.capacity() + energy_spread.capacity();
  return Pair::memory_usage() + ensemble.bytes() + map_atoms.bytes() +
         (double)(doubles * sizeof(double));
}

/* ---- exchange of rows between owners and ghosts ---- */

/* LAMMPS' buffers hold comm_forward doubles per atom: wider rows go in blocks. */
void PairEIPNN::exchange_blocks(void *rows, int columns, size_t element_size, bool forward)
{
  const size_t limit = comm_forward * sizeof(double);
  exchange.rows = static_cast<char *>(rows);
  exchange.row_bytes = columns * element_size;
  exchange.is_float = element_size == sizeof(float);
  for (exchange.offset = 0; exchange.offset < exchange.row_bytes; exchange.offset += limit) {
    exchange.bytes = std::min(limit, exchange.row_bytes - exchange.offset);
    if (forward)
      EIPNNCompat::forward_comm(comm, this, 0);
    else
      EIPNNCompat::reverse_comm(comm, this, 0);
  }
}

int PairEIPNN::halo_forward(void *context, void *rows, int columns, size_t element_size)
{
  PairEIPNN *pair = static_cast<PairEIPNN *>(context);
  if (pair->foreign_anywhere) pair->exchange_blocks(rows, columns, element_size, true);
  return 0;
}

int PairEIPNN::halo_reverse(void *context, void *rows, int columns, size_t element_size)
{
  PairEIPNN *pair = static_cast<PairEIPNN *>(context);
  if (pair->foreign_anywhere) pair->exchange_blocks(rows, columns, element_size, false);
  return 0;
}

int PairEIPNN::pack_forward_comm(int n, int *list_of_atoms, double *buf, int, int *)
{
  return host_rows.gather_listed(exchange, n, list_of_atoms, buf);
}

void PairEIPNN::unpack_forward_comm(int n, int first, double *buf)
{
  host_rows.store_range(exchange, n, first, buf);
}

int PairEIPNN::pack_reverse_comm(int n, int first, double *buf)
{
  return host_rows.gather_range(exchange, n, first, buf);
}

void PairEIPNN::unpack_reverse_comm(int n, int *list_of_atoms, double *buf)
{
  host_rows.add_listed(exchange, n, list_of_atoms, buf);
}
