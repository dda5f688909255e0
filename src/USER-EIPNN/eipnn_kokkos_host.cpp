/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_kokkos_host.h"
#include "eipnn_plugin_fault.h"

#include "info.h"

#include <Kokkos_Macros.hpp>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <ostream>
#include <sstream>
#include <unistd.h>

using namespace LAMMPS_NS;

/* Of the host; null where it has none. */
namespace Kokkos
{
void print_configuration(std::ostream &, bool) __attribute__((weak));
bool is_initialized() noexcept __attribute__((weak));
} // namespace Kokkos

/* What LAMMPS calls the settings that this file was compiled with. */
static bool compiled_with(const std::string &setting)
{
#ifdef KOKKOS_ENABLE_CUDA
  if (setting == "cuda") return true;
#endif
#ifdef KOKKOS_ENABLE_HIP
  if (setting == "hip") return true;
#endif
#ifdef KOKKOS_ENABLE_SYCL
  if (setting == "sycl") return true;
#endif
#ifdef KOKKOS_ENABLE_OPENMP
  if (setting == "openmp") return true;
#endif
#ifdef KOKKOS_ENABLE_THREADS
  if (setting == "pthreads") return true;
#endif
#ifdef KOKKOS_ENABLE_SERIAL
  if (setting == "serial") return true;
#endif
#if defined(LMP_KOKKOS_SINGLE_SINGLE)
  return setting == "single";
#elif defined(LMP_KOKKOS_SINGLE_DOUBLE)
  return setting == "mixed";
#else
  return setting == "double";
#endif
}

/* Settings of the plugin and of its host, e.g. " openmp serial double". */
static void list_settings(std::string &mine, std::string &its)
{
  static const char *const setting[][2] = {
      {"api", "cuda"},         {"api", "hip"},         {"api", "sycl"},
      {"api", "openmp"},       {"api", "pthreads"},    {"api", "serial"},
      {"precision", "single"}, {"precision", "mixed"}, {"precision", "double"}};
  for (const auto &s : setting) {
    if (compiled_with(s[1])) mine += std::string(" ") + s[1];
    if (Info::has_accelerator_feature("KOKKOS", s[0], s[1])) its += std::string(" ") + s[1];
  }
}

/* "4.5.1"; "" where Kokkos does not run: then nothing of it is used. */
static std::string version_of_host()
{
  static const std::string key = "Kokkos Version: ";
  if (!Kokkos::is_initialized || !Kokkos::print_configuration || !Kokkos::is_initialized())
    return "";
  std::ostringstream text;
  Kokkos::print_configuration(text, false);
  const std::string all = text.str();
  const std::size_t at = all.find(key);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size();
  return all.substr(begin, all.find_first_not_of("0123456789.", begin) - begin);
}

std::string eipnn_other_kokkos()
{
  if (!Info::has_package("KOKKOS"))
    return "compiled for a LAMMPS with the KOKKOS package, this one lacks it";
  std::string mine, its;
  list_settings(mine, its);
  if (mine != its) return "compiled for KOKKOS with" + mine + ", this LAMMPS has" + its;
  const std::string version = std::to_string(KOKKOS_VERSION / 10000) + "." +
                              std::to_string(KOKKOS_VERSION / 100 % 100) + "." +
                              std::to_string(KOKKOS_VERSION % 100);
  const std::string host = version_of_host();
  if (host.empty() || host == version) return "";
  return "compiled with Kokkos " + version + ", this LAMMPS has " + host;
}

/* In the folder of this plugin, or of the file that it is a link to. */
static std::string beside_plugin(const char *name)
{
  Dl_info plugin;
  if (!dladdr(reinterpret_cast<void *>(eipnn_open_styles), &plugin)) return name;
  char *real = realpath(plugin.dli_fname, nullptr);
  const std::string path = real ? real : plugin.dli_fname;
  free(real);
  return path.substr(0, path.rfind('/') + 1) + name;
}

std::string eipnn_open_styles(const char *name, eipnn_register_function **styles)
{
  const std::string path = beside_plugin(name);
  if (access(path.c_str(), R_OK))
    return path + ": " + strerror(errno) + "; copy " + name +
           " there, from the build folder that the plugin is from";
  dlerror();
  void *file = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void *found = file ? dlsym(file, "eipnn_register_styles") : nullptr;
  if (!found)
    return eipnn_compile_again(std::string("its styles cannot be opened (") + dlerror() + ")");
  *styles = reinterpret_cast<eipnn_register_function *>(found);
  return "";
}
