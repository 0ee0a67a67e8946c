/*
 * Signs a PDF with a key in a PKCS#12 file; the secret is the first line of a file.
 *
 *     sign IN OUT KEY.p12 PASSWORD-FILE
 */
#include "common.h"
#include <string.h>
#include <time.h>

/* The first line, without its end. */
static int read_password(const char *path, char *password, int room)
{
    FILE *file = fopen(path, "r");
    int good = file != NULL && fgets(password, room, file) != NULL;

    if (good)
        password[strcspn(password, "\r\n")] = '\0';
    else
        perror(path);
    if (file != NULL)
        fclose(file);
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s IN OUT KEY.p12 PASSWORD-FILE\n", argv[0]);
        return 64;
    }

    kyso_error *error = NULL;
    kyso_key *key = NULL;
    kyso_pdf_signing *signing = kyso_pdf_signing_new((int64_t)time(NULL));
    char password[256];
    size_t p12_len;
    uint8_t *p12 = read_file(argv[3], &p12_len);
    int exit_status = 0;

    if (p12 == NULL || !read_password(argv[4], password, sizeof password))
        exit_status = 66;
    else if (kyso_key_from_p12(p12, p12_len, password, NULL, &key, &error) != KYSO_OK
             || kyso_pdf_signing_set(signing, "reason", "Phát hành văn bản", &error) != KYSO_OK
             || kyso_pdf_signing_sign_file(signing, argv[1], key, argv[2], KYSO_EXISTING_KEEP,
                                           &error)
                    != KYSO_OK)
        exit_status = failed(error);

    kyso_pdf_signing_free(signing);
    kyso_key_free(key);
    free(p12);
    return exit_status;
}
