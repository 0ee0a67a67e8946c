/*
 * kyso.h - signs and verifies the documents of a state: PDF signatures (PAdES) and edXML envelopes.
 *
 * Library libkyso; `pkg-config --cflags --libs kyso`, or in CMake `find_package(kyso)` and the
 * target kyso::kyso. Licence: MIT or Apache-2.0, as you choose.
 *
 * The rules --------- Results. A call that can fail returns a kyso_status; KYSO_OK is 0 and every
 * other number is a failure. Its result goes to the pointer named `out`, which points to a variable
 * of that type. It is written only on success; after a failure the variable is as it was.
 *
 * Errors. The last argument of such a call is NULL, or points to a `kyso_error *` that is written
 * only on failure (what stood there is neither read nor freed); end the error with kyso_error_free.
 * There is no global and no thread-local error.
 *
 * Objects. An object is made by this library, is never copied, and is ended by the one `_free` of
 * its type, once; it is not used afterwards. `_free` accepts NULL. The first argument of a function
 * is the object it is about; `const` says that the call does not change it. An object of another
 * type is noticed and refused (KYSO_MISUSE), memory that never was an object cannot be.
 *
 * Ownership. What an accessor returns (text, octets) belongs to the object and lives until the
 * object is changed or ended; do not free it. What a call takes is borrowed until it returns: keep
 * it unchanged meanwhile. Nothing is kept of your memory afterwards.
 *
 * Octets are a pointer and a length; with the length 0 the pointer may be NULL. Text is UTF-8 and
 * ends with a NUL; so is what you give, else the call fails with KYSO_MISUSE. A path is text for
 * the operating system (on Unix any octets). Where NULL may stand for text, the function says so;
 * anywhere else NULL is refused with KYSO_MISUSE, or answered with NULL, 0 or KYSO_INDICATION_NONE.
 *
 * Threads. Every function may be called from any thread, and an object may wander between threads.
 * Several threads may make calls on one object at a time as long as all of these take it as
 * `const`; other calls at the same time are refused with KYSO_MISUSE, and an object that is ended
 * while a call uses it is left alone (and leaks).
 *
 * Numbers are added over time and never used again for something else. A number that you do not
 * know is a failure; a verdict other than KYSO_TOTAL_PASSED is no pass. A defect of this library is
 * caught, named on standard error, and returned as KYSO_INTERNAL.
 *
 * The library reads no clock: you give the time. It opens no socket but where the option
 * `online` asks for it, and no file but by a path that
 * you give or by kyso_certificates_add_store. Breadth travels as JSON: kyso_report_json,
 * kyso_envelope_json.
 *
 * In ten lines
 * ------------
 *     kyso_error *error = NULL;
 *     kyso_report *report = NULL;
 *     kyso_certificates *anchors = kyso_certificates_new();
 *     kyso_verifier *verifier = kyso_verifier_new((int64_t)time(NULL));
 *     if (kyso_certificates_add_store(anchors, &error) == KYSO_OK
 *             && kyso_verifier_set_trust(verifier, anchors, &error) == KYSO_OK
 *             && kyso_verifier_verify_file(verifier, "quyet-dinh.pdf", &report, &error) == KYSO_OK)
 *         puts(kyso_report_text(report, KYSO_LANG_VI));
 *     else
 *         fprintf(stderr, "%s\n", kyso_error_message(error, KYSO_LANG_VI));
 *     kyso_report_free(report); kyso_verifier_free(verifier);
 *     kyso_certificates_free(anchors); kyso_error_free(error);
 */


#ifndef KYSO_H
#define KYSO_H

/* Made from the sources by cbindgen: do not edit. */

#include <stddef.h>
#include <stdint.h>

/**
 * Octets that a call made: a signed file, an attachment, a state to be kept.
 */
typedef struct kyso_bytes kyso_bytes;

/**
 * A list of certificates: anchors to trust, or the signer's own certificate with its chain.
 */
typedef struct kyso_certificates kyso_certificates;

/**
 * An envelope that was read. Any number of threads may read one at the same time.
 */
typedef struct kyso_envelope kyso_envelope;

/**
 * An envelope about to be written.
 */
typedef struct kyso_envelope_builder kyso_envelope_builder;

/**
 * Why a call failed.
 */
typedef struct kyso_error kyso_error;

/**
 * A private key, with the certificate of its owner and the chain to embed.
 */
typedef struct kyso_key kyso_key;

/**
 * How a PDF is signed: the claimed time and the options. It can be used for any number of files,
 * from any number of threads at the same time.
 */
typedef struct kyso_pdf_signing kyso_pdf_signing;

/**
 * A signature that waits for its value. It holds no secret and not the file.
 */
typedef struct kyso_prepared kyso_prepared;

/**
 * What was found in one file. Any number of threads may read one report at the same time.
 */
typedef struct kyso_report kyso_report;

/**
 * By what files are judged: time, anchors, policy. Any number of threads may verify with one
 * verifier at the same time.
 */
typedef struct kyso_verifier kyso_verifier;

/**
 * The main answer about a signature or a file (ETSI EN 319 102-1). Only `KYSO_TOTAL_PASSED` is
 * good.
 */
typedef int32_t kyso_indication;

/**
 * What a call returns: `KYSO_OK`, or the number of an error. Numbers are added over time and never
 * used again for something else; treat a number that you do not know as a failure.
 */
typedef int32_t kyso_status;

/**
 * The language of a message; any other number counts as English.
 */
typedef int32_t kyso_lang;

/**
 * What happens to an output file that is already there.
 */
typedef int32_t kyso_existing;

/**
 * Signs outside of this library: with a token, an HSM, a phone, a remote service.
 *
 * `userdata` is what was given together with the function. `message` is what has to be signed, and
 * `digest` its digest by the algorithm chosen: some devices want the one, some the other (hash the
 * message, or sign the digest as it is; never hash the digest once more). The function writes the
 * raw signature value to `out` (RSA: the octets of the signature; ECDSA: the DER form of r and s;
 * Ed25519: 64 octets), at most `out_cap` octets (at least 4096), writes their number to `*out_len`
 * and returns `KYSO_OK`; or returns `KYSO_SIGNER_REFUSED`, `KYSO_SIGNER_FAILED`,
 * `KYSO_KEY_PASSWORD` or `KYSO_KEY_UNUSABLE`, which the signing call then returns; any other
 * number counts as `KYSO_SIGNER_FAILED`.
 *
 * It is called once at most, on the thread of the call it was given to, and never after that call
 * returned. It may call functions of this library on other objects. It must return: no `longjmp`
 * leaves it, and a C++ exception that does ends the process.
 */
typedef kyso_status (*kyso_sign_callback)(void *userdata,
                                          const uint8_t *message,
                                          size_t message_len,
                                          const uint8_t *digest,
                                          size_t digest_len,
                                          uint8_t *out,
                                          size_t out_cap,
                                          size_t *out_len);

/**
 * The work is done.
 */
#define KYSO_OK 0

/**
 * The input is not what it claims to be.
 */
#define KYSO_MALFORMED 10

/**
 * A limit was reached.
 */
#define KYSO_TOO_LARGE 11

/**
 * An algorithm, an encryption or a feature that is not offered.
 */
#define KYSO_UNSUPPORTED 12

/**
 * An encrypted input that no known password opens.
 */
#define KYSO_LOCKED 13

/**
 * What the signature is to show cannot be drawn: a letter without a glyph, a picture that cannot be
 * read, a place that is not there or does not suffice.
 */
#define KYSO_APPEARANCE 14

/**
 * The password or PIN of a key was refused.
 */
#define KYSO_KEY_PASSWORD 20

/**
 * The signing device or service failed or did not answer.
 */
#define KYSO_SIGNER_FAILED 21

/**
 * The private key does not belong to the certificate.
 */
#define KYSO_KEY_MISMATCH 22

/**
 * The key cannot be used: its kind or size is not one that may sign.
 */
#define KYSO_KEY_UNUSABLE 23

/**
 * The signing device or the person behind it refused.
 */
#define KYSO_SIGNER_REFUSED 24

/**
 * A service asked over the network failed.
 */
#define KYSO_FETCH 30

/**
 * `kyso_prepared_complete` got another file, or an answer that does not verify.
 */
#define KYSO_MISMATCH 40

/**
 * The result would not be what was asked for, or a signature that is there already would be worth
 * less; nothing was made.
 */
#define KYSO_REFUSED 41

/**
 * A wrong call: NULL where none may be, an object of another type, text that is not UTF-8,
 * contradictory or incomplete settings.
 */
#define KYSO_MISUSE 50

/**
 * An input could not be read.
 */
#define KYSO_INPUT_UNREADABLE 60

/**
 * An output could not be written.
 */
#define KYSO_OUTPUT_UNWRITABLE 61

/**
 * A defect of this library.
 */
#define KYSO_INTERNAL 90

/**
 * English.
 */
#define KYSO_LANG_EN 0

/**
 * Vietnamese.
 */
#define KYSO_LANG_VI 1

/**
 * There is no signature.
 */
#define KYSO_INDICATION_NONE 0

/**
 * Every check passed.
 */
#define KYSO_TOTAL_PASSED 1

/**
 * The available information does not suffice to say.
 */
#define KYSO_INDETERMINATE 2

/**
 * The cryptography fails, or the format does, or it is proven that the key was not valid.
 */
#define KYSO_TOTAL_FAILED 3

/**
 * It stays, and the call fails with `KYSO_OUTPUT_UNWRITABLE`.
 */
#define KYSO_EXISTING_KEEP 0

/**
 * It is replaced, in one step.
 */
#define KYSO_EXISTING_REPLACE 1

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of this library, such as `0.1.0`. The text lives as long as the process.
 */
const char *kyso_version(void);

/**
 * The constant of the standard: `TOTAL-PASSED`, `INDETERMINATE`, `TOTAL-FAILED`, or `NONE` for
 * every other number. The text lives as long as the process.
 */
const char *kyso_indication_name(kyso_indication indication);

/**
 * The number: what the call returned. `KYSO_MISUSE` for NULL.
 */
kyso_status kyso_error_status(const kyso_error *error);

/**
 * The stable text code, such as `input.malformed`: the one of the JSON report and of the other
 * bindings. NULL for NULL.
 */
const char *kyso_error_code(const kyso_error *error);

/**
 * One sentence or two for a person: what happened, where, and what to do next. Nothing in it can
 * steer a terminal. NULL for NULL.
 */
const char *kyso_error_message(const kyso_error *error, kyso_lang language);

/**
 * Ends an error. NULL is fine.
 */
void kyso_error_free(kyso_error *error);

/**
 * The octets, owned by the object; never NULL for an object, even an empty one. NULL for NULL.
 */
const uint8_t *kyso_bytes_data(const kyso_bytes *bytes);

/**
 * How many there are. 0 for NULL.
 */
size_t kyso_bytes_len(const kyso_bytes *bytes);

/**
 * Ends it. NULL is fine.
 */
void kyso_bytes_free(kyso_bytes *bytes);

/**
 * An empty list. NULL only where memory is gone.
 */
kyso_certificates *kyso_certificates_new(void);

/**
 * Adds every certificate of some octets: PEM (one or several), DER, or PKCS#7 (`.p7b`, `.p7c`).
 */
kyso_status kyso_certificates_add(kyso_certificates *certificates,
                                  const uint8_t *data,
                                  size_t len,
                                  kyso_error **error);

/**
 * Adds every certificate of a file, or of the files of a folder (files in it that hold none are
 * passed over). `KYSO_MISUSE` where none is found at all.
 */
kyso_status kyso_certificates_add_path(kyso_certificates *certificates,
                                       const char *path,
                                       kyso_error **error);

/**
 * Adds the anchors of the trust store that the command line uses: the folder that the environment
 * variable `KYSO_TRUST_DIR` names, else `kyso/trust` in the platform's data folder. A missing or
 * empty store is no error and adds nothing.
 */
kyso_status kyso_certificates_add_store(kyso_certificates *certificates, kyso_error **error);

/**
 * How many there are. 0 for NULL.
 */
size_t kyso_certificates_count(const kyso_certificates *certificates);

/**
 * Ends the list. NULL is fine.
 */
void kyso_certificates_free(kyso_certificates *certificates);

/**
 * A verifier that judges at this time, in seconds since 1970-01-01T00:00:00Z (usually
 * `time(NULL)`), by the default policy, with no anchor. NULL only where memory is gone.
 */
kyso_verifier *kyso_verifier_new(int64_t at);

/**
 * Sets an option, in the words of the command line:
 *
 * - `policy`: `default` (the law of the signing time), `circular-15-2025-strict`, `state-practice`,
 *   `path-only` (RFC 5280 alone), or the TOML text of a policy of your own;
 * - `revocation`: `required` (the default) or `none` (missing status evidence does not count,
 *   present evidence is obeyed, and the report says so);
 * - `access`: how `kyso_verifier_verify_file` opens a file: `map` (the default: little memory, but
 *   a file that another process cuts short meanwhile ends this one by SIGBUS) or `read`;
 * - `online`: `no` (the default: no socket is opened), `yes` (the status of certificates may be
 *   fetched from the addresses that they name, once their path has reached an anchor, and missing
 *   issuers from the national authorities' addresses), or `loopback` (127.0.0.1 too, to develop
 *   against the sandbox);
 * - `online-allow`: a host, or `host:port`, that may have an address of a private network; each
 *   call adds one;
 * - `online-issuers`: a further address where missing issuers may be asked for, or the beginning of
 *   such addresses, ending in `/`; each call adds one;
 * - `proxy`: the proxy to ask through, such as `http://proxy.coquan.vn:3128`;
 * - `cache`: a folder in which to keep what was fetched, and whose content is used without `online`
 *   too. Without one what was fetched is kept in memory;
 * - `limit`: `NAME=NUMBER`, such as `pdf_stream=134217728`: raises or lowers a safety limit;
 * - `password`: that of encrypted PDF files, tried where the empty one does not open them.
 */
kyso_status kyso_verifier_set(kyso_verifier *verifier,
                              const char *option,
                              const char *value,
                              kyso_error **error);

/**
 * Sets the anchors, in place of those set before. The certificates are copied. The national roots
 * are known by built-in fingerprints, with their purposes and dates; every other certificate given
 * here is trusted as it stands.
 */
kyso_status kyso_verifier_set_trust(kyso_verifier *verifier,
                                    const kyso_certificates *anchors,
                                    kyso_error **error);

/**
 * Adds evidence: issuing certificates (PEM, DER or PKCS#7), CRLs (PEM or DER), an OCSP response, or
 * an evidence bundle. Certificates are hints, never anchors; what speaks about status has to verify
 * by itself.
 */
kyso_status kyso_verifier_add_evidence(kyso_verifier *verifier,
                                       const uint8_t *data,
                                       size_t len,
                                       kyso_error **error);

/**
 * As `kyso_verifier_add_evidence`, from a file or from every file of a folder.
 */
kyso_status kyso_verifier_add_evidence_path(kyso_verifier *verifier,
                                            const char *path,
                                            kyso_error **error);

/**
 * Verifies every signature of a file in memory. Whatever the octets, this gives a report: a file
 * that cannot be read at all is a report too (`kyso_report_error_code`). It fails for a wrong call
 * only.
 */
kyso_status kyso_verifier_verify(const kyso_verifier *verifier,
                                 const uint8_t *data,
                                 size_t len,
                                 kyso_report **out,
                                 kyso_error **error);

/**
 * Verifies every signature of a file by its path, which the report then names. Fails with
 * `KYSO_INPUT_UNREADABLE` where it cannot be opened.
 */
kyso_status kyso_verifier_verify_file(const kyso_verifier *verifier,
                                      const char *path,
                                      kyso_report **out,
                                      kyso_error **error);

/**
 * Sets the anchors to those of the trust store that the command line uses, in place of those set
 * before. What was removed from that store is not trusted, national roots among it. A missing or
 * empty store is no error.
 */
kyso_status kyso_verifier_set_trust_store(kyso_verifier *verifier, kyso_error **error);

/**
 * As `kyso_verifier_verify`, and keeps everything that the verdict rested on: see
 * `kyso_report_evidence`. `name` is what the report calls the file; NULL: nothing.
 */
kyso_status kyso_verifier_verify_and_keep(const kyso_verifier *verifier,
                                          const uint8_t *data,
                                          size_t len,
                                          const char *name,
                                          kyso_report **out,
                                          kyso_error **error);

/**
 * Gives the verdict about a file again by the evidence bundle that was kept of it: at its time, by
 * its rules and its evidence besides this verifier's, with the anchors of this verifier alone. The
 * report can be compared: see `kyso_report_differences`. Fails with `KYSO_MALFORMED` for what is no
 * bundle or one about another file, with `KYSO_MISUSE` for one with rules that are neither built-in
 * ones nor this verifier's `policy`. `name` as in `kyso_verifier_verify_and_keep`.
 */
kyso_status kyso_verifier_reprove(const kyso_verifier *verifier,
                                  const uint8_t *bundle,
                                  size_t bundle_len,
                                  const uint8_t *data,
                                  size_t len,
                                  const char *name,
                                  kyso_report **out,
                                  kyso_error **error);

/**
 * How many octets from the start of a PDF in memory signature `number` covers, counted from 1:
 * signatures as the report lists them, then document time-stamps. These first `*covered` octets are
 * what was signed, a PDF of its own with nothing later in it. `KYSO_MISUSE`: there is no such
 * signature. `KYSO_MALFORMED`: its byte range is broken, or the octets are no longer those that were
 * signed. `*covered` is 0 on failure.
 */
kyso_status kyso_verifier_covered(const kyso_verifier *verifier,
                                  const uint8_t *data,
                                  size_t len,
                                  size_t number,
                                  size_t *covered,
                                  kyso_error **error);

/**
 * Ends a verifier. NULL is fine.
 */
void kyso_verifier_free(kyso_verifier *verifier);

/**
 * The gravest indication of everything in the file; `KYSO_INDICATION_NONE` when it carries no
 * signature, and for NULL. Only `KYSO_TOTAL_PASSED` is good.
 */
kyso_indication kyso_report_indication(const kyso_report *report);

/**
 * The exit status that the command line gives for this file: 0 every signature passed, 1 at least
 * one failed, 2 at least one is indeterminate or there is none, 65 the input is no document; 70
 * for NULL.
 */
int32_t kyso_report_exit(const kyso_report *report);

/**
 * Why the file could not be read as its kind, as a code such as `input.malformed`; NULL where it
 * could.
 */
const char *kyso_report_error_code(const kyso_report *report);

/**
 * How many signatures the file itself carries; those inside the attachments of an envelope are in
 * the JSON. 0 for NULL.
 */
size_t kyso_report_signature_count(const kyso_report *report);

/**
 * The indication of one signature, counted from 0; `KYSO_INDICATION_NONE` where there is none of
 * that number.
 */
kyso_indication kyso_report_signature_indication(const kyso_report *report, size_t index);

/**
 * The sub-indication of one signature, such as `HASH_FAILURE`; NULL where there is none.
 */
const char *kyso_report_signature_sub_indication(const kyso_report *report, size_t index);

/**
 * Who signed: the common name in the signer's certificate, as it stands there (it is data: escape
 * it before you show it). NULL where the certificate cannot be identified. That a name is here
 * says nothing about whether the signature holds.
 */
const char *kyso_report_signature_signer(const kyso_report *report, size_t index);

/**
 * The whole report as one line of JSON (`kyso-report/1`), with messages in a language. NULL for
 * NULL.
 */
const char *kyso_report_json(const kyso_report *report, kyso_lang language);

/**
 * The report as text for a person; nothing in it can steer a terminal. NULL for NULL.
 */
const char *kyso_report_text(const kyso_report *report, kyso_lang language);

/**
 * The evidence bundle (kyso-evidence/1) of a report of `kyso_verifier_verify_and_keep`: octets to be
 * kept as they are, owned by the report; their number is written to `len`, which may not be NULL.
 * NULL and 0 for any other report.
 */
const uint8_t *kyso_report_evidence(const kyso_report *report,
                                    size_t *len);

/**
 * In what a report of `kyso_verifier_reprove` differs from the one that was kept: a JSON array of
 * objects with `code` and `message`; `[]` where it is the same. NULL for any other report.
 */
const char *kyso_report_differences(const kyso_report *report, kyso_lang language);

/**
 * Ends a report. NULL is fine.
 */
void kyso_report_free(kyso_report *report);

/**
 * From a PKCS#12 file (`.p12`, `.pfx`) in memory. `algorithm` is NULL for the key's usual one, or
 * a word such as `rsa-pkcs1-sha256`, `rsa-pss-sha256`, `ecdsa-sha256`, `ed25519`. Fails with
 * `KYSO_KEY_PASSWORD` for a wrong password.
 */
kyso_status kyso_key_from_p12(const uint8_t *data,
                              size_t len,
                              const char *password,
                              const char *algorithm,
                              kyso_key **out,
                              kyso_error **error);

/**
 * From a private key in PEM or DER (PKCS#8, encrypted too, or the traditional forms) and its
 * certificates in PEM, DER or PKCS#7, both in memory. `password` is NULL for a key that is not
 * encrypted; `algorithm` is as for `kyso_key_from_p12`.
 */
kyso_status kyso_key_from_pem(const uint8_t *key,
                              size_t key_len,
                              const uint8_t *certificates,
                              size_t certificates_len,
                              const char *password,
                              const char *algorithm,
                              kyso_key **out,
                              kyso_error **error);

/**
 * Adds certificates of the chain to embed; those it has already are not added twice.
 */
kyso_status kyso_key_add_chain(kyso_key *key, const kyso_certificates *chain, kyso_error **error);

/**
 * Ends a key. NULL is fine.
 */
void kyso_key_free(kyso_key *key);

/**
 * Signing at this time, in seconds since 1970-01-01T00:00:00Z (usually `time(NULL)`); it is
 * written at Viet Nam's offset. NULL only where memory is gone.
 */
kyso_pdf_signing *kyso_pdf_signing_new(int64_t at);

/**
 * Sets an option:
 *
 * - `field`: the full name of the signature field; by default the next free `Signature1`, …;
 * - `reason`, `location`, `contact`: why and where it is signed, how the signer can be reached;
 * - `name`: the signer's name as the signature shows it; by default the certificate's common name;
 * - `profile`: `pades` (the default) or `pkcs7` (`adbe.pkcs7.detached`, for old receivers);
 * - `reserve`: octets kept free for the signature, in decimal; by default 16384;
 * - `access`: how the functions on files open one: `map` (the default) or `read`, as for
 *   `kyso_verifier_set`;
 * - `level`: `b-b`, `b-t` (with a time-stamp; the default with `tsa`), `b-lt` (with all in the file
 *   that is needed to verify it) or `b-lta` (with a time-stamp over that); the last two need
 *   `kyso_pdf_signing_set_verifier`. For `kyso_pdf_signing_extend` also `document-time-stamp`;
 * - `tsa`: the address of a time-stamping service (RFC 3161); each call adds one, which is asked
 *   where those before it fail. Without one no socket is opened;
 * - `tsa-digest`: `sha256` (the default), `sha384` or `sha512`; `tsa-policy`: the policy that the
 *   service has to stamp under, an object identifier; `tsa-proxy`: the proxy to ask it through.
 */
kyso_status kyso_pdf_signing_set(kyso_pdf_signing *signing,
                                 const char *option,
                                 const char *value,
                                 kyso_error **error);

/**
 * Shows a mark on the pages; by default a signature shows nothing. `description` is a JSON object as
 * docs/FORMS.md has it, such as `{"form":"copy","kind":"SAO Y"}`; `picture` holds the octets of the
 * PNG or JPEG that the mark shows, and is NULL with the length 0 where it shows none. Several marks
 * are several widgets of one signature, drawn in the order they were added.
 */
kyso_status kyso_pdf_signing_show(kyso_pdf_signing *signing,
                                  const char *description,
                                  const uint8_t *picture,
                                  size_t picture_len,
                                  kyso_error **error);

/**
 * The clerk's step: number and date in the blanks of the document's head, and the organisation's
 * seal (PNG or JPEG; NULL with the length 0 for none) over a third of the person's signature, as marks
 * of one signature. A year that the document has printed has to be this one. `seal_width` is in
 * millimetres; 0 takes the size that the picture's resolution names. Other places are had by
 * `kyso_pdf_signing_show` with the forms `number`, `day`, `month`, `year` and `seal`.
 */
kyso_status kyso_pdf_signing_issue(kyso_pdf_signing *signing,
                                   const char *number,
                                   int32_t year,
                                   int32_t month,
                                   int32_t day,
                                   const uint8_t *seal,
                                   size_t seal_len,
                                   double seal_width,
                                   kyso_error **error);

/**
 * The file as it will look, before any key is touched, for whoever is about to sign: the marks are
 * where they will be, the signature is zeros. `certificates` holds the signer's own first; NULL where
 * no mark shows a name that only the certificate tells.
 */
kyso_status kyso_pdf_signing_draft(const kyso_pdf_signing *signing,
                                   const uint8_t *input,
                                   size_t input_len,
                                   const kyso_certificates *certificates,
                                   kyso_bytes **out,
                                   kyso_error **error);

/**
 * Where the marks of `kyso_pdf_signing_draft` are, as a JSON array in UTF-8, without a NUL at its end:
 * for each `mark` (counted from 0), `page` (from 1), `left`, `top`, `width` and `height` in
 * millimetres on the page as it is seen, `rectangle` in its user space, `overlap` (the covered part of
 * the width of the signature below it) or null.
 */
kyso_status kyso_pdf_signing_placed(const kyso_pdf_signing *signing,
                                    const uint8_t *input,
                                    size_t input_len,
                                    const kyso_certificates *certificates,
                                    kyso_bytes **out,
                                    kyso_error **error);

/**
 * Signs a PDF in memory with a key. `*out` is the whole signed file: the input, octet for octet,
 * and the signature behind it. The new signature is verified before it is handed out.
 */
kyso_status kyso_pdf_signing_sign(const kyso_pdf_signing *signing,
                                  const uint8_t *input,
                                  size_t input_len,
                                  const kyso_key *key,
                                  kyso_bytes **out,
                                  kyso_error **error);

/**
 * Signs a PDF file with a key. The output appears whole or not at all; it may be the input itself
 * with `KYSO_EXISTING_REPLACE`.
 */
kyso_status kyso_pdf_signing_sign_file(const kyso_pdf_signing *signing,
                                       const char *input_path,
                                       const kyso_key *key,
                                       const char *output_path,
                                       kyso_existing if_existing,
                                       kyso_error **error);

/**
 * As `kyso_pdf_signing_sign`, with a key that only a function of yours can reach. `certificates`
 * holds the signer's own certificate first, then the chain to embed; `algorithm` is a word as for
 * `kyso_key_from_p12`. An answer that does not verify under the certificate is `KYSO_MISMATCH`.
 */
kyso_status kyso_pdf_signing_sign_with(const kyso_pdf_signing *signing,
                                       const uint8_t *input,
                                       size_t input_len,
                                       const kyso_certificates *certificates,
                                       const char *algorithm,
                                       kyso_sign_callback callback,
                                       void *userdata,
                                       kyso_bytes **out,
                                       kyso_error **error);

/**
 * As `kyso_pdf_signing_sign_file`, with a key that only a function of yours can reach.
 */
kyso_status kyso_pdf_signing_sign_file_with(const kyso_pdf_signing *signing,
                                            const char *input_path,
                                            const kyso_certificates *certificates,
                                            const char *algorithm,
                                            kyso_sign_callback callback,
                                            void *userdata,
                                            const char *output_path,
                                            kyso_existing if_existing,
                                            kyso_error **error);

/**
 * The first of two steps: lays the signature into a PDF in memory and computes what has to be
 * signed. The key may be on another host, and the second step hours later.
 */
kyso_status kyso_pdf_signing_prepare(const kyso_pdf_signing *signing,
                                     const uint8_t *input,
                                     size_t input_len,
                                     const kyso_certificates *certificates,
                                     const char *algorithm,
                                     kyso_prepared **out,
                                     kyso_error **error);

/**
 * As `kyso_pdf_signing_prepare`, for a file.
 */
kyso_status kyso_pdf_signing_prepare_file(const kyso_pdf_signing *signing,
                                          const char *input_path,
                                          const kyso_certificates *certificates,
                                          const char *algorithm,
                                          kyso_prepared **out,
                                          kyso_error **error);

/**
 * The first step where the signer's certificate is known only afterwards, or where a service makes
 * a whole CMS. `digest` is `sha256`, `sha384` or `sha512`, or NULL for the first. What leads on is
 * `kyso_prepared_document_digest`, or `kyso_prepared_with_signer`.
 */
kyso_status kyso_pdf_signing_prepare_document(const kyso_pdf_signing *signing,
                                              const uint8_t *input,
                                              size_t input_len,
                                              const char *digest,
                                              kyso_prepared **out,
                                              kyso_error **error);

/**
 * As `kyso_pdf_signing_prepare_document`, for a file.
 */
kyso_status kyso_pdf_signing_prepare_document_file(const kyso_pdf_signing *signing,
                                                   const char *input_path,
                                                   const char *digest,
                                                   kyso_prepared **out,
                                                   kyso_error **error);

/**
 * Ends it. NULL is fine.
 */
void kyso_pdf_signing_free(kyso_pdf_signing *signing);

/**
 * The digest that has to be signed, as it is: do not hash it once more. Its length goes to `*len`;
 * it is 0 while the state has no signer. NULL, and `*len` is left alone, for NULL.
 */
const uint8_t *kyso_prepared_digest(const kyso_prepared *prepared, size_t *len);

/**
 * The digest of the document, for a service that makes a whole CMS; its message-digest attribute
 * then holds it. Never have it signed by a bare key: that is refused. Its length goes to `*len`.
 * NULL, and `*len` is left alone, for NULL.
 */
const uint8_t *kyso_prepared_document_digest(const kyso_prepared *prepared, size_t *len);

/**
 * The message that has to be signed, for devices that hash it themselves and for Ed25519. Its
 * length goes to `*len`. NULL, and `*len` is left alone, for NULL.
 */
const uint8_t *kyso_prepared_message(const kyso_prepared *prepared, size_t *len);

/**
 * The word of the algorithm chosen when preparing, such as `rsa-pkcs1-sha256`. NULL for NULL and
 * while the state has no signer.
 */
const char *kyso_prepared_algorithm(const kyso_prepared *prepared);

/**
 * The state as octets (JSON, `kyso-prepared/1`), to be kept or sent, and read by
 * `kyso_prepared_from_bytes`, the command line or another binding.
 */
kyso_status kyso_prepared_to_bytes(const kyso_prepared *prepared,
                                   kyso_bytes **out,
                                   kyso_error **error);

/**
 * Reads a state.
 */
kyso_status kyso_prepared_from_bytes(const uint8_t *data,
                                     size_t len,
                                     kyso_prepared **out,
                                     kyso_error **error);

/**
 * The certificate is known now: makes a state with a signer of one that has none. `certificates`
 * holds the signer's own first, then the chain to embed. `KYSO_MISUSE` for a state that has a
 * signer, for an algorithm that does not fit the key or has another hash than was prepared with;
 * `KYSO_TOO_LARGE` where the chain does not fit into the room, which cannot grow any more.
 */
kyso_status kyso_prepared_with_signer(const kyso_prepared *prepared,
                                      const kyso_certificates *certificates,
                                      const char *algorithm,
                                      kyso_prepared **out,
                                      kyso_error **error);

/**
 * The second step, in memory: puts the answer into the very file that was prepared. The answer is
 * the raw signature value (as a `kyso_sign_callback` gives it, or r and s side by side), or a whole
 * CMS, DER, made over `kyso_prepared_document_digest`. `KYSO_MISMATCH` for another file, and for
 * what does not verify, in words of what was signed instead where that can be told; the state can
 * then be tried again.
 */
kyso_status kyso_prepared_complete(const kyso_prepared *prepared,
                                   const uint8_t *input,
                                   size_t input_len,
                                   const uint8_t *signature,
                                   size_t signature_len,
                                   kyso_bytes **out,
                                   kyso_error **error);

/**
 * As `kyso_prepared_complete`, for a file. The output appears whole or not at all.
 */
kyso_status kyso_prepared_complete_file(const kyso_prepared *prepared,
                                        const char *input_path,
                                        const uint8_t *signature,
                                        size_t signature_len,
                                        const char *output_path,
                                        kyso_existing if_existing,
                                        kyso_error **error);

/**
 * Ends it. NULL is fine.
 */
void kyso_prepared_free(kyso_prepared *prepared);

/**
 * Sets the verifier that says, for the levels `b-lt` and `b-lta` and for extending, by whose trust
 * and rules evidence is gathered, at what time, and whether the network may be asked for it. It is
 * copied as it is now.
 */
kyso_status kyso_pdf_signing_set_verifier(kyso_pdf_signing *signing,
                                          const kyso_verifier *verifier,
                                          kyso_error **error);

/**
 * Raises the level of signatures of a PDF in memory, whoever made them: to the option `level`
 * (`b-t`, `b-lt`, `b-lta`, or `document-time-stamp` for a time-stamp over the document and nothing
 * else), of the signature that the option `field` names, or of all. It needs a verifier
 * (`kyso_pdf_signing_set_verifier`) and, where a time-stamp is needed, the option `tsa`. `*out` is
 * the whole file: the input, octet for octet, and what is added behind it. `KYSO_REFUSED` where
 * evidence is missing, with the certificate and the addresses where it can be asked, or where a
 * signature that is there would be worth less.
 */
kyso_status kyso_pdf_signing_extend(const kyso_pdf_signing *signing,
                                    const uint8_t *input,
                                    size_t input_len,
                                    kyso_bytes **out,
                                    kyso_error **error);

/**
 * As `kyso_pdf_signing_extend`, for a file. The output appears whole or not at all.
 */
kyso_status kyso_pdf_signing_extend_file(const kyso_pdf_signing *signing,
                                         const char *input_path,
                                         const char *output_path,
                                         kyso_existing if_existing,
                                         kyso_error **error);

/**
 * As `kyso_prepared_complete`, at the level that the options of `signing` say (`level`, `tsa` and
 * those beside it, and its verifier): the time-stamp belongs into the signature and is fetched now.
 * `KYSO_FETCH` where none is to be had.
 */
kyso_status kyso_prepared_complete_at(const kyso_prepared *prepared,
                                      const kyso_pdf_signing *signing,
                                      const uint8_t *input,
                                      size_t input_len,
                                      const uint8_t *signature,
                                      size_t signature_len,
                                      kyso_bytes **out,
                                      kyso_error **error);

/**
 * As `kyso_prepared_complete_at`, for a file. The output appears whole or not at all.
 */
kyso_status kyso_prepared_complete_file_at(const kyso_prepared *prepared,
                                           const kyso_pdf_signing *signing,
                                           const char *input_path,
                                           const uint8_t *signature,
                                           size_t signature_len,
                                           const char *output_path,
                                           kyso_existing if_existing,
                                           kyso_error **error);

/**
 * Reads an envelope in memory; the octets are copied. Reading is lenient: what departs from the
 * rules of QCVN 102 does not fail here as long as it can be read.
 */
kyso_status kyso_envelope_read(const uint8_t *data,
                               size_t len,
                               kyso_envelope **out,
                               kyso_error **error);

/**
 * Reads an envelope from a file, which stays open as a map as long as the object lives.
 */
kyso_status kyso_envelope_read_file(const char *path, kyso_envelope **out, kyso_error **error);

/**
 * What the envelope says, as one line of JSON (`kyso-envelope/1`). It is data: escape it before you
 * show it on a terminal. NULL for NULL.
 */
const char *kyso_envelope_json(const kyso_envelope *envelope);

/**
 * How many attachments it has. 0 for NULL.
 */
size_t kyso_envelope_attachment_count(const kyso_envelope *envelope);

/**
 * The name of one attachment, counted from 0, as it stands: it is data, not a path. NULL where
 * there is none of that number.
 */
const char *kyso_envelope_attachment_name(const kyso_envelope *envelope, size_t index);

/**
 * A plain file name made from the name of one attachment: without path, control and bidirectional
 * characters, not empty, and no other attachment of the envelope has it. To be used when a file is
 * made. NULL where there is none of that number.
 */
const char *kyso_envelope_attachment_safe_name(const kyso_envelope *envelope, size_t index);

/**
 * The content of one attachment, decoded, and taken out of a wrapping zip. `KYSO_MISUSE` where
 * there is none of that number.
 */
kyso_status kyso_envelope_attachment_bytes(const kyso_envelope *envelope,
                                           size_t index,
                                           kyso_bytes **out,
                                           kyso_error **error);

/**
 * Answers a received document with a status message. `code` is the status of QCVN 102, such as
 * `03`; `description` may be NULL; `organ_id` and `organ_name` say who answers (the name may be
 * NULL); `now` is in seconds since 1970-01-01T00:00:00Z. `*out` is the answer's envelope.
 */
kyso_status kyso_envelope_status_reply(const kyso_envelope *envelope,
                                       const char *code,
                                       const char *description,
                                       const char *organ_id,
                                       const char *organ_name,
                                       int64_t now,
                                       kyso_bytes **out,
                                       kyso_error **error);

/**
 * Ends an envelope. NULL is fine.
 */
void kyso_envelope_free(kyso_envelope *envelope);

/**
 * From a description in JSON: the members `kind`, `header`, `trace`, `business`, `status` and
 * `attachments` as `kyso_envelope_json` gives them. What it says is checked when it is finished.
 */
kyso_status kyso_envelope_builder_new(const char *json,
                                      kyso_envelope_builder **out,
                                      kyso_error **error);

/**
 * Adds a file under a plain name; its octets are copied. An attachment that the description names
 * (`attachments[].name`, else the last step of `path`) takes its octets from the file of that
 * name; the other files follow in the order given.
 */
kyso_status kyso_envelope_builder_attach(kyso_envelope_builder *builder,
                                         const char *name,
                                         const uint8_t *data,
                                         size_t len,
                                         kyso_error **error);

/**
 * Writes the envelope, after checking it by the strict rules. `now`, in seconds since
 * 1970-01-01T00:00:00Z, is the time of the sender's trace line or of the status, where the
 * description gives none. The same description, files and time give the same octets.
 */
kyso_status kyso_envelope_builder_finish(const kyso_envelope_builder *builder,
                                         int64_t now,
                                         kyso_bytes **out,
                                         kyso_error **error);

/**
 * Ends a builder. NULL is fine.
 */
void kyso_envelope_builder_free(kyso_envelope_builder *builder);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KYSO_H */
