"""marks.py COPY FOLDER: the copy of a counter, its signature taken away and signed anew by somebody trusted (roots.pem):
as it is (good), with another code in the metadata than in the mark (other-code), and the unsigned one (unsigned)."""

import io
import pathlib
import sys

import pikepdf
from cryptography.hazmat.primitives import serialization

from signatures import Identity, new_rsa, sign


def without_signature(path, change=lambda xmp: xmp):
    with pikepdf.open(path) as pdf:
        del pdf.Root["/AcroForm"]
        for page in pdf.pages:
            if "/Annots" in page:
                del page["/Annots"]
        pdf.Root.Metadata.write(change(pdf.Root.Metadata.read_bytes()))
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


if __name__ == "__main__":
    copy, folder = map(pathlib.Path, sys.argv[1:])
    root = Identity("Goc", new_rsa(), ca=True)
    lan = Identity("Lan", new_rsa(), root)
    (folder / "roots.pem").write_bytes(root.certificate.public_bytes(serialization.Encoding.PEM))
    plain = without_signature(copy)
    other = without_signature(copy, lambda xmp: xmp.replace(b"</dc:identifier>", b"9</dc:identifier>"))
    (folder / "unsigned.pdf").write_bytes(plain)
    (folder / "good.pdf").write_bytes(sign(plain, lan.signer(root)))
    (folder / "other-code.pdf").write_bytes(sign(other, lan.signer(root)))
