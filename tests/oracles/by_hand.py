"""Signed PDFs byte by byte: DER, certificates, CMS, time-stamps, words on revocation and the files around them, so that
every part can be odd. Imported by cms_attacks.py, classic_attacks.py and dos_attacks.py."""

import hashlib
import json
import pathlib
import re
import sys

from asn1crypto import algos, core, crl as asn1_crl, keys, ocsp as asn1_ocsp, parser, pem
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from attacks import body, update
from signatures import DAY, NOW, judge, new_rsa

NULL = b"\5\0"
SHA1_OF_KEY, STAMPING, ANSWERING = "2.5.29.14", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9"
BASIC, USAGE, PURPOSES, AUTHORITY_KEY, NAMES, POLICY, POLICY_RULES, ANY_POLICY, PLACE, OTHER_NAMES = (
    "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.35", "2.5.29.30", "2.5.29.32", "2.5.29.36", "2.5.29.54", "2.5.29.31", "2.5.29.17")
DATA, SIGNED_DATA, TIME_INFO = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, CERTIFICATE_V1, CERTIFICATE_V2, STAMP, PROTECTION = (
    "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.12",
    "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.14", "1.2.840.113549.1.9.52")
RSA, PSS, MASK, EC = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8", "1.2.840.10045.2.1"


def tlv(tag, value): return parser.emit(tag >> 6, tag >> 5 & 1, tag & 31, value)
def seq(*parts): return tlv(0x30, b"".join(parts))
def set_(*parts): return tlv(0x31, b"".join(sorted(parts)))
def octets(value): return tlv(4, value)
def bits(value, unused=0): return tlv(3, bytes([unused]) + value)
def boolean(value): return tlv(1, b"\xff" if value else b"\0")
def ctx(number, value, made=True): return tlv((0xa0 if made else 0x80) | number, value)
def integer(number): return core.Integer(number).dump()
def oid(dotted): return core.ObjectIdentifier(dotted).dump()
def utc(time): return tlv(0x17, time.strftime("%y%m%d%H%M%SZ").encode())
def general(time, form="%Y%m%d%H%M%SZ"): return tlv(0x18, time.strftime(form).encode())
def name(text, kind=0x0c): return seq(set_(seq(oid("2.5.4.3"), tlv(kind, text.encode("utf-16-be" if kind == 0x1e else "utf-8")))))
def link(address): return tlv(0x86, address)
def algorithm(dotted, parameters=NULL): return seq(oid(dotted), parameters)
def digest_name(md, parameters=NULL): return algorithm(algos.DigestAlgorithmId.unmap(md), parameters)
def rsa_name(md): return algorithm(algos.SignedDigestAlgorithmId.unmap(f"{md}_rsa"))
def ecdsa_name(md, parameters=b""): return algorithm(algos.SignedDigestAlgorithmId.unmap(f"{md}_ecdsa"), parameters)
def digest(md, data): return hashlib.new(md, data).digest()


def parts(der):
    """The values in a constructed one."""
    at = 2 + (der[1] & 0x7f if der[1] & 0x80 else 0)
    while at < len(der):
        long = der[at + 1] & 0x7f if der[at + 1] & 0x80 else 0
        size = int.from_bytes(der[at + 2:at + 2 + long], "big") if long else der[at + 1]
        yield der[at:at + 2 + long + size]
        at += 2 + long + size


def endless(tag, *values): return bytes([tag, 0x80]) + b"".join(values) + b"\0\0"


def in_ber(der, deeper=False):
    """A container in wrappers of indefinite length: NSS opens the outer ones, Bouncy Castle also what is in them (deeper)."""
    kind, content = parts(der)
    version, digests, data, certificates, *rest = parts(next(parts(content)))
    if deeper:
        data, certificates = endless(0x30, *parts(data)), endless(0xa0, *parts(certificates))
    return endless(0x30, kind, endless(0xa0, endless(0x30, version, digests, data, certificates, *rest)))


def sign_with(key, data, md="sha256"):
    """The plain way: the algorithm's name and the signature."""
    function = getattr(hashes, md.upper())()
    if isinstance(key, rsa.RSAPrivateKey):
        return rsa_name(md), key.sign(data, padding.PKCS1v15(), function)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return ecdsa_name(md), key.sign(data, ec.ECDSA(function))
    return algorithm("1.3.101.112", b""), key.sign(data)


def signed(tbs, key, md, *more, named=None):
    """A certificate, list or answer: what is signed, the algorithm's name, the signature."""
    made, value = sign_with(key, tbs, md)
    return seq(tbs, named or made, bits(value), *more)


def extension(dotted, critical, value): return seq(oid(dotted), *([boolean(True)] if critical else []), octets(value))


class Cert:
    """A key and its certificate. basic: what basicConstraints says; signing: who signs in the issuer's place; span: days, or times
    as written."""
    count = 1000

    def __init__(self, text, key, by=None, authority=False, span=(-30, 700), usage=None, purposes=(), critical_purposes=False,
                 extra=(), drop=(), serial=None, signing=None, md="sha256", subject=None, path=None, key_info=None, version=2,
                 outer=None, basic=None):
        Cert.count += 1
        by = by or self
        self.key, self.subject, self.serial = key, subject or name(text), serial or Cert.count
        self.issuer = by.subject
        self.spki = key_info or key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.key_id = digest("sha1", self.spki)
        usage = (0x06 if authority else 0xc0) if usage is None else usage
        says = {
            BASIC: (True, seq(*([boolean(True)] if (authority if basic is None else basic) else []), *([] if path is None else [integer(path)]))),
            USAGE: (True, bits(bytes([usage]), (usage & -usage).bit_length() - 1 if usage else 7)),
            SHA1_OF_KEY: (False, octets(self.key_id)),
            AUTHORITY_KEY: (False, seq(ctx(0, by.key_id, False))),
            PURPOSES: (critical_purposes, seq(*map(oid, purposes)))}
        drop = [*drop, *([AUTHORITY_KEY] if by is self else []), *([] if purposes else [PURPOSES])]
        extensions = seq(*[extension(kind, *value) for kind, value in says.items() if kind not in drop], *extra)
        signing = signing or by.key
        tbs = seq(*([ctx(0, integer(version))] if version else []), integer(self.serial), sign_with(signing, b"", md)[0], self.issuer,
                  seq(*(one if isinstance(one, bytes) else utc(NOW + one * DAY) for one in span)), self.subject, self.spki,
                  *([ctx(3, extensions)] if version == 2 else []))
        self.der = signed(tbs, signing, md, named=outer)


def new_ec(): return ec.generate_private_key(ec.SECP256R1())
def attribute(dotted, *values): return seq(oid(dotted), set_(*values))


def named_certificate(cert, md="sha256", issuer=None, serial=None):
    """SigningCertificateV2; issuer and serial: what issuerSerial says."""
    return attribute(CERTIFICATE_V2, seq(seq(seq(
        *([] if md == "sha256" else [digest_name(md)]), octets(digest(md, cert.der)),
        *([seq(seq(ctx(4, issuer)), integer(serial))] if issuer else [])))))


def signer_info(message, cert, md="sha256", kind=DATA, attrs=None, sort=True, reorder=False, bare=False, signed_over=None, sign=None,
                sid=None, digest_alg=None, unsigned=()):
    """attrs: changes the list of signed attributes; sort: they are written in DER's order; reorder: only signed in it;
    bare: there are none; unsigned: attributes, or what makes one of the signature."""
    hashed = digest(md, message)
    listed = [attribute(CONTENT_TYPE, oid(kind)), attribute(MESSAGE_DIGEST, octets(hashed)), named_certificate(cert)]
    if attrs:
        listed = attrs(listed, cert, hashed)
    written = b"".join(sorted(listed) if sort else listed)
    over = signed_over or (message if bare else set_(*listed) if reorder else tlv(0x31, written))
    named, value = sign(over) if sign else sign_with(cert.key, over, md)
    sid = sid or seq(cert.issuer, integer(cert.serial))
    late = b"".join(one(value) if callable(one) else one for one in unsigned)
    return seq(integer(3 if sid[0] == 0x80 else 1), sid, digest_alg or digest_name(md), *([] if bare else [ctx(0, written)]), named,
               octets(value), *([ctx(1, late)] if unsigned else []))


def cms(message, cert, chain=(), content=None, kind=DATA, version=None, digests=None, crls=b"", certs=None, infos=lambda one: [one], **signer):
    """SignedData over a message, or over the content inside. infos: changes the list of signers."""
    one = signer_info(message if content is None else content, cert, kind=kind, **signer)
    every = b"".join(c.der for c in (cert, *chain)) if certs is None else certs
    version = version or (3 if signer.get("sid", b"0")[0] == 0x80 or kind != DATA else 1)
    if digests is None:
        digests = [signer.get("digest_alg") or digest_name(signer.get("md", "sha256"))]
    return seq(oid(SIGNED_DATA), ctx(0, seq(
        integer(version), set_(*digests), seq(oid(kind), *([] if content is None else [ctx(0, octets(content))])),
        *([ctx(0, every)] if every else []), *([ctx(1, crls)] if crls else []), tlv(0x31, b"".join(infos(one))))))


def token(stamped, tsa, chain=(), at=NOW, md="sha256", imprint=None, version=1, tail=b"", when=None, **how):
    """A time-stamp. when: the time as written; tail: what follows it."""
    info = seq(integer(version), oid("1.2.3.4"), seq(digest_name(md), octets(imprint or digest(md, stamped))), integer(7),
               when or general(at), tail)
    return cms(None, tsa, chain, content=info, kind=TIME_INFO, **how)


def stamped_by(tsa, chain=(), **how): return lambda value: attribute(STAMP, token(value, tsa, chain, **how))


def crl(by, revoked=(), at=-1, days=9, extra=(), md="sha256", signing=None, issuer=None, entry=b"", entries=None, since=None, until=None):
    """A list. revoked: serial (as DER, if odd) and day; entry: extensions of each; entries: all of them as written; since, until: its
    thisUpdate and nextUpdate as written."""
    key = signing or by.key
    if entries is None:
        entries = b"".join(seq(serial if isinstance(serial, bytes) else integer(serial), utc(NOW + day * DAY), entry) for serial, day in revoked)
    tbs = seq(integer(1), sign_with(key, b"", md)[0], issuer or by.subject, since or utc(NOW + at * DAY),
              *([until or utc(NOW + (at + days) * DAY)] if days else []), *([seq(entries)] if entries else []),
              *([ctx(0, seq(*extra))] if extra else []))
    return signed(tbs, key, md)


def ocsp(about, issuer, responder, status=tlv(0x80, b""), at=-1, days=9, produced=None, certs=(), serial=None, by_name=True,
         signing=None, issuer_name=None, issuer_key=None, md="sha256", extra=b"", id_md="sha1", tail=b""):
    """An answer about a certificate; `good` unless said. extra, tail: extensions of the word and of the answer."""
    def key_of(cert): return keys.PublicKeyInfo.load(cert.spki)["public_key"].contents[1:]
    ident = seq(digest_name(id_md), octets(digest(id_md, issuer_name or issuer.subject)),
                octets(digest(id_md, issuer_key or key_of(issuer))), integer(serial or about.serial))
    single = seq(ident, status, general(NOW + at * DAY), *([ctx(0, general(NOW + (at + days) * DAY))] if days else []), extra)
    who = ctx(1, responder.subject) if by_name else ctx(2, octets(digest("sha1", key_of(responder))))
    tbs = seq(who, general(NOW + (at if produced is None else produced) * DAY), seq(single), tail)
    basic = signed(tbs, signing or responder.key, md, *([ctx(0, seq(*(c if isinstance(c, bytes) else c.der for c in certs)))] if certs else []))
    return seq(tlv(0x0a, b"\0"), ctx(0, seq(oid("1.3.6.1.5.5.7.48.1.1"), octets(basic))))


HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def objects_of(fields=b"6 0 R", catalog=b""):
    """The objects of one page with a signature's field (6), whose value is to be object 7."""
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] /SigFlags 3 >> %s >>" % (fields, catalog),
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [%s] >>" % fields,
        4: b"<< /Length 16 >>\nstream\nq 0 0 9 9 re f Q\nendstream",
        6: b"<< /FT /Sig /T (K1) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R /V 7 0 R >>"}


def signature(sub="ETSI.CAdES.detached", claimed=NOW, date=None, more=b"", kind=b"/Sig", room=16000):
    """A signature's dictionary, still blank. date: its /M as written."""
    date = b"/M (%s) " % claimed.strftime("D:%Y%m%d%H%M%SZ").encode() if date is None else date
    return b"<< /Type %s /Filter /Adobe.PPKLite /SubFilter /%s %s%s/ByteRange [%s] /Contents <%s> >>" % (
        kind, sub.encode(), date, more, b" " * 60, b"0" * room)


def blank(objects=(), kept=None, fields=b"6 0 R", catalog=b"", **dictionary):
    """A PDF to be sealed, with further objects. kept: {CRLs: [...], OCSPs: [...]} of its DSS."""
    words = {key: range(100 * (n + 1), 100 * (n + 1) + len(found)) for n, (key, found) in enumerate((kept or {}).items())}
    if kept:
        catalog += b" /DSS << %s >>" % b" ".join(
            b"/%s [%s]" % (key.encode(), b" ".join(b"%d 0 R" % number for number in numbers)) for key, numbers in words.items())
    streams = {number: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(word), word)
               for key, numbers in words.items() for number, word in zip(numbers, kept[key])}
    return update(HEADER, {**objects_of(fields, catalog), **streams, **dict(objects), 7: signature(**dictionary)}, prev=None)


def seal(data, build, spans=lambda gap, stop, rest: b"0 %d %d %d" % (gap, stop, rest), hexed=bytes.hex):
    """Fills in the last blank signature: spans becomes its ByteRange, build(bytes covered) its CMS."""
    place = list(re.finditer(rb"/ByteRange \[( {60})\] /Contents (<0+>)", data))[-1]
    (start, end), (gap, stop) = place.span(1), place.span(2)
    said = spans(gap, stop, len(data) - stop)
    data = data[:start] + said.ljust(end - start) + data[end:]
    numbers = [int(float(number)) for number in said.split()]
    digits = hexed(build(b"".join(data[at:at + size] for at, size in zip(numbers[::2], numbers[1::2])))).encode()
    assert len(digits) <= stop - gap - 2, f"room for {len(digits)} digits"
    return data[:gap + 1] + digits + data[gap + 1 + len(digits):]


def pdf(build, hexed=bytes.hex, **how): return seal(blank(**how), build, hexed=hexed)


def listed(data, number, key, *more):
    """An object as it is now, with further references in its array under this key."""
    def grown(found):
        there = re.findall(rb"\d+(?= 0 R)", found[1])
        return b"/%s [%s%s]" % (key, found[1], b"".join(b" %d 0 R" % one for one in more if b"%d" % one not in there))
    return re.sub(rb"/%s \[(.*?)\]" % key, grown, body(data, number), count=1)


class Cases:
    """Who signs, who vouches for that, and the cases: name: (expected, PDF, what its DSS keeps). Expected: `good`, `bad`
    (never valid) or `open` (either may be said, but a valid where pyHanko has doubts must be explained)."""

    def __init__(self):
        self.root = Cert("Goc", new_rsa(), authority=True)
        self.ca = Cert("Trung gian", new_ec(), self.root, authority=True)
        self.chain = (self.ca, self.root)
        self.rsa = new_rsa()
        self.lan = Cert("Lan", self.rsa, self.ca)
        self.time_root = Cert("Goc thoi gian", new_rsa(), authority=True)
        self.tsa_key = new_rsa()
        self.tsa = self.authority_of_time()
        self.stranger = Cert("Goc", new_rsa(), authority=True)
        self.roots = [self.root, self.time_root]
        # Lists of revoked certificates that are given beside the files, DER.
        self.given = []
        self.cases = {}

    def authority_of_time(self, by=None, **how):
        return Cert("TSA", self.tsa_key, by or self.time_root, **{"purposes": [STAMPING], "critical_purposes": True, **how})

    def sign(self, covered, **how): return cms(covered, self.lan, self.chain, **how)

    def again(self, data, objects={}, field=b"", number=31, **how):
        """A second signature in a new field, in a new revision with further objects."""
        objects = {1: listed(data, 1, b"Fields", number), number: b"<< /FT /Sig /T (K2) /V 62 0 R %s >>" % field, **objects, 62: signature()}
        return seal(update(data, objects, **how), self.sign)

    def stamp(self, data, objects={}, number=80, field=b"/Rect [0 0 0 0]", **how):
        """A document time-stamp by the trusted authority, in a new revision with further objects."""
        form = re.sub(rb"/Fields \[(.*?)\]", rb"/Fields [\1 %d 0 R]" % number, objects.get(1) or body(data, 1), count=1)
        field = b"<< /FT /Sig /T (T%d) /V %d 0 R %s >>" % (number, number + 1, field)
        value = signature(sub="ETSI.RFC3161", kind=b"/DocTimeStamp", date=b"")
        return seal(update(data, {**objects, 1: form, number: field, number + 1: value}, **how),
                    lambda covered: token(covered, self.tsa, (self.time_root,)))

    def add(self, label, expected, data, kept=None): self.cases[label] = expected, data, kept or {}

    def write(self, folder):
        """The PDFs and roots.pem (trusted); path, expected and words of each."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "roots.pem").write_bytes(b"".join(pem.armor("CERTIFICATE", one.der) for one in self.roots))
        for label, (expected, data, kept) in self.cases.items():
            path = folder / f"{label}.pdf"
            path.write_bytes(data)
            yield path, expected, kept


def report(cases):
    """Writes the cases into the folder of the command line and prints what pyHanko says of each, given the same words; lists.crl
    comes after that."""
    folder = pathlib.Path(sys.argv[1])
    said = [judge(folder, path, [asn1_crl.CertificateList.load(word) for word in kept.get("CRLs", [])],
                  [asn1_ocsp.OCSPResponse.load(word) for word in kept.get("OCSPs", [])]) | {"expected": expected}
            for path, expected, kept in list(cases.write(folder))]
    # Of lists that it cannot read pyHanko would make an error for every file.
    if cases.given:
        (folder / "lists.crl").write_bytes(b"".join(pem.armor("X509 CRL", one) for one in cases.given))
    print(json.dumps(said, ensure_ascii=False))
