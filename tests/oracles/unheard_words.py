"""unheard_words.py FOLDER: PDFs whose signer was revoked by a word that is easily not heard (of a kind of signature not known, by
a later key, by a responder who is not found or not cleared, under a name written otherwise, unreadable, in an odd place, gone from the
file, behind a crowd), whose times contradict each other, or whose words clear nobody; and honest ones beside them, into FOLDER, with
roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import re
import unicodedata

from asn1crypto import ocsp as core_ocsp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from attacks import body, stream, update
from by_hand import (
    ANSWERING, BASIC, CERTIFICATE_V2, NULL, RSA, STAMP, USAGE, Cases, Cert, algorithm, attribute, bits, boolean, cms, crl, ctx, digest, digest_name,
    endless, extension, general, in_ber, integer, name, named_certificate, new_ec, octets, ocsp, oid, parts, pdf, report, seal, seq, set_, signature, stamped_by, tlv, token, utc)
from cms_attacks import (
    ADBE, ARCHIVAL, ARCHIVE_STAMP, CONTENT_STAMP, NEVER_REVOKED, NO_TIMES, PLACE_OF_ANSWERS, PLACE_OF_LIST, place, pss, reason, scope, with_another_exponent)
from signatures import DAY, NOW, new_rsa

REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
REVOKED = ctx(1, general(NOW - 9 * DAY) + ctx(0, tlv(10, b"\1")))


def by_another(by, named, sign, revoked):
    """A list by a kind of signature of one's choice."""
    entries = seq(*[seq(integer(serial), utc(NOW + day * DAY)) for serial, day in revoked])
    tbs = seq(integer(1), named, by.subject, utc(NOW - DAY), utc(NOW + 8 * DAY), entries)
    return seq(tbs, named, bits(sign(tbs)))


def named_otherwise(authority, subject): return Cert("", authority.key, subject=subject)
def archived(*values): return lambda l, c, h: [*l[:2], attribute(ARCHIVAL, *values)]


class UnheardWords(Cases):
    def __init__(self):
        super().__init__()
        self.words_ca = Cert("CA x", new_rsa(), self.root, authority=True)
        self.leaf = Cert("Lan R", self.rsa, self.words_ca, extra=[PLACE_OF_LIST])
        self.clears = crl(self.words_ca, at=-5)
        self.revokes = crl(self.words_ca, [(self.leaf.serial, -3)], entry=seq(reason(1)))

    def told(self, label, expected, kept, leaf=None, chain=None, heard=None, of_file={}, **how):
        """kept: the DSS; heard: what pyHanko is given, where it is something else."""
        leaf, chain = leaf or self.leaf, (self.words_ca, self.root) if chain is None else chain
        made = pdf(lambda covered: cms(covered, leaf, chain, **how), kept=kept, **{"room": 100_000, **of_file})
        self.add(label, expected, made, heard or kept)

    def by_kind(self):
        """A list or an answer whose signature is of a kind that is not known here."""
        key = self.words_ca.key
        old = lambda md, dotted: (algorithm(dotted), lambda data: key.sign(data, padding.PKCS1v15(), md))
        salted = lambda md, **how: (pss(key, b"", md, **how)[0], lambda data: pss(key, data, md, **how)[1])
        kinds = {"sha224": old(hashes.SHA224(), "1.2.840.113549.1.1.14"), "sha1": old(hashes.SHA1(), "1.2.840.113549.1.1.5"),
                 "sha3": old(hashes.SHA3_256(), "2.16.840.1.101.3.4.3.14"), "pss-sha1": salted("sha256", mask="sha1"), "pss-mixed": salted("sha512", mask="sha256")}
        for label, (named, sign) in kinds.items():
            self.told(f"list-{label}", "bad", {"CRLs": [self.clears, by_another(self.words_ca, named, sign, [(self.leaf.serial, -3)])]})
        for label, key, md in [("p521", ec.generate_private_key(ec.SECP521R1()), "sha512"), ("k1", ec.generate_private_key(ec.SECP256K1()), "sha256"), ("rsa1024", new_rsa(1024), "sha256")]:
            by = self.responder(key)
            self.told(f"answer-{label}", "bad", {"CRLs": [self.clears], "OCSPs": [ocsp(self.leaf, self.words_ca, by, status=REVOKED, certs=[by], md=md)]})

    def later_keys(self):
        """The authority's later key revokes, of a kind not known here, oddly written, or by an issuer who is named otherwise or may not
        issue; and such an issuer revokes another certificate of the signer's key."""
        ca, root, one = self.words_ca, self.root, new_rsa()
        def new(by=root, key=one, **how): return Cert("CA x", key, by, **{"authority": True, **how})
        def revokes(by, gone): return {"CRLs": [self.clears, crl(by, [(gone.serial, -3)], entry=seq(reason(1)))]}
        def later(label, by, *above): self.told(f"later-key-{label}", "bad", revokes(by, self.leaf), chain=(ca, root, by, *above))

        def twin(label, by, *above, named=None):
            its = Cert("Lan hai", self.rsa, named or by)
            self.told(f"twin-{label}", "bad", revokes(by, its), chain=(ca, root, its, *above))
        n, e = integer(one.public_key().public_numbers().n), integer(65537)
        for label, numbers in {"trailing": seq(n, e) + NULL, "third": seq(n, e, integer(1)), "zero-padded": seq(tlv(2, b"\0" + n[4:]), e),
                               "exponent-padded": seq(n, tlv(2, b"\0" + e[2:])), "negative": seq(tlv(2, n[5:]), e)}.items():
            later(f"written-{label}", new(key_info=seq(algorithm(RSA), bits(numbers))))
        for size in (34, 64):
            later(f"exponent-of-{size}-bits", new(key=with_another_exponent(one, (1 << size - 1) + 1)))
        for label, written in {"printable": name("Goc", 0x13), "capitals": name("GOC"), "bmp": name("Goc", 0x1e)}.items():
            later(f"issuer-{label}", new(named_otherwise(root, written)))
        for label, by, how in [("no-usage", root, {"drop": [USAGE], "basic": False}), ("no-usage-no-basic", ca, {"drop": [USAGE, BASIC]}), ("version-1", ca, {"version": 0}),
                               ("signs-no-lists", root, {"usage": 0x04})]:
            later(label, new(by, **how))
        for label, key, how in [("p521", ec.generate_private_key(ec.SECP521R1()), {}), ("large-exponent", with_another_exponent(one, (1 << 40) + 1), {}),
                                ("who-may-not-issue", new_ec(), {"usage": 0x02}), ("no-authority", new_ec(), {"basic": False})]:
            above = Cert("Tren", key, root, **{"authority": True, **how})
            later(f"under-{label}", new(above), above)
            twin(f"under-{label}", above, above)
        other = Cert("CA y", new_ec(), root, authority=True)
        twin("issuer-printable", ca, named=named_otherwise(ca, name("CA x", 0x13)))
        twin("of-another-issuer-printable", other, other, named=named_otherwise(other, name("CA y", 0x13)))

    def responder(self, key=None, by=None, extra=(NEVER_REVOKED,), **how):
        return Cert("Tra loi", key or new_rsa(), by or self.words_ca, purposes=[ANSWERING], extra=extra, **how)

    def by_whom(self):
        """Whoever answers is not found, not cleared, or something speaks against him; and he who may not answer."""
        ca, leaf = self.words_ca, self.leaf
        def answer(by, certs=None, **how): return {"CRLs": [self.clears], "OCSPs": [ocsp(leaf, ca, by, status=REVOKED, certs=[by] if certs is None else certs, **how)]}
        for label, by in {"uncleared": self.responder(extra=[PLACE_OF_ANSWERS]), "critical": self.responder(extra=[NEVER_REVOKED, extension("1.2.3.4", True, b"\5\0")]),
                          "usage": self.responder(usage=0x20), "not-yet": self.responder(span=(-0.5, 90))}.items():
            self.told(f"responder-{label}", "bad", answer(by))
        found = self.responder()
        self.told("responder-nowhere", "bad", answer(found, []))
        self.told("responder-in-cms", "bad", answer(found, []), chain=(ca, self.root, found))
        self.told("responder-in-dss", "bad", {**answer(found, []), "Certs": [found.der]})
        printed = Cert("Tra loi", new_rsa(), ca, purposes=[ANSWERING], extra=[NEVER_REVOKED], subject=name("Tra loi", 0x13))
        self.told("responder-name-otherwise", "bad", answer(Cert("Tra loi", printed.key, ca), [printed]))
        double = self.responder()
        self.told("responder-second-of-name", "bad", answer(double, [found, double]))
        like_authority = Cert("CA x", new_rsa(), ca, purposes=[ANSWERING], extra=[NEVER_REVOKED])
        self.told("responder-named-as-authority", "bad", answer(like_authority))
        renewed = Cert("CA x", new_rsa(), self.root, authority=True)
        self.told("responder-renewed-authority", "bad", answer(renewed, []), chain=(ca, self.root, renewed))
        self.told("responder-of-renewed-authority", "bad", answer(self.responder(by=renewed)), chain=(ca, self.root, renewed))
        # Whoever adds a certificate for the responder's own key, by his own authority, explains nothing away.
        pretender = Cert("Tra loi", found.key, self.stranger)
        self.told("responder-nowhere-but-a-pretender", "bad", answer(found, []), chain=(ca, self.root, pretender))
        by_md5 = ocsp(leaf, ca, found, status=REVOKED, certs=[found], id_md="md5")
        self.told("answer-names-by-md5", "bad", {"CRLs": [self.clears], "OCSPs": [by_md5]})
        # He may say what he likes, but nobody here can tell who he is.
        self.told("responder-stranger", "open", answer(self.responder(by=self.stranger)))
        # Who clears is revoked himself: by his authority's later key, or with another certificate of his key.
        asked, elsewhere = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS]), scope(place(b"http://other.example/l.crl"))
        for label, by, gone in [("by-later-key", renewed, found), ("as-twin", ca, self.responder(found.key)), ("as-twin-above", self.root, Cert("Khac", found.key, self.root))]:
            words = {"CRLs": [crl(by, [(gone.serial, -9)], entry=seq(reason(1)), extra=elsewhere)], "OCSPs": [ocsp(asked, ca, found, certs=[found])]}
            self.told(f"clears-revoked-{label}", "bad", words, asked, chain=(ca, self.root, renewed, gone))
        # Nobody clears himself.
        himself = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS, NEVER_REVOKED], purposes=[ANSWERING, "1.3.6.1.5.5.7.3.36"])
        self.told("clears-himself", "bad", {"OCSPs": [ocsp(himself, ca, himself, certs=[himself])]}, himself)
        self.told("good-responder-in-cms", "open", {"OCSPs": [ocsp(asked, ca, found)]}, asked, chain=(ca, self.root, found))
        self.told("good-stranger-in-cms", "bad", {"OCSPs": [ocsp(asked, ca, self.responder(by=self.stranger))]}, asked, chain=(ca, self.root, self.stranger))

    def in_the_signature(self):
        """Words among the signed attributes that are not read."""
        adbe, words = {"of_file": ADBE}, {"CRLs": [self.clears, self.revokes]}
        lists = lambda *some: seq(ctx(0, seq(*some)))
        undated = crl(self.words_ca, [(self.leaf.serial, -3)], since=NO_TIMES["no-seconds"](NOW - DAY))
        for label, values in {"second-value": [lists(self.clears), lists(self.revokes)], "number-between": [lists(self.clears, self.revokes, integer(1))],
                              "no-date": [lists(self.clears, undated)], "behind-many": [lists(self.clears, *[crl(self.ca, at=-n / 100) for n in range(130)], self.revokes)]}.items():
            self.told(f"archival-{label}", "bad", None, heard=words, attrs=archived(*values), **({"of_file": {**ADBE, "room": 400_000}} if label == "behind-many" else adbe))
        by = Cert("Tra loi", new_rsa(), self.words_ca, purposes=[ANSWERING])
        asked = Cert("Lan R", self.rsa, self.words_ca, extra=[PLACE_OF_ANSWERS])
        gone, good = crl(self.words_ca, [(by.serial, -9)], extra=scope(place(b"http://other.example/l.crl"))), ocsp(asked, self.words_ca, by, certs=[by])
        self.told("archival-responder-revoked", "bad", None, asked, heard={"CRLs": [gone], "OCSPs": [good]}, attrs=archived(seq(ctx(0, seq(gone)), ctx(1, seq(good)))), **adbe)

    def names(self):
        """Lists under the issuer's name, written otherwise, and under another that looks like it."""
        both = seq(oid("2.5.4.3"), tlv(12, b"CA z")), seq(oid("2.5.4.10"), tlv(12, b"To chuc"))
        universal = seq(set_(seq(oid("2.5.4.3"), tlv(0x1c, "CA y".encode("utf-32-be")))))
        for label, subject, written in [
                ("universal", name("CA y"), universal), ("order", seq(tlv(0x31, both[0] + both[1])), seq(tlv(0x31, both[1] + both[0]))),
                ("composed", name("CA Việt"), name(unicodedata.normalize("NFD", "CA Việt"))), ("hyphen", name("CA y"), name("CA\u00ad y")), ("unseen", name("CA y"), name("C\u200bA y")),
                ("wide", name("CA y"), name("ＣＡ y")), ("sharp-s", name("CA ss"), name("CA ß")), ("ligature", name("CA fi"), name("CA ﬁ"))]:
            ca = Cert("CA y", new_rsa(), self.root, authority=True, subject=subject)
            leaf = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_LIST])
            self.told(f"name-{label}", "bad", {"CRLs": [crl(ca, at=-5), crl(ca, [(leaf.serial, -3)], issuer=written)]}, leaf, (ca, self.root))
        for label, written in {"two-parts": seq(set_(both[0]), set_(both[1])), "empty-part": seq(set_(*both), set_()), "one-part": seq(set_(both[0]))}.items():
            ca = Cert("CA z", new_rsa(), self.root, authority=True, subject=seq(set_(*both)))
            leaf = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_LIST])
            self.told(f"name-of-another-{label}", "bad", {"CRLs": [crl(ca, issuer=written)]}, leaf, (ca, self.root))
        # Whoever signs is named by his issuer's name, in another kind of string.
        ca = Cert("CA In", new_ec(), self.root, authority=True, subject=name("CA In", 0x13))
        leaf, written = Cert("Lan", self.rsa, ca), name("CA In")
        chain = {"leaf": leaf, "chain": (ca, self.root)}
        listed = Cert("Lan", self.rsa, named_otherwise(ca, written), extra=[PLACE_OF_LIST])
        self.told("good-issuer-otherwise", "good", {"CRLs": [crl(ca)]}, listed, (ca, self.root))
        self.told("good-sid-otherwise", "good", None, **chain, sid=seq(written, integer(leaf.serial)))
        self.told("good-issuer-serial-otherwise", "good", None, **chain, attrs=lambda l, c, h: [*l[:2], named_certificate(leaf, issuer=written, serial=leaf.serial)])

    def kept(self):
        """A word that stands in the DSS, but not where it is looked for, or stood there once."""
        def made(label, expected, dss, objects={}, then=lambda data: data):
            first = pdf(lambda covered: cms(covered, self.leaf, (self.words_ca, self.root)), catalog=dss, objects={20: stream(self.revokes), 21: stream(self.clears), **objects}, room=30_000)
            self.add(label, expected, then(first), {"CRLs": [self.clears, self.revokes]})
        for label, dss in {"twice": b"/CRLs [21 0 R] /CRLs [20 0 R]", "single": b"/CRLs [21 0 R] /VRI << /AA << /CRL [20 0 R] >> >>", "nested": b"/CRLs [21 0 R [20 0 R]]",
                           "no-array": b"/CRLs 20 0 R", "array-apart-within": b"/CRLs [21 0 R 22 0 R]"}.items():
            made(f"kept-{label}", "bad", b"/DSS << %s >>" % dss, {22: b"[20 0 R]"})
        replaced = lambda data: update(data, {1: body(data, 1).replace(b"[20 0 R]", b"[21 0 R]")})
        made("kept-then-replaced", "bad", b"/DSS << /CRLs [20 0 R] >>", then=replaced)
        made("kept-then-taken", "bad", b"/DSS << /CRLs [20 0 R] >>", then=lambda data: update(data, {1: body(data, 1).replace(b"[20 0 R]", b"[]")}))
        overwritten = lambda data: update(update(data, {1: body(data, 1).replace(b"[21 0 R]", b"[20 0 R]")}), {1: body(data, 1)})
        made("kept-for-one-revision", "bad", b"/DSS << /CRLs [21 0 R] >>", then=overwritten)

    def crowds(self):
        """Certificates nobody vouches for, before the one whose key revokes."""
        ca, later = Cert("CA t", new_rsa(), self.root, authority=True), Cert("CA t", new_rsa(), self.root, authority=True)
        leaf = Cert("Lan R", self.rsa, ca)
        junk = [Cert("CA t", new_ec(), self.stranger, authority=True) for _ in range(40)]
        words = {"CRLs": [crl(later, [(leaf.serial, -3)])]}
        for count in (0, 9, 40):
            self.told(f"crowd-of-issuers-{count}", "bad", words, leaf, (ca, self.root, *junk[:count], later))
        twin = Cert("Lan khac", self.rsa, ca)
        twins = [Cert(f"Lan {n}", self.rsa, self.stranger) for n in range(40)]
        words = {"CRLs": [crl(ca, [(twin.serial, -3)], entry=seq(reason(1)))]}
        for count in (0, 9, 40):
            self.told(f"crowd-of-twins-{count}", "bad", words, leaf, (ca, self.root, *twins[:count], twin))

    def times(self):
        """Time-stamps that cannot all be true; and what no time-stamp may say."""
        words = {"CRLs": [crl(self.words_ca, [(self.leaf.serial, -10)], entry=seq(reason(4)))]}
        def own(at): return [stamped_by(self.tsa, (self.time_root,), at=NOW + at * DAY)]
        def around(data, at, number=180):
            form = body(data, 1).replace(b"] /SigFlags", b" %d 0 R] /SigFlags" % number, 1)
            field = b"<< /FT /Sig /T (T%d) /V %d 0 R /Rect [0 0 0 0] >>" % (number, number + 1)
            value = signature(sub="ETSI.RFC3161", kind=b"/DocTimeStamp", date=b"")
            return seal(update(data, {1: form, number: field, number + 1: value}), lambda covered: token(covered, self.tsa, (self.time_root,), at=NOW + at * DAY))
        def one(unsigned=(), attrs=None): return pdf(lambda covered: cms(covered, self.leaf, (self.words_ca, self.root), unsigned=unsigned, attrs=attrs), kept=words, room=60_000, claimed=NOW - 20 * DAY)
        self.add("times-own-after-the-document's", "bad", around(one(own(-5)), -20), words)
        self.add("times-of-the-document-crossed", "bad", around(around(one(), -4), -20, 190), words)
        before = lambda l, c, h: [*l, attribute(CONTENT_STAMP, token(b"", self.tsa, (self.time_root,), imprint=h, at=NOW - 5 * DAY))]
        self.add("times-content-after-own", "bad", one(own(-20), before), words)
        self.add("times-in-order", "open", around(one(own(-20)), -4), words)
        slow = Cert("Lan", self.rsa, self.ca, span=(-20 + 1 / 1440, 700))
        self.add("good-clock-a-minute-slow", "good", pdf(lambda covered: cms(covered, slow, self.chain), claimed=NOW - 20 * DAY))

        def stamp(label, expected, **how):
            self.add(f"token-{label}", expected, pdf(lambda covered: cms(covered, self.lan, self.chain, unsigned=[stamped_by(self.tsa, (self.time_root,), **how)]), room=30_000))
        stamp("authority-other", "bad", tail=ctx(0, ctx(4, name("Khac"))))
        stamp("authority", "good", tail=ctx(0, ctx(4, self.tsa.subject)))
        ours = seq(octets(digest("sha256", self.tsa.der)))
        stamp("names-somebody-else-too", "bad", attrs=lambda l, c, h: [*l[:2], attribute(CERTIFICATE_V2, seq(seq(ours, seq(octets(b"\1" * 32)))))])
        stamp("names-its-authority-too", "good", attrs=lambda l, c, h: [*l[:2], attribute(CERTIFICATE_V2, seq(seq(ours, seq(octets(digest("sha256", self.time_root.der))))))])
        stamp("accuracy-of-days-in-millis", "bad", tail=seq(tlv(0x80, (10 * 86_400_000).to_bytes(5, "big"))))
        stamp("accuracy-in-millis", "good", tail=seq(tlv(0x80, b"\x64")))
        # Without certificates, as whoever asks may want it.
        bare = lambda value: attribute(STAMP, token(value, self.tsa, (), certs=b""))
        self.add("good-token-bare", "open", pdf(lambda covered: cms(covered, self.lan, (*self.chain, self.tsa, self.time_root), unsigned=[bare]), room=30_000))

    def named_too(self):
        """The signer's certificate is named together with others."""
        ours = seq(octets(digest("sha256", self.lan.der)))
        def put(label, expected, value):
            self.add(f"named-{label}", expected, pdf(lambda covered: cms(covered, self.lan, self.chain, attrs=lambda l, c, h: [*l[:2], attribute(CERTIFICATE_V2, value)])))
        put("with-a-stranger", "bad", seq(seq(ours, seq(octets(b"\1" * 32)))))
        put("with-its-issuer", "good", seq(seq(ours, seq(octets(digest("sha256", self.ca.der))))))
        put("with-rubbish", "bad", seq(seq(ours), integer(1)))
        put("with-rubbish-within", "bad", seq(seq(seq(octets(digest("sha256", self.lan.der)), integer(1)))))

    def beside_and_above(self):
        """Words beside the certificates; those of authorities bound by rules, of keys with two certificates; ways that differ."""
        self.told("beside-list", "bad", None, heard={"CRLs": [self.clears, self.revokes]}, crls=self.clears + self.revokes)
        found = self.responder()
        gone = ocsp(self.leaf, self.words_ca, found, status=REVOKED, certs=[found])
        self.told("beside-answer", "bad", {"CRLs": [self.clears]}, heard={"CRLs": [self.clears], "OCSPs": [gone]}, crls=ctx(1, oid("1.3.6.1.5.5.7.16.2") + gone))
        asked = Cert("Lan R", self.rsa, self.words_ca, extra=[PLACE_OF_LIST])
        self.told("good-beside-list", "open", None, asked, heard={"CRLs": [self.clears]}, crls=self.clears)
        bound = {"names": ("2.5.29.30", seq(ctx(0, seq(seq(ctx(4, seq())))))), "policy": ("2.5.29.36", seq(ctx(0, b"\0", False))), "unknown": ("1.2.3.4", b"\5\0")}
        for label, (kind, value) in bound.items():
            rule = [extension(kind, True, value)]
            ca = Cert("CA t", new_rsa(), self.root, authority=True)
            later, leaf = Cert("CA t", new_rsa(), self.root, authority=True, extra=rule), Cert("Lan R", self.rsa, ca)
            self.told(f"bound-{label}-later-key", "bad", {"CRLs": [crl(later, [(leaf.serial, -9)], entry=seq(reason(1)))]}, leaf, (ca, self.root, later))
            twin = Cert("Lan hai", self.rsa, ca, extra=rule)
            self.told(f"bound-{label}-twin", "bad", {"CRLs": [crl(ca, [(twin.serial, -9)], entry=seq(reason(1)))]}, leaf, (ca, self.root, twin))
        ca = Cert("CA x", new_rsa(), self.root, authority=True)
        own = Cert("CA x", ca.key, ca, usage=0xc0, extra=[PLACE_OF_LIST])
        self.told("of-its-authority's-key", "bad", {"CRLs": [crl(ca, [(own.serial, -9)])]}, own, (ca, self.root))
        again = Cert("CA x", ca.key, ca, authority=True)
        leaf = Cert("Lan R", self.rsa, ca)
        self.told("authority-for-itself", "bad", {"CRLs": [crl(ca, [(again.serial, -9)], entry=seq(reason(1)))]}, leaf, (again, ca, self.root))
        # Two ways to somebody trusted, of which one was given up.
        second = Cert("Goc hai", new_rsa(), authority=True)
        self.roots.append(second)
        key = new_rsa()
        first, cross = Cert("CA cheo", key, self.root, authority=True), Cert("CA cheo", key, second, authority=True)
        leaf, words = Cert("Lan R", self.rsa, first), {"CRLs": [crl(second, [(cross.serial, -9)], entry=seq(reason(4)))]}
        for label, ways in {"first": (cross, first), "last": (first, cross)}.items():
            self.told(f"good-cross-superseded-{label}", "good", words, leaf, (*ways, self.root, second))
        for label, ways in {"first": (cross, first), "last": (first, cross)}.items():
            self.told(f"cross-compromised-{label}", "bad", {"CRLs": [crl(second, [(cross.serial, -9)], entry=seq(reason(1)))]}, leaf, (*ways, self.root, second))

    def from_elsewhere(self):
        """Words another container brings, words that came late, authorities with long names, keys and rules of others."""
        ca, leaf = self.words_ca, Cert("Lan R", self.rsa, self.words_ca)
        gone = crl(ca, [(leaf.serial, -9)], entry=seq(reason(1)))
        def stamped(tsa=None, **how): return {"unsigned": [stamped_by(tsa or self.tsa, (self.time_root,), at=NOW - 5 * DAY, **how)], "of_file": {"claimed": NOW - 5 * DAY}}
        self.told("said-in-the-token", "bad", None, leaf, heard={"CRLs": [gone]}, **stamped(crls=gone))
        tsa = self.authority_of_time()
        word = crl(self.time_root, [(tsa.serial, -9)], entry=seq(reason(1)))
        self.told("of-the-token's-authority", "bad", None, leaf, heard={"CRLs": [word]}, crls=word, **stamped(tsa))

        def archival(word): return attribute(ARCHIVAL, seq(ctx(0, seq(word))))
        basic = core_ocsp.OCSPResponse.load(ocsp(leaf, ca, ca, status=REVOKED))["response_bytes"]["response"].contents
        for label, how in {
                "content-stamp": {"attrs": lambda l, c, h: [*l, attribute(CONTENT_STAMP, token(b"", self.tsa, (self.time_root,), imprint=h, at=NOW - DAY, crls=gone))]},
                "revocation-values": {"unsigned": [attribute(REVOCATION_VALUES, seq(ctx(0, seq(gone))))]},
                "revocation-values-answer": {"unsigned": [attribute(REVOCATION_VALUES, seq(ctx(1, seq(basic))))]},
                "revocation-values-odd": {"unsigned": [attribute(REVOCATION_VALUES, NULL)]}, "archival-unsigned": {"unsigned": [archival(gone)]},
                "the-token-archival-unsigned": stamped(unsigned=[archival(gone)]),
                "archive-stamp": {"unsigned": [lambda value: attribute(ARCHIVE_STAMP, token(value, self.tsa, (self.time_root,), crls=gone))]}}.items():
            self.told(f"said-in-{label}", "bad", None, leaf, heard={"CRLs": [gone]}, **how)
        self.told("of-the-token's-authority-archival-unsigned", "bad", None, leaf, heard={"CRLs": [word]}, **stamped(tsa, unsigned=[archival(word)]))
        # The certificate of who revokes, or is revoked, comes with an answer that clears.
        asked, by = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS]), self.responder()
        later, twin = Cert("CA x", new_rsa(), self.root, authority=True), Cert("Lan hai", self.rsa, ca)
        for label, signs, of, brought in [("later-key", later, asked, later), ("twin", ca, twin, twin)]:
            words = {"CRLs": [crl(signs, [(of.serial, -9)], entry=seq(reason(1)))], "OCSPs": [ocsp(asked, ca, by, certs=[by, brought])]}
            self.told(f"{label}-in-the-answer", "bad", words, asked)
        # An answer of then, by a responder who is over by now, put beside the certificates later.
        over = Cert("Tra loi", new_rsa(), ca, purposes=[ANSWERING], extra=[NEVER_REVOKED], span=(-90, -2))
        was = Cert("Lan U", self.rsa, ca, span=(-90, -2), extra=[PLACE_OF_ANSWERS])
        late = ocsp(was, ca, over, at=-4, certs=[over])
        self.told("came-late", "bad", None, was, heard={"OCSPs": [late]}, crls=ctx(1, oid("1.3.6.1.5.5.7.16.2") + late), **stamped())
        long = Cert("CA dai", new_rsa(), self.root, authority=True, subject=name("CA" + " " * 5000 + "dai"))
        below = Cert("Lan R", self.rsa, long)
        self.told("authority-of-a-long-name", "bad", {"CRLs": [crl(long, [(below.serial, -9)], issuer=name("CA dai"))]}, below, (long, self.root))
        zero = Cert("Khong", new_ec(), self.root, authority=True, path=0)
        deep = Cert("Duoi", new_rsa(), zero, authority=True)
        twin = Cert("Lan hai", self.rsa, deep)
        self.told("twin-below-a-short-path", "bad", {"CRLs": [crl(deep, [(twin.serial, -9)], entry=seq(reason(1)))]}, leaf, (ca, self.root, twin, deep, zero))
        silent = Cert("CA im", new_rsa(), self.root, authority=True, usage=0x04)
        below = Cert("Lan R", self.rsa, silent)
        self.told("authority-that-signs-no-lists", "bad", {"CRLs": [crl(silent, [(below.serial, -9)])]}, below, (silent, self.root))
        twin = Cert("Lan hai", self.rsa, ca)
        lifted = [crl(ca, [(twin.serial, -9)], entry=seq(reason(6)), at=-8), crl(ca)]
        self.told("twin-once-on-hold", "bad", {"CRLs": lifted}, leaf, (ca, self.root, twin))

    def deeply_within(self):
        """Words in attributes and time-stamps of every kind, however deep; and what a word leans on, unreadable."""
        ca, leaf = self.words_ca, Cert("Lan R", self.rsa, self.words_ca)
        gone = crl(ca, [(leaf.serial, -9)], entry=seq(reason(1)))
        def within(label, *unsigned, **how): self.told(f"within-{label}", "bad", None, leaf, heard={"CRLs": [gone]}, unsigned=unsigned, **how)
        def made(value, **how): return token(value, self.tsa, (self.time_root,), **{"crls": gone, **how})
        pkcs9 = "1.2.840.113549.1.9.16.2."
        for label, kind in {"archive-stamp-of-1998": "27", "references-stamp": "25", "stamp-of-references": "26", "signature-policy": "15"}.items():
            within(label, lambda value, kind=kind: attribute(pkcs9 + kind, made(value)))
        for label, kind in {"stamp-of-the-stamp": STAMP, "archive-of-the-stamp": ARCHIVE_STAMP}.items():
            within(label, stamped_by(self.tsa, (self.time_root,), unsigned=[lambda value, kind=kind: attribute(kind, made(value))]))
        within("archive-stamp-of-two", lambda value: attribute(ARCHIVE_STAMP, made(value, infos=lambda one: [one, one])))
        within("archive-stamp-in-ber", lambda value: attribute(ARCHIVE_STAMP, in_ber(made(value))))
        within("values-of-another-kind", attribute(REVOCATION_VALUES, seq(ctx(2, seq(oid("1.2.3"), gone)))))
        within("octets", attribute("1.2.3.4", octets(gone)))
        within("archival-of-another-kind", attrs=archived(seq(ctx(2, seq(seq(oid("1.2.3"), octets(gone)))))), of_file=ADBE)
        # In BER, as OpenSSL reads it: what is signed without its length, bits in pieces; and what nobody reads.
        tbs, named, value = parts(gone)
        for label, odd in {"length-untold": seq(endless(0x30, *parts(tbs)), named, value), "bits-in-pieces": seq(tbs, named, tlv(0x23, value)), "rubbish": seq(integer(1))}.items():
            within(f"stamp-{label}", stamped_by(self.tsa, (self.time_root,), crls=odd))
        later = Cert("CA x", new_rsa(), self.root, authority=True)
        words = {"CRLs": [crl(later, [(leaf.serial, -9)], entry=seq(reason(1)))]}
        self.told("within-certificate-values", "bad", words, leaf, unsigned=[attribute(pkcs9 + "23", seq(later.der))])
        asked = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_ANSWERS])
        unread = Cert("CA x", new_rsa(), self.root, authority=True, extra=[extension("1.2.3.4", False, NULL)] * 2)
        words = {"CRLs": [crl(unread, [(asked.serial, -9)], entry=seq(reason(1)))], "OCSPs": [ocsp(asked, ca, ca, certs=[unread])]}
        self.told("within-an-answer-unreadable", "bad", words, asked)
        # An entry names its issuer among others (certificateIssuer).
        names = lambda *some: extension("2.5.29.29", True, seq(*(ctx(4, one) for one in some)))
        listed = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_LIST])
        other = Cert("CA khac", new_rsa(), self.root, authority=True)
        indirect = crl(other, [(listed.serial, -9)], entry=seq(names(name("CA z"), ca.subject)), extra=scope(ctx(4, b"\xff", False)))
        self.told("entry-of-two-issuers", "bad", {"CRLs": [self.clears, indirect]}, listed)
        # Honest: the same places hold what revokes nobody.
        honest = [lambda value: attribute(pkcs9 + "27", made(value, crls=crl(ca))), attribute(pkcs9 + "23", seq(later.der)), attribute("1.2.3.4", octets(b"0\x80 no value"), octets(b"0\x1e" + bytes(range(7, 37)))), attribute("1.2.3.5", b"\x1f\x81\x01\0")]
        self.told("good-within", "good", None, leaf, unsigned=honest)

    def crowds_kept(self):
        """The same crowds in revisions that anybody appends."""
        ca, later = Cert("CA t", new_rsa(), self.root, authority=True), Cert("CA t", new_rsa(), self.root, authority=True)
        leaf = Cert("Lan R", self.rsa, ca)
        words = {"CRLs": [crl(later, [(leaf.serial, -3)])], "Certs": [later.der]}
        data = pdf(lambda covered: cms(covered, leaf, (ca, self.root)), kept=words, room=30_000)
        key = new_ec()
        for step in range(2):
            numbers = range(1000 + 200 * step, 1128 + 200 * step)
            junk = {n: stream(Cert(f"X {n}", key, self.stranger).der) for n in numbers}
            keep = b" ".join(b"%d 0 R" % n for n in (*numbers, 100))
            data = update(data, {1: re.sub(rb"/Certs \[.*?\]", b"/Certs [%s]" % keep, body(data, 1)), **junk})
        self.add("crowd-kept", "bad", data, words)
        unreadable = Cert("CA t", later.key, self.root, authority=True, extra=[extension("1.2.3.4", False, b"\5\0")] * 2)
        self.told("kept-certificate-unreadable", "bad", {"CRLs": words["CRLs"], "Certs": [unreadable.der]}, leaf, (ca, self.root))

    def clear_nobody(self):
        ca, leaf = self.words_ca, self.leaf
        self.told("list-of-nobody", "bad", {"CRLs": [crl(ca, extra=scope(tlv(0x81, b"\xff"), tlv(0x82, b"\xff")))]})
        self.told("list-ends-before-it-begins", "bad", {"CRLs": [crl(ca, days=-3)]}, unsigned=[stamped_by(self.tsa, (self.time_root,), at=NOW - 5 * DAY)], of_file={"claimed": NOW - 5 * DAY})
        # On hold, and released since: what was signed between nobody can tell.
        held = crl(ca, [(leaf.serial, -9)], entry=seq(reason(6)), at=-8)
        self.told("held", "bad", {"CRLs": [held]})
        superseded, stamp = crl(ca, [(leaf.serial, -2)], entry=seq(reason(4))), stamped_by(self.tsa, (self.time_root,), at=NOW - 5 * DAY)
        stamped = {"unsigned": [stamp], "of_file": {"claimed": NOW - 5 * DAY}}
        self.told("superseded-after-the-stamp", "open", {"CRLs": [superseded]}, **stamped)
        # Another word, nobody can tell whose or what, says that the key was bad by then.
        named, key = algorithm("1.2.840.113549.1.1.14"), ca.key
        unclear = by_another(ca, named, lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA224()), [(leaf.serial, -9)])
        self.told("superseded-and-doubtful", "bad", {"CRLs": [superseded, unclear]}, **stamped)
        self.told("superseded-and-unread", "bad", {"CRLs": [superseded, crl(ca, [(leaf.serial, -9)], since=NO_TIMES["garbage"](NOW))]}, heard={"CRLs": [superseded]}, **stamped)
        twin = Cert("Lan hai", self.rsa, ca)
        self.told("twin-superseded-and-doubtful", "bad", {"CRLs": [self.clears, crl(ca, [(twin.serial, -2)], entry=seq(reason(4))), by_another(
            ca, named, lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA224()), [(twin.serial, -9)])]}, chain=(ca, self.root, twin))
        self.told("held-then-superseded", "bad", {"CRLs": [held, superseded]}, **stamped)
        self.told("held-released-then-superseded", "bad", {"CRLs": [held, crl(ca, at=-4), superseded]}, **stamped)
        other = extension("2.5.29.29", True, seq(ctx(4, self.stranger.subject)))
        self.told("entry-of-another-issuer", "bad", {"CRLs": [self.clears, crl(ca, [(leaf.serial, -9)], entry=seq(other))]})
        self.told("held-then-released", "open", {"CRLs": [held, crl(ca)]})
        self.told("released-then-held", "bad", {"CRLs": [crl(ca, at=-8), crl(ca, [(leaf.serial, -2)], entry=seq(reason(6)))]})


if __name__ == "__main__":
    cases = UnheardWords()
    for kind in [cases.by_kind, cases.later_keys, cases.by_whom, cases.in_the_signature, cases.names, cases.kept, cases.crowds, cases.times, cases.named_too, cases.beside_and_above, cases.from_elsewhere, cases.deeply_within, cases.crowds_kept, cases.clear_nobody]:
        kind()
    report(cases)
