"""pyhanko_verdict.py FILE CERTIFICATE.pem: pyHanko's verdict with that certificate as the only trust, as JSON."""

import json
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

path, certificate = sys.argv[1:]
trust = ValidationContext(trust_roots=[load_cert_from_pemder(certificate)], allow_fetching=False)
with open(path, "rb") as file:
    reader = PdfFileReader(file)
    verdicts = []
    for signature in reader.embedded_signatures:
        status = validate_pdf_signature(signature, trust)
        verdicts.append({
            "ok": status.bottom_line,
            "intact": status.intact,
            "trusted": status.trusted,
            "coverage": status.coverage.name,
            "digest": status.md_algorithm,
            "signer": status.signing_cert.subject.native.get("common_name"),
        })
print(json.dumps(verdicts))
