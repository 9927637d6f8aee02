import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** BcVerdict CMS CONTENT CERTIFICATE: "valid" when Bouncy Castle verifies every signer with that certificate. */
public class BcVerdict {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        byte[] cms = Files.readAllBytes(Path.of(args[0]));
        byte[] content = Files.readAllBytes(Path.of(args[1]));
        X509Certificate certificate;
        try (FileInputStream file = new FileInputStream(args[2])) {
            certificate = (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(file);
        }
        CMSSignedData data = new CMSSignedData(new CMSProcessableByteArray(content), cms);
        boolean valid = data.getSignerInfos().size() == 1;
        for (SignerInformation signer : data.getSignerInfos().getSigners()) {
            valid &= signer.getSID().match(new X509CertificateHolder(certificate.getEncoded()));
            valid &= signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate));
        }
        System.out.println(valid ? "valid" : "invalid");
    }
}
