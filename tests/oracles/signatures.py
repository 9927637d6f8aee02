"""signatures.py FOLDER: PDFs signed by pyHanko in many ways, honest and not, into FOLDER, with roots.pem
(trusted), lists.crl (revoked certificates) and verdicts.json: what pyHanko says of each, with that
trust and no network. signatures.py FOLDER FILE...: what it says of these files, trusting roots.pem if
it is there."""

import datetime
import io
import json
import pathlib
import sys

import pikepdf
from asn1crypto import keys as asn1_keys, x509 as asn1_x509, crl as asn1_crl, pem as asn1_pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)


class Identity:
    """A key and its certificate."""

    def __init__(self, name, key, issuer=None, ca=False, usage="sign", span=(-30, 700), digest=None, serial=None,
                 impostor=None, listed=False, asked=False):
        self.key = key
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        by = issuer or self
        self.subject = subject
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(by.subject)
            .public_key(key.public_key()).serial_number(serial or x509.random_serial_number())
            .not_valid_before(NOW + span[0] * DAY).not_valid_after(NOW + span[1] * DAY)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        )
        flags = dict.fromkeys(["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                               "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"], False)
        if ca:
            flags.update(key_cert_sign=True, crl_sign=True)
        elif usage == "encipher":
            flags.update(key_encipherment=True)
        else:
            flags.update(digital_signature=True, content_commitment=usage != "stamp")
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
        if listed:
            place = x509.UniformResourceIdentifier("http://ca.example/lists.crl")
            builder = builder.add_extension(x509.CRLDistributionPoints(
                [x509.DistributionPoint([place], None, None, None)]), critical=False)
        if asked:
            place = x509.UniformResourceIdentifier("http://ocsp.example/")
            builder = builder.add_extension(x509.AuthorityInformationAccess(
                [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)]), critical=False)
        purposes = {"stamp": ExtendedKeyUsageOID.TIME_STAMPING, "tls": ExtendedKeyUsageOID.SERVER_AUTH,
                    "answer": ExtendedKeyUsageOID.OCSP_SIGNING}
        if usage in purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage([purposes[usage]]), critical=usage == "stamp")
        if usage == "answer":
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        signing = (impostor or by).key
        algorithm = None if isinstance(signing, ed25519.Ed25519PrivateKey) else digest or hashes.SHA256()
        self.certificate = builder.sign(signing, algorithm)
        self.asn1 = asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))
        self.private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    def signer(self, *others, pss=False):
        registry = SimpleCertificateStore()
        registry.register_multiple([self.asn1, *(other.asn1 for other in others)])
        return signers.SimpleSigner(signing_cert=self.asn1, signing_key=self.private, cert_registry=registry,
                                    prefer_pss=pss)


def new_rsa(bits=2048):
    return rsa.generate_private_key(65537, bits)


def page():
    """A page with a text, and a form with one field to fill in."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(300, 300))
    pdf.pages[0].Contents = pdf.make_stream(b"q 0 0 9 9 re f Q")
    field = pdf.make_indirect(pikepdf.Dictionary(
        FT=pikepdf.Name.Tx, T="ten", Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, Rect=[10, 10, 90, 30],
        DA="/F1 9 Tf 0 g", F=4))
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([field]))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(
        Fields=[field], DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)), DA="/F1 9 Tf 0 g"))
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def sign(data, signer, field="K1", md="sha256", stamper=None, pades=True, certify=None):
    sub = fields.SigSeedSubFilter.PADES if pades else fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm=md, subfilter=sub, certify=certify is not None,
                                        docmdp_permissions=certify or fields.MDPPerm.FILL_FORMS)
    out = io.BytesIO()
    signers.PdfSigner(meta, signer=signer, timestamper=stamper).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(data)), output=out)
    return out.getvalue()


def changed(data, change):
    """A revision after the signature."""
    update = IncrementalPdfFileWriter(io.BytesIO(data))
    change(update)
    out = io.BytesIO()
    update.write(out)
    return out.getvalue()


def fill(update):
    field = update.root["/AcroForm"]["/Fields"][0].get_object()
    field["/V"] = generic.pdf_string("Lan")
    fonts = update.root["/AcroForm"]["/DR"]
    look = generic.StreamObject({
        generic.pdf_name("/Type"): generic.pdf_name("/XObject"), generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
        generic.pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, [0, 0, 80, 20])),
        generic.pdf_name("/Resources"): fonts}, stream_data=b"/Tx BMC q BT /F1 9 Tf 0 g 2 6 Td (Lan) Tj ET Q EMC")
    field["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): update.add_object(look)})
    update.update_container(field)


def repaint(update):
    stream = generic.StreamObject(stream_data=b"q 1 0 0 rg 0 0 300 300 re f Q")
    first = update.root["/Pages"]["/Kids"][0].get_object()
    first["/Contents"] = update.add_object(stream)
    update.update_container(first)


def annotate(update):
    first = update.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject({
        generic.pdf_name("/Type"): generic.pdf_name("/Annot"), generic.pdf_name("/Subtype"): generic.pdf_name("/Square"),
        generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, [0, 0, 200, 200]))})
    first["/Annots"].append(update.add_object(note))
    update.update_container(first["/Annots"])


def retitle(update):
    update.set_info(generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("khác")}))


def make(folder):
    root = Identity("Goc", new_rsa(), ca=True)
    middle = Identity("Trung gian", ec.generate_private_key(ec.SECP256R1()), root, ca=True)
    stamp_root = Identity("Goc thoi gian", new_rsa(), ca=True)
    tsa = Identity("TSA", new_rsa(), stamp_root, usage="stamp")
    base = page()
    cases = {}
    stamper = DummyTimeStamper(tsa.asn1, tsa.private, fixed_dt=NOW)
    stamper.certs_to_embed.extend([tsa.asn1, stamp_root.asn1])

    keys = {"rsa2048": new_rsa(), "rsa3072": new_rsa(3072), "p256": ec.generate_private_key(ec.SECP256R1()),
            "p384": ec.generate_private_key(ec.SECP384R1()), "ed25519": ed25519.Ed25519PrivateKey.generate()}
    for kind, key in keys.items():
        leaf = Identity(f"Nguoi ky {kind}", key, middle)
        for md in ["sha512"] if kind == "ed25519" else ["sha256", "sha384", "sha512"]:
            for pss in [False, True] if kind.startswith("rsa") else [False]:
                cases[f"good-{kind}-{md}{'-pss' if pss else ''}"] = sign(base, leaf.signer(middle, root, pss=pss), md=md)
    leaf = Identity("Lan", keys["rsa2048"], middle)
    lan = leaf.signer(middle, root)
    cases["good-adbe"] = sign(base, lan, pades=False)
    cases["good-stamped"] = stamped = sign(base, lan, stamper=stamper)
    cases["good-twice"] = sign(sign(base, lan), lan, field="K2")
    cases["certified"] = sign(base, lan, certify=fields.MDPPerm.FILL_FORMS)
    cases["certified-nothing"] = sign(base, lan, certify=fields.MDPPerm.NO_CHANGES)
    out = io.BytesIO()
    signers.PdfTimeStamper(stamper, field_name="T1").timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(sign(base, lan))), "sha256", validation_context=None, output=out)
    cases["good-document-stamp"] = out.getvalue()

    once = sign(base, lan)
    cases["filled"] = changed(once, fill)
    cases["filled-certified"] = changed(cases["certified"], fill)
    cases["bad-filled-certified-nothing"] = changed(cases["certified-nothing"], fill)
    cases["bad-repainted"] = changed(once, repaint)
    cases["bad-annotated"] = changed(once, annotate)
    cases["retitled"] = changed(once, retitle)
    cases["bad-repainted-then-signed"] = sign(changed(once, repaint), lan, field="K2")
    cases["bad-annotated-then-signed"] = sign(changed(once, annotate), lan, field="K2")
    cases["filled-then-signed"] = sign(changed(once, fill), lan, field="K2")
    flipped = bytearray(once)
    flipped[once.index(b"re f Q") - 2] ^= 1
    cases["bad-flipped"] = bytes(flipped)

    stranger_root = Identity("Goc", new_rsa(), ca=True)
    cases["bad-stranger"] = sign(base, Identity("Lan", new_rsa(), stranger_root).signer(stranger_root))
    look_alike = Identity("Lan", new_rsa(), middle, serial=leaf.certificate.serial_number, impostor=stranger_root)
    cases["bad-look-alike"] = sign(base, look_alike.signer(middle, root))
    cases["bad-sha1"] = sign(base, lan, md="sha1", pades=False)
    cases["bad-rsa1024"] = sign(base, Identity("Yeu", new_rsa(1024), middle).signer(middle, root))
    for name, details in {"expired": {"span": (-900, -100)}, "future": {"span": (100, 700)},
                          "encipher-only": {"usage": "encipher"}, "tls-only": {"usage": "tls"}}.items():
        cases[f"bad-{name}"] = sign(base, Identity("Lan", keys["rsa2048"], middle, **details).signer(middle, root))
    below = Identity("Duoi", keys["p256"], Identity("Lan", keys["rsa2048"], middle))
    cases["bad-issued-by-a-clerk"] = sign(base, below.signer(Identity("Lan", keys["rsa2048"], middle), middle, root))
    strange_tsa = Identity("TSA", new_rsa(), stranger_root, usage="stamp")
    cases["bad-strange-stamp"] = sign(base, lan, stamper=DummyTimeStamper(
        strange_tsa.asn1, strange_tsa.private, fixed_dt=NOW))
    no_purpose = Identity("TSA", new_rsa(), stamp_root)
    cases["bad-stamp-purpose"] = sign(base, lan, stamper=DummyTimeStamper(
        no_purpose.asn1, no_purpose.private, fixed_dt=NOW))
    gone = Identity("Thu hoi", keys["p384"], middle, listed=True)
    cases["bad-revoked"] = sign(base, gone.signer(middle, root))
    later = Identity("Thu hoi sau", keys["p384"], middle, listed=True)
    cases["revoked-later-unstamped"] = sign(base, later.signer(middle, root))
    cases["good-listed"] = sign(base, Identity("Con", keys["p384"], middle, listed=True).signer(middle, root))
    old_stamper = DummyTimeStamper(tsa.asn1, tsa.private, fixed_dt=NOW - 5 * DAY)
    old_stamper.certs_to_embed.extend([tsa.asn1, stamp_root.asn1])
    cases["revoked-after-the-stamp"] = sign(base, later.signer(middle, root), stamper=old_stamper)
    # Another key took its place: the old one was good until then.
    replaced = Identity("Da thay khoa", keys["p384"], middle, listed=True)
    cases["superseded-after-the-stamp"] = sign(base, replaced.signer(middle, root), stamper=old_stamper)
    cases["superseded-unstamped"] = sign(base, replaced.signer(middle, root))

    lists = []
    for issuer, revoked in [(middle, [(gone, NOW - 9 * DAY), (later, NOW - 2 * DAY), (replaced, NOW - 2 * DAY)]), (root, []), (stamp_root, [])]:
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(NOW - DAY)
        builder = builder.next_update(NOW + 9 * DAY)
        for one, when in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number).revocation_date(when)
            if one is replaced:
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags.superseded), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        lists.append(builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "lists.crl").write_bytes(b"".join(lists))
    (folder / "roots.pem").write_bytes(b"".join(
        one.certificate.public_bytes(serialization.Encoding.PEM) for one in (root, stamp_root)))
    for name, data in cases.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return sorted(folder / f"{name}.pdf" for name in cases)


def context(folder, crls, ocsps):
    roots, lists = folder / "roots.pem", folder / "lists.crl"
    if lists.exists():
        crls = [*crls] + [asn1_crl.CertificateList.load(der) for _, _, der in asn1_pem.unarmor(lists.read_bytes(), multiple=True)]
    trusted = list(load_certs_from_pemder([str(roots)])) if roots.exists() else []
    return ValidationContext(trust_roots=trusted, crls=crls, ocsps=ocsps, allow_fetching=False, revocation_mode="soft-fail")


def judge(folder, path, crls=(), ocsps=()):
    """Whether pyHanko calls every signature of a file good and the last covers it whole; with these words beside lists.crl."""
    said = []
    try:
        reader = PdfFileReader(io.BytesIO(path.read_bytes()))
        every = list(reader.embedded_regular_signatures) + list(reader.embedded_timestamp_signatures)
        for one in every:
            if one.sig_object_type == "/DocTimeStamp":
                status = validate_pdf_timestamp(one, context(folder, crls, ocsps))
            else:
                status = validate_pdf_signature(one, context(folder, crls, ocsps))
            good = getattr(status, "bottom_line", status.intact and status.valid and status.trusted)
            said.append([bool(good), bool(status.intact), bool(status.trusted), status.coverage.name,
                         getattr(getattr(status, "modification_level", None), "name", None)])
        ok = bool(said) and all(one[0] for one in said)
    except Exception as e:  # whatever it stumbles over is its answer
        ok, said = False, said + [f"{type(e).__name__}: {e}"]
    return {"file": path.name, "path": str(path), "ok": ok, "said": said}


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1])
    paths = [pathlib.Path(p) for p in sys.argv[2:]] or make(place)
    verdicts = [judge(place, path) for path in paths]
    (place / "verdicts.json").write_text(json.dumps(verdicts, ensure_ascii=False, indent=1))
    print(json.dumps(verdicts, ensure_ascii=False))
