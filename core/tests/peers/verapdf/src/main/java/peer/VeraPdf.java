package peer;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * veraPDF over many files: {@code VeraPdf FILE...}.
 *
 * <p>Prints a line for each: the file, the flavour that it claims, {@code compliant} or the clauses
 * that it breaks, parted by tabulators.
 */
public final class VeraPdf {
  private VeraPdf() {}

  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String argument : arguments) {
      Path path = Paths.get(argument);
      try (InputStream input = Files.newInputStream(path);
          PDFAParser parser = Foundries.defaultInstance().createParser(input)) {
        PDFAFlavour flavour = parser.getFlavour();
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
        ValidationResult result = validator.validate(parser);
        StringBuilder broken = new StringBuilder(result.isCompliant() ? "compliant" : "broken");
        for (TestAssertion one : result.getTestAssertions()) {
          if (one.getStatus() == TestAssertion.Status.FAILED) {
            broken.append(' ').append(one.getRuleId().getClause());
          }
        }
        System.out.println(path + "\t" + flavour.getId() + "\t" + broken);
      }
    }
  }
}
