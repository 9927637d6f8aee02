"""pyhanko_lasting.py FILE CERTIFICATE.pem...: pyHanko's verdict on a file with evidence and document time-stamps, judged by
what the file holds alone and those certificates, as JSON."""

import json
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature, validate_pdf_timestamp

path, *certificates = sys.argv[1:]
with open(path, "rb") as file:
    reader = PdfFileReader(file)
    store = DocumentSecurityStore.read_dss(reader)
    trust = store.as_validation_context({
        "trust_roots": [load_cert_from_pemder(one) for one in certificates],
        "allow_fetching": False,
        # Where a certificate says that it may be revoked, it must be cleared.
        "revocation_mode": "hard-fail",
    })
    status = validate_pdf_signature(reader.embedded_regular_signatures[0], trust, ts_validation_context=trust)
    stamps = [validate_pdf_timestamp(one, trust) for one in reader.embedded_timestamp_signatures]
    print(json.dumps({
        "ok": status.bottom_line,
        "modified": status.modification_level.name,
        "stamps": [stamp.valid and stamp.intact and stamp.trusted for stamp in stamps],
        "last": stamps[-1].coverage.name if stamps else None,
        "certificates": len(list(store.load_certs())),
        "lists": len(store.crls),
        "answers": len(store.ocsps),
    }))
