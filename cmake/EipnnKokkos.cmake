# Kokkos for the backend `kokkos`: the one of the surrounding build (eipnn.cmake), the one bundled with
# the LAMMPS of EIPNN_LAMMPS_BUILD, or an installed one.
set(EIPNN_DEVICE_CODE OFF) # C++ sources are compiled for a GPU as well
if(NOT EIPNN_KOKKOS)
  if(EIPNN_LAMMPS_HAS_KOKKOS)
    message(STATUS "This LAMMPS has the KOKKOS package: -D EIPNN_KOKKOS=ON gives pair style eipnn/kk too")
  endif()
  return()
endif()
if(EIPNN_LAMMPS_BUILD AND NOT EIPNN_LAMMPS_HAS_KOKKOS)
  message(FATAL_ERROR "EIPNN_KOKKOS: the LAMMPS of ${EIPNN_LAMMPS_BUILD} lacks the KOKKOS package; "
    "configure that LAMMPS with -D PKG_KOKKOS=on, or eipnn with -D EIPNN_KOKKOS=OFF")
elseif(EIPNN_LAMMPS AND NOT EIPNN_LAMMPS_HAS_KOKKOS)
  message(FATAL_ERROR "EIPNN_KOKKOS with the LAMMPS plugin needs -D EIPNN_LAMMPS_BUILD=<build folder of "
    "a LAMMPS with the KOKKOS package>; without the plugin: -D EIPNN_LAMMPS=OFF")
endif()
if(EIPNN_LAMMPS AND BUILD_SHARED_LIBS)
  message(FATAL_ERROR "EIPNN_KOKKOS with the LAMMPS plugin needs a static libeipnn: a shared one brings "
    "a second Kokkos into LAMMPS; configure with -D BUILD_SHARED_LIBS=OFF")
endif()

# A build folder of Kokkos has no usable package file before its libraries are installed.
function(eipnn_install_bundled_kokkos prefix)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${EIPNN_LAMMPS_BUILD}/lib/kokkos --prefix ${prefix}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE reason)
  if(failed)
    message(FATAL_ERROR "EIPNN_KOKKOS: the Kokkos of ${EIPNN_LAMMPS_BUILD} cannot be used, build that "
      "LAMMPS first: ${reason}")
  endif()
endfunction()

if(NOT EIPNN_KOKKOS_TARGET_FOLLOWS)
  if(EIPNN_LAMMPS_BUILD AND LMP_EXTERNAL_KOKKOS)
    set(Kokkos_DIR ${LMP_Kokkos_DIR})
  elseif(EIPNN_LAMMPS_BUILD)
    eipnn_install_bundled_kokkos(${PROJECT_BINARY_DIR}/kokkos)
    set(Kokkos_ROOT ${PROJECT_BINARY_DIR}/kokkos)
    set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
  endif()
  find_package(Kokkos CONFIG QUIET)
  if(NOT Kokkos_FOUND)
    message(FATAL_ERROR "EIPNN_KOKKOS needs an installed Kokkos (-D Kokkos_ROOT=<its prefix>) or a LAMMPS "
      "built with its KOKKOS package (-D EIPNN_LAMMPS_BUILD=<its build folder>)")
  elseif(Kokkos_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "EIPNN_KOKKOS needs Kokkos 3.4 or later; ${Kokkos_DIR} has ${Kokkos_VERSION}")
  endif()
endif()
if(Kokkos_ENABLE_CUDA OR Kokkos_ENABLE_HIP OR Kokkos_ENABLE_SYCL OR Kokkos_DEVICES MATCHES "CUDA|HIP|SYCL")
  set(EIPNN_DEVICE_CODE ON)
endif()

# To compile with Kokkos without linking it.
add_library(eipnn_kokkos_headers INTERFACE)
target_include_directories(eipnn_kokkos_headers SYSTEM INTERFACE
  $<TARGET_PROPERTY:Kokkos::kokkos,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(eipnn_kokkos_headers INTERFACE
  $<TARGET_PROPERTY:Kokkos::kokkos,INTERFACE_COMPILE_DEFINITIONS>)
target_compile_options(eipnn_kokkos_headers INTERFACE
  $<TARGET_PROPERTY:Kokkos::kokkos,INTERFACE_COMPILE_OPTIONS>)
set_property(TARGET eipnn_kokkos_headers PROPERTY INTERFACE_COMPILE_FEATURES
  $<TARGET_PROPERTY:Kokkos::kokkos,INTERFACE_COMPILE_FEATURES>)
# What programs link for a static libeipnn. A plugin (property EIPNN_HOST_HAS_KOKKOS) takes the symbols
# from its host: a second Kokkos in one process would know nothing of the first. A shared LAMMPS with
# Kokkos as an archive holds only the members that it uses itself; the others are added to the plugin.
set(_of_host "")
set(_lammps ${EIPNN_LAMMPS_BUILD}/liblammps${LMP_LAMMPS_MACHINE}.so)
if(EIPNN_LAMMPS_BUILD AND EXISTS ${_lammps})
  get_target_property(_type Kokkos::kokkoscore TYPE)
  if(_type STREQUAL STATIC_LIBRARY)
    set(_of_host "${_lammps};$<TARGET_FILE:Kokkos::kokkoscore>")
  endif()
endif()
set(EIPNN_KOKKOS_LINK
  "$<IF:$<BOOL:$<TARGET_PROPERTY:EIPNN_HOST_HAS_KOKKOS>>,${_of_host},Kokkos::kokkos>")
