# Sources of the styles: EIPNN_STYLES, and EIPNN_KOKKOS_STYLES for a LAMMPS with the KOKKOS package.
set(EIPNN_STYLES
  pair_eipnn.cpp eipnn_ensemble.cpp eipnn_atom_map.cpp eipnn_atomic_mass.cpp eipnn_delta.cpp
  eipnn_exchange.cpp)
list(TRANSFORM EIPNN_STYLES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
file(GLOB EIPNN_KOKKOS_STYLES CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_kokkos.cpp)
