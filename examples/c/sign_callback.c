/*
 * Signs a PDF with a key that libkyso never sees: here it is held by OpenSSL, in your program by a
 * token, an HSM or a remote service.
 *
 *     sign_callback IN OUT CERTIFICATES KEY
 *
 * CERTIFICATES holds the signer's own certificate first, then the chain; all files are PEM.
 */
#include "common.h"
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <time.h>

/* Called once, on the thread that called kyso_pdf_signing_sign_file_with. */
static kyso_status sign(void *userdata, const uint8_t *message, size_t message_len,
                        const uint8_t *digest, size_t digest_len, uint8_t *out, size_t out_cap,
                        size_t *out_len)
{
    EVP_PKEY *key = userdata;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    kyso_status status = KYSO_SIGNER_FAILED;
    size_t len = out_cap;

    (void)digest; /* for devices that sign a digest; OpenSSL hashes the message itself */
    (void)digest_len;
    if (context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestSign(context, out, &len, message, message_len) == 1) {
        *out_len = len;
        status = KYSO_OK;
    }
    EVP_MD_CTX_free(context);
    return status;
}

static EVP_PKEY *read_key(const char *path)
{
    FILE *file = fopen(path, "r");
    EVP_PKEY *key = file != NULL ? PEM_read_PrivateKey(file, NULL, NULL, NULL) : NULL;

    if (file != NULL)
        fclose(file);
    if (key == NULL)
        fprintf(stderr, "%s: no key\n", path);
    return key;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s IN OUT CERTIFICATES KEY\n", argv[0]);
        return 64;
    }
    EVP_PKEY *key = read_key(argv[4]);
    if (key == NULL)
        return 66;

    kyso_error *error = NULL;
    kyso_certificates *certificates = kyso_certificates_new();
    kyso_pdf_signing *signing = kyso_pdf_signing_new((int64_t)time(NULL));
    const char *algorithm =
        EVP_PKEY_base_id(key) == EVP_PKEY_EC ? "ecdsa-sha256" : "rsa-pkcs1-sha256";
    int exit_status = 0;

    if (kyso_certificates_add_path(certificates, argv[3], &error) != KYSO_OK
        || kyso_pdf_signing_set(signing, "location", "Hà Nội", &error) != KYSO_OK
        || kyso_pdf_signing_sign_file_with(signing, argv[1], certificates, algorithm, sign, key,
                                           argv[2], KYSO_EXISTING_KEEP, &error)
               != KYSO_OK)
        exit_status = failed(error);

    kyso_pdf_signing_free(signing);
    kyso_certificates_free(certificates);
    EVP_PKEY_free(key);
    return exit_status;
}
