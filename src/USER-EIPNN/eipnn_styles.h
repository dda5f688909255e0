/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_STYLES_H
#define LMP_EIPNN_STYLES_H

extern "C" {

/* Registers all styles with the LAMMPS that loads the plugin; arguments as those of
   lammpsplugin_init. */
typedef void eipnn_register_function(void *lmp, void *handle, void *regfunc);
eipnn_register_function eipnn_register_styles;
}

#endif
