/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_XYZ_COMMENT_H
#define EIPNN_DATA_XYZ_COMMENT_H

/* The second line of an extended XYZ frame: key=value pairs. Values with blanks
   stand in "", '', {} or []; a key alone is true. */

/* Cuts the next pair off *cursor. *value is "" for a key alone. Returns 0 at the
   end of the line. Both strings lie in the line, which is written to. */
int eipnn_xyz_next_pair(char **cursor, char **key, char **value);

#endif
