"""shadow_attacks.py FOLDER: files made by hand that were prepared before they were signed, so that readers differ, or see
another page once something harmless is appended: dictionaries that repeat a key, lengths a linearized file tells, tables read in
two ways or in an order of their own, objects that are two things at once, streams and texts over the signature's gap,
names with bytes that are white space to some, signatures that are notes, into FOLDER, with roots.pem (trusted);
prints what pyHanko says of each, and what is expected (by_hand.py)."""

import io
import re

import pikepdf

from attacks import FORGED, HONEST, body, dss, stream, update
from by_hand import HEADER, Cases, attribute, blank, digest_name, listed, objects_of, octets, oid, pdf, report, seal, seq, signature
from form_attacks import HELV
from later_attacks import FLAT, LOOK, TREE, with_table_stream

FORGED_PAGE = stream(FORGED)
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << %s >> /Contents %s /Annots [6 0 R] >>"
# What was signed is white; the digits `f` of the gap are black.
COLOURS = b"/ColorSpace [/Indexed /DeviceRGB 255 <%s>]" % b"".join(b"000000" if number == ord("f") else b"ffffff" for number in range(256))
PICTURE = b"/Type /XObject /Subtype /Image /Width 200 /Height 200 /BitsPerComponent 8 " + COLOURS
SHOWS_PICTURE = {3: PAGE % (b"/XObject << /I 5 0 R >>", b"4 0 R"), 4: stream(b"q 300 0 0 300 0 0 cm /I Do Q")}
EMPTY_TABLE = b"xref\n0 1\n0000000000 65535 f \n"
# White space to PDFium: a name ends there.
BLANKS = b"\x80", b"\xff"
TRAILER = b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n"


def written(objects, data=HEADER):
    """Objects behind what there is, and where each begins."""
    places = {}
    for number, content in objects.items():
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return data, places


def rows_of(places): return b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(places.items()))


class ShadowAttacks(Cases):
    def evidence(self, data, objects={}, **how): return update(data, {1: dss(data), **objects}, **how)

    def stamped(self, label, expected, first, objects): self.add(f"{label}-stamped", expected, self.stamp(first, objects))

    def linearized(self):
        """The length that a first object tells is the file's once evidence is appended; its table counts then. Or it was the
        signed file's, whose first table counts until then."""
        def made(keys, head, before=b"", first=FORGED, then=HONEST):
            told = before + head % keys + b"/H [500 20] /O 3 /E 3000 /N 1 /T 3500 >>\nendobj\n"
            start = len(HEADER + told)
            objects = {**objects_of(), 1: b"<< /Type /Catalog /Pages 2 0 R >>", 4: stream(first)}

            def table(places): return EMPTY_TABLE + rows_of({**places, 50: len(HEADER + before)}) + TRAILER % (51, b"", 0)
            head = HEADER + told + table(dict.fromkeys(objects, 0))
            data, places = written(objects, head)
            data = HEADER + told + table(places) + data[len(head):] + b"startxref\n%d\n%%%%EOF\n" % start
            return update(data, {**objects_of(), 4: stream(then), 7: signature()}, prev=start, size=51)
        plain, total = b"50 0 obj\n<< /Linearized 1 %s ", 60_000
        for label, keys, head, before in [
                ("", b"/L 60000", plain, b""), ("-twice", b"/L 999 /L 60000", plain, b""),
                ("-null-first", b"/L 60000", b"50 0 obj\n<< /Linearized null /Linearized 1 %s ", b""), ("-tab", b"/L 60000", plain.replace(b" obj", b"\tobj"), b""),
                ("-next-line", b"/L 60000", plain.replace(b" obj", b"\nobj"), b""), ("-comment", b"/L 60000", plain, b"% obj << >>\n"),
                ("-behind-long-comment", b"/L 60000", plain, b"%" + b"x" * 1100 + b"\n"), ("-plus", b"/L +60000", plain, b""),
                ("-raw-ff", b"/L 999 /L\xff 60000", plain, b""), ("-raw-ff-both", b"/L\xff 60000", plain.replace(b"zed 1", b"zed\xff 1"), b""),
                ("-escaped", b"/#4c 60000", plain.replace(b"zed", b"z#65d"), b"")]:
            signed = seal(made(keys, head, before), self.sign)

            def grown(room): return self.evidence(signed, {40: stream(b"x" * room), 1: dss(signed, b"/Certs [40 0 R] ")})
            whole = grown(10_000 + total - len(grown(10_000)))
            assert len(whole) == total
            self.add(f"linearized-by-length{label}", "bad", whole)
        length = len(made(b"/L 50000", plain))
        for label, told in {"signed": length, "more": length + 1, "much-more": 90_000}.items():
            signed = seal(made(b"/L %d" % told, plain, first=HONEST, then=FORGED), self.sign)
            assert len(signed) == length
            self.add(f"linearized-for-{label}", "open", signed)
            self.add(f"linearized-for-{label}-evidence", "bad", self.evidence(signed))
            self.stamped(f"linearized-for-{label}", "bad", signed, {})
        # pdf.js takes the first page, and how many there are, from what a linearized file says of itself.
        room, out = b"/" + b"x" * 57, io.BytesIO()
        whole = pikepdf.open(io.BytesIO(blank().replace(b" " * 60, room)))
        whole.add_blank_page()
        whole.save(out, linearize=True)
        first, second = [page.objgen[0] for page in pikepdf.open(out).pages]
        made = out.getvalue().replace(b" %s " % room, b" " * 60)
        for label, was, told in [("page", b"/O %d" % first, b"/O %d" % second), ("count", b"/N 2", b"/N 1"), ("same", b"/N 2", b"/N 2")]:
            assert made.count(was + b" ") == 1
            self.add(f"linearized-says-{label}", "open" if was == told else "bad", seal(made.replace(was, told.ljust(len(was)), 1), self.sign))

    def gone(self):
        """The page's contents are gone to the tables; readers that miss them search."""
        made = blank()
        row = b"%010d 00000 n" % (made.index(b"\n4 0 obj") + 1)
        assert made.count(row) == 1
        for label, other in {"free": b"0000000000 00001 f", "nowhere": b"0000000000 00000 n"}.items():
            self.add(f"contents-{label}", "bad", seal(made.replace(row, other), self.sign))
        self.add("contents-freed", "bad", seal(update(made, {8: b"null"}, entries={4: b"0000000000 00001 f \n"}), self.sign))

    def doubles(self):
        """The list of the page's contents lies in an object stream of which readers take different parts."""
        one, two = b"[4 0 R]   ", b"[4 0 R 40 0 R]"
        hexed = (b"8 0 " + two).hex().encode()
        for label, head, data, index in [
                ("first-twice", b"/N 1 /First 4 /First 14", b"8 0 " + one + two, 0), ("first-twice-reversed", b"/N 1 /First 14 /First 4", b"8 0 " + one + two, 0),
                ("count-twice", b"/N 1 /N 2 /First 9", b"8 0 8 11 " + one + b" " + two, 0), ("number-twice", b"/N 2 /First 9", b"8 0 8 11 " + one + b" " + two, 0),
                ("number-twice-second", b"/N 2 /First 10", b"8 0 8 16  " + two + b"  " + one, 1),
                ("filter-short", b"/N 1 /First 4 /F /ASCIIHexDecode", b"8 0 [4 0 R]%" + hexed, 0),
                ("filter-twice", b"/N 1 /First 4 /Filter null /Filter /ASCIIHexDecode", b"8 0 [4 0 R] " + hexed + b">", 0),
                ("comment", b"/N 1 /First 4", b"8 0 [4 0 R %40 0 R\r]", 0), ("nul", b"/N 1 /First 4", b"8 0 [4 0 R\x0040 0 R]", 0),
                ("negative", b"/N 1 /First 4", b"8 0 [4 0 R -40 0 R]", 0),
                *((f"first-raw-{byte.hex()}", b"/N 1 /First 4 /First%s 12 " % byte, b"8 0 [4 0 R]%[4 0 R 40 0 R]", 0) for byte in BLANKS)]:
            data, places = written({**objects_of(), 3: PAGE % (b"", b"8 0 R"), 9: stream(data, b"/Type /ObjStm " + head + b" "), 7: signature()})
            places[10] = len(data)
            rows = b"".join(b"\2\0\0\0\x09" + index.to_bytes(2, "big") if n == 8 else b"\1" + places[n].to_bytes(4, "big") + b"\0\0" for n in sorted([*places, 8]))
            told = b" ".join(b"%d 1" % n for n in [0, *sorted([*places, 8])])
            table = stream(b"\0\0\0\0\0\xff\xff" + rows, b"/Type /XRef /W [1 4 2] /Index [%s] /Size 11 /Root 1 0 R " % told)
            first = seal(data + b"10 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(data)), self.sign)
            kept = {1: dss(first, b"/Certs [40 0 R] ")} if "raw" in label else {}
            self.add(f"object-stream-{label}", "bad", self.evidence(first, {**kept, 40: FORGED_PAGE}))
        for label, contents in {"twice": b"4 0 R /Contents 40 0 R", "octal": b"4 0 R /Cont#65nts 40 0 R"}.items():
            self.add(f"contents-{label}", "bad", self.evidence(pdf(self.sign, objects={3: PAGE % (b"", contents)}), {40: FORGED_PAGE}))

    def over_the_gap(self):
        """A picture that ends before the gap for one reader and runs over it for another, who is shown unsigned attributes."""
        def sealed(data): return seal(data, lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(b"\0" * 2000 + b"\xff" * 3000))]))
        for label, expected, length in [
                ("twice", "bad", b"/Length 5 /Length 40000"), ("twice-reversed", "bad", b"/Length 40000 /Length 5"), ("nul", "bad", b"/Length 5 /Length#00 40000"),
                ("octal", "bad", b"/Length 5 /#4cength 40000"), ("generation", "open", b"/Length 8 1 R"), ("generation-other", "open", b"/Length 8 1 R /DL 40000"),
                ("negative-zero", "bad", b"/Length -0"), ("plus", "open", b"/Length +5"), ("short", "bad", b"/Length 3"),
                *((f"raw-{byte.hex()}", "bad", b"/Length 5 /Length%s 40000" % byte) for byte in BLANKS)]:
            head = b"<< %s %s >>\nstream\n" % (PICTURE, length)
            ends = b"abcde\nendstream\nendobj\n"
            objects = {**objects_of(), **SHOWS_PICTURE, 8: b"5", 5: head + (ends + b"7 0 obj\n" + signature() + b"\nendobj\n").ljust(40_000) + b"\nendstream"}
            self.add(f"over-the-gap-length-{label}", expected, sealed(update(HEADER, objects, prev=None, size=12, extra=[
                lambda places: b"7 1\n%010d 00000 n \n" % (places[5] + len(b"5 0 obj\n" + head + ends))])))
        # No table names the picture: a reader that searches finds it.
        for label, size, root in [("size", 2**31 - 1, b"1 0 R"), ("root-generation", 12, b"1 9 R")]:
            data, places = written({**objects_of(), **SHOWS_PICTURE})
            data += b"5 0 obj\n<< %s /Length 40000 >>\nstream\n" % PICTURE
            places[7] = len(data)
            data += (b"7 0 obj\n" + signature() + b"\nendobj\n").ljust(40_000) + b"\nendstream\nendobj\n"
            told = b"trailer\n<< /Size %d /Root %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, len(data))
            self.add(f"over-the-gap-unlisted-{label}", "bad", sealed(data + EMPTY_TABLE + rows_of(places) + told))
        # Its head is one to PDFium alone, which always searches where the table is an object of the number 0.
        for label, head in {"ff": b"5 0\xffobj", "80": b"5\x800 obj"}.items():
            data, places = written({**objects_of(), **SHOWS_PICTURE})
            data += head + b"\n<< %s /Length 40000 >>\nstream\n" % PICTURE
            places[7] = len(data)
            data += (b"7 0 obj\n" + signature() + b"\nendobj\n").ljust(40_000) + b"\nendstream\nendobj\n"
            rows = b"\0\0\0\0\0\xff\xff" + b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for _, place in sorted(places.items()))
            table = stream(rows, b"/Type /XRef /W [1 4 2] /Index [%s] /Size 12 /Root 1 0 R " % b" ".join(b"%d 1" % n for n in [0, *sorted(places)]))
            self.add(f"over-the-gap-head-raw-{label}", "bad", sealed(data + b"0 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(data))))

    def text_over_the_gap(self):
        """A text runs over the gap and is the colours of a picture: what nobody signed of the container chooses them."""
        grey = stream(b"{ 0.33 gt { 1 } { 0 } ifelse }", b"/FunctionType 4 /Domain [0 1] /Range [0 1] ")
        for label, space, before, behind in [
                ("rgb", b"[/Indexed /DeviceRGB 255 8 0 R]", b"(", b")"), ("separation", b"[/Indexed [/Separation /X /DeviceGray 9 0 R] 255 8 0 R]", b"(", b")"),
                ("in-list", b"8 0 R", b"[/Indexed /DeviceRGB 255 (", b")]"), ("in-dictionary", b"[/Indexed /DeviceRGB 255 8 0 R]", b"<< /X (", b") >>")]:
            picture = b"/Type /XObject /Subtype /Image /Width 16 /Height 16 /BitsPerComponent 8 /ColorSpace %s " % space
            data, places = written({**objects_of(), **SHOWS_PICTURE, 5: stream(bytes(range(256)), picture), 9: grey})
            places[8] = len(data)
            data += b"8 0 obj\n" + before
            places[7] = len(data)
            data += b"7 0 obj\n" + signature() + b"\nendobj\n" + behind + b"\nendobj\n"
            data += EMPTY_TABLE + rows_of(places) + TRAILER % (12, b"", len(data))
            for shown in (b"\x11", b"\xff"):
                self.add(f"text-over-the-gap-{label}-{shown.hex()}", "bad", seal(
                    data, lambda covered: self.sign(covered, digests=[digest_name("sha256"), seq(oid("1.2.3.4.5"), octets(shown * 200))])))

    def order(self):
        """A reader that searches goes by the last trailer, or the last of two objects: in the signed file an older one, until
        evidence is behind it."""
        odd = EMPTY_TABLE.replace(b"0 1", b"0\t1")
        for label, head, missing in [("plain", EMPTY_TABLE, False), ("odd", odd, False), ("dangling", EMPTY_TABLE, True)]:
            page = {3: objects_of()[3].replace(b"/Resources << >>", b"/Resources 99 0 R")} if missing else {}
            for kind in ("trailer", "stream"):
                data, places = written({**objects_of(), **page, 4: FORGED_PAGE, 7: signature(), **TREE, 93: stream(HONEST)})
                new, old = ({n: place for n, place in places.items() if (n < 90) == newer} for newer in (True, False))
                start = len(data)
                length = len(head + rows_of(new)) + len(b"trailer\n<< /Size 100 /Root 1 0 R /Prev 0000000000 >>\n")
                data += head + rows_of(new) + b"trailer\n<< /Size 100 /Root 1 0 R /Prev %010d >>\n" % (start + length)
                rows = b"".join(b"\1" + place.to_bytes(4, "big") + b"\0\0" for _, place in sorted(old.items()))
                data += (EMPTY_TABLE + rows_of(old) + b"trailer\n<< /Size 100 /Root 90 0 R >>\n" if kind == "trailer" else b"80 0 obj\n%s\nendobj\n" % stream(
                    rows, b"/Type /XRef /W [1 4 2] /Index [90 4] /Size 100 /Root 90 0 R ")) + b"startxref\n%d\n%%%%EOF\n" % start
                signed = seal(data, self.sign)
                self.add(f"older-{kind}-last-{label}", "bad", update(signed, {1: body(signed, 1)[:-2] + b" /DSS << >> >>"}))
        for label, page in {"resources": (PAGE % (b"", b"4 0 R")).replace(b"<<  >>", b"99 0 R"), "contents": PAGE % (b"", b"[4 0 R 99 0 R]"), "plain": PAGE % (b"", b"4 0 R")}.items():
            data, places = written({**objects_of(), 3: page, 4: FORGED_PAGE, 7: signature()})
            later, older = len(data), b"4 0 obj\n%s\nendobj\n" % stream(HONEST)
            told = len(data + older)
            data += older + EMPTY_TABLE + b"4 1\n%010d 00000 n \ntrailer\n<< /Size 100 /Root 1 0 R >>\n" % later
            signed = seal(data + EMPTY_TABLE + rows_of(places) + TRAILER % (100, b"/Prev %d " % told, len(data)), self.sign)
            self.add(f"older-object-last-{label}", "bad", self.evidence(signed, {4: FORGED_PAGE}))
            self.add(f"older-object-last-{label}-evidence", "bad", self.evidence(signed))
        # The same among later revisions: the newer table stands before the older one.
        first = pdf(self.sign)
        for kind in ("trailer", "stream"):
            data, places = written({1: dss(first, b"/Certs [40 0 R 41 0 R] "), 40: stream(b"x")}, first)
            data, other = written({41: stream(b"y")}, data)
            before, start = int(re.findall(rb"startxref\s+(\d+)", first)[-1]), len(data)
            pointer = b"startxref\n%d\n%%%%EOF\n" % start
            newer = b"xref\n" + rows_of(places) + b"trailer\n<< /Size 81 /Root 1 0 R /Prev %010d >>\n" + pointer.replace(b"%", b"%%")
            at = start + len(newer % 0)
            rows = b"\1%s\0\0\1%s\0\0" % (other[41].to_bytes(4, "big"), at.to_bytes(4, "big"))
            older = b"xref\n" + rows_of(other) + b"trailer\n<< /Size 81 /Root 1 0 R /Prev %d >>\n" % before if kind == "trailer" else b"80 0 obj\n%s\nendobj\n" % stream(
                rows, b"/Type /XRef /W [1 4 2] /Index [41 1 80 1] /Size 81 /Root 1 0 R /Prev %d " % before)
            self.add(f"later-{kind}s-crosswise", "bad", data + newer % at + older + pointer)

    def tables(self):
        # Free or absent in the table, there in the stream beside it; a later table lists it again.
        objects, places = written({**objects_of(), 3: PAGE % (b"", b"[4 0 R 40 0 R]"), 40: FORGED_PAGE, 7: signature()})
        for label, free in {"free": b"40 1\n0000000000 65535 f \n", "absent": b""}.items():
            beside = b"41 0 obj\n%s\nendobj\n" % stream(b"\1" + places[40].to_bytes(4, "big") + b"\0\0", b"/Type /XRef /W [1 4 2] /Index [40 1] /Size 42 ")
            table = EMPTY_TABLE + rows_of({n: place for n, place in places.items() if n != 40}) + free
            first = seal(objects + beside + table + TRAILER % (42, b"/XRefStm %d " % len(objects), len(objects + beside)), self.sign)
            self.add(f"hybrid-{label}", "open", first)
            self.add(f"hybrid-{label}-listed-again", "bad", self.evidence(first, entries={40: b"%010d 00000 n \n" % places[40]}))
        # A row in 32 bits is another than in all.
        first = pdf(self.sign, objects={3: PAGE % (b"", b"[4 0 R 45 0 R]")})
        for width, kind in [(2, 257), (3, 65537), (4, 2**31 + 1), (5, 2**32 + 1), (8, 2**32 + 1), (8, 2**63 + 1)]:
            self.add(f"row-of-type-{kind}-in-{width}", "bad", with_table_stream(
                first, {1: dss(first, b"/Certs [40 0 R] "), 40: stream(b"\n45 0 obj\n" + FORGED_PAGE + b"\nendobj\n")}, w=(width, 4, 2),
                rows=lambda data, kind=kind: [(45, kind, data.rindex(b"45 0 obj"), 0)]))
        # A later table of all objects begins at 1, with the row that others have for 0: some readers move all numbers.
        first = seal(update(HEADER, {**{n: content for n, content in objects_of().items() if n != 1}, 5: FORGED_PAGE, 12: objects_of()[1], 7: signature()},
                            root=12, prev=None), self.sign)
        made = update(first, {12: body(first, 12)[:-2] + b" /DSS << >> >>"}, root=12)
        places = {int(n): row for n, row in re.findall(rb"\n(\d+) 1\n(\d{10} \d{5} n )(?=\n)", made)}
        at = made.rindex(b"\nxref\n") + 1
        self.add("table-begins-at-1", "open", made[:at] + b"xref\n1 12\n" + b"".join(
            places.get(n, b"0000000000 65535 f ") + b"\n" for n in range(1, 13)) + made[made.rindex(b"trailer"):])

    def unlisted(self):
        """Behind the page's contents lies another form of them, which no table names, signed with the rest."""
        first = seal(update(HEADER, {**objects_of(), 7: signature()}, prev=None, between=b"4 0 obj\n" + FORGED_PAGE + b"\nendobj\n"), self.sign)
        self.add("unlisted", "open", first)
        later = self.evidence(first)
        self.add("unlisted-evidence", "bad", later)
        self.add("unlisted-size", "bad", self.evidence(first, size=2**31 - 1))
        self.add("unlisted-root-generation", "bad", later[:len(first)] + later[len(first):].replace(b"/Root 1 0 R", b"/Root 1 1 R"))
        self.add("unlisted-blank-tail", "bad", later + b"\n" * 1900)

    def idle(self):
        """Nobody refers to what came: a stream of objects, or a catalog, whose kind is told elsewhere. A table that some readers repair
        makes them search, and find it."""
        tree = {60: b"<< /Type 61 0 R /Pages 63 0 R >>", 61: b"/Catalog", 62: FORGED_PAGE, 63: b"<< /Type 66 0 R /Kids [64 0 R] /Count 1 >>", 65: b"/Page", 66: b"/Pages",
                64: b"<< /Type 65 0 R /Parent 63 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 62 0 R >>"}
        for table, head in {"plain": EMPTY_TABLE, "odd": EMPTY_TABLE.replace(b"0 1", b"0\t1")}.items():
            data, places = written({**objects_of(), 7: signature()})
            first = seal(data + head + rows_of(places) + TRAILER % (12, b"", len(data)), self.sign)
            page = b"3 0 " + PAGE % (b"", b"62 0 R")
            for kind, key in {"by-reference": b"/Type 61 0 R ", "direct": b"/Type /ObjStm ", "twice": b"/Type null /Type /ObjStm "}.items():
                self.stamped(f"idle-objects-{kind}-{table}", "bad", first, {60: stream(page, key + b"/N 1 /First 4 "), 61: b"/ObjStm", 62: FORGED_PAGE})
            self.stamped(f"idle-catalog-by-reference-{table}", "bad", first, tree)
            self.stamped(f"idle-page-by-reference-{table}", "bad", first, {n: tree[n].replace(b"/Parent 63 0 R", b"/Parent 2 0 R") for n in (62, 64, 65)})

    def two_roles(self):
        """An object is a field, or a list of fields, and something else that is shown."""
        form = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R %s] >> %s >>"
        tree = {1: form % (b"2 0 R", b""), 2: b"<< /Type /Pages /Kids 9 0 R /Count %d /T (K7) >>", 9: b"[3 0 R]"}
        page = {60: b"<< /FT /Sig /T (K8) /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 61 0 R >>", 61: FORGED_PAGE}
        for label, count, kids in [("before", 1, b"[60 0 R 3 0 R]"), ("after", 1, b"[3 0 R 60 0 R]"), ("counted", 2, b"[60 0 R 3 0 R]")]:
            first = pdf(self.sign, objects={**tree, 2: tree[2] % count})
            self.stamped(f"page-is-field-{label}", "bad", first, {9: kids, **page})
            self.add(f"page-is-field-{label}-evidence", "bad", self.evidence(first, {9: kids, **page, 60: page[60].replace(b"/T", b"/V 7 0 R /T")}))
        # A colour space, as the annotations of a page that is a list of colours.
        more = b"/WhitePoint [0.9505 1 1.089] /Range [-100 100 -100 100] "
        field = {60: b"<< /FT /Sig /T (K8) /WhitePoint [0.9505 1 1.089] /Gamma [9 9 9] /Matrix [0 0 0 0 0 0 0.9 0 0] /Range [0 1 0 1] >>"}
        for label, colour, drawn in [
                ("indexed", b"/Indexed /DeviceRGB 0 <ffffff>", b"1 0 0 rg /Annots cs 0 sc"), ("lab", b"/Lab << %s >>" % more, b"/Annots cs 50 90 90 sc"),
                ("calibrated", b"/CalRGB << %s >>" % more, b"/Annots cs 1 1 1 sc")]:
            space = b"<< /Type /Page /Annots [%s] >>"
            first = pdf(self.sign, objects={3: PAGE % (b"/ColorSpace 20 0 R", b"4 0 R"), 4: stream(drawn + b" 0 0 300 300 re f"), 20: space % colour})
            kind, rest = colour.split(b" ", 1)
            new = b"60 0 R " + colour if label == "indexed" else kind + b" 60 0 R " + rest
            self.stamped(f"colours-are-page-{label}", "bad", first, {20: space % new, **field, 1: listed(first, 1, b"Fields", 60)})
        states = {1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 12 0 R >> /OCProperties << /OCGs [11 0 R] /D << /ON 12 0 R /OFF [] >> >> >>",
                  11: b"<< /Type /OCG /Name (x) >>", 12: b"[6 0 R]"}
        self.stamped("layers-are-fields", "bad", pdf(self.sign, objects=states), {12: b"[6 0 R 80 0 R]"})
        resources = {1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] /DR %d 0 R >> >>", 13: b"<< /Font << >> >>",
                     3: PAGE.replace(b"<< %s >>", b"13 0 R") % b"4 0 R"}
        first = pdf(self.sign, objects={**resources, 1: resources[1] % 13})
        self.stamped("form-forgets-resources", "open", first, {1: resources[1] % 14, 14: b"<< >>"})
        self.stamped("form-resources-are-the-pages", "bad", first, {1: resources[1] % 13, 13: b"<< /Font << /F 61 0 R >> >>", 61: LOOK})
        for label, key, kid, new in [
                ("names", b"/Names << /Dests 10 0 R >>", b"<< /Names [(a) 3 0 R] >>", b"/Names [(a) 3 0 R]"),
                ("labels", b"/PageLabels 10 0 R", b"<< /Limits [0 0] /Nums [0 << /S /D >>] >>", b"/Nums [0 << /S /r >>]")]:
            first = pdf(self.sign, objects={1: form % (b"10 0 R", key), 9: b"[11 0 R]", 10: b"<< /Kids 9 0 R /T (N) >>", 11: kid})
            self.stamped(f"kids-of-{label}", "bad", first, {9: b"[60 0 R 11 0 R]", 60: b"<< /FT /Sig /T (x) %s >>" % new})
        for label, key in {"contents": b"/Contents 9 0 R", "thread": b"/B 9 0 R"}.items():
            first = pdf(self.sign, objects={3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> %s /Annots 9 0 R >>" % key, 9: b"[4 0 R 6 0 R]"})
            self.stamped(f"annotations-are-{label}", "bad", first, {9: b"[4 0 R 6 0 R 60 0 R]", 60: b"<< /FT /Sig /T (K8) >>", 1: listed(first, 1, b"Fields", 60)})
        drawn = {31: b"<< /FT /Sig /T (e) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /AP 32 0 R >>", 32: b"<< /N 33 0 R >>",
                 33: stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "), 3: PAGE % (b"/XObject << /AP 31 0 R >>", b"4 0 R")}
        self.stamped("look-is-picture", "bad", pdf(self.sign, objects=drawn, fields=b"6 0 R 31 0 R"), {33: LOOK})

    def odd_names(self):
        """What was signed has two keys that are one to PDFium: another catalog until a later trailer leaves it out, a look of
        another filter, a field's widget, a script."""
        def signed(objects={}, trailer=b""): return seal(update(HEADER, {**objects_of(), **objects, 7: signature()}, prev=None, trailer=trailer), self.sign)
        self.add("good-other-tree-evidence", "good", self.evidence(signed(TREE)))
        red = b"1 0 0 rg -300 -300 900 900 re f ".hex().encode()
        field = b"<< /FT /Sig /T (K8) %s/AP << /N 33 0 R >> >>" % FLAT
        form = objects_of(b"6 0 R 31 0 R")[1].replace(b"/SigFlags 3", b"/SigFlags 3 /DR << /Font << /Helv %s >> >> /DA (/Helv 12 Tf 0 g)" % HELV)
        text = b"<< /FT /Tx /T (ten) /Type /Annot /Subtype%s /Widget /Rect [10 90 290 170] /F 4 /P 3 0 R /V (100) %s>>"
        look = stream(b"/Tx BMC BT /Helv 12 Tf 0 g 5 25 Td (100) Tj ET EMC", b"/Type /XObject /Subtype /Form /BBox [0 0 280 80] /Resources << /Font << /Helv %s >> >> " % HELV)
        script = b"<< /S /JavaScript /JS%s (if \\(this.getField\\('T80'\\)\\) this.getField\\('ten'\\).value = '900';) >>"

        def covered(first): return self.stamp(first, {60: field, 1: listed(first, 1, b"Fields", 60), 3: listed(first, 3, b"Annots", 60)})
        self.add("good-look-that-was-there-stamped", "good", covered(pdf(self.sign, objects={33: stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] ")})))
        for byte in BLANKS:
            first = signed(TREE, b"/Root%s 90 0 R " % byte)
            self.add(f"raw-{byte.hex()}-root-left-out-evidence", "bad", self.evidence(first))
            self.stamped(f"raw-{byte.hex()}-root-left-out", "bad", first, {})
            coded = b"<< /Type /XObject /Subtype /Form /Filter%s /ASCIIHexDecode /Length %d >>\nstream\n%%%s>\nendstream" % (byte, len(red) + 2, red)
            self.add(f"raw-{byte.hex()}-filter-of-look-stamped", "bad", covered(pdf(self.sign, objects={33: coded})))
            page = {3: PAGE.replace(b"[6 0 R]", b"[6 0 R 31 0 R]") % (b"", b"4 0 R"), 32: look}
            first = pdf(self.sign, objects={**page, 1: form, 31: text % (byte, b"")}, fields=b"6 0 R 31 0 R")
            self.stamped(f"raw-{byte.hex()}-widget", "bad", first, {1: form.replace(b"12 Tf 0 g", b"40 Tf 1 g")})
            first = pdf(self.sign, objects={**page, 1: form[:-2] + b"/OpenAction 12 0 R >>", 12: script % byte, 31: text % (b"", b"/AP << /N 32 0 R >> ")}, fields=b"6 0 R 31 0 R")
            self.stamped(f"raw-{byte.hex()}-script", "bad", first, {})

    def notes(self):
        """The signature's dictionary is a note, whose text is the container with its unsigned attributes."""
        for kind in (b"FreeText", b"Text", b"Popup", b"Stamp", b"Highlight", b"Widget", b"Link"):
            more = b"/Subtype /%s /FT /Tx /Rect [0 0 300 300] /F 4 /DA (/Helv 3 Tf 1 0 0 rg) /Open true /QuadPoints [0 300 300 300 0 0 300 0] /C [1 1 0] " % kind
            data = blank(objects={3: PAGE.replace(b"[6 0 R]", b"[6 0 R 7 0 R]") % (b"", b"4 0 R")}, more=more, room=24_000)
            self.add(f"signature-is-{kind.decode()}", "bad", seal(
                data, lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(b"WWWW WWWW " * 300))])))


if __name__ == "__main__":
    attacks = ShadowAttacks()
    for kind in [attacks.linearized, attacks.gone, attacks.doubles, attacks.over_the_gap, attacks.text_over_the_gap,
                 attacks.order, attacks.tables, attacks.unlisted, attacks.idle, attacks.two_roles, attacks.odd_names, attacks.notes]:
        kind()
    report(attacks)
