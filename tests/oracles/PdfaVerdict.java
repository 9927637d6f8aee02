import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** veraPDF's verdict on PDF/A-2b: a line a file, then its failed clauses. */
public final class PdfaVerdict {
    private PdfaVerdict() {}

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.PDFA_2_B;
        boolean all = true;
        for (String file : files) {
            try (FileInputStream bytes = new FileInputStream(file);
                    PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour)) {
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
                ValidationResult result = validator.validate(parser);
                System.out.println((result.isCompliant() ? "compliant " : "broken ") + result.getTotalAssertions() + " " + file);
                all &= result.isCompliant();
                for (TestAssertion one : result.getTestAssertions()) {
                    System.out.println("  " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " " + one.getMessage());
                }
            }
        }
        System.exit(all ? 0 : 1);
    }
}
