package peer;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.enumerations.SubIndication;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CertificateSource;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * EU DSS over many files, offline: {@code Peer JOBS ANSWERS [REPORTS]}.
 *
 * <p>JOBS has a line for each file, its five columns parted by tabulators: a name, the validation
 * time (RFC 3339), the file, the anchors, the evidence. The last two are paths of files or folders
 * parted by colons; an anchor is one for documents, time-stamps and status alike. Each evidence file
 * is what its bytes say: a certificate, a revocation list or an OCSP response. ANSWERS gets a JSON
 * object for each line. In the folder REPORTS, where one is given, stand DSS' detailed report and
 * its diagnostic data on each.
 *
 * <p>No address is ever asked: there is no source of issuers, lists or responses but the evidence
 * and the file itself.
 */
public final class Peer {
  private Peer() {}

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    Locale.setDefault(Locale.ENGLISH);
    // Only answers are wanted, and the libraries talk.
    PrintStream errors = System.err;
    System.setErr(new PrintStream(PrintStream.nullOutputStream()));
    ValidationPolicy policy = Rules.policy();
    Path reports = arguments.length > 2 ? Paths.get(arguments[2]) : null;
    try (BufferedWriter answers = Files.newBufferedWriter(Paths.get(arguments[1]))) {
      for (String line : Files.readAllLines(Paths.get(arguments[0]))) {
        String[] job = line.split("\t", -1);
        if (job.length != 5) {
          errors.println("not five columns: " + line);
          System.exit(64);
        }
        answers.write(answer(job, policy, reports));
        answers.newLine();
      }
    }
  }

  private static String answer(String[] job, ValidationPolicy policy, Path reports)
      throws IOException {
    Json json = new Json().text("name", job[0]);
    try {
      Reports found = judge(job, policy);
      if (reports != null) {
        String plain = job[0].replace('/', '_');
        Files.writeString(reports.resolve(plain + ".xml"), found.getXmlDetailedReport());
        Files.writeString(reports.resolve(plain + ".data.xml"), found.getXmlDiagnosticData());
      }
      DiagnosticData data = found.getDiagnosticData();
      SimpleReport simple = found.getSimpleReport();
      List<String> signatures = new ArrayList<>();
      for (SignatureWrapper signature : data.getSignatures()) {
        signatures.add(signature(signature, simple));
      }
      List<String> stamps = new ArrayList<>();
      for (TimestampWrapper stamp : data.getTimestampList()) {
        stamps.add(stamp(stamp, simple));
      }
      return json.list("signatures", signatures).list("timestamps", stamps).none("error").end();
    } catch (Exception | StackOverflowError failure) {
      return json.list("signatures", List.of())
          .list("timestamps", List.of())
          .text("error", failure.toString())
          .end();
    }
  }

  private static Reports judge(String[] job, ValidationPolicy policy) throws IOException {
    CommonTrustedCertificateSource anchors = new CommonTrustedCertificateSource();
    for (Path path : files(job[3])) {
      certificates(Files.readAllBytes(path)).forEach(anchors::addCertificate);
    }
    CertificateSource issuers = new CommonCertificateSource();
    List<InMemoryDocument> lists = new ArrayList<>();
    List<InMemoryDocument> responses = new ArrayList<>();
    for (Path path : files(job[4])) {
      byte[] octets = Files.readAllBytes(path);
      List<CertificateToken> certificates = certificates(octets);
      // Responses before lists: the reader of lists looks at its octets late.
      if (!certificates.isEmpty()) {
        certificates.forEach(issuers::addCertificate);
      } else if (holds(() -> new ExternalResourcesOCSPSource(document(octets)))) {
        responses.add(document(octets));
      } else if (holds(() -> new ExternalResourcesCRLSource(document(octets)))) {
        lists.add(document(octets));
      }
    }
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(anchors);
    verifier.setAdjunctCertSources(issuers);
    verifier.setAIASource(null);
    verifier.setCrlSource(null);
    verifier.setOcspSource(null);

    SignedDocumentValidator validator =
        SignedDocumentValidator.fromDocument(new FileDocument(job[2]));
    validator.setCertificateVerifier(verifier);
    // The signer's own certificate may stand beside the file too (clause 5.2.3).
    validator.setSigningCertificateSource(issuers);
    validator.setValidationTime(Date.from(Instant.parse(job[1])));
    validator.setLocale(Locale.ENGLISH);
    // A source of status is asked for one word and left at the first; what a document holds is
    // read whole. The evidence is to be read whole, like the document's.
    validator.setValidationContextExecutor(
        context -> {
          context.addDocumentCRLSource(
              new ExternalResourcesCRLSource(lists.toArray(InMemoryDocument[]::new)));
          context.addDocumentOCSPSource(
              new ExternalResourcesOCSPSource(responses.toArray(InMemoryDocument[]::new)));
          context.validate();
        });
    return validator.validateDocument(policy);
  }

  private static String signature(SignatureWrapper signature, SimpleReport simple) {
    String id = signature.getId();
    return new Json()
        .text("field", signature.getFirstFieldName())
        .text("format", String.valueOf(simple.getSignatureFormat(id)))
        .text("indication", simple.getIndication(id).name().replace('_', '-'))
        .text("sub_indication", name(simple.getSubIndication(id)))
        .text("best_time", time(simple.getBestSignatureTime(id)))
        .texts("errors", messages(simple.getAdESValidationErrors(id)))
        .end();
  }

  private static String stamp(TimestampWrapper stamp, SimpleReport simple) {
    String id = stamp.getId();
    return new Json()
        .text("type", stamp.getType().name())
        .text("time", time(stamp.getProductionTime()))
        .text("indication", String.valueOf(simple.getIndication(id)).replace('_', '-'))
        .text("sub_indication", name(simple.getSubIndication(id)))
        .texts("errors", messages(simple.getAdESValidationErrors(id)))
        .end();
  }

  private static List<String> messages(List<Message> messages) {
    return messages.stream().map(Message::getValue).collect(Collectors.toList());
  }

  private static String name(SubIndication sub) {
    return sub == null ? null : sub.name();
  }

  private static String time(Date date) {
    return date == null ? null : date.toInstant().toString();
  }

  private static List<Path> files(String paths) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String each : paths.split(":")) {
      if (each.isEmpty()) {
        continue;
      }
      Path path = Paths.get(each);
      if (!Files.isDirectory(path)) {
        found.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.list(path)) {
        inside.filter(Files::isRegularFile).sorted().forEach(found::add);
      }
    }
    return found;
  }

  private static InMemoryDocument document(byte[] octets) {
    return new InMemoryDocument(octets);
  }

  private static List<CertificateToken> certificates(byte[] octets) {
    try {
      if (new String(octets, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE")) {
        return DSSUtils.loadCertificateFromP7c(new java.io.ByteArrayInputStream(octets));
      }
      return List.of(DSSUtils.loadCertificate(octets));
    } catch (RuntimeException none) {
      return List.of();
    }
  }

  private static boolean holds(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (RuntimeException none) {
      return false;
    }
  }
}
