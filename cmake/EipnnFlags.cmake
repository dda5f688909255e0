# Compiler flags of every target of this project, as one interface target.
add_library(eipnn_flags INTERFACE)
target_compile_options(eipnn_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror
  $<$<AND:$<CONFIG:Release>,$<BOOL:${EIPNN_NATIVE}>>:-march=native>
  $<$<CONFIG:Release>:-O3>)
if(EIPNN_SANITIZE)
  set(_sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(eipnn_flags INTERFACE ${_sanitize})
  target_link_options(eipnn_flags INTERFACE ${_sanitize})
endif()
