#include "common.h"

int failed(kyso_error *error)
{
    fprintf(stderr, "%s: %s\n", kyso_error_code(error), kyso_error_message(error, KYSO_LANG_EN));
    kyso_error_free(error);
    return 1;
}

uint8_t *read_file(const char *path, size_t *len)
{
    uint8_t *data = NULL;
    size_t room = 0;
    FILE *file = fopen(path, "rb");

    *len = 0;
    while (file != NULL) {
        uint8_t *more;
        size_t step;

        room += 1 << 16;
        more = realloc(data, room);
        if (more == NULL)
            break;
        data = more;
        step = fread(data + *len, 1, room - *len, file);
        *len += step;
        if (*len < room) {
            if (ferror(file))
                break;
            fclose(file);
            return data;
        }
    }
    perror(path);
    if (file != NULL)
        fclose(file);
    free(data);
    return NULL;
}

int write_file(const char *path, const uint8_t *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    int good = file != NULL && fwrite(data, 1, len, file) == len;

    if (file != NULL && fclose(file) != 0)
        good = 0;
    if (!good)
        perror(path);
    return good;
}
