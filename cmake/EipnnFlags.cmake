# Compiler flags of every target of this project, as one interface target.
add_library(eipnn_flags INTERFACE)
target_compile_options(eipnn_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror
  $<$<COMPILE_LANG_AND_ID:C,Clang>:-Wno-pass-failed> # a loop that is not vectorised is no error
  $<$<AND:$<CONFIG:Release>,$<BOOL:${EIPNN_NATIVE}>>:-march=native>
  $<$<CONFIG:Release>:-O3>)
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
