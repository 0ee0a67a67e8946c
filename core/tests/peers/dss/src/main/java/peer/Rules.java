package peer;

import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.Algo;
import eu.europa.esig.dss.policy.jaxb.AlgoExpirationDate;
import eu.europa.esig.dss.policy.jaxb.BasicSignatureConstraints;
import eu.europa.esig.dss.policy.jaxb.CertificateConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.policy.jaxb.CryptographicConstraint;
import eu.europa.esig.dss.policy.jaxb.LevelConstraint;
import eu.europa.esig.dss.policy.jaxb.ListAlgo;
import eu.europa.esig.dss.policy.jaxb.MultiValuesConstraint;
import eu.europa.esig.dss.policy.jaxb.RevocationConstraints;
import eu.europa.esig.dss.policy.jaxb.SignedAttributesConstraints;
import eu.europa.esig.dss.policy.jaxb.TimestampConstraints;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * What kyso's policy "default" says, in the words of DSS: DSS' own default policy and, one by one,
 * where it is set otherwise and why. Without this, two validators under two sets of rules would be
 * compared, and not two judgements.
 */
final class Rules {
  private Rules() {}

  static ValidationPolicy policy() throws Exception {
    ConstraintsParameters all;
    try (InputStream standard = Rules.class.getResourceAsStream("/policy/constraint.xml")) {
      all = ValidationPolicyFacade.newFacade().unmarshall(standard);
    }
    BasicSignatureConstraints signature = all.getSignatureConstraints().getBasicSignatureConstraints();
    BasicSignatureConstraints stamp = all.getTimestamp().getBasicSignatureConstraints();
    BasicSignatureConstraints status = all.getRevocation().getBasicSignatureConstraints();

    for (BasicSignatureConstraints each : List.of(signature, stamp, status)) {
      for (CertificateConstraints certificate :
          List.of(each.getSigningCertificate(), each.getCACertificate())) {
        certificate(certificate);
      }
    }
    signature(all.getSignatureConstraints().getSignedAttributes(), signature);
    stamp(all.getTimestamp(), stamp);
    status(all.getRevocation(), status);
    algorithms(all, signature, stamp, status);
    return new EtsiValidationPolicy(all);
  }

  /** For every certificate, whoever's it is. */
  private static void certificate(CertificateConstraints certificate) {
    // EN 319 102-1 clause 5.2.5.4 by the letter, as kyso does: status is fresh for the time between
    // thisUpdate and nextUpdate. DSS' own policy does not ask.
    certificate.setRevocationFreshness(null);
    certificate.setRevocationFreshnessNextUpdate(level(Level.FAIL));
    certificate.setCRLNextUpdatePresent(level(Level.IGNORE));
    certificate.setOCSPNextUpdatePresent(level(Level.IGNORE));

    // RFC 5280 section 6.1 as a whole is a condition for a path, not a warning: name constraints,
    // policies, critical extensions that are not understood (section 4.2).
    certificate.setNameConstraints(level(Level.FAIL));
    certificate.setPolicyTree(level(Level.FAIL));
    certificate.getSupportedCriticalExtensions().setLevel(Level.FAIL);

    // RFC 5280 section 4.2.1.2 is for those who issue: the older national authorities have none,
    // and no path depends on it.
    certificate.setSubjectKeyIdentifierPresent(level(Level.WARN));
    certificate.setAuthorityKeyIdentifierPresent(level(Level.WARN));

    // What such a certificate may hold besides: Vietnamese rules have nothing about it.
    certificate.setForbiddenExtensions(null);
    certificate.setNoRevAvail(level(Level.IGNORE));
  }

  private static void signature(
      SignedAttributesConstraints attributes, BasicSignatureConstraints signature) {
    // Table 1 of EN 319 142-1 demands the attribute, and kyso with it. DSS warns.
    attributes.setSigningCertificatePresent(level(Level.FAIL));
    // Nothing rests on a time that the signer merely claims.
    attributes.setSigningTime(level(Level.INFORM));
    attributes.setSigningTimeInCertRange(level(Level.INFORM));
    // Status is demanded of every certificate below the anchor; no extension takes it off.
    signature.getSigningCertificate().setRevocationDataSkip(null);
    // digitalSignature or nonRepudiation, and a certificate without either signs nothing.
    signature
        .getSigningCertificate()
        .setKeyUsage(values(Level.FAIL, "nonRepudiation", "digitalSignature"));
  }

  private static void stamp(TimestampConstraints constraints, BasicSignatureConstraints stamp) {
    // A time-stamp that is there and fails holds the signature: clause 5.5.4 step 3 lets a policy
    // say so, and kyso's does (a token that somebody broke is no token that nobody made).
    constraints.setTimestampValid(level(Level.FAIL));
    // Clause 5.5.4 step 4 e is no warning.
    constraints.setCoherence(level(Level.FAIL));
    // RFC 3161 section 2.4.2 with RFC 5816: the token names its certificate.
    constraints.getSignedAttributes().setSigningCertificatePresent(level(Level.FAIL));
    constraints.getSignedAttributes().setCertDigestPresent(level(Level.FAIL));
    constraints.getSignedAttributes().setCertDigestMatch(level(Level.FAIL));
    // Status of an authority above a time-stamp's certificate is demanded like any other.
    stamp.getCACertificate().setRevocationDataAvailable(level(Level.FAIL));
    stamp.getCACertificate().setAcceptableRevocationDataFound(level(Level.FAIL));
  }

  private static void status(RevocationConstraints constraints, BasicSignatureConstraints status) {
    // Whoever signs status is asked about where something is at hand, and not demanded to have a
    // word of its own (docs/KNOWN-LIMITS.md).
    for (CertificateConstraints each :
        List.of(status.getSigningCertificate(), status.getCACertificate())) {
      each.setRevocationDataAvailable(level(Level.WARN));
      each.setAcceptableRevocationDataFound(level(Level.WARN));
      each.setRevocationFreshnessNextUpdate(level(Level.WARN));
    }
    // nocheck takes it off altogether, as in DSS' own policy (RFC 6960 section 4.2.2.2.1).
    // Neither RFC 5280 section 6.3.3 nor clause 5.2.5 wants a list to be younger than the certificate
    // it is silent about: a root publishes twice a year, and until then a new authority under it would
    // have no status.
    constraints.setRevocationAfterCertificateIssuance(level(Level.WARN));
    // Common PKI: a response that names another certificate's hash is about another certificate.
    constraints.setOCSPCertHashMatch(level(Level.FAIL));
  }

  /** The same algorithms until the same days (core/src/policy/default.toml). */
  private static void algorithms(
      ConstraintsParameters all,
      BasicSignatureConstraints signature,
      BasicSignatureConstraints stamp,
      BasicSignatureConstraints status) {
    CryptographicConstraint rules = all.getCryptographic();
    // Edwards curves are in kyso's list ("EC"); DSS leaves them out as the catalogue does.
    rules.getAcceptableEncryptionAlgo().getAlgos().add(algorithm("EdDSA", null, null));
    rules.setMiniPublicKeySize(
        sizes(algorithm("RSA", 2048, null), algorithm("RSASSA-PSS", 2048, null),
            algorithm("ECDSA", 256, null), algorithm("EdDSA", 255, null)));
    rules.setAcceptableDigestAlgo(
        sizes(named("SHA1"), named("SHA224"), named("SHA256"), named("SHA384"), named("SHA512"),
            named("SHA3-224"), named("SHA3-256"), named("SHA3-384"), named("SHA3-512")));
    // SHA-1 until the end of 2016, SHA-224 until Circular 15/2025 came. An end that lies after the
    // catalogue's own date is a plan and warns, in both: the date is set behind these two ends and
    // before those of 2029.
    AlgoExpirationDate dates = rules.getAlgoExpirationDate();
    List<String> ours = Arrays.asList("SHA1", "SHA224", "MD5", "SHA3-224", "EdDSA");
    dates.getAlgos().removeIf(each -> ours.contains(each.getValue()));
    dates.getAlgos().removeIf(each -> each.getSize() != null && isShort(each));
    dates.getAlgos().add(algorithm("SHA1", null, "2017-01-01"));
    dates.getAlgos().add(algorithm("SHA224", null, "2025-08-15"));
    dates.getAlgos().add(algorithm("SHA3-224", null, null));
    dates.getAlgos().add(algorithm("EdDSA", 255, null));
    dates.setUpdateDate("2025-08-16");

    // A certificate that was signed with SHA-1 is refused whatever its date, but for pinned ones.
    for (BasicSignatureConstraints each : List.of(signature, stamp, status)) {
      for (CertificateConstraints certificate :
          List.of(each.getSigningCertificate(), each.getCACertificate())) {
        CryptographicConstraint own = new CryptographicConstraint();
        own.setAcceptableDigestAlgo(
            sizes(named("SHA224"), named("SHA256"), named("SHA384"), named("SHA512"),
                named("SHA3-224"), named("SHA3-256"), named("SHA3-384"), named("SHA3-512")));
        certificate.setCryptographic(own);
      }
    }
  }

  private static boolean isShort(Algo algorithm) {
    int bits = algorithm.getSize();
    return algorithm.getValue().contains("ECDSA") ? bits < 256 : bits < 1900;
  }

  private static LevelConstraint level(Level level) {
    LevelConstraint constraint = new LevelConstraint();
    constraint.setLevel(level);
    return constraint;
  }

  private static MultiValuesConstraint values(Level level, String... values) {
    MultiValuesConstraint constraint = new MultiValuesConstraint();
    constraint.setLevel(level);
    constraint.getId().addAll(Arrays.asList(values));
    return constraint;
  }

  private static Algo named(String name) {
    return algorithm(name, null, null);
  }

  private static Algo algorithm(String name, Integer size, String until) {
    Algo algorithm = new Algo();
    algorithm.setValue(name);
    algorithm.setSize(size);
    algorithm.setDate(until);
    return algorithm;
  }

  private static ListAlgo sizes(Algo... algorithms) {
    ListAlgo list = new ListAlgo();
    list.getAlgos().addAll(Arrays.asList(algorithms));
    return list;
  }
}
