/*
 * Verifies a file and tells what was found. The exit status is that of `kyso verify`.
 *
 *     verify FILE [ANCHORS]
 *
 * ANCHORS is a file or a folder of certificates; without it the trust store is used.
 */
#include "common.h"
#include <time.h>

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE [ANCHORS]\n", argv[0]);
        return 64;
    }

    kyso_error *error = NULL;
    kyso_report *report = NULL;
    kyso_certificates *anchors = kyso_certificates_new();
    kyso_verifier *verifier = kyso_verifier_new((int64_t)time(NULL));
    kyso_status status;
    int exit_status;

    if (argc > 2)
        status = kyso_certificates_add_path(anchors, argv[2], &error);
    else
        status = kyso_certificates_add_store(anchors, &error);
    if (status == KYSO_OK)
        status = kyso_verifier_set_trust(verifier, anchors, &error);
    if (status == KYSO_OK)
        status = kyso_verifier_verify_file(verifier, argv[1], &report, &error);

    if (status != KYSO_OK) {
        exit_status = failed(error);
    } else {
        for (size_t i = 0; i < kyso_report_signature_count(report); i++) {
            const char *sub = kyso_report_signature_sub_indication(report, i);

            printf("%s %s\n", kyso_indication_name(kyso_report_signature_indication(report, i)),
                   sub != NULL ? sub : "");
        }
        puts(kyso_report_text(report, KYSO_LANG_VI));
        puts(kyso_report_json(report, KYSO_LANG_EN));
        exit_status = kyso_report_exit(report);
    }
    kyso_report_free(report);
    kyso_verifier_free(verifier);
    kyso_certificates_free(anchors);
    return exit_status;
}
