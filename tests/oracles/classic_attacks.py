"""classic_attacks.py FOLDER: universal signature forgery, signature wrapping, incremental saving, permissions said oddly,
looks of fields, and streams that run over the signature's gap, on a file signed by hand, into FOLDER, with roots.pem
(trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import re

from attacks import FORGED, body, stream, update
from by_hand import HEADER, Cases, attribute, blank, objects_of, octets, pdf, report, seal, signature

FORGED_PAGE = {4: stream(FORGED)}
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 280 60] "
RIGHT = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 30] /Contents <3080> /M (D:20200101000000Z) %s>>"
SECOND_FIELD = b"<< /FT /Sig /T (K2) /V %d 0 R >>"


class ClassicAttacks(Cases):
    def __init__(self):
        super().__init__()
        self.good = pdf(self.sign)
        self.gap, self.stop, self.rest = map(int, re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", self.good).groups())
        self.table = int(re.search(rb"startxref\n(\d+)", self.good)[1])
        self.contents = self.good[self.gap:self.stop]
        self.add("good", "good", self.good)

    def forgery(self):
        """The signature's dictionary is changed, and with it what is shown."""
        forged = self.good.replace(b"re f Q", b"re B Q")

        def put(label, old, new):
            assert forged.count(old) == 1 and len(new) <= len(old), label
            self.add(f"usf-{label}", "bad", forged.replace(old, new.ljust(len(old))))
        self.add("usf-pages-only", "bad", forged)
        written = re.search(rb"/ByteRange \[.*?\]", self.good)[0]
        gap, stop, rest = self.gap, self.stop, self.rest
        text = b"/ByteRange [0 %d %d %d]" % (gap, stop, rest)
        for label, value in {
                "null": b"null", "empty": b"[]", "zeros": b"[0 0 0 0]", "two": b"[0 %d]" % gap, "three": b"[0 %d %d]" % (gap, stop),
                "negative": b"[0 %d -1 %d]" % (gap, rest), "negative-start": b"[-1 %d %d %d]" % (gap, stop, rest), "all-negative": b"[0 -1 -1 -1]",
                "huge": b"[0 %d %d 9223372036854775807]" % (gap, stop), "larger": b"[0 %d 9223372036854775807 9223372036854775807]" % gap,
                "beyond-64-bits": b"[0 18446744073709551616 1 2]", "texts": b"[(0) (%d) (%d) (%d)]" % (gap, stop, rest), "names": b"[/a /b /c /d]",
                "reals": b"[0.0 %d.0 %d.0 %d.0]" % (gap, stop, rest), "six": b"[0 %d %d 1 %d %d]" % (gap, stop, stop + 1, rest - 1),
                "nested": b"[[0 %d] [%d %d]]" % (gap, stop, rest), "self": b"7 0 R", "dangling": b"99 0 R", "dictionary": b"<< >>", "text": b"(0)",
                "only-first": b"[0 %d %d 0]" % (gap, stop), "swapped": b"[%d %d 0 %d]" % (stop, rest, gap), "overlapping": b"[0 %d %d %d]" % (stop, gap, rest),
                "plus": b"[+0 +%d +%d +%d]" % (gap, stop, rest)}.items():
            put(f"range-{label}", written, b"/ByteRange " + value)
        for label, new in {"missing": b"", "octal-name": text.replace(b"Range", b"#52ange"), "not-a-key": text.replace(b"Range", b"Rang"),
                           "duplicate": text + b" /ByteRange [0 1 2 3]", "duplicate-first": b"/ByteRange [0 1 2 3] " + text, "same-twice": text + b" " + text}.items():
            put(f"range-{label}", written, new)
        hexed = self.contents
        put("contents-missing", b"/Contents " + hexed, b"")
        for label, value in {
                "null": b"null", "empty": b"<>", "text": b"()", "zero": b"<00>", "zeros": b"<" + b"00" * 3000 + b">", "array": b"[]", "name": b"/x",
                "number": b"0", "dangling": b"99 0 R", "self": b"7 0 R", "literal": b"(" + b"\\000" * 8 + b")", "odd-digit": hexed[:-2] + b">",
                "not-hex": hexed[:9] + b"zz" + hexed[11:], "sequence-only": b"<3000>", "negative": b"-1", "twice": hexed[:-16] + b"> /Contents <00>"}.items():
            put(f"contents-{label}", b"/Contents " + hexed, b"/Contents " + value)
        sub = b"/SubFilter /ETSI.CAdES.detached"
        for label, old, new in [
                ("type-gone", b"/Type /Sig ", b""), ("type-other", b"/Type /Sig ", b"/Type /Foo"), ("filter-gone", b"/Filter /Adobe.PPKLite", b""),
                ("sub-gone", sub, b""), ("sub-x509", sub, b"/SubFilter /adbe.x509.rsa_sha1"), ("sub-sha1", sub, b"/SubFilter /adbe.pkcs7.sha1"),
                ("sub-rfc3161", sub, b"/SubFilter /ETSI.RFC3161"), ("sub-array", sub, b"/SubFilter [/ETSI.CAdES]"), ("ft-gone", b"/FT /Sig", b""),
                ("ft-text", b"/FT /Sig", b"/FT /Tx"), ("v-null", b"/V 7 0 R", b"/V null"), ("v-dangling", b"/V 7 0 R", b"/V 9 0 R"),
                ("fields-empty", b"/Fields [6 0 R]", b"/Fields []"), ("fields-null", b"/Fields [6 0 R]", b"/Fields null"), ("form-gone", b"/AcroForm", b"/AcroFarm")]:
            put(label, old, new)

    def odd_ranges(self):
        """Odd, but whoever signed it meant it so."""
        for label, expected, spans in [
                ("reals", "open", lambda g, s, r: b"0.0 %d.0 %d.0 %d.0" % (g, s, r)), ("plus", "open", lambda g, s, r: b"+0 +%d +%d +%d" % (g, s, r)),
                ("leading-zeros", "open", lambda g, s, r: b"00 0%d 0%d 0%d" % (g, s, r)), ("six", "bad", lambda g, s, r: b"0 %d %d 9 %d %d" % (g, s, s + 9, r - 9)),
                ("start-9", "bad", lambda g, s, r: b"9 %d %d %d" % (g - 9, s, r)), ("gap-wider", "bad", lambda g, s, r: b"0 %d %d %d" % (g - 1, s + 1, r - 1)),
                ("gap-much-wider", "bad", lambda g, s, r: b"0 %d %d %d" % (g - 10, s, r)),
                ("without-brackets", "bad", lambda g, s, r: b"0 %d %d %d" % (g + 1, s - 1, r + 1)),
                ("tail-open", "bad", lambda g, s, r: b"0 %d %d %d" % (g, s, r - 8)), ("tail-open-1", "open", lambda g, s, r: b"0 %d %d %d" % (g, s, r - 1)),
                ("second-empty", "bad", lambda g, s, r: b"0 %d %d 0" % (g, s)), ("first-empty", "bad", lambda g, s, r: b"0 0 %d %d" % (s, r)),
                ("only-second", "bad", lambda g, s, r: b"0 0 0 %d" % (s + r))]:
            self.add(f"signed-range-{label}", expected, seal(blank(), self.sign, spans))

    def wrapping(self):
        """The signed second part is moved back; a table where its startxref leads to, and another page, stand in the gap."""
        page = b"4 0 obj\n" + FORGED_PAGE[4] + b"\nendobj\n"
        shift = 40_000

        def table_of(places):
            rows = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in sorted(places.items()))
            return b"xref\n0 1\n0000000000 65535 f \n" + rows + b"trailer\n<< /Size 12 /Root 1 0 R >>\n"

        def wrapped(label, second, filler=b" ", own_end=False):
            """second: the CMS is in a second dictionary, whose ByteRange knows of the move."""
            head = self.good[:self.gap] + (b"<00>" if second else self.contents) + b" >>\nendobj\n"
            places = {number: self.good.index(b"\n%d 0 obj" % number) + 1 for number in (1, 2, 3, 4, 6, 7)}
            places[4] = self.table + len(table_of(places))
            inside = page
            if second:
                places[7] = places[4] + len(page)
                moved = b"[0 %d %d %d]" % (self.gap, shift, self.rest)
                inside += b"7 0 obj\n" + re.sub(rb"\[0 .*?\]", moved, body(self.good, 7)) + b"\nendobj\n"
            end = b"startxref\n%d\n%%%%EOF\n" % self.table if own_end else b""
            data = head.ljust(self.table, filler) + table_of(places) + inside
            self.add(f"swa-{label}", "bad", data.ljust(shift, filler) + self.good[self.stop:] + end)
        wrapped("second-dictionary", True)
        wrapped("first-dictionary", False)
        wrapped("second-dictionary-own-startxref", True, own_end=True)
        wrapped("first-dictionary-own-startxref", False, own_end=True)
        wrapped("comment-filler", True, b"%")
        wrapped("zero-filler", False, b"\0")

        def put(label, end, inside):
            end += self.stop
            self.add(f"swa-{label}", "bad", self.good[:end - len(inside)] + inside + self.good[end:])
        put("object-in-string", -21, b">" + page + b"<")
        put("comment-in-string", -21, b"%\n")
        put("white-space-in-string", -21, b" \n ")
        put("string-closed-early", -21, b">" + b" " * 30)
        put("padding-not-zero", -1, b"ff" * 20)
        put("padding-last-byte", -1, b"01")

    def appended(self):
        good = self.good

        def add(label, expected, objects, **how): self.add(f"isa-{label}", expected, update(good, objects, **how))
        whole = update(good, FORGED_PAGE)
        table, trailer, end = (whole.rindex(word) for word in (b"xref\n4 1", b"trailer", b"startxref"))
        for label, data in {
                "full": whole, "no-table": whole[:table], "table-only": whole[:trailer], "no-startxref": whole[:end],
                "no-trailer": whole[:trailer] + whole[end:], "no-prev": re.sub(rb"/Prev \d+ ", b"", whole), "comment": good + b"% hello\n",
                "second-eof": good + b"%%EOF\n", "cut": good[:-30], "bytes-before": b"\n" + good, "whole-file-appended": good + good,
                "file-before": b"%PDF-1.7\n4 0 obj\n" + FORGED_PAGE[4] + b"\nendobj\n" + good}.items():
            self.add(f"isa-{label}", "bad", data)
        for label, data in {"table-only-same": update(good, {}), "blank": good + b"\n\n", "many-blanks": good + b"\n" * 30, "cut-last": good[:-1]}.items():
            self.add(f"isa-{label}", "open", data)
        add("other-root", "bad", {**FORGED_PAGE, 9: b"<< /Type /Catalog /Pages 2 0 R >>"}, root=9)
        signed, field, catalog, page = (body(good, number) for number in (7, 6, 1, 3))
        add("copied-signature", "bad", {**FORGED_PAGE, 7: signed})
        add("copied-signature-new-number", "bad", {**FORGED_PAGE, 11: signed, 6: field.replace(b"/V 7", b"/V 11")})
        add("copied-signature-twice-in-form", "bad", {**FORGED_PAGE, 11: signed, 12: SECOND_FIELD % 11, 1: catalog.replace(b"[6 0 R]", b"[12 0 R]")})
        add("field-removed", "bad", {**FORGED_PAGE, 1: b"<< /Type /Catalog /Pages 2 0 R >>"})
        add("page-replaced", "bad", {11: FORGED_PAGE[4], 3: page.replace(b"4 0 R", b"11 0 R")})
        add("pages-replaced", "bad", {11: FORGED_PAGE[4], 12: page.replace(b"4 0 R", b"11 0 R"), 2: b"<< /Type /Pages /Kids [12 0 R] /Count 1 >>"})
        add("catalog-open-action", "bad", {1: catalog[:-2] + b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"})
        add("freed", "bad", {}, entries={4: b"0000000000 00001 f \n"})

    def permissions(self):
        """What the first signature allows, said in other ways; another comes."""
        def case(label, expected, reference, nine=b"1", catalog=b"/Perms << /DocMDP 7 0 R >>"):
            first = pdf(self.sign, more=b"/Reference %s " % reference, catalog=catalog, objects=[(9, nine)])
            self.add(f"{label}-signed-again", expected, self.again(first))
        transform = b"[<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /V /1.2 %s >> >>]"
        for label, expected, allowed in [
                ("1", "bad", b"/P 1"), ("ref", "bad", b"/P 9 0 R"), ("real", "bad", b"/P 1.0"), ("text", "bad", b"/P (1)"), ("missing", "open", b""),
                ("2", "open", b"/P 2"), ("0", "bad", b"/P 0"), ("plus", "bad", b"/P +1"), ("negative", "bad", b"/P -1")]:
            case(f"docmdp-{label}", expected, transform % allowed)
        case("docmdp-params-ref", "bad", b"[<< /TransformMethod /DocMDP /TransformParams 9 0 R >>]", b"<< /P 1 >>")
        case("docmdp-reference-ref", "bad", b"9 0 R", transform % b"/P 1")
        case("docmdp-in-two", "bad", b"[<< /TransformMethod /FieldMDP /TransformParams << /Action /All /P 1 >> >>]")
        case("fieldmdp-all", "open", transform.replace(b"DocMDP", b"FieldMDP") % b"/Action /All", catalog=b"")

    def looks(self):
        """A field that was there is signed, and its look with it."""
        def field(extra, rect=b"10 74 290 134"):
            return b"<< /FT /Sig /T (K2) /Type /Annot /Subtype /Widget /F 132 /Rect [%s] /P 3 0 R %s >>" % (rect, extra)

        def case(label, expected, revision, catalog=b""):
            first = pdf(self.sign, fields=b"6 0 R 31 0 R", catalog=catalog,
                        objects=[(31, field(b"/AP 40 0 R")), (40, b"<< /N 41 0 R >>"), (41, stream(b"q Q", FORM))])
            self.add(f"field-signed-{label}", expected, self.again(first, revision))
        look = stream(b"q 1 0 0 rg 0 0 99 99 re f Q", FORM)
        kept = b"/AP 40 0 R /V 62 0 R"
        new = {31: field(b"/AP << /N 43 0 R >> /V 62 0 R"), 43: look}
        case("look-new", "open", new)
        case("look-shared-elsewhere", "open", new, b"/FooBar 40 0 R")
        case("look-dictionary-changed", "bad", {31: field(kept), 40: b"<< /N 43 0 R >>", 43: look}, b"/FooBar 40 0 R")
        case("look-stream-changed", "open", {31: field(kept), 41: look})
        case("rect-moved", "bad", {31: field(kept, b"10 74 299 299")})
        case("action", "bad", {31: field(kept + b" /A << /S /JavaScript /JS (x) >>")})
        case("ap-is-page", "open", {31: field(b"/AP << /N 4 0 R >> /V 62 0 R")})

    def rights(self):
        """Usage rights of a reader are a software maker's signature that no field leads to: one for each, in their place."""
        right = RIGHT % b""
        for label, catalog, objects in [
                ("stray-beside", b"/Perms << /UR3 %s >> /X %s" % (right, right), {}), ("stray-before", b"/X %s /Perms << /UR3 %s >>" % (right, right), {}),
                ("stray-in-permissions", b"/Perms << /UR3 %s /X %s >>" % (right, right), {}), ("stray-certifies", b"/Perms << /UR3 %s /DocMDP %s >>" % (right, right), {}),
                ("stray-inside", b"/Perms << /UR3 %s >>" % (RIGHT % (b"/X %s " % right)), {}), ("stray-apart", b"/Perms << /UR3 %s >> /X 50 0 R" % right, {50: right}),
                ("empty", b"/Perms << /UR3 << >> >> /X %s" % right, {}), ("null", b"/Perms << /UR3 null >> /X %s" % right, {}), ("text", b"/Perms << /UR3 (x) >> /X %s" % right, {}),
                ("empty-in-two", b"/Perms << /UR3 %s /UR << >> >> /X %s" % (right, right), {}), ("array", b"/Perms << /UR3 [%s] >>" % right, {}),
                ("apart-holds-two", b"/Perms << /UR3 50 0 R >>", {50: RIGHT % (b"/X %s " % right)}), ("apart-empty", b"/Perms << /UR3 50 0 R >>", {50: b"<< /X %s >>" % right}),
                ("other-name", b"/Perms << /UR4 %s >>" % right, {}), ("no-permissions", b"/X << /UR3 %s >>" % right, {})]:
            self.add(f"rights-{label}", "bad", pdf(self.sign, catalog=catalog, objects=objects))
            # Signed by nobody else: that is not all there is to tell.
            unsigned = {**objects_of(b"", catalog), **objects}
            self.add(f"rights-{label}-unsigned", "bad", update(HEADER, {number: content for number, content in unsigned.items() if number != 6}, prev=None))

    def streams(self):
        """A picture whose data runs over the gap shows what nobody signed: unsigned attributes of the CMS."""
        colours = b"".join(b"000000" if number == ord("f") else b"ffffff" for number in range(256))

        def picture(shown, length=b"/Length 40000", word=b"stream\n", extra=b""):
            head = b"<< /Type /XObject /Subtype /Image /Width 200 /Height 200 /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 255 <%s>] %s %s>>\n%s" % (
                colours, length, extra, word)
            objects = {**objects_of(), 4: stream(b"q 300 0 0 300 0 0 cm /I Do Q"), 5: head + (b"7 0 obj\n" + signature() + b"\nendobj\n").ljust(40_000) + b"\nendstream"}
            objects[3] = objects[3].replace(b"/Resources << >>", b"/Resources << /XObject << /I 5 0 R >> >>")
            data = update(HEADER, objects, prev=None, size=8, extra=[lambda places: b"7 1\n%010d 00000 n \n" % (places[5] + len(b"5 0 obj\n" + head))])
            return seal(data, lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(shown))]))
        for label, how in {
                "": {}, "-word-and-space": {"word": b"stream \n"}, "-word-cr": {"word": b"stream\r"}, "-length-short": {"length": b"/Length 5"},
                "-length-zero": {"length": b"/Length 0"}, "-length-missing": {"length": b""}, "-length-real": {"length": b"/Length 40000.0"},
                "-length-dangling": {"length": b"/Length 99 0 R"}, "-length-huge": {"length": b"/Length 99999999"}, "-length-negative": {"length": b"/Length -1"},
                "-nested": {"extra": b"/X " + b"[" * 60 + b"]" * 60}, "-length-twice": {"length": b"/Length 5 /Length 40000"}}.items():
            self.add(f"stream-over-the-gap{label}", "bad", picture(b"\xff" * 2000 + b"\0" * 3000, **how))
            self.add(f"stream-over-the-gap{label}-other-attribute", "bad", picture(b"\0" * 2000 + b"\xff" * 3000, **how))
        for label, word in {"word-and-space": b"stream \n", "word-cr": b"stream\r"}.items():
            self.add(f"stream-{label}", "open", pdf(self.sign, objects=[(9, b"<< /Length 3 >>\n" + word + b"abc\nendstream")]))
        early = re.sub(rb"startxref\n(\d+)", lambda found: b"startxref\n%d" % (int(found[1]) - 1), blank())
        self.add("startxref-one-early", "open", seal(early, self.sign))


if __name__ == "__main__":
    attacks = ClassicAttacks()
    for kind in [attacks.forgery, attacks.odd_ranges, attacks.wrapping, attacks.appended, attacks.permissions, attacks.looks, attacks.rights, attacks.streams]:
        kind()
    report(attacks)
