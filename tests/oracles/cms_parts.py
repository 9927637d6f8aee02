"""cms_parts.py FILE FOLDER: takes a PDF signature apart for other judges, without judging it.
Writes cms.der, content.bin (the bytes of the ByteRange), signed.der (the signed attributes as hashed), signature.bin, key.pem."""

import pathlib
import sys

from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader

path, folder = sys.argv[1], pathlib.Path(sys.argv[2])
with open(path, "rb") as file:
    data = file.read()
    file.seek(0)
    (signature,) = PdfFileReader(file).embedded_signatures
    a, b, c, d = (int(n) for n in signature.byte_range)
    (folder / "content.bin").write_bytes(data[a:a + b] + data[c:c + d])
    (folder / "cms.der").write_bytes(signature.pkcs7_content)
    signer = signature.signer_info
    (folder / "signed.der").write_bytes(signer["signed_attrs"].untag().dump(force=True))
    (folder / "signature.bin").write_bytes(signer["signature"].native)
    (folder / "key.pem").write_bytes(pem.armor("PUBLIC KEY", signature.signer_cert.public_key.dump()))
