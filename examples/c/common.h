/* What the examples share: reading a file, and telling why something failed. */
#ifndef COMMON_H
#define COMMON_H

#include <kyso.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Prints the error, ends it, and gives the status that the program ends with. */
int failed(kyso_error *error);

/* The whole file, to be given to free(); NULL after saying why. */
uint8_t *read_file(const char *path, size_t *len);

/* Not 0 when it was written; else it says why. */
int write_file(const char *path, const uint8_t *data, size_t len);

#endif
