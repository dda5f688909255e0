# SPDX-License-Identifier: GPL-2.0-or-later
# Builds eipnn into LAMMPS, without a change to its source tree:
#   cmake -S LAMMPS/cmake -B BUILD -D CMAKE_PROJECT_lammps_INCLUDE=EIPNN/src/USER-EIPNN/eipnn.cmake ...
# The library is compiled along. With -D PKG_KOKKOS=on it has the backend `kokkos`, on the Kokkos of
# that LAMMPS, and LAMMPS has eipnn/kk. Other packages and options as usual.
if(CMAKE_VERSION VERSION_LESS 3.25)
  message(FATAL_ERROR "eipnn.cmake needs cmake 3.25 or later; this is ${CMAKE_VERSION}")
endif()
enable_language(C)
include(${CMAKE_CURRENT_SOURCE_DIR}/Modules/StyleHeaderUtils.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/sources.cmake)
set(EIPNN_STYLES_DIR ${CMAKE_CURRENT_LIST_DIR})

# LAMMPS includes the headers of registered styles by name.
AddStyleHeader(${EIPNN_STYLES_DIR}/pair_eipnn.h PAIR)
if(PKG_KOKKOS)
  AddStyleHeader(${EIPNN_STYLES_DIR}/pair_eipnn_kokkos.h PAIR)
  list(APPEND EIPNN_STYLES ${EIPNN_KOKKOS_STYLES})
endif()

# The library, without its programs. Kokkos is the target that LAMMPS makes later, unless both take an
# installed one.
function(eipnn_add_library)
  set(EIPNN_TESTS OFF)
  set(EIPNN_BENCH OFF)
  set(EIPNN_MPI OFF)
  set(EIPNN_LAMMPS OFF)
  set(EIPNN_KOKKOS ${PKG_KOKKOS})
  if(NOT EXTERNAL_KOKKOS)
    set(EIPNN_KOKKOS_TARGET_FOLLOWS ON)
  endif()
  set(BUILD_SHARED_LIBS OFF)
  add_subdirectory(${EIPNN_STYLES_DIR}/../.. eipnn EXCLUDE_FROM_ALL)
endfunction()
eipnn_add_library()

# Runs at the end of LAMMPS' CMakeLists.txt: the target lammps is there by then.
function(eipnn_into_lammps)
  target_sources(lammps PRIVATE ${EIPNN_STYLES})
  target_include_directories(lammps PRIVATE ${EIPNN_STYLES_DIR})
  target_link_libraries(lammps PRIVATE $<BUILD_INTERFACE:eipnn>)
endfunction()
cmake_language(DEFER CALL eipnn_into_lammps)
