/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ATOMIC_MASS_H
#define LMP_EIPNN_ATOMIC_MASS_H

namespace LAMMPS_NS
{

/* Standard atomic weight in g/mol (IUPAC 2021, abridged), for elements without stable
   isotopes the mass number of the longest-lived one. number: 1 to 118. */
double eipnn_atomic_mass(int number);

} // namespace LAMMPS_NS

#endif
