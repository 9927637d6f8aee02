"""cms_attacks.py FOLDER: PDFs whose CMS, certificates, times and words on revocation are odd, made by hand, into FOLDER,
with roots.pem (trusted) and lists.crl (given); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import math

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from by_hand import (
    ANSWERING, ANY_POLICY, AUTHORITY_KEY, BASIC, CERTIFICATE_V1, CERTIFICATE_V2, CONTENT_TYPE, DATA, EC, MASK, MESSAGE_DIGEST, NAMES, NULL, OTHER_NAMES,
    PLACE, POLICY, POLICY_RULES, PROTECTION, PSS, RSA, SIGNED_DATA, SIGNING_TIME, STAMP, STAMPING, TIME_INFO, USAGE, Cases, Cert, algorithm,
    attribute, bits, boolean, cms, crl, ctx, digest, digest_name, ecdsa_name, extension, general, in_ber, integer, link, name, named_certificate,
    new_ec, ocsp, octets, oid, pdf, report, rsa_name, seq, set_, sign_with, signer_info, stamped_by, tlv, token, utc)
from signatures import DAY, NOW, new_rsa

ADBE = {"sub": "adbe.pkcs7.detached"}
PLACE_OF_LIST = extension(PLACE, False, seq(seq(ctx(0, ctx(0, link(b"http://ca.example/l.crl"))))))
PLACE_OF_ANSWERS = extension("1.3.6.1.5.5.7.1.1", False, seq(seq(oid("1.3.6.1.5.5.7.48.1"), link(b"http://ocsp.example/"))))
NEVER_REVOKED = extension("1.3.6.1.5.5.7.48.1.5", False, NULL)
CONTENT_STAMP, ARCHIVE_STAMP, ARCHIVAL = "1.2.840.113549.1.9.16.2.20", "0.4.0.1733.2.4", "1.2.840.113583.1.1.8"
# Times that are none.
NO_TIMES = {"no-seconds": lambda time: tlv(0x17, time.strftime("%y%m%d%H%MZ").encode()), "zone": lambda time: tlv(0x17, time.strftime("%y%m%d%H%M%S+0000").encode()),
            "garbage": lambda time: tlv(0x17, b"abc")}


def reason(*numbers): return extension("2.5.29.21", False, b"".join(tlv(10, bytes([number])) for number in numbers))
def since(day): return extension("2.5.29.24", False, general(NOW + day * DAY))
def told(*extensions): return ctx(1, seq(*extensions))
def place(address): return ctx(0, ctx(0, link(address)))
def scope(*parts): return [extension("2.5.29.28", True, seq(*parts))]


def named_v1(cert, wrong=b""):
    return attribute(CERTIFICATE_V1, seq(seq(seq(octets(digest("sha1", cert.der + wrong))))))


def protection(md, tag, inner): return attribute(PROTECTION, seq(digest_name(md), tlv(tag, inner[2:])))


def pss(key, data, md="sha256", salt=32, mask=None, trailer=None, more=b"", says=None):
    """RSASSA-PSS. says: another length of salt than the true one."""
    function, mask = getattr(hashes, md.upper())(), mask or md
    padded = padding.PSS(padding.MGF1(getattr(hashes, mask.upper())()), salt)
    return algorithm(PSS, seq(
        ctx(0, digest_name(md)), ctx(1, seq(oid(MASK), digest_name(mask))), ctx(2, integer(salt if says is None else says)),
        *([] if trailer is None else [ctx(3, integer(trailer))]), more)), key.sign(data, padded, function)


def with_another_exponent(key, least=65539):
    """A key of the same modulus, whose owner is whoever has the other."""
    of = key.private_numbers()
    order = (of.p - 1) * (of.q - 1)
    public = next(e for e in range(least, least + 60, 2) if order % e and math.gcd(e, order) == 1)
    private = pow(public, -1, order)
    return rsa.RSAPrivateNumbers(of.p, of.q, private, private % (of.p - 1), private % (of.q - 1), of.iqmp, rsa.RSAPublicNumbers(public, of.public_numbers.n)).private_key()


def block(info): return b"\0\1" + b"\xff" * (253 - len(info)) + b"\0" + info


def digest_info(data): return seq(digest_name("sha256"), octets(digest("sha256", data)))


def forged_rsa(data):
    """Bleichenbacher's: for e = 3, the padding ends early and rubbish follows."""
    head = b"\0\1" + b"\xff" * 8 + b"\0" + digest_info(data)
    least = int.from_bytes(head.ljust(256, b"\0"), "big")
    low, high = 0, 1 << 690
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle ** 3 < least else (low, middle)
    return low.to_bytes(256, "big")


class CmsAttacks(Cases):
    def plain(self, label, expected, cert=None, chain=None, hexed=bytes.hex, post=lambda der: der, pdf_of={}, **how):
        """A case of one signature; how: of its CMS, pdf_of: of the file."""
        chain = self.chain if chain is None else chain
        made = pdf(lambda covered: post(cms(covered, cert or self.lan, chain, **how)), hexed, **pdf_of)
        self.add(label, expected, made, pdf_of.get("kept"))

    def by_leaf(self, label, expected, by=None, chain=None, **leaf):
        """The signer's certificate is odd, or its issuer."""
        by = by or self.ca
        chain = chain or ((by, self.root) if by is not self.ca else self.chain)
        self.plain(label, expected, Cert("Lan", self.rsa, by, **leaf), chain)

    def middle(self, **how): return Cert("Giua", new_ec(), self.root, authority=True, **how)

    def container(self):
        p = self.plain
        certs = b"".join(c.der for c in (self.lan, *self.chain))
        p("good-plain", "good")
        p("good-adbe", "good", attrs=lambda l, c, h: l[:2], pdf_of=ADBE)
        p("ber-outer-indefinite", "open", post=lambda d: d[:1] + b"\x80" + d[4:] + b"\0\0")
        p("ber-long-length", "open", post=lambda d: d[:1] + b"\x84" + (len(d) - 4).to_bytes(4, "big") + d[4:])
        p("trailing-bytes", "bad", post=lambda d: d + b"\1\2\3")
        p("trailing-second-cms", "bad", post=lambda d: d + d)
        p("hex-white-space", "open", hexed=lambda d: d.hex()[:10] + " \n" + d.hex()[10:])
        p("hex-upper", "good", hexed=lambda d: d.hex().upper())
        strange = Cert("Ke la", new_rsa(), self.stranger)
        for label, order in {"two-signer-infos": 1, "two-signer-infos-stranger-first": -1}.items():
            self.add(label, "bad", pdf(lambda covered: self.sign(
                covered, certs=certs + strange.der, infos=lambda one: [one, signer_info(covered, strange)][::order])))
        p("no-signer-info", "bad", infos=lambda one: [])
        p("wrong-version", "open", version=2)
        p("version-99", "open", version=99)
        p("digests-empty", "open", digests=[])
        p("digests-other", "open", digests=[digest_name("sha512")])
        p("attached-data", "bad", content=b"abc")
        self.add("attached-same-bytes", "bad", pdf(lambda covered: self.sign(None, content=covered[:400])))
        p("no-certs", "bad", certs=b"")
        p("no-certs-adbe", "bad", certs=b"", pdf_of=ADBE)
        p("cert-garbage-beside", "open", certs=certs + seq(b"\2\1\1"))
        p("certs-other-kinds", "open", certs=certs + ctx(1, seq()) + ctx(3, oid("1.2.3") + NULL))
        p("certs-65", "open", certs=certs + self.root.der * 69, pdf_of={"room": 200_000})
        p("crl-in-cms-revokes", "open", crls=crl(self.ca, [(self.lan.serial, -9)]))
        p("not-signed-data", "bad", post=lambda d: seq(oid(DATA), ctx(0, octets(b"x" * 40))))
        p("empty", "bad", post=lambda d: b"")
        p("zeros-first", "bad", post=lambda d: b"\0\0" + d)

    def attributes(self):
        p = self.plain
        p("unsorted-signed-as-is", "open", sort=False, attrs=lambda l, c, h: l[::-1])
        p("unsorted-signed-sorted", "open", sort=False, reorder=True, attrs=lambda l, c, h: l[::-1])
        p("no-content-type", "bad", attrs=lambda l, c, h: l[1:])
        p("no-message-digest", "bad", attrs=lambda l, c, h: [l[0], l[2]])
        p("no-signing-certificate-pades", "bad", attrs=lambda l, c, h: l[:2])
        p("content-type-tst", "bad", attrs=lambda l, c, h: [attribute(CONTENT_TYPE, oid(TIME_INFO)), *l[1:]])
        p("content-type-signed-data", "bad", attrs=lambda l, c, h: [attribute(CONTENT_TYPE, oid(SIGNED_DATA)), *l[1:]])
        p("content-type-twice", "bad", attrs=lambda l, c, h: [*l, l[0]])
        p("econtent-type-odd", "bad", kind="1.2.3.4")
        p("econtent-type-tst-no-content", "bad", kind=TIME_INFO)
        for label, values in {"other": lambda h: [b"\1" * 32], "short": lambda h: [h[:20]], "empty": lambda h: [b""], "two-values": lambda h: [b"\1" * 32, h]}.items():
            p(f"message-digest-{label}", "bad", attrs=lambda l, c, h: [l[0], attribute(MESSAGE_DIGEST, *map(octets, values(h))), l[2]])
        p("message-digest-twice", "bad", attrs=lambda l, c, h: [*l, attribute(MESSAGE_DIGEST, octets(b"\1" * 32))])
        p("message-digest-same-twice", "bad", attrs=lambda l, c, h: [*l, l[1]])
        p("signing-certificate-twice", "bad", attrs=lambda l, c, h: [*l, named_certificate(self.ca)])
        p("attribute-no-value", "bad", attrs=lambda l, c, h: [*l, attribute(SIGNING_TIME)])
        p("attributes-empty", "bad", attrs=lambda l, c, h: [])
        right = seq(octets(digest("sha256", self.lan.der)))
        for label, expected, named in [
                ("wrong-hash", "bad", [attribute(CERTIFICATE_V2, seq(seq(seq(octets(b"\1" * 32)))))]),
                ("other-certificate", "bad", [named_certificate(self.ca)]),
                ("second-is-right", "bad", [attribute(CERTIFICATE_V2, seq(seq(seq(octets(digest("sha256", self.ca.der))), right)))]),
                ("empty", "bad", [attribute(CERTIFICATE_V2, seq(seq()))]),
                ("sha1-in-v2", "open", [named_certificate(self.lan, "sha1")]),
                ("md5-in-v2", "bad", [named_certificate(self.lan, "md5")]),
                ("sha512", "good", [named_certificate(self.lan, "sha512")]),
                ("v1", "open", [named_v1(self.lan)]),
                ("v1-wrong", "bad", [named_v1(self.lan, b"x")]),
                ("v1-wrong-v2-right", "bad", [named_certificate(self.lan), named_v1(self.lan, b"x")]),
                ("v1-right-v2-wrong", "bad", [named_certificate(self.ca), named_v1(self.lan)]),
                ("issuer-serial", "good", [named_certificate(self.lan, issuer=self.ca.subject, serial=self.lan.serial)]),
                ("issuer-serial-other-serial", "open", [named_certificate(self.lan, issuer=self.ca.subject, serial=self.lan.serial + 1)]),
                ("issuer-serial-other-issuer", "open", [named_certificate(self.lan, issuer=self.root.subject, serial=self.lan.serial)])]:
            p(f"ess-{label}", expected, attrs=lambda l, c, h: [*l[:2], *named])
        ours = rsa_name("sha256")
        for label, expected, said in [
                ("right", "good", protection("sha256", 0xa1, ours)), ("wrong-digest", "bad", protection("sha512", 0xa1, ours)),
                ("wrong-signature", "bad", protection("sha256", 0xa1, rsa_name("sha512"))),
                ("mac", "open", protection("sha256", 0xa2, algorithm("1.2.840.113549.2.9"))),
                ("digest-parameters", "bad", attribute(PROTECTION, seq(digest_name("sha256", integer(3)), tlv(0xa1, ours[2:])))),
                ("two-values", "open", attribute(PROTECTION, seq(digest_name("sha256"), tlv(0xa1, ours[2:])), seq(digest_name("sha512"))))]:
            p(f"protect-{label}", expected, attrs=lambda l, c, h: [*l, said])
        p("protect-other-salt", "bad", attrs=lambda l, c, h: [*l, protection("sha256", 0xa1, pss(self.rsa, b"", salt=20)[0])], sign=lambda d: pss(self.rsa, d))
        revokes, clears = ctx(0, seq(crl(self.ca, [(self.lan.serial, -9)]))), ctx(1, seq(ocsp(self.lan, self.ca, self.ca)))
        for label, words in {"revokes": [revokes], "clears-then-revokes": [clears, revokes], "revokes-then-clears": [revokes, clears]}.items():
            p(f"archival-{label}", "bad", attrs=lambda l, c, h: [*l[:2], attribute(ARCHIVAL, seq(*words))], pdf_of=ADBE)
        p("bare-no-attributes", "bad", bare=True)
        p("bare-no-attributes-adbe", "open", bare=True, pdf_of=ADBE)
        p("signature-over-content-with-attributes", "bad", signed_over=b"x")
        for label, odd in {"countersignature": attribute("1.2.840.113549.1.9.6", seq(integer(1))), "malformed": seq(oid("1.2.3")),
                           "archive-stamp": attribute(ARCHIVE_STAMP, seq(integer(1)))}.items():
            p(f"unsigned-{label}", "open", unsigned=[odd])

    def claimed(self):
        p = self.plain
        said = {"attrs": lambda l, c, h: [*l, attribute(SIGNING_TIME, utc(NOW))]}
        later = {"attrs": lambda l, c, h: [*l, attribute(SIGNING_TIME, utc(NOW + 200 * DAY))]}
        not_yet = Cert("Lan", self.rsa, self.ca, span=(100, 700))
        far = Cert("Trung gian sau", new_ec(), self.root, authority=True, span=(100, 700))
        p("signing-time-future", "open", attrs=lambda l, c, h: [*l, attribute(SIGNING_TIME, utc(NOW + 3 * DAY))], pdf_of=ADBE)
        p("pades-with-signing-time", "open", **said)
        p("claimed-future-cert-not-yet", "bad", not_yet, pdf_of={"claimed": NOW + 200 * DAY})
        p("claimed-future-cert-not-yet-adbe", "bad", not_yet, **later, pdf_of=ADBE)
        p("claimed-future-authority-not-yet", "bad", Cert("Lan", self.rsa, far), (far, self.root), pdf_of={"claimed": NOW + 200 * DAY})
        p("claimed-before-begin", "open", pdf_of={"claimed": NOW - 60 * DAY})
        p("claimed-far-future", "open", pdf_of={"claimed": NOW + 600 * DAY})
        for label, date in {"nothing": b"", "odd-date": b"/M (D:20269999999999) ", "huge-date": b"/M (D:99999999999999999999999) ",
                            "zone-odd": b"/M (D:20260101000000+99'99') "}.items():
            p(f"claimed-{label}", "open", pdf_of={"date": date})

    def certificates(self):
        p, of = self.plain, self.by_leaf
        chain = self.ca.der + self.root.der
        other = Cert("Lan", new_rsa(), self.ca, serial=self.lan.serial, signing=self.stranger.key)
        p("swapped-same-name-and-serial", "bad", certs=other.der + chain)
        p("both-same-name-and-serial", "open", certs=other.der + self.lan.der + chain)
        p("stranger-with-both", "bad", other, certs=other.der + self.lan.der + chain)
        p("stranger-names-real-by-hash", "bad", other, certs=other.der + self.lan.der + chain, attrs=lambda l, c, h: [*l[:2], named_certificate(self.lan)])
        again = Cert("Lan hai", self.rsa, self.ca)
        sid = seq(again.issuer, integer(again.serial))
        p("same-key-other-certificate", "bad", certs=again.der + chain)
        p("same-key-other-certificate-sid", "bad", sid=sid, certs=again.der + chain)
        p("same-key-other-certificate-adbe", "open", sid=sid, certs=again.der + chain, attrs=lambda l, c, h: l[:2], pdf_of=ADBE)
        p("sid-by-key", "good", sid=ctx(0, self.lan.key_id, False))
        p("sid-by-key-other", "bad", sid=ctx(0, b"\1" * 20, False))
        p("sid-wrong-serial", "bad", sid=seq(self.lan.issuer, integer(self.lan.serial + 1)))
        for label, subject in {"as-printable": name("Trung gian", 0x13), "as-bmp": name("Trung gian", 0x1e),
                               "as-t61": name("Trung gian", 0x14), "case": name("trung  GIAN")}.items():
            odd = Cert("Trung gian", self.ca.key, self.root, authority=True, subject=subject)
            of(f"issuer-name-{label}", "good", chain=(odd, self.root))
        for label, by, signing in [("same-name", self.stranger, None), ("same-name-signed-by-itself", None, None), ("says-root", self.root, self.stranger.key)]:
            fake = Cert("Trung gian", new_ec(), by, authority=True, signing=signing)
            of(f"look-alike-issuer-{label}", "bad", fake, (fake, self.ca, self.root, self.stranger))
        of("root-look-alike", "bad", self.stranger, (self.stranger,))
        p("self-signed", "bad", Cert("Lan", self.rsa), ())
        p("signer-is-authority", "open", Cert("CA ky", self.rsa, self.root, authority=True, usage=0xc6), (self.root,))
        p("signer-is-root", "open", self.root, ())
        trusted = Cert("Goc ky", self.rsa, authority=True, usage=0xc6)
        self.roots.append(trusted)
        p("signer-is-trusted-root", "open", trusted, ())
        of("authority-false", "bad", self.middle(basic=False))
        of("authority-no-basic-constraints", "bad", self.middle(drop=[BASIC]))
        of("authority-usage-no-cert-sign", "bad", self.middle(usage=0x02))
        of("authority-usage-signature-only", "bad", self.middle(usage=0xc0))
        of("authority-usage-absent", "open", self.middle(drop=[USAGE]))
        of("authority-version-1", "bad", self.middle(version=0))
        zero = Cert("Khong", new_ec(), self.root, authority=True, path=0)
        for label, expected, text in [("path-length-exceeded", "bad", "Duoi"), ("path-length-self-issued", "open", "Khong")]:
            below = Cert(text, new_ec(), zero, authority=True)
            of(label, expected, below, (below, zero, self.root))
        of("path-length-kept", "good", zero)
        clerk = Cert("Thu ky", self.rsa, self.ca)
        of("issued-by-a-clerk", "bad", clerk, (clerk, *self.chain))
        def permitted(base): return seq(ctx(0, seq(base)))
        def excluded(base): return seq(ctx(1, seq(base)))
        french = ctx(4, seq(set_(seq(oid("2.5.4.6"), tlv(0x13, b"FR")))))
        needed = seq(ctx(0, b"\0", False))
        mail = extension(OTHER_NAMES, False, seq(tlv(0x81, b"lan@evil.test")))
        policy = extension(POLICY, False, seq(seq(oid("1.2.3"))))
        for critical, word in [(True, "critical"), (False, "not-critical")]:
            def ruled(kind, value, *more): return self.middle(extra=[extension(kind, critical, value), *more])
            of(f"names-permitted-violated-{word}", "bad", ruled(NAMES, permitted(french)))
            of(f"names-excluded-{word}", "bad", ruled(NAMES, excluded(ctx(4, name("Lan")))))
            of(f"names-mail-violated-{word}", "bad", ruled(NAMES, permitted(tlv(0x81, b"example.com"))), extra=[mail])
            of(f"names-kept-{word}", "open", ruled(NAMES, permitted(ctx(4, name("Lan")))))
            of(f"policy-required-{word}", "bad", ruled(POLICY_RULES, needed))
            of(f"policy-kept-{word}", "open", ruled(POLICY_RULES, needed, policy), extra=[policy])
            of(f"inhibit-any-policy-{word}", "good", ruled(ANY_POLICY, integer(0)))
            of(f"inhibit-any-policy-kept-{word}", "good", ruled(ANY_POLICY, integer(0), policy), extra=[policy])
        of("unknown-critical-leaf", "bad", extra=[extension("1.2.3.4.5", True, NULL)])
        of("unknown-critical-authority", "bad", self.middle(extra=[extension("1.2.3.4.5", True, NULL)]))
        of("unknown-plain-leaf", "good", extra=[extension("1.2.3.4.5", False, NULL)])
        of("extension-twice", "bad", extra=[extension(USAGE, True, bits(b"\xc0", 6))])
        of("authority-basic-constraints-twice", "bad", self.middle(basic=False, extra=[extension(BASIC, True, seq(boolean(True)))]))
        for label, span in {"over": (-90, -2), "not-yet": (2, 90)}.items():
            of(f"{label}-leaf", "bad", span=span)
            of(f"{label}-authority", "bad", self.middle(span=span))
        p("over-leaf-claimed-then", "bad", Cert("Lan", self.rsa, self.ca, span=(-90, -2)), pdf_of={"claimed": NOW - 10 * DAY})
        for label, expected, usage in [("encipher", "bad", 0x20), ("cert-sign", "bad", 0x04), ("signature-only", "open", 0x80),
                                       ("repudiation-only", "open", 0x40), ("agreement", "bad", 0x08), ("none", "bad", 0)]:
            of(f"usage-{label}", expected, usage=usage)
        of("usage-absent", "open", drop=[USAGE])
        tls = "1.3.6.1.5.5.7.3.1"
        for label, purpose in {"tls-server": tls, "tls-client": "1.3.6.1.5.5.7.3.2", "code": "1.3.6.1.5.5.7.3.3", "mail": "1.3.6.1.5.5.7.3.4", "stamp": STAMPING,
                               "ocsp": ANSWERING, "ipsec": "1.3.6.1.5.5.7.3.5", "documents": "1.3.6.1.5.5.7.3.36"}.items():
            of(f"purpose-{label}", "open", purposes=[purpose])
        of("purpose-tls-critical", "bad", purposes=[tls], critical_purposes=True)
        of("purpose-client-critical", "open", purposes=["1.3.6.1.5.5.7.3.2"], critical_purposes=True)
        of("authority-for-tls-only", "bad", self.middle(purposes=[tls]))
        of("authority-for-servers-and-clients", "bad", self.middle(purposes=[tls, "1.3.6.1.5.5.7.3.2"]))
        of("algorithm-outside-other", "bad", self.root, (self.root,), outer=rsa_name("sha512"))
        of("chain-sha1", "bad", self.root, (self.root,), md="sha1")
        of("chain-sha1-authority", "bad", self.middle(md="sha1"))
        of("chain-rsa1024-authority", "bad", Cert("Nho", new_rsa(1024), self.root, authority=True))
        of("chain-p521-authority", "good", Cert("P521", ec.generate_private_key(ec.SECP521R1()), self.root, authority=True))
        long = [self.root]
        for step in range(9):
            long.insert(0, Cert(f"Bac {step}", new_ec(), long[0], authority=True))
        of("chain-of-ten", "open", long[0], tuple(long))
        for label, count in {"four": 4, "six": 6}.items():
            of(f"chain-of-{label}", "good", long[-count], tuple(long[-count:]))
        first = Cert("Vong A", new_ec(), authority=True)
        second = Cert("Vong B", new_ec(), first, authority=True)
        closing = Cert("Vong A", first.key, second, authority=True)
        of("chain-loops", "bad", closing, (closing, second))
        key = new_ec()
        p("sixty-look-alikes", "open", chain=(*[Cert("Trung gian", key, self.root, authority=True) for _ in range(58)], *self.chain), pdf_of={"room": 100_000})
        of("serial-negative", "open", serial=-5)
        for label, named in {"other-key": ctx(0, b"\1" * 20, False), "other-serial": ctx(1, ctx(4, self.root.subject)) + tlv(0x82, b"\x55")}.items():
            of(f"authority-key-{label}", "open", drop=[AUTHORITY_KEY], extra=[extension(AUTHORITY_KEY, False, seq(named))])

    def rubbish(self):
        """Certificates whose issuer writes what is no DER, or nobody understands: read otherwise by others."""
        of = self.by_leaf

        def says(kind, value): return {"drop": [kind], "extra": [extension(kind, True, value)]}
        for label, leaf, authority in [("", b"\7\x40", b"\7\x04"), ("-all", b"\10\x40", b"\10\x04"), ("-more", b"\11\x40", b"\11\x04"), ("-second", b"\7\0\x40", b"\7\0\x04")]:
            of(f"usage-in-unused-bits{label}", "bad", **says(USAGE, tlv(3, leaf)))
            of(f"authority-usage-in-unused-bits{label}", "bad", self.middle(**says(USAGE, tlv(3, authority))))
        for label, value in {"empty": seq(tlv(1, b"")), "two-bytes": seq(tlv(1, b"\0\0")), "inner-trailing": seq(boolean(True), integer(3), boolean(False)),
                             "null": seq(NULL), "number": seq(integer(1))}.items():
            of(f"authority-true-{label}", "bad", self.middle(**says(BASIC, value)))
        for label, kind, value in [("names", OTHER_NAMES, b"\1\2\3"), ("issuer-names", "2.5.29.18", b"\1\2\3"), ("policies", POLICY, NULL), ("names-empty", OTHER_NAMES, seq()),
                                   ("names-trailing", OTHER_NAMES, seq(link(b"http://a")) + NULL)]:
            of(f"critical-{label}-garbage", "bad", extra=[extension(kind, True, value)])
            of(f"authority-critical-{label}-garbage", "bad", self.middle(extra=[extension(kind, True, value)]))
        of("critical-qc-statements", "open", extra=[extension("1.3.6.1.5.5.7.1.3", True, seq())])
        of("policy-mappings-any", "bad", self.middle(extra=[extension("2.5.29.33", False, seq(seq(oid("2.5.29.32.0"), oid("1.2.3"))))]))
        for label, span in {"begin-plus": (tlv(0x17, b"+50101000000Z"), 700), "begin-minus": (tlv(0x18, b"-9990101000000Z"), 700), "end-plus": (-30, tlv(0x18, b"+9990101000000Z")),
                            "begin-blank": (tlv(0x17, b" 50101000000Z"), 700), "end-dot-nothing": (-30, tlv(0x18, b"20490101000000.Z"))}.items():
            of(f"validity-{label}", "bad", span=span)
            of(f"authority-validity-{label}", "bad", self.middle(span=span))

    def trusted_and_revoked(self):
        """An authority that is trusted itself, whom its own root revokes, by a list that is kept and by one that is given, with a later
        key too, and where it is named otherwise."""
        text = "Goc cua CA tin cay"
        root, later = (Cert(text, new_ec(), authority=True) for _ in range(2))
        kept, given, cleared = (Cert(f"CA tin cay {label}", new_ec(), root, authority=True) for label in ("kept", "given", "cleared"))
        printed = Cert("CA tin cay in", new_ec(), Cert(text, root.key, subject=name(text, 0x13)), authority=True)
        self.roots += [root, later, kept, given, cleared, printed]
        self.given.append(crl(root, [(given.serial, -9)], entry=seq(reason(1))))
        for label, expected, ca, words in [
                ("revoked-kept", "bad", kept, [crl(root, [(kept.serial, -9)], entry=seq(reason(1)))]), ("revoked-given", "bad", given, []), ("cleared", "good", cleared, [crl(root)]),
                ("alone", "good", cleared, []), ("revoked-by-later-key", "bad", cleared, [crl(later, [(cleared.serial, -9)], entry=seq(reason(1)))]),
                ("revoked-named-otherwise", "bad", printed, [crl(root, [(printed.serial, -9)], entry=seq(reason(1)))])]:
            self.plain(f"trusted-authority-{label}", expected, Cert("Lan", self.rsa, ca), (ca, root), pdf_of={"kept": {"CRLs": words}} if words else {})

    def digests_and_rsa(self):
        p, key = self.plain, self.rsa
        two = {"attrs": lambda l, c, h: l[:2], "pdf_of": ADBE}
        for md, expected in [("sha1", "bad"), ("md5", "bad"), ("sha224", "open")]:
            p(f"digest-{md}", expected, md=md, **two)
        p("digest-sha256-signed-sha1", "bad", sign=lambda d: sign_with(key, d, "sha1"))
        p("digest-sha256-signed-sha512", "bad", sign=lambda d: sign_with(key, d, "sha512"))
        p("digest-sha512-signed-sha256", "bad", md="sha512", sign=lambda d: sign_with(key, d))
        p("digest-sha1-signed-sha256", "bad", md="sha1", sign=lambda d: sign_with(key, d), **two)
        p("digest-odd-parameters", "open", digest_alg=digest_name("sha256", integer(1)))
        for label, expected, parameters in [("encryption", "good", NULL), ("no-parameters", "open", b""), ("odd-parameters", "open", integer(1))]:
            p(f"named-rsa-{label}", expected, sign=lambda d: (algorithm(RSA, parameters), sign_with(key, d)[1]))
        numbers = key.private_numbers()
        n = numbers.public_numbers.n

        def plus_n(value): return (int.from_bytes(value, "big") + n).to_bytes(257, "big")
        def raw(data): return pow(int.from_bytes(block(digest("sha256", data)), "big"), numbers.d, n).to_bytes(256, "big")
        for label, expected, made in [
                ("zero", "bad", lambda d: b"\0" * 256), ("one", "bad", lambda d: b"\0" * 255 + b"\1"), ("empty", "bad", lambda d: b""),
                ("longer", "open", lambda d: b"\0" + sign_with(key, d)[1]), ("plus-n", "bad", lambda d: plus_n(sign_with(key, d)[1])),
                ("over-raw-digest", "bad", raw)]:
            p(f"signature-{label}", expected, sign=lambda d: (rsa_name("sha256"), made(d)))
        p("rsa1024", "bad", Cert("Yeu", new_rsa(1024), self.ca))
        three = Cert("Ba", rsa.generate_private_key(3, 2048), self.ca)
        p("rsa-e3-honest", "open", three)
        p("rsa-e3-forged", "bad", three, sign=lambda d: (rsa_name("sha256"), forged_rsa(d)))

        def info(modulus, exponent, tail=b"", kind=algorithm(RSA)): return seq(kind, bits(seq(integer(modulus), integer(exponent)) + tail))
        def with_key(info): return Cert("Khoa la", key, self.ca, key_info=info)
        for exponent in (1, 0, 2):
            p(f"rsa-e{exponent}", "bad", with_key(info(n, exponent)), sign=lambda d: (rsa_name("sha256"), block(digest_info(d))))
        p("rsa-e1-pss", "bad", with_key(info(n, 1)), sign=lambda d: pss(key, d))
        p("rsa-e-huge", "open", with_key(info(n, 65537 + (1 << 70))))
        p("rsa-n-even", "bad", with_key(info(n - 1, 65537)))
        p("rsa-n-negative", "bad", with_key(info(-n, 65537)))
        p("rsa-key-trailing", "open", with_key(info(n, 65537, b"\0\0")))
        p("rsa-key-parameters-odd", "bad", with_key(info(n, 65537, kind=algorithm(RSA, integer(5)))))
        p("rsa-key-parameters-none", "open", with_key(info(n, 65537, kind=algorithm(RSA, b""))))
        for label, expected, how in [
                ("", "good", {}), *[(f"-salt-{salt}", "open", {"salt": salt}) for salt in (0, 1, 20, 64, 222)],
                ("-says-other-salt", "open", {"says": 20}), ("-salt-huge", "bad", {"says": 2**31 - 1}), ("-mgf-other", "open", {"mask": "sha512"}),
                ("-mgf-sha1", "open", {"mask": "sha1"}), ("-trailer-2", "bad", {"trailer": 2}), ("-trailer-200", "bad", {"trailer": 200}), ("-trailer-1", "good", {"trailer": 1}),
                ("-hash-512-digest-256", "bad", {"md": "sha512", "salt": 64}), ("-extra-parameter", "open", {"more": ctx(7, integer(1))})]:
            p(f"pss{label}", expected, sign=lambda d: pss(key, d, **how))
        p("pss-mgf-default", "open", sign=lambda d: (algorithm(PSS, seq(ctx(0, digest_name("sha256")), ctx(2, integer(32)))), pss(key, d, mask="sha1")[1]))
        p("pss-no-parameters", "bad", sign=lambda d: (algorithm(PSS, b""), pss(key, d)[1]))
        p("pss-defaults", "bad", sign=lambda d: (algorithm(PSS, seq()), pss(key, d, "sha1", 20)[1]))
        only_pss = with_key(info(n, 65537, kind=algorithm(PSS, b"")))
        p("key-kind-pss", "good", only_pss, sign=lambda d: pss(key, d))
        p("key-kind-pss-other-key", "bad", only_pss, sign=lambda d: pss(new_rsa(), d))
        as_32 = with_key(info(n, 65537, kind=pss(key, b"")[0]))
        p("key-kind-pss-as-it-says", "good", as_32, sign=lambda d: pss(key, d))
        p("key-kind-pss-other-hash", "bad", as_32, md="sha512", sign=lambda d: pss(key, d, "sha512", 64))
        p("key-kind-pss-shorter-salt", "bad", as_32, sign=lambda d: pss(key, d, salt=20))
        p("key-kind-pss-signed-pkcs1", "bad", only_pss)

    def curves(self):
        p = self.plain
        key = new_ec()
        cert, named = Cert("Ec", key, self.ca), ecdsa_name("sha256")
        order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
        def pair(r, s): return seq(integer(r), integer(s))
        def fresh(data): return utils.decode_dss_signature(sign_with(key, data)[1])
        p("ecdsa", "good", cert)
        for label, odd in {
                "r0-s0": lambda r, s: pair(0, 0), "r0": lambda r, s: pair(0, s), "s0": lambda r, s: pair(r, 0), "r-n": lambda r, s: pair(order, s),
                "s-n": lambda r, s: pair(r, order), "r1-s1": lambda r, s: pair(1, 1), "rn1-sn1": lambda r, s: pair(order - 1, order - 1),
                "r-plus-n": lambda r, s: pair(r + order, s), "s-plus-n": lambda r, s: pair(r, s + order), "s-negative": lambda r, s: pair(r, -s),
                "trailing": lambda r, s: pair(r, s) + b"\0", "raw": lambda r, s: r.to_bytes(32, "big") + s.to_bytes(32, "big"),
                "extra-inside": lambda r, s: seq(integer(r), integer(s), integer(1))}.items():
            for prefix, md in [("ecdsa", "sha256"), ("ecdsa-sha512", "sha512")]:
                p(f"{prefix}-{label}", "open" if label == "raw" else "bad", cert, md=md, sign=lambda d: (ecdsa_name(md), odd(*fresh(d))))
        p("ecdsa-s-turned", "open", cert, sign=lambda d: (named, (lambda r, s: pair(r, order - s))(*fresh(d))))
        p("ecdsa-digest-sha256-signed-sha384", "bad", cert, sign=lambda d: sign_with(key, d, "sha384"))
        for label, expected, other in [("parameters-null", "open", ecdsa_name("sha256", NULL)), ("named-rsa", "bad", rsa_name("sha256")),
                                       ("named-key", "open", algorithm(EC, b""))]:
            p(f"ecdsa-{label}", expected, cert, sign=lambda d: (other, sign_with(key, d)[1]))
        p("rsa-named-ecdsa", "bad", sign=lambda d: (named, sign_with(self.rsa, d)[1]))

        def point(form): return key.public_key().public_bytes(serialization.Encoding.X962, form)
        def on(curve, point, key=key, written=None): return Cert("Diem la", key, self.ca, key_info=seq(seq(oid(EC), written or oid(curve)), bits(point)))
        p256 = "1.2.840.10045.3.1.7"
        whole, most = point(serialization.PublicFormat.UncompressedPoint), 2**256 - 2**224 + 2**192 + 2**96 - 1
        # 5 and x: the smaller of the two y.
        smaller = next(one for one in iter(new_ec, None) if 2 * one.public_key().public_numbers().y < most)
        compact = on(p256, b"\5" + smaller.public_key().public_numbers().x.to_bytes(32, "big"), smaller)
        for md, suffix in {"sha256": "", "sha512": "-sha512"}.items():
            p(f"ecdsa-compressed-key{suffix}", "bad", on(p256, point(serialization.PublicFormat.CompressedPoint)), md=md)
            p(f"ecdsa-hybrid-key{suffix}", "bad", on(p256, bytes([6 + (whole[-1] & 1)]) + whole[1:]), md=md)
            p(f"ecdsa-compact-key{suffix}", "bad", compact, md=md)
        for label, written in {"octets": octets(oid(p256)[2:]), "sequence": tlv(0x30, oid(p256)[2:]), "sequence-of": seq(oid(p256)), "null": NULL, "trailing": oid(p256) + NULL}.items():
            p(f"ecdsa-curve-{label}", "bad", on(p256, whole, written=written))
        p("ecdsa-p384-key-named-p256", "bad", on("1.3.132.0.34", point(serialization.PublicFormat.UncompressedPoint)))
        p("ecdsa-key-infinity", "bad", on(p256, b"\0"), sign=lambda d: (named, pair(1, 1)))
        p("ecdsa-key-off-curve", "bad", on(p256, b"\4" + b"\1" * 64), sign=lambda d: (named, pair(1, 1)))
        for label, expected, curve, md in [*[(f"p521-{md}", "good", ec.SECP521R1(), md) for md in ("sha256", "sha384", "sha512")], ("p224", "bad", ec.SECP224R1(), "sha256"),
                                           ("k1", "open", ec.SECP256K1(), "sha256"), ("brainpool", "open", ec.BrainpoolP256R1(), "sha256")]:
            p(f"ecdsa-{label}", expected, Cert(label, ec.generate_private_key(curve), self.ca), md=md)
        p521 = Cert("p521", ec.generate_private_key(ec.SECP521R1()), self.ca)
        p("ecdsa-p521-other-key", "bad", p521, md="sha512", sign=lambda d: (algorithm("1.2.840.10045.4.3.4", b""), ec.generate_private_key(ec.SECP521R1()).sign(d, ec.ECDSA(hashes.SHA512()))))
        p("ecdsa-p521-zero", "bad", p521, md="sha512", sign=lambda d: (algorithm("1.2.840.10045.4.3.4", b""), pair(0, 0)))
        p("ecdsa-p521-as-p384", "bad", p521, md="sha512", sign=lambda d: (algorithm("1.2.840.10045.4.3.4", b""), ec.generate_private_key(ec.SECP384R1()).sign(d, ec.ECDSA(hashes.SHA512()))))
        key = ed25519.Ed25519PrivateKey.generate()
        edwards, named_ed = Cert("Ed", key, self.ca), algorithm("1.3.101.112", b"")
        p("ed25519", "good", edwards, md="sha512")
        p("ed25519-digest-256", "open", edwards)
        p("ed25519-parameters-null", "open", edwards, md="sha512", sign=lambda d: (algorithm("1.3.101.112"), key.sign(d)))
        for label, parameters in {"null": NULL, "curve": oid(p256)}.items():
            odd = Cert("Ed", key, self.ca, key_info=seq(algorithm("1.3.101.112", parameters), bits(key.public_key().public_bytes_raw())))
            p(f"ed25519-key-parameters-{label}", "bad", odd, md="sha512")
        p("ed25519-named-rsa", "bad", edwards, md="sha512", sign=lambda d: (rsa_name("sha512"), key.sign(d)))
        order = 2**252 + 27742317777372353535851937790883648493
        def plus_order(made): return made[:32] + (int.from_bytes(made[32:], "little") + order).to_bytes(32, "little")
        p("ed25519-malleable", "bad", edwards, md="sha512", sign=lambda d: (named_ed, plus_order(key.sign(d))))
        for label, low in {"identity": b"\1" + b"\0" * 31, "zero": b"\0" * 32,
                           "order-8": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")}.items():
            small = Cert("Nho", key, self.ca, key_info=seq(seq(oid("1.3.101.112")), bits(low)))
            p(f"ed25519-small-order-{label}", "bad", small, md="sha512", sign=lambda d: (named_ed, b"\1" + b"\0" * 63))
            p(f"ed25519-small-order-{label}-own", "bad", small, md="sha512", sign=lambda d: (named_ed, low + b"\0" * 32))
        p("dsa-unknown", "open", sign=lambda d: (algorithm("1.2.840.10040.4.3", b""), b"\1" * 40))

    def stamps(self):
        p, tsa = self.plain, self.authority_of_time

        def stamp(label, expected, by=None, chain=(self.time_root,), cert=None, pdf_of={}, **how):
            p(label, expected, cert, unsigned=[stamped_by(by or self.tsa, chain, **how)], pdf_of=pdf_of)
        stamp("good-stamped", "good")
        stamp("stamp-other-imprint", "bad", imprint=b"\1" * 32)
        p("stamp-of-other-signature", "bad", unsigned=[attribute(STAMP, token(b"abc", self.tsa, (self.time_root,)))])
        stamp("stamp-imprint-short", "bad", imprint=b"\1" * 20)
        p("stamp-imprint-sha1", "bad", unsigned=[lambda value: attribute(STAMP, cms(None, self.tsa, (self.time_root,), kind=TIME_INFO, content=seq(
            integer(1), oid("1.2.3.4"), seq(digest_name("sha1"), octets(digest("sha1", value))), integer(7), general(NOW))))])
        stamp("stamp-no-purpose", "bad", tsa(purposes=()))
        stamp("stamp-other-purpose", "bad", tsa(purposes=["1.3.6.1.5.5.7.3.4"]))
        stamp("stamp-purpose-not-critical", "open", tsa(critical_purposes=False))
        stamp("stamp-purpose-among-others", "open", tsa(purposes=[STAMPING, "1.3.6.1.5.5.7.3.1"]))
        stamp("stamp-any-purpose", "open", tsa(purposes=["2.5.29.37.0"]))
        for label, usage in {"encipher": 0x20, "cert-sign": 0x04, "agreement": 0x08}.items():
            stamp(f"stamp-usage-{label}", "bad", tsa(usage=usage))
        stamp("stamp-by-stranger", "open", tsa(self.stranger), (self.stranger,))
        stamp("stamp-by-authority", "open", tsa(authority=True, usage=0x86))
        stamp("stamp-tsa-over", "open", tsa(span=(-90, -2)))
        stamp("stamp-tsa-over-then-in-force", "open", tsa(span=(-90, -2)), at=NOW - 10 * DAY)
        stamp("stamp-tsa-not-yet", "bad", tsa(span=(2, 90)))
        stamp("stamp-tsa-not-yet-dated-later", "bad", tsa(span=(2, 90)), at=NOW + 10 * DAY)
        stamp("stamp-in-future", "bad", at=NOW + 30 * DAY)
        stamp("stamp-in-future-signer-not-yet", "bad", cert=Cert("Lan", self.rsa, self.ca, span=(20, 700)), at=NOW + 30 * DAY)
        stamp("stamp-before-signer", "bad", at=NOW - 40 * DAY)
        stamp("stamp-before-claimed", "open", at=NOW - 5 * DAY)
        over = {"span": (-90, -2)}
        stamp("stamp-rescues-over-signer", "bad", cert=Cert("Lan", self.rsa, self.ca, **over, extra=[PLACE_OF_LIST]), at=NOW - 10 * DAY,
              pdf_of={"claimed": NOW - 10 * DAY})
        was = Cert("Lan U", self.rsa, self.ca, **over)
        for label, kept in {"irrevocable": {}, "cleared": {"CRLs": [crl(self.ca, at=-19)]}}.items():
            stamp(f"over-stamped-{label}", "open", cert=was, at=NOW - 20 * DAY, pdf_of={"claimed": NOW - 20 * DAY, "kept": kept})
        stamp("stamp-version-2", "open", version=2)
        stamp("stamp-critical-extension", "bad", tail=ctx(1, extension("1.2.3.4", True, NULL)))
        stamp("stamp-nonce", "good", tail=integer(99))
        stamp("stamp-trailing-garbage", "open", tail=octets(b"abc"))
        stamp("stamp-time-fraction", "good", when=general(NOW, "%Y%m%d%H%M%S.25Z"))
        stamp("stamp-time-zone", "open", when=general(NOW, "%Y%m%d%H%M%S+0700"))
        stamp("stamp-time-no-seconds", "open", when=general(NOW, "%Y%m%d%H%MZ"))
        stamp("stamp-time-dot-nothing", "bad", when=general(NOW, "%Y%m%d%H%M%S.Z"))
        stamp("stamp-time-plus", "bad", when=tlv(0x18, b"+0260101000000Z"))
        stamp("stamp-no-signing-certificate", "open", attrs=lambda l, c, h: l[:2])
        stamp("stamp-names-other-certificate", "bad", attrs=lambda l, c, h: [*l[:2], named_certificate(self.time_root)])
        stamp("stamp-digest-wrong", "bad", attrs=lambda l, c, h: [l[0], attribute(MESSAGE_DIGEST, octets(b"\1" * 32)), l[2]])
        stamp("stamp-content-type-data", "bad", attrs=lambda l, c, h: [attribute(CONTENT_TYPE, oid(DATA)), *l[1:]])
        stamp("stamp-signature-broken", "bad", sign=lambda d: (rsa_name("sha256"), b"\1" * 256))
        stamp("stamp-without-certificates", "open", certs=b"")
        stamp("stamp-by-signer-himself", "open", self.lan, self.chain)
        p("stamp-two-one-broken", "bad", unsigned=[lambda value: attribute(STAMP, *[token(of, self.tsa, (self.time_root,)) for of in (value, b"x")])])
        p("stamp-garbage", "bad", unsigned=[attribute(STAMP, seq(integer(1)))])
        p("stamp-empty", "open", unsigned=[attribute(STAMP)])
        stamp("stamp-tsa-odd-critical", "bad", tsa(extra=[extension("1.2.3.4.5", True, NULL)]))
        stamp("stamp-under-signers-root", "open", tsa(self.ca), self.chain)

        # As some authorities send it.
        for label, deeper in {"": False, "-deeper": True}.items():
            p(f"stamp-in-ber{label}", "open", unsigned=[lambda value: attribute(STAMP, in_ber(token(value, self.tsa, (self.time_root,)), deeper))])

        def before(label, expected, by=None, chain=None, unsigned=(), **how):
            """A time-stamp of what is signed, among the signed attributes."""
            p(f"content-stamp{label}", expected, unsigned=unsigned, pdf_of={"room": 30_000}, attrs=lambda l, c, h: [
                *l, attribute(CONTENT_STAMP, token(b"", by or self.tsa, chain or (self.time_root,), **{"imprint": h, **how}))])
        before("", "good")
        before("-other", "bad", imprint=b"\1" * 32)
        before("-broken", "bad", sign=lambda d: (rsa_name("sha256"), b"\1" * 256))
        before("-stranger", "bad", tsa(self.stranger), (self.stranger,))
        before("-no-purpose", "bad", tsa(purposes=()))
        before("-future", "bad", at=NOW + 50 * DAY)
        before("-after-signature-stamp", "open", unsigned=[stamped_by(self.tsa, (self.time_root,), at=NOW - 5 * DAY)])
        p("content-stamp-garbage", "bad", attrs=lambda l, c, h: [*l, attribute(CONTENT_STAMP, seq(integer(1)))])
        p("content-stamp-two", "bad", pdf_of={"room": 30_000}, attrs=lambda l, c, h: [
            *l, attribute(CONTENT_STAMP, *[token(b"", self.tsa, (self.time_root,), imprint=imprint) for imprint in (h, b"\1" * 32)])])
        p("content-stamp-not-signed", "open", pdf_of={"room": 30_000}, unsigned=[attribute(CONTENT_STAMP, token(b"x", self.tsa, (self.time_root,)))])

    def stamps_of_the_document(self):
        tsa = self.authority_of_time

        def stamp(label, expected, by=None, chain=(self.time_root,), kind=b"/DocTimeStamp", **how):
            self.add(label, expected, pdf(lambda covered: token(covered, by or self.tsa, chain, **how), sub="ETSI.RFC3161", date=b"", kind=kind))
        stamp("only-document-stamp", "open")
        stamp("only-document-stamp-called-signature", "open", kind=b"/Sig")
        stamp("document-stamp-other-imprint", "bad", imprint=b"\1" * 32)
        stamp("document-stamp-no-purpose", "bad", tsa(purposes=()))
        stamp("document-stamp-usage-encipher", "bad", tsa(usage=0x20))
        stamp("document-stamp-usage-cert-sign", "bad", tsa(usage=0x04))
        stamp("document-stamp-future", "open", at=NOW + 30 * DAY)
        stamp("document-stamp-version-2", "open", version=2)
        stamp("document-stamp-by-signer", "bad", self.lan, self.chain)
        stamp("document-stamp-tsa-not-yet-dated-later", "bad", tsa(span=(2, 90)), at=NOW + 10 * DAY)
        self.plain("signature-called-stamp", "bad", pdf_of={"sub": "ETSI.RFC3161", "kind": b"/DocTimeStamp"})
        self.add("stamp-called-signature", "bad", pdf(lambda covered: token(covered, self.tsa, (self.time_root,))))

    def lists(self):
        ca = Cert("CA thu hoi", new_rsa(), self.root, authority=True)
        twin = Cert("CA thu hoi", new_rsa(), self.stranger, authority=True)

        def case(label, expected, words, by=ca, listed=True, **pdf_of):
            leaf = Cert("Lan R", self.rsa, by, extra=[PLACE_OF_LIST] if listed else [])
            self.plain(f"crl-{label}", expected, leaf, (by, self.root), pdf_of={"kept": {"CRLs": words(leaf)}, **pdf_of})

        def clearing(label, expected, by=ca, issuer=ca, **how): case(label, expected, lambda l: [crl(by, **how)], issuer)
        def revoking(label, expected, day=-9, listed=True, pdf_of={}, **how):
            case(label, expected, lambda l: [crl(ca, [(l.serial, day)], **how)], listed=listed, **pdf_of)
        clearing("clears", "good")
        case("none", "bad", lambda l: [])
        revoking("revokes", "bad")
        revoking("revokes-unlisted", "bad", listed=False)
        clearing("stale", "bad", at=-20)
        clearing("future", "bad", at=3)
        clearing("no-next", "bad", days=0)
        clearing("by-twin", "bad", twin)
        clearing("forged", "bad", signing=twin.key)
        clearing("by-root", "bad", self.root)
        case("issuer-renamed", "bad", lambda l: [crl(self.root, issuer=ca.subject)])
        clearing("by-clerk", "bad", Cert("Thu ky", new_rsa(), ca))
        clearing("sha1-clears", "bad", md="sha1")
        revoking("sha1-revokes-listed", "bad", md="sha1")
        revoking("sha1-revokes-unlisted", "open", listed=False, md="sha1")
        case("sha1-revokes-sha256-clears", "open", lambda l: [crl(ca, [(l.serial, -9)], md="sha1"), crl(ca, at=-5)])
        clearing("delta", "bad", extra=[extension("2.5.29.27", True, integer(1))])
        clearing("delta-not-critical", "bad", extra=[extension("2.5.29.27", False, integer(1))])
        clearing("indirect", "bad", extra=scope(ctx(4, b"\xff", False)))
        clearing("users-only", "open", extra=scope(ctx(1, b"\xff", False)))
        clearing("authorities-only", "bad", extra=scope(ctx(2, b"\xff", False)))
        clearing("attributes-only", "bad", extra=scope(ctx(5, b"\xff", False)))
        clearing("some-reasons", "bad", extra=scope(ctx(3, b"\6\x40", False)))
        clearing("idp-same-place", "open", extra=scope(place(b"http://ca.example/l.crl")))
        clearing("idp-other-place", "bad", extra=scope(place(b"http://ca.example/other.crl")))
        clearing("unknown-critical", "bad", extra=[extension("1.2.3.4", True, NULL)])
        case("unknown-critical-entry", "bad", lambda l: [crl(ca, [(l.serial + 1, -9)], entry=seq(extension("1.2.3.4", True, NULL)))])
        revoking("entry-for-another-issuer", "open", entry=seq(extension("2.5.29.29", True, seq(ctx(4, name("Khac"))))))
        revoking("hold", "bad", entry=seq(reason(6)))
        revoking("removed-from", "open", entry=seq(reason(8)))
        revoking("revokes-later", "bad", -1, pdf_of={"claimed": NOW - 5 * DAY})
        revoking("superseded-later", "bad", -1, pdf_of={"claimed": NOW - 5 * DAY}, entry=seq(reason(4)))
        revoking("revokes-in-future", "bad", 3)
        case("two-old-clears-new-revokes", "bad", lambda l: [crl(ca, at=-5), crl(ca, [(l.serial, -2)])])
        case("two-old-revokes-new-clears", "bad", lambda l: [crl(ca, [(l.serial, -7)], at=-5), crl(ca)])
        revoking("stale-revokes", "bad", -27, at=-25)
        case("trailing", "bad", lambda l: [crl(ca) + b"\0"])
        case("serial-padded", "bad", lambda l: [crl(ca, [(tlv(2, b"\0" + integer(l.serial)[2:]), -9)])])
        silent = Cert("CA khong ds", new_rsa(), self.root, authority=True, usage=0x04)
        clearing("by-authority-without-crl-sign", "bad", silent, silent)
        case("revokes-by-authority-without-crl-sign", "open", lambda l: [crl(silent, [(l.serial, -9)])], silent, listed=False)
        # A list for some reasons, or of another issuer, is one of several.
        lists = Cert("Nguoi lap danh sach", new_rsa(), self.root, authority=True)
        some, indirect = place(b"http://ca.example/l.crl"), place(b"http://lists.example/l.crl")
        names = seq(some), seq(indirect, ctx(2, ctx(4, lists.subject)))

        def placed(label, expected, points, words):
            leaf = Cert("Lan R", self.rsa, ca, extra=[extension(PLACE, False, seq(*points))])
            self.plain(f"crl-place-{label}", expected, leaf, (ca, self.root, lists), pdf_of={"kept": {"CRLs": words(leaf)}})

        every = ctx(4, b"\xff", False)
        def of(issuer): return extension("2.5.29.29", True, seq(ctx(4, issuer.subject)))
        def by_lists(leaf): return crl(lists, [(leaf.serial, -9)], entry=seq(of(ca)), extra=scope(indirect, every))
        for label, extra in {"": (), "-scope": scope(some)}.items():
            placed(f"for-one-reason{label}", "bad", [seq(some, ctx(1, b"\6\x40", False))], lambda l: [crl(ca, extra=extra)])
        placed("two", "good", [seq(some), seq(indirect)], lambda l: [crl(ca)])
        placed("of-another-clears", "bad", names[1:], lambda l: [crl(ca)])
        placed("of-another-revokes", "bad", names, lambda l: [crl(ca), by_lists(l)])
        placed("of-another-revokes-first", "bad", names[::-1], lambda l: [by_lists(l), crl(ca)])
        placed("garbage", "bad", [octets(b"x")], lambda l: [crl(ca)])
        # The other issuer alone is named, and revokes; an answer clears.
        def entry(one, *extensions): return seq(integer(one.serial), utc(NOW - 9 * DAY), *([seq(*extensions)] if extensions else []))
        def alone(one, by): return entry(one, reason(1), of(by))
        for label, authority, said, entries in [
                ("", False, [indirect, every], alone), ("-no-place", False, [every], alone), ("-authority", True, [every], alone),
                ("-second-entry", False, [every], lambda one, by: entry(self.lan, of(by)) + entry(one))]:
            by = self.root if authority else ca
            gone = Cert("Lan R", self.rsa, by, authority=authority, extra=[extension(PLACE, False, seq(names[1])), PLACE_OF_ANSWERS])
            leaf, above = (Cert("Lan", self.rsa, gone), gone) if authority else (gone, ca)
            self.plain(f"crl-of-another-answer-clears{label}", "bad", leaf, (above, self.root, lists), pdf_of={
                "kept": {"CRLs": [crl(lists, entries=entries(gone, by), extra=scope(*said))], "OCSPs": [ocsp(gone, by, by)]}})
        clearing("authorities-only-then-place", "bad", extra=scope(ctx(2, b"\xff", False)) + scope(some))
        clearing("place-then-authorities-only", "bad", extra=scope(some) + scope(ctx(2, b"\xff", False)))
        # What is kept revokes, but not everybody can read it, or nobody gets so far.
        for listed, suffix in {True: "", False: "-unlisted"}.items():
            def kept(label, words): case(f"kept-{label}{suffix}", "bad", words, listed=listed)
            def revokes(leaf, **how): return crl(ca, [(leaf.serial, -9)], **how)
            kept("line-behind", lambda l: [revokes(l) + b"\n", crl(ca)])
            kept("byte-behind", lambda l: [revokes(l) + b"\0", crl(ca)])
            kept("behind-64", lambda l: [*[crl(ca, at=-1 - number / 1000) for number in range(70)], revokes(l)])
            for word, written in NO_TIMES.items():
                kept(f"since-{word}", lambda l: [revokes(l, since=written(NOW - DAY)), crl(ca)])
                kept(f"until-{word}", lambda l: [revokes(l, until=written(NOW + 9 * DAY)), crl(ca)])
        gone = Cert("CA bi thu hoi", new_rsa(), self.root, authority=True)
        case("authority-revoked", "bad", lambda l: [crl(self.root, [(gone.serial, -9)])], gone, listed=False)

    def lists_given(self):
        """Lists that are given, behind many others: each revokes, however it is written."""
        silent = Cert("CA im lang", new_ec(), self.root, authority=True)
        self.given += [crl(silent, at=-1 - number / 1000) for number in range(130)]

        def case(label, expected="bad", chain=lambda ca: (), days=9, name_of=lambda text: None, signing=None, **how):
            text = f"CA {label}"
            ca = Cert(text, new_ec(), self.root, authority=True)
            leaf = Cert("Lan", self.rsa, ca)
            made = {key: value(leaf) if callable(value) else value for key, value in how.items()}
            more = chain(text)
            self.given.append(crl(more[0] if more else ca, **{"revoked": [(leaf.serial, -5)], "issuer": name_of(text), "days": days, **made}))
            self.plain(f"list-given-{label}", expected, leaf, (ca, self.root, *more[:1]))

        def entry(*extensions): return {"entry": seq(*extensions)}
        case("clears", "good", revoked=[])
        case("revokes")
        case("name-printable", name_of=lambda text: name(text, 0x13))
        case("name-bmp", name_of=lambda text: name(text, 0x1e))
        case("name-in-other-case", name_of=lambda text: name(text.upper().replace(" ", "  ")))
        case("reason-no-number", **entry(extension("2.5.29.21", False, tlv(2, b"\1"))))
        case("reason-empty", **entry(extension("2.5.29.21", False, b"")))
        case("invalidity-no-time", **entry(extension("2.5.29.24", False, tlv(0x18, b"2026"))))
        case("extension-garbage", extra=[extension("2.5.29.28", True, b"\x30\5")])
        case("extension-unknown-critical", extra=[extension("1.2.3.4", True, b"")])
        other = seq(integer(77), utc(NOW), seq(extension("2.5.29.21", False, b"")))
        case("reason-of-another-empty", entries=lambda leaf: seq(integer(leaf.serial), utc(NOW - 5 * DAY)) + other)
        case("no-next", days=0)
        case("over", at=-20)
        case("to-come", at=3)
        # Its authority has a new key, known since or trusted beside the old one.
        case("by-renewed-key", chain=lambda text: (Cert(text, new_ec(), self.root, authority=True),))
        renewed = Cert("CA doi khoa", new_ec(), self.root, authority=True)
        self.roots.append(renewed)
        old = Cert("CA doi khoa", new_ec(), self.root, authority=True)
        leaf = Cert("Lan", self.rsa, old)
        self.given.append(crl(renewed, [(leaf.serial, -5)]))
        self.plain("list-given-by-renewed-trusted-key", "bad", leaf, (old, self.root))
        # A stranger of the name is not heard.
        heard = Cert("CA co nguoi gia", new_ec(), self.root, authority=True)
        leaf = Cert("Lan", self.rsa, heard)
        self.given.append(crl(Cert("CA co nguoi gia", new_ec(), self.stranger, authority=True), [(leaf.serial, -5)]))
        self.plain("list-given-by-namesake", "good", leaf, (heard, self.root))

    def answers(self):
        ca = Cert("CA tra loi", new_rsa(), self.root, authority=True)
        twin = Cert("CA tra loi", new_rsa(), self.stranger, authority=True)
        clerk = Cert("Thu ky", new_rsa(), ca)

        def responder(by=ca, extra=NEVER_REVOKED, purposes=(ANSWERING,), **how):
            return Cert("Tra loi", new_rsa(), by, purposes=purposes, extra=[extra], **how)

        def case(label, expected, words):
            leaf = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS])
            self.plain(f"ocsp-{label}", expected, leaf, (ca, self.root), pdf_of={"kept": {"OCSPs": words(leaf)}})

        def answered(label, expected, by=ca, certs=None, **how):
            case(label, expected, lambda l: [ocsp(l, ca, by, certs=([] if by is ca else [by]) if certs is None else certs, **how)])
        delegate, nobody = responder(), responder(self.stranger)
        revoked = ctx(1, general(NOW - 9 * DAY))
        answered("clears", "good")
        answered("clears-delegated", "good", delegate)
        answered("clears-by-key", "good", by_name=False)
        case("none", "bad", lambda l: [])
        answered("revokes", "bad", status=revoked)
        answered("unknown", "bad", status=tlv(0x82, b""))
        answered("by-clerk", "bad", clerk)
        answered("by-nobody", "bad", nobody, [nobody, self.stranger])
        answered("by-nobody-with-real", "bad", nobody, [delegate, nobody])
        answered("forged", "bad", signing=twin.key)
        answered("forged-delegated", "bad", delegate, signing=nobody.key)
        answered("delegated-not-enclosed", "bad", delegate, [])
        answered("by-root", "bad", self.root, [])
        case("by-signer-himself", "bad", lambda l: [ocsp(l, ca, l, certs=[l])])
        case("other-serial", "bad", lambda l: [ocsp(l, ca, ca, serial=l.serial + 1)])
        answered("other-issuer-key", "bad", issuer_key=b"abc")
        answered("other-issuer-name", "bad", issuer_name=name("Khac"))
        # The certificate writes the name of its issuer in another kind of string, and the answer as the certificate does.
        written = Cert("CA tra loi", ca.key, self.root, authority=True, subject=name("CA tra loi", 0x13))
        for label, expected, how in [("good", "good", {}), ("revokes", "bad", {"status": revoked})]:
            leaf = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS])
            self.plain(f"ocsp-name-as-in-certificate-{label}", expected, leaf, (written, self.root), pdf_of={"kept": {"OCSPs": [ocsp(leaf, ca, written, **how)]}})
        answered("stale", "bad", at=-20)
        answered("future", "bad", at=3)
        answered("no-next-fresh", "open", at=-0.2, days=0)
        answered("no-next-old", "bad", at=-5, days=0)
        answered("sha1-signed", "bad", md="sha1")
        answered("sha256-id", "good", id_md="sha256")
        answered("md5-id", "bad", id_md="md5")
        answered("produced-before", "bad", produced=-3)
        answered("critical-extension", "bad", extra=ctx(1, seq(extension("1.2.3.4", True, NULL))))
        case("clears-and-revokes", "bad", lambda l: [ocsp(l, ca, ca), ocsp(l, ca, ca, status=revoked, at=-2)])
        for label, status in {"try-later": 3, "unauthorized": 6}.items():
            refused, asked = seq(tlv(10, bytes([status]))), Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS, PLACE_OF_LIST])
            case(label, "bad", lambda l: [refused])
            case(f"{label}-then-clears", "good", lambda l: [refused, ocsp(l, ca, ca)])
            self.plain(f"ocsp-{label}-list-clears", "good", asked, (ca, self.root), pdf_of={"kept": {"OCSPs": [refused], "CRLs": [crl(ca)]}})
        # Nothing follows a refusal.
        case("refusal-with-a-word", "bad", lambda l: [ocsp(l, ca, ca), ocsp(l, ca, ca, status=revoked, at=-2).replace(b"\x0a\1\0", b"\x0a\1\3", 1)])
        case("refusal-with-more", "bad", lambda l: [ocsp(l, ca, ca), refused + NULL])
        case("tampered", "bad", lambda l: [ocsp(l, ca, ca).replace(tlv(0x80, b""), tlv(0x82, b""))])
        answered("responder-over", "bad", responder(span=(-90, -5)))
        answered("responder-uncleared", "bad", responder(extra=PLACE_OF_LIST))
        answered("responder-usage-encipher", "bad", responder(usage=0x20))
        answered("responder-any-purpose", "bad", responder(purposes=["2.5.29.37.0"]))
        # One revokes, but not everybody can read it, while another clears; and so where nobody need be asked.
        junk = [Cert(f"Khac {number}", new_ec(), ca) for number in range(40)]

        def both(label, words, expected="bad"):
            case(label, expected, lambda l: [ocsp(l, ca, ca), words(l)])
            leaf = Cert("Lan R", self.rsa, ca)
            self.plain(f"ocsp-{label}-unasked", expected, leaf, (ca, self.root), pdf_of={"kept": {"OCSPs": [words(leaf)]}})

        def revokes(leaf, by=ca, **how): return ocsp(leaf, ca, by, status=revoked, **how)
        critical = told(extension("1.2.3.4", True, NULL))
        both("revokes-critical-extension", lambda l: revokes(l, extra=critical))
        both("revokes-critical-extension-of-all", lambda l: revokes(l, tail=critical))
        both("revokes-sha224-id", lambda l: revokes(l, id_md="sha224"))
        for count in (9, 40):
            both(f"revokes-responder-behind-{count}", lambda l: revokes(l, by=delegate, certs=[*junk[:count], delegate]))
        both("revokes-beside-no-certificate", lambda l: revokes(l, certs=[seq(integer(1))]))
        both("revokes-byte-behind", lambda l: revokes(l) + b"\0")
        for label, by in {"": responder(), "-placed": responder(extra=PLACE_OF_ANSWERS), "-nowhere": responder(extra=extension("1.2.3", False, NULL))}.items():
            case(f"responder-revoked-by-answer{label}", "bad", lambda l: [ocsp(l, ca, by, certs=[by]), ocsp(by, ca, ca, status=revoked)])

    def revoked_under_one_name(self):
        """Certificates named like their issuer, and authorities with more than one certificate: who is revoked, and by whom."""
        def case(label, expected, cert, chain, words, **how): self.plain(label, expected, cert, chain, pdf_of={"kept": {"CRLs": words}} if words else {}, **how)
        for place, extra in {"": [], "-placed": [PLACE_OF_LIST]}.items():
            same = Cert("Trung gian", new_ec(), self.ca, extra=extra)
            case(f"self-issued-revoked{place}", "bad", same, self.chain, [crl(self.ca, [(same.serial, -5)])])
            case(f"self-issued-cleared{place}", "good", same, self.chain, [crl(self.ca)])
            case(f"self-issued-unknown{place}", "bad" if place else "open", same, self.chain, [])
            middle = Cert("Goc", new_ec(), self.root, authority=True, extra=extra)
            case(f"self-issued-authority-revoked{place}", "bad", Cert("Lan", new_ec(), middle), (middle, self.root), [crl(self.root, [(middle.serial, -5)])])
        twin, lan = Cert("Trung gian", self.ca.key, self.root, authority=True), Cert("Lan", new_ec(), self.ca)
        revokes = [crl(self.root, [(self.ca.serial, -5)])]
        case("authority-twin-revoked", "bad", lan, (twin, self.ca, self.root), revokes)
        case("authority-twin-revoked-does-not-come", "open", lan, (twin, self.root), revokes)
        n256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
        curve, one = new_ec(), new_rsa()
        opposite = ec.derive_private_key(n256 - curve.private_numbers().private_value, ec.SECP256R1())
        for label, key, its_twin in [("exponent", one, with_another_exponent(one)), ("point", curve, opposite)]:
            known, twins = Cert("Lan", key, self.ca), Cert("Lan", its_twin, self.ca)
            case(f"twin-{label}", "good", twins, (known, *self.chain), [crl(self.ca)])
            case(f"twin-{label}-revoked", "bad", twins, (known, *self.chain), [crl(self.ca, [(known.serial, -5)], entry=seq(reason(1)))])
        known, twins = Cert("Lan", self.rsa, self.ca), Cert("Lan", self.rsa, self.ca, key_info=seq(algorithm(PSS, b""), bits(self.rsa.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.PKCS1))))
        case("twin-kind-revoked", "bad", twins, (known, *self.chain), [crl(self.ca, [(known.serial, -5)], entry=seq(reason(1)))], sign=lambda d: pss(self.rsa, d))
        other = Cert("Trung gian", new_ec(), self.root, authority=True)
        case("crl-by-other-key-of-the-name", "bad", Cert("Lan", new_ec(), self.ca, extra=[PLACE_OF_LIST]), (*self.chain, other), [crl(other)])
        case("crl-serial-padded-revokes", "bad", lan, self.chain, [crl(self.ca, [(tlv(2, b"\0" + integer(lan.serial)[2:]), -5)])])
        case("purpose-answering-and-other", "open", Cert("Lan", new_ec(), self.ca, purposes=[ANSWERING, "1.2.3"]), self.chain, [])
        tsa = Cert("TSA 2", new_rsa(), self.time_root, purposes=[STAMPING], critical_purposes=True)
        case("stamp-tsa-revoked", "bad", lan, self.chain, [crl(self.time_root, [(tsa.serial, -5)])], unsigned=[stamped_by(tsa, (self.time_root,))])
        case("stamp-root-lists-itself", "open", lan, self.chain, [crl(self.time_root, [(self.time_root.serial, -5)])], unsigned=[stamped_by(tsa, (self.time_root,))])
        later = crl(self.ca, [(lan.serial, -1)], entry=seq(reason(4)))
        before = stamped_by(tsa, (self.time_root,), at=NOW - 3 * DAY)
        case("superseded-stamped-by-revoked", "bad", lan, self.chain, [later, crl(self.time_root, [(tsa.serial, -9)])], unsigned=[before])
        case("superseded-stamped-twice", "open", lan, self.chain, [later], unsigned=[before, stamped_by(tsa, (self.time_root,))])

    def revoked_after_the_stamp(self):
        """A time-stamp says that the signature is older than the revocation, or younger."""
        ca = Cert("CA2", new_rsa(), self.root, authority=True)
        leaf = Cert("Lan S", self.rsa, ca, extra=[PLACE_OF_LIST])

        def told_by(label, expected, words, stamp=-5, **how):
            self.plain(label, expected, leaf, (ca, self.root), unsigned=[stamped_by(self.tsa, (self.time_root,), at=NOW + stamp * DAY, **how)],
                       pdf_of={"kept": words, "claimed": NOW + stamp * DAY})

        def case(label, expected, entry, day=-2, **how): told_by(label, expected, {"CRLs": [crl(ca, [(leaf.serial, day)], entry=seq(*entry))]}, **how)
        for number in range(11):
            case(f"revoked-after-stamp-reason-{number}", "bad" if number in (0, 1, 2, 6, 10) else "open", [reason(number)])
        case("revoked-after-stamp-invalidity-before", "bad", [reason(4), since(-9)])
        case("revoked-before-stamp", "bad", [reason(4)], day=-8)
        # It proves no more than the latest time it may have been.
        for label, accuracy in {"days": integer(10 * 86400), "months": integer(2**31 - 1), "far": integer(2**40), "negative": integer(-5), "octets": octets(b"\x7f\0\0")}.items():
            case(f"revoked-after-stamp-accuracy-{label}", "bad", [reason(4)], tail=seq(accuracy))
        for label, written in NO_TIMES.items():
            told_by(f"revoked-after-stamp-date-{label}", "bad", {"CRLs": [crl(ca, entries=seq(integer(leaf.serial), written(NOW - 8 * DAY), seq(reason(4))))]})
            case(f"revoked-after-stamp-invalidity-{label}", "bad", [reason(4), extension("2.5.29.24", False, written(NOW - 9 * DAY))])
        for label, reasons in {"twice": [reason(1), reason(4)], "twice-turned": [reason(4), reason(1)], "trailing": [reason(4, 1)], "trailing-turned": [reason(1, 4)],
                               "removed-after": [reason(4), reason(8)], "removed-before": [reason(8), reason(1)]}.items():
            case(f"revoked-after-stamp-reason-{label}", "bad", reasons)
        gone = lambda day, why: ctx(1, general(NOW + day * DAY) + ctx(0, tlv(10, bytes([why]))))
        superseded = {"status": gone(-2, 4)}
        told_by("answered-after-stamp", "open", {"OCSPs": [ocsp(leaf, ca, ca, **superseded)]})
        for label, extra in {
                "invalidity-before": [since(-9)], "reason-key": [reason(1)], "reason-garbage": [extension("2.5.29.21", False, b"")], "critical": [extension("1.2.3.4", True, NULL)],
                "invalidity-no-time": [extension("2.5.29.24", False, NO_TIMES["no-seconds"](NOW - 9 * DAY))]}.items():
            told_by(f"answered-after-stamp-{label}", "bad", {"OCSPs": [ocsp(leaf, ca, ca, **superseded, extra=told(*extra))]})
        told_by("revoked-after-stamp-answer-critical", "bad", {"CRLs": [crl(ca, [(leaf.serial, -2)], entry=seq(reason(4)))], "OCSPs": [
            ocsp(leaf, ca, ca, status=gone(-8, 1), extra=told(extension("1.2.3.4", True, NULL)))]})
        case("revoked-stamp-in-future", "bad", [reason(4)], stamp=5)
        old = Cert("CA cu", new_rsa(), self.root, authority=True, span=(-400, -3))
        self.plain("authority-over-list-fresh", "open", Cert("Lan T", self.rsa, old, extra=[PLACE_OF_LIST]), (old, self.root),
                   unsigned=[stamped_by(self.tsa, (self.time_root,), at=NOW - 20 * DAY)], pdf_of={"kept": {"CRLs": [crl(old)]}, "claimed": NOW - 20 * DAY})


if __name__ == "__main__":
    attacks = CmsAttacks()
    for kind in [attacks.container, attacks.attributes, attacks.claimed, attacks.certificates, attacks.rubbish, attacks.trusted_and_revoked, attacks.digests_and_rsa, attacks.curves,
                 attacks.stamps, attacks.stamps_of_the_document, attacks.lists, attacks.lists_given, attacks.answers, attacks.revoked_under_one_name, attacks.revoked_after_the_stamp]:
        kind()
    report(attacks)
