# Compiler flags of every target of this project, as one interface target.
add_library(eipnn_flags INTERFACE)
# The code that a device compiler hands to the host's compiler is not free of warnings.
set(_strict $<NOT:$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${EIPNN_DEVICE_CODE}>>>)
# Kernels want the processor's vector instructions in every build but a debugging one.
set(_fast $<NOT:$<OR:$<CONFIG:Debug>,$<BOOL:${EIPNN_SANITIZE}>>>)
target_compile_options(eipnn_flags INTERFACE
  -Wall -Wextra $<${_strict}:-Wpedantic> $<${_strict}:-Werror>
  $<$<COMPILE_LANG_AND_ID:C,Clang>:-Wno-pass-failed> # a loop that is not vectorised is no error
  $<$<AND:${_fast},$<BOOL:${EIPNN_NATIVE}>>:-march=native>
  $<${_fast}:-O3>)
if(EIPNN_SANITIZE)
  set(_sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(eipnn_flags INTERFACE ${_sanitize})
  target_link_options(eipnn_flags INTERFACE ${_sanitize})
endif()
if(EIPNN_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "EIPNN_FUZZ needs libFuzzer: configure with -D CMAKE_C_COMPILER=clang "
      "-D CMAKE_CXX_COMPILER=clang++")
  endif()
  set(_sanitize address,undefined)
  target_compile_options(eipnn_flags INTERFACE -fsanitize=fuzzer-no-link,${_sanitize}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(eipnn_flags INTERFACE -fsanitize=${_sanitize})
endif()
