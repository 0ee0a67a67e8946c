/*
 * Puts a PDF into an edXML envelope, opens the envelope again, and answers it.
 *
 *     envelope PDF ENVELOPE ANSWER
 */
#include "common.h"
#include <string.h>
#include <time.h>

static const char DESCRIPTION[] =
    "{ \"kind\": \"document\", \"header\": {"
    "  \"from\": { \"organ_id\": \"G99.07\", \"organ_name\": \"Văn phòng thử nghiệm\" },"
    "  \"to\": [ { \"organ_id\": \"H99\", \"organ_name\": \"Sở thử nghiệm\" } ],"
    "  \"document_id\": \"G99.07,2026/11/03,318/VP-TH\","
    "  \"code\": { \"code_number\": \"318\", \"code_notation\": \"VP-TH\" },"
    "  \"promulgation_info\": { \"promulgation_date\": \"2026-11-03\" },"
    "  \"subject\": \"V/v rà soát danh mục\", \"steering_type\": 0 } }";

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s PDF ENVELOPE ANSWER\n", argv[0]);
        return 64;
    }
    size_t pdf_len;
    uint8_t *pdf = read_file(argv[1], &pdf_len);
    if (pdf == NULL)
        return 66;

    int64_t now = (int64_t)time(NULL);
    kyso_error *error = NULL;
    kyso_envelope_builder *builder = NULL;
    kyso_envelope *envelope = NULL;
    kyso_bytes *written = NULL, *content = NULL, *answer = NULL;
    int exit_status = 0;

    if (kyso_envelope_builder_new(DESCRIPTION, &builder, &error) != KYSO_OK
        || kyso_envelope_builder_attach(builder, "318-VP-TH.pdf", pdf, pdf_len, &error) != KYSO_OK
        || kyso_envelope_builder_finish(builder, now, &written, &error) != KYSO_OK
        || kyso_envelope_read(kyso_bytes_data(written), kyso_bytes_len(written), &envelope, &error)
               != KYSO_OK
        || kyso_envelope_attachment_bytes(envelope, 0, &content, &error) != KYSO_OK
        || kyso_envelope_status_reply(envelope, "03", "Đã tiếp nhận", "H99", "Sở thử nghiệm", now,
                                      &answer, &error)
               != KYSO_OK) {
        exit_status = failed(error);
    } else {
        puts(kyso_envelope_json(envelope));
        for (size_t i = 0; i < kyso_envelope_attachment_count(envelope); i++)
            printf("%s\n", kyso_envelope_attachment_safe_name(envelope, i));
        if (kyso_bytes_len(content) != pdf_len
            || memcmp(kyso_bytes_data(content), pdf, pdf_len) != 0) {
            fprintf(stderr, "the attachment is not what was put in\n");
            exit_status = 70;
        } else if (!write_file(argv[2], kyso_bytes_data(written), kyso_bytes_len(written))
                   || !write_file(argv[3], kyso_bytes_data(answer), kyso_bytes_len(answer))) {
            exit_status = 74;
        }
    }
    kyso_bytes_free(answer);
    kyso_bytes_free(content);
    kyso_bytes_free(written);
    kyso_envelope_free(envelope);
    kyso_envelope_builder_free(builder);
    free(pdf);
    return exit_status;
}
