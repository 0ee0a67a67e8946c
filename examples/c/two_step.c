/*
 * Signs a PDF in two steps, between which hours and hosts may lie.
 *
 *     two_step prepare IN CERTIFICATES ALGORITHM STATE DIGEST
 *     two_step complete IN STATE SIGNATURE OUT
 *
 * The first writes a small state file and the digest; somebody else signs the digest (a phone, an
 * HSM, a remote service; `openssl pkeyutl -sign` does it for a try); the second takes the raw value.
 */
#include "common.h"
#include <string.h>
#include <time.h>

static int prepare(char **argv)
{
    kyso_error *error = NULL;
    kyso_certificates *certificates = kyso_certificates_new();
    kyso_pdf_signing *signing = kyso_pdf_signing_new((int64_t)time(NULL));
    kyso_prepared *prepared = NULL;
    kyso_bytes *state = NULL;
    int exit_status = 0;

    if (kyso_certificates_add_path(certificates, argv[1], &error) != KYSO_OK
        || kyso_pdf_signing_prepare_file(signing, argv[0], certificates, argv[2], &prepared, &error)
               != KYSO_OK
        || kyso_prepared_to_bytes(prepared, &state, &error) != KYSO_OK) {
        exit_status = failed(error);
    } else {
        size_t len = 0;
        const uint8_t *digest = kyso_prepared_digest(prepared, &len);

        if (!write_file(argv[3], kyso_bytes_data(state), kyso_bytes_len(state))
            || !write_file(argv[4], digest, len))
            exit_status = 74;
    }
    kyso_bytes_free(state);
    kyso_prepared_free(prepared);
    kyso_pdf_signing_free(signing);
    kyso_certificates_free(certificates);
    return exit_status;
}

static int complete(char **argv)
{
    kyso_error *error = NULL;
    kyso_prepared *prepared = NULL;
    size_t state_len, signature_len;
    uint8_t *state = read_file(argv[1], &state_len);
    uint8_t *signature = read_file(argv[2], &signature_len);
    int exit_status = 0;

    if (state == NULL || signature == NULL)
        exit_status = 66;
    else if (kyso_prepared_from_bytes(state, state_len, &prepared, &error) != KYSO_OK
             || kyso_prepared_complete_file(prepared, argv[0], signature, signature_len, argv[3],
                                            KYSO_EXISTING_KEEP, &error)
                    != KYSO_OK)
        exit_status = failed(error);

    kyso_prepared_free(prepared);
    free(signature);
    free(state);
    return exit_status;
}

int main(int argc, char **argv)
{
    if (argc == 7 && strcmp(argv[1], "prepare") == 0)
        return prepare(argv + 2);
    if (argc == 6 && strcmp(argv[1], "complete") == 0)
        return complete(argv + 2);
    fprintf(stderr,
            "usage: %s prepare IN CERTIFICATES ALGORITHM STATE DIGEST\n"
            "       %s complete IN STATE SIGNATURE OUT\n",
            argv[0], argv[0]);
    return 64;
}
