# What the build folder of a LAMMPS knows about it: sources, MPI, and the definitions that its headers
# must be read with. A plugin compiled with others would see other classes than its host.
set(EIPNN_LAMMPS_BUILD "" CACHE PATH
  "Build folder of the LAMMPS to make the plugin for; EIPNN_LAMMPS_INCLUDE and more follow from it")
set(EIPNN_LAMMPS_DEFINITIONS "")
set(EIPNN_LAMMPS_HAS_KOKKOS OFF)
if(NOT EIPNN_LAMMPS_BUILD)
  return()
endif()
if(NOT EXISTS ${EIPNN_LAMMPS_BUILD}/CMakeCache.txt)
  message(FATAL_ERROR "EIPNN_LAMMPS_BUILD: ${EIPNN_LAMMPS_BUILD} has no CMakeCache.txt; name the "
    "folder in which LAMMPS was built with cmake")
endif()
load_cache(${EIPNN_LAMMPS_BUILD} READ_WITH_PREFIX LMP_
  lammps_SOURCE_DIR LAMMPS_MACHINE LAMMPS_SIZES LAMMPS_MEMALIGN LAMMPS_EXCEPTIONS BUILD_MPI
  MPI_CXX_COMPILER_INCLUDE_DIRS MPI_CXX_HEADER_DIR MPIEXEC_EXECUTABLE
  BUILD_SHARED_LIBS PKG_PLUGIN PKG_KOKKOS EXTERNAL_KOKKOS Kokkos_DIR KOKKOS_PREC KOKKOS_LAYOUT)
if(NOT LMP_lammps_SOURCE_DIR)
  message(FATAL_ERROR "EIPNN_LAMMPS_BUILD: ${EIPNN_LAMMPS_BUILD} is no build folder of LAMMPS")
endif()
foreach(_option PKG_PLUGIN BUILD_SHARED_LIBS)
  if(NOT LMP_${_option})
    message(WARNING "The LAMMPS of ${EIPNN_LAMMPS_BUILD} was configured without -D ${_option}=on and "
      "cannot load the plugin; configure and build it with that, or compile eipnn in: src/USER-EIPNN/README")
  endif()
endforeach()
set(EIPNN_LAMMPS ON)
get_filename_component(EIPNN_LAMMPS_INCLUDE ${LMP_lammps_SOURCE_DIR}/../src ABSOLUTE)

# mpi.h of its MPI, or LAMMPS' own where it was built without one.
if(LMP_BUILD_MPI)
  foreach(_folder IN LISTS LMP_MPI_CXX_COMPILER_INCLUDE_DIRS LMP_MPI_CXX_HEADER_DIR)
    if(EXISTS ${_folder}/mpi.h)
      set(EIPNN_MPI_INCLUDE ${_folder})
      break()
    endif()
  endforeach()
else()
  set(EIPNN_MPI_INCLUDE ${EIPNN_LAMMPS_INCLUDE}/STUBS)
endif()

string(TOUPPER "LAMMPS_${LMP_LAMMPS_SIZES}" EIPNN_LAMMPS_DEFINITIONS)
if(LMP_LAMMPS_MEMALIGN)
  list(APPEND EIPNN_LAMMPS_DEFINITIONS LAMMPS_MEMALIGN=${LMP_LAMMPS_MEMALIGN})
endif()
if(LMP_LAMMPS_EXCEPTIONS)
  list(APPEND EIPNN_LAMMPS_DEFINITIONS LAMMPS_EXCEPTIONS)
endif()
if(LMP_PKG_KOKKOS)
  set(EIPNN_LAMMPS_HAS_KOKKOS ON)
  list(APPEND EIPNN_LAMMPS_DEFINITIONS LMP_KOKKOS)
  # Precision and layout of the KOKKOS package; older versions are double and have neither option.
  string(TOLOWER "${LMP_KOKKOS_PREC}" _precision)
  if(_precision STREQUAL single)
    list(APPEND EIPNN_LAMMPS_DEFINITIONS LMP_KOKKOS_SINGLE_SINGLE)
  elseif(_precision STREQUAL mixed)
    list(APPEND EIPNN_LAMMPS_DEFINITIONS LMP_KOKKOS_SINGLE_DOUBLE)
  elseif(_precision STREQUAL double)
    list(APPEND EIPNN_LAMMPS_DEFINITIONS LMP_KOKKOS_DOUBLE_DOUBLE)
  endif()
  if(LMP_KOKKOS_LAYOUT)
    string(TOUPPER "LMP_KOKKOS_LAYOUT_${LMP_KOKKOS_LAYOUT}" _layout)
    list(APPEND EIPNN_LAMMPS_DEFINITIONS ${_layout})
  endif()
endif()

# For the tests.
if(EXISTS ${EIPNN_LAMMPS_BUILD}/lmp${LMP_LAMMPS_MACHINE})
  set(EIPNN_LAMMPS_EXECUTABLE ${EIPNN_LAMMPS_BUILD}/lmp${LMP_LAMMPS_MACHINE})
endif()
if(LMP_MPIEXEC_EXECUTABLE)
  set(EIPNN_MPIEXEC_EXECUTABLE ${LMP_MPIEXEC_EXECUTABLE})
endif()
