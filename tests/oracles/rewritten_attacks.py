"""rewritten_attacks.py FOLDER: files in which what is written again is the same to one reader and another thing to the next:
streams decoded in two ways, null, line ends and long names, objects packed into each other, pictures and tables over the
signature's gap, heads of objects with signs, looks that readers make, revisions undone by the next, drafts nobody signed,
into FOLDER, with roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import hashlib
import re
import zlib

from attacks import FORGED, HONEST, body, dss, stream, update
from by_hand import HEADER, Cases, attribute, blank, listed, objects_of, octets, pdf, report, seal, signature
from form_attacks import HELV
from later_attacks import CERTIFIED, COVERED, with_table_stream
from shadow_attacks import EMPTY_TABLE, FORGED_PAGE, PAGE, PICTURE, SHOWS_PICTURE, TRAILER, rows_of, written

FLATE = b"/Filter /FlateDecode "
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] "
# A glyph that covers the page.
DRAWN = {
    61: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /CharProcs << /A 62 0 R >> /Resources << >> "
        b"/Encoding << /Type /Encoding /Differences [65 /A] >> /FirstChar 65 /LastChar 65 /Widths [1000] >>",
    62: stream(b"1000 0 0 0 1000 1000 d1 0 0 1000 1000 re f")}
EVERYWHERE = b"/Type /Annot /Rect [0 0 300 300] /F 4 /P 3 0 R "
TEXT = EVERYWHERE + b"/Subtype /Widget /T (ten) /FT /Tx /V (AAAA) "


def with_key(content, key):
    """A dictionary, or a stream's, with one more key."""
    at = content.find(b">>\nstream")
    at = len(content) - 2 if at < 0 else at
    return content[:at] + key + b" " + content[at:]


def from_above(data, columns):
    """Lines in which each byte is told by the one above it, as predictor 12 has them, zipped."""
    lines = [data[at:at + columns].ljust(columns) for at in range(0, len(data), columns)]
    return zlib.compress(b"".join(b"\2" + bytes((byte - above) % 256 for above, byte in zip(*two)) for two in zip([bytes(columns), *lines], lines)))


def at_zero(data):
    """The last table, a stream, has the number 0 and does not name itself."""
    head = list(re.finditer(rb"\n(\d+) 0 obj\n(?=<< /Length \d+ /Type /XRef)", data))[-1]
    numbers = re.search(rb"/Index \[(.*?)\]", data[head.start():])[1].split()[::2]
    row = data.index(b"stream\n", head.end()) + 7 + 7 * numbers.index(head[1])
    data = data[:row] + b"\0\0\0\0\0\xff\xff" + data[row + 7:]
    return data[:head.start()] + b"\n" + b"0".rjust(len(head[1])) + b" 0 obj\n" + data[head.end():]


def rc4(key, data):
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) & 255
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + box[i]) & 255
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) & 255])
    return bytes(out)


def enciphered(forged, honest):
    """Contents that are honest as they are, and forged to who deciphers them by the dictionary (with an empty password): their
    number, they, the dictionary."""
    def md5(data): return hashlib.md5(data).digest()
    name, pad = b"0123456789abcdef", bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    owner = rc4(md5(pad)[:5], pad)
    key = md5(pad + owner + (-4 & 0xffffffff).to_bytes(4, "little") + name)[:5]
    for number in range(40, 9000):
        mask = rc4(md5(key + number.to_bytes(3, "little") + b"\0\0")[:10], bytes(300))
        coded = bytes(one ^ other for one, other in zip(forged, mask[1:]))
        raw = b"%" + coded + b"\n" + honest
        tail = bytes(one ^ other for one, other in zip(raw, mask))[1 + len(forged):]
        if mask[0] ^ ord("%") in b" \n\r\t\0" and not {10, 13} & set(coded) and not set(b"qQ(<[/fFBbWn%") & set(tail):
            break
    told = tuple(one.hex().encode() for one in (owner, rc4(key, pad), name, name))
    return number, raw, b"<< /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<%s> <%s>] >>\n" % told


class RewrittenAttacks(Cases):
    def __init__(self):
        super().__init__()
        self.good = pdf(self.sign)
        self.searched = {
            "odd": seal(blank().replace(b"xref\n0 1\n", b"xref\n0\t1\n"), self.sign),
            "dangling": pdf(self.sign, objects={3: objects_of()[3].replace(b"<< >>", b"99 0 R")}),
            "zero": seal(at_zero(update(HEADER, {**objects_of(), 7: signature()}, prev=None, stream_table=True)), self.sign)}

    def kept(self, data, objects={}): return {1: dss(data, b"/Certs [40 0 R] "), 40: stream(b"x"), **objects}

    def evidence(self, data, objects={}, **how): return update(data, self.kept(data, objects), **how)

    def behind(self, data, cut):
        """Evidence with what stands behind the end of a stream to who does not know how long that is."""
        return self.evidence(data, {40: b"<< /Length 41 0 R >>\nstream\n%s\nendstream" % cut, 41: b"%d" % len(cut)})

    def packing(self, data, packed, rows, keys=b"", objects={}, **how):
        """Evidence, and an object stream (50) in a revision whose table is a stream."""
        return with_table_stream(data, self.kept(data, {**objects, 50: stream(packed, b"/Type /ObjStm " + keys)}), rows=rows, **how)

    def decoded(self):
        """The page is packed: the signed one to who takes the first byte for a predictor's, or to who does not; a forged one else."""
        page = body(self.good, 3)
        forged = page.replace(b"4 0 R", b"40 0 R")

        def put(label, keys, first, second):
            head = b"3 0 "
            raw = b"\0" + head + b"%" + first + b"\n" + second
            keys = b"/N 1 /First %d " % (len(head) + 1) + keys(len(raw) - 1)
            self.add(f"packed-{label}", "bad", self.packing(self.good, zlib.compress(raw), [(3, 2, 50, 0)], keys, {40: FORGED_PAGE}))
        for label, keys in {
                "parms-twice": FLATE + b"/DecodeParms << /Predictor 1 /Predictor 12 /Columns %d >> ",
                "parms-twice-escaped": FLATE + b"/DecodeParms << /Predictor 1 /Pr#65dictor 12 /Columns %d >> ",
                "parms-twice-list": b"/Filter [/FlateDecode] /DecodeParms [<< /Predictor 1 /Predictor 12 /Columns %d >>] "}.items():
            put(label, lambda size, keys=keys: keys % size, forged, page)
        for label, keys in {
                "parms-twice-reversed": FLATE + b"/DecodeParms << /Predictor 12 /Predictor 1 /Columns %d >> ",
                "columns-twice": FLATE + b"/DecodeParms << /Predictor 12 /Columns %d /Columns 7 >> ",
                "list-and-parms": b"/Filter [/FlateDecode] /DecodeParms << /Predictor 12 /Columns %d >> ",
                "name-and-list": FLATE + b"/DecodeParms [<< /Predictor 12 /Columns %d >>] "}.items():
            put(label, lambda size, keys=keys: keys % size, page, forged)
        put("bits-3", lambda size: FLATE + b"/DecodeParms << /Predictor 12 /Columns %d /BitsPerComponent 3 >> " % (size * 8 // 3 + 1), page, forged)
        # Each byte is told by the one before it, or by the one two before.
        plain = b"3 0 " + page
        told = b"\1" + bytes((byte - before) % 256 for before, byte in zip(b"\0" + plain, plain))
        for label, keys in {"colors-twice": b"/Colors 1 /Colors 2", "bits-twice": b"/BitsPerComponent 8 /BitsPerComponent 16"}.items():
            self.add(f"packed-{label}", "bad", self.packing(
                self.good, zlib.compress(told), [(3, 2, 50, 0)], b"/N 1 /First 4 " + FLATE + b"/DecodeParms << /Predictor 11 /Columns %d %s >> " % (len(plain), keys)))
        # Nothing is ambiguous.
        for label, keys, packed in [
                ("plain", b"", plain), ("flate", FLATE, zlib.compress(plain)),
                ("parms", FLATE + b"/DecodeParms << /Predictor 12 /Columns 10 /Colors 1 /BitsPerComponent 8 >> ", from_above(plain, 10)),
                ("parms-list", b"/Filter [/FlateDecode] /DecodeParms [<< /Predictor 12 /Columns 10 >>] ", from_above(plain, 10))]:
            self.add(f"good-packed-{label}", "good", self.packing(self.good, packed, [(3, 2, 50, 0)], b"/N 1 /First 4 " + keys))
        # The same of the table itself.
        for label, keys in {
                "parms-twice": FLATE + b"/DecodeParms << /Predictor 12 /Predictor 1 /Columns 21 >> ",
                "list-and-parms": b"/Filter [/FlateDecode] /DecodeParms << /Predictor 12 /Columns 21 >> ",
                "name-and-list": FLATE + b"/DecodeParms [<< /Predictor 12 /Columns 21 >>] ",
                "bits-3": FLATE + b"/DecodeParms << /Predictor 12 /Columns 56 /BitsPerComponent 3 >> "}.items():
            self.add(f"table-{label}", "bad", with_table_stream(self.good, self.kept(self.good), coded=lambda raw: from_above(raw, 21), head=keys))
        for label, keys in {
                "parms": FLATE + b"/DecodeParms << /Predictor 12 /Columns 7 >> ",
                "parms-list": b"/Filter [/FlateDecode] /DecodeParms [<< /Predictor 12 /Columns 7 >>] "}.items():
            self.add(f"good-table-{label}", "good", with_table_stream(self.good, self.kept(self.good), coded=lambda raw: from_above(raw, 7), head=keys))

    def nulls(self):
        """A key whose value is null is absent to one reader, and there to who asks for the key."""
        image = stream(b"\0\xff\xff\xff\0\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 2 /ColorSpace /DeviceRGB /BitsPerComponent 8 ")
        objects = {
            1: objects_of(b"6 0 R 25 0 R")[1],
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90 /MediaBox [0 0 300 200] /CropBox [10 10 150 180] /Resources << /XObject << /X 20 0 R /I 21 0 R >> "
               b"/ExtGState << /G 22 0 R >> /Font << /F 23 0 R >> >> >>",
            3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Annots [6 0 R 24 0 R 25 0 R] >>",
            4: stream(HONEST + b" /X Do q 50 0 0 50 0 0 cm /I Do Q /G gs BT /F 30 Tf 20 100 Td (Lan) Tj ET"),
            20: stream(b"/I Do q 1 0 0 rg 50 50 60 60 re f Q", FORM), 21: image, 22: b"<< /Type /ExtGState /ca 0.5 >>",
            23: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", 26: stream(b"0 0 9 9 re f", FORM),
            24: b"<< /Type /Annot /Subtype /Stamp /Rect [50 50 90 90] /F 4 /AP << /N 26 0 R >> >>",
            25: b"<< /Type /Annot /Subtype /Widget /T (ten) /FT /Tx /V (x) /Rect [90 90 120 120] /F 4 /AP << /N 26 0 R >> >>"}
        first = pdf(self.sign, objects=objects)

        def put(label, expected, again, data=first): self.add(label, expected, self.evidence(data, again))
        for number, label, keys in [
                (3, "page", b"Rotate CropBox Resources MediaBox Kids Count"), (2, "pages", b"Contents"), (20, "form", b"Resources"),
                (21, "image", b"Mask"), (22, "state", b"SMask"), (23, "font", b"Widths"), (24, "stamp", b"AS"), (25, "field", b"MK Ff")]:
            for key in keys.split():
                put(f"null-{label}-{key.decode()}", "bad", {number: with_key(objects[number], b"/%s null" % key)})
        put("null-catalog-OpenAction", "bad", {1: with_key(self.kept(first)[1], b"/OpenAction null")})
        spaced = re.sub(rb" (?=[/\[])", b"\n  ", objects[3])
        put("good-written-again", "good", {number: objects[number] for number in objects if number > 1})
        put("good-written-again-spaced", "good", {3: spaced})
        told = {**objects, 3: with_key(objects[3], b"/Rotate null")}
        put("good-null-was-there", "good", {3: told[3]}, pdf(self.sign, objects=told))

    def spelled(self):
        """A raw line end in a text is not one byte to all readers; some end a name at 255 bytes as written."""
        def put(label, expected, before, after, contents):
            self.add(label, expected, self.evidence(pdf(self.sign, objects={3: before[3], 4: contents, **before}), after))
        indexed = b"[/Indexed /DeviceRGB 3 %s]"
        # To PDFium the bytes 80 and ff are white space; numbers have 32 bits, and a sign another meaning beyond.
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 %s] /Resources << >> /Contents 4 0 R /Annots [6 0 R] %s >>"
        for label, byte in {"80": b"\x80", "ff": b"\xff"}.items():
            for key in (b"Contents%s 41 0 R", b"Rotate%s 90"):
                raw, told = (page % (b"300", b"/" + key % one) for one in (byte, b"#" + label.encode()))
                kind = f"name-raw-{label}-{key[:6].decode().lower()}"
                for way, before, after in [("", told, raw), ("-escaped", raw, told)]:
                    self.add(kind + way, "bad", self.evidence(pdf(self.sign, objects={3: before, 41: FORGED_PAGE}), {3: after}))
        for label, expected, before, after in [
                ("real-beyond", "bad", (b"4611686018427387904.", b""), (b"4611686018427388204.", b"")), ("plus-beyond", "bad", (b"300", b"/Rotate 4294967206"), (b"300", b"/Rotate +4294967206")),
                ("zero-beyond", "bad", (b"300", b"/Rotate 4294967206"), (b"300", b"/Rotate 04294967206")), ("plus", "open", (b"300", b"/Rotate 90"), (b"300", b"/Rotate +90")),
                ("digits", "open", (b"300.5", b""), (b"300.5" + b"0" * 50, b"")), ("rounded", "open", (b"300.5", b""), (b"300.4" + b"9" * 40, b"")),
                ("whole-elsewhere", "bad", (b"300", b"/Rotate 90.0"), (b"300", b"/Rotate 90")),
                ("beyond-was-there", "good", (b"4294967596", b""), (b"4294967596", b""))]:
            prefix = "good-" if expected == "good" else ""
            self.add(f"{prefix}number-{label}", expected, self.evidence(pdf(self.sign, objects={3: page % before}), {3: page % after}))
        letters = [PAGE % (b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [%s /B] >> >> >>" % code, b"4 0 R") for code in (b"65", b"65.0")]
        self.add("number-of-a-letter", "bad", self.evidence(pdf(self.sign, objects={3: letters[0]}), {3: letters[1]}))
        shifted = {number: stream(b"1 0 0 rg 50 50 60 60 re f", FORM + b"/Matrix [1 0 0 1 %s 0] " % at) for number, at in enumerate((b"4611686018427388204.", b"4611686018427387904."))}
        self.add("number-in-matrix", "bad", self.evidence(pdf(self.sign, objects={
            3: PAGE % (b"/XObject << /X 5 0 R >>", b"4 0 R"), 4: stream(HONEST + b" /X Do"), 5: shifted[0]}), {5: shifted[1]}))
        page = {3: PAGE % (b"/ColorSpace << /C 9 0 R >>", b"4 0 R"), 9: indexed % b"<0a00ffff000a00ff0a0aff0a>"}
        squares = stream(b" ".join(b"/C cs %d sc %d 20 50 60 re f" % (n, 20 + 60 * n) for n in range(4)))
        text = b"(%(end)s\\000\\377\\377\\000%(end)s\\000\\377%(end)s%(end)s\\377%(end)s)"
        for label, expected, end in [("cr", "bad", b"\r"), ("cr-lf", "bad", b"\r\n"), ("lf", "good", b"\n"), ("octal", "good", b"\\012"), ("octal-beyond", "bad", b"\\412"),
                                     ("continued", "good", b"\\012\\\n")]:
            put(f"{'good-' if expected == 'good' else ''}text-{label}", expected, page, {9: indexed % (text % {b"end": end})}, squares)
        # A text of letters that are beyond one byte to pdf.js.
        field = b"<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 90 290 170] /F 4 /P 3 0 R /DA (/Helv 30 Tf 0 g) /V (%s) >>"
        form = objects_of(b"6 0 R 31 0 R")[1].replace(b"/SigFlags 3", b"/SigFlags 3 /DR << /Font << /Helv %s >> >>" % HELV)
        first = pdf(self.sign, objects={1: form, 3: PAGE.replace(b"[6 0 R]", b"[6 0 R 31 0 R]") % (b"", b"4 0 R"), 31: field % b"900.000 Lan"})
        for label, expected, more in [("good-value-octal", "good", 0), ("value-octal-beyond", "bad", 256)]:
            self.add(label, expected, self.evidence(first, {31: field % b"".join(b"\\%03o" % (letter + more) for letter in b"900.000 Lan")}))
        raw = indexed % (text % {b"end": b"\r"})
        put("good-text-cr-was-there", "good", {**page, 9: raw}, {9: raw}, squares)
        for length, expected in [(60, "good"), (90, "bad"), (128, "bad"), (254, "bad")]:
            named = lambda name: PAGE % (b"/XObject << /%s 5 0 R >>" % name, b"4 0 R")
            name = b"A" * length
            put(f"{'good-' if expected == 'good' else ''}name-{length}", expected, {3: named(name), 5: stream(b"50 50 60 60 re f", FORM)},
                {3: named(b"#41" * length)}, stream(b"/%s Do" % name))

    def packed(self):
        """Objects in an object stream that readers find elsewhere, or not at all."""
        box = {3: (PAGE % (b"", b"4 0 R")).replace(b"[0 0 300 300]", b"10 0 R"), 10: b"[0 0 300 200]", 12: b"200"}
        rows = [(10, 2, 50, 0), (12, 2, 50, 1)]
        first = pdf(self.sign, objects=box)
        self.add("packed-overlap", "bad", self.packing(first, b"10 0 12 9 [0 0 300 200] ", rows, b"/N 2 /First 10 "))
        self.add("good-packed-in-a-row", "good", self.packing(first, b"10 0 12 14 [0 0 300 200] 200 ", rows, b"/N 2 /First 11 "))
        led = pdf(self.sign, objects={3: PAGE % (b"", b"[4 0 R 10 0 R]"), 10: b"11 0 R", 11: FORGED_PAGE})
        self.add("packed-reference", "bad", self.packing(led, b"10 0 11 0 R ", rows[:1], b"/N 1 /First 5 "))
        # Of generation 1, signed like that and written again.
        container = stream(b"3 0 " + body(self.good, 3), b"/Type /ObjStm /N 1 /First 4 ")
        signed = seal(update(HEADER, {**objects_of(), 50: container, 7: signature()}, prev=None, generations={50: 1}), self.sign)
        self.add("packed-generation-1", "bad", with_table_stream(
            signed + b"50 1 obj\n%s\nendobj\n" % container, self.kept(signed), rows=[(3, 2, 50, 0), (50, 1, len(signed), 1)]))

    def over_the_gap(self):
        """A picture no table names runs over the gap: its pixels are unsigned attributes to a reader that searches, as it does
        for what is not there, or cannot be read where the table says."""
        white_below, white_above = b"\0" * 2000 + b"\xff" * 3000, b"\xff" * 2000 + b"\0" * 3000

        def put(label, number=b"5 0", behind=b"", missed=0, contents=b"4 0 R", table=EMPTY_TABLE, shown=white_below, older=None):
            """older: what the newest table has of the picture's number where an older one names it: a row, or another picture."""
            other = {5: older} if older and b"stream" in older else {}
            data, places = written({**objects_of(), **SHOWS_PICTURE, 3: PAGE % (b"/XObject << /I 5 0 R >>", contents), **other})
            start, prev = len(data), b""
            if older:
                told = EMPTY_TABLE + b"5 1\n%010d 00000 n \ntrailer\n<< /Size 12 /Root 1 0 R >>\n"
                data, prev = data + told % (start + len(told % 0)), b"/Prev %d " % start
            data += b"%s obj\n<< %s /Length 40000 >>\nstream\n" % (number, PICTURE)
            places[7] = len(data)
            data += (b"7 0 obj\n" + signature() + b"\nendobj\n").ljust(40_000) + b"\nendstream\nendobj\n"
            if behind:
                places[8] = len(data) + missed
                data += b"%s obj\n%s\nendobj\n" % (behind, stream(b"q Q"))
            below, above = ({n: place for n, place in places.items() if (n < 5) == low} for low in (True, False))
            rows = rows_of(below) + (older if older and not other else b"") + rows_of(above)
            data += table + rows + TRAILER % (12, prev, len(data))
            self.add(f"over-the-gap-{label}", "bad", seal(data, lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(shown))])))
        odd, both = EMPTY_TABLE.replace(b"0 1", b"0\t1"), b"[4 0 R 8 0 R]"
        put("unlisted")
        put("unlisted-other-attribute", shown=white_above)
        put("behind-missed", behind=b"8 0", missed=1, contents=both)
        put("behind-other-number", behind=b"9 0", contents=both)
        put("behind-other-generation", behind=b"8 0", contents=b"[4 0 R 8 1 R]")
        put("behind-missed-minus", number=b"5 -0", behind=b"8 0", missed=1, contents=both)
        put("odd-minus", number=b"5 -0", table=odd)
        put("odd-plus", number=b"5 +0", table=odd)
        shows = {**SHOWS_PICTURE, 5: stream(b"f" * 40_000, PICTURE)}
        # Only an older table names it: the newest has its number as free, or as a picture elsewhere.
        for label, freed, how in [
                ("free", True, {}), ("free-missed", True, {"behind": b"8 0", "missed": 1, "contents": both}), ("free-other-number", True, {"behind": b"9 0", "contents": both}),
                ("free-odd", True, {"table": odd}), ("free-dangling", True, {"contents": b"[4 0 R 99 0 R]"}), ("elsewhere-missed", False, {"behind": b"8 0", "missed": 1, "contents": both}),
                ("elsewhere-other-number", False, {"behind": b"9 0", "contents": both})]:
            for kind, shown in {"": white_below, "-other-attribute": white_above}.items():
                put(f"older-{label}{kind}", shown=shown, older=b"5 1\n0000000000 00001 f \n" if freed else shows[5], **how)
        self.add("good-picture-before-the-gap", "good", pdf(lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(white_below))]), objects=shows))
        # The older table is a stream over the gap; of its rows one counts, which is two digits of an unsigned attribute: they
        # say where the page's contents (90) begin.
        for label, digits in {"": b"f", "-other-attribute": b"D"}.items():
            objects, places = written({**objects_of(), 3: PAGE % (b"", b"90 0 R")})
            for digit, content in ((b"44", HONEST), (b"66", FORGED)):
                objects = objects.ljust(int(digit.hex(), 16)) + b"90 0 obj\n%s\nendobj\n" % stream(content)
            value = b"7 0 obj\n" + signature() + b"\nendobj\n"
            value = value.ljust(len(value) + len(value) % 2)
            rows, told = len(value) // 2, (value.index(b"/Contents <") + 9011) // 2
            table = b"80 0 obj\n<< /Length %d /Type /XRef /W [0 2 0] /Index [1000 %d 90 1 12000 %d] /Size 30000 /Root 1 0 R >>\nstream\n" % (
                len(value), told, rows - told - 1)
            data = objects + table + value + b"\nendstream\nendobj\n"
            places[7] = len(objects + table)
            free = b"".join(b"%d %d\n" % part + b"0000000000 00001 f \n" * part[1] for part in ((1000, told), (12_000, rows - told - 1)))
            data += EMPTY_TABLE + rows_of(places) + free + TRAILER % (30_000, b"/Prev %d " % len(objects), len(data))
            self.add(f"over-the-gap-table{label}", "bad", seal(data, lambda covered: self.sign(covered, unsigned=[attribute("1.2.3.4.5", octets(digits * 3500))])))
        older = update(HEADER, {**objects_of(), 8: b"null"}, prev=None, stream_table=True)
        self.add("good-table-before-the-gap", "good", seal(update(older, {7: signature()}), self.sign))

    def heads(self):
        """Files that some reader always searches; in evidence appended there is what it takes for an object's head."""
        for label, first in self.searched.items():
            self.add(f"good-{label}-evidence", "good", self.evidence(first))
        signs = {"minus": b"4 -0 obj", "plus": b"4 +0 obj", "signs": b"4 --0 obj"}
        for label, heads in {
                "odd": {**signs, "plus-number": b"+4 +0 obj", "dash": b"4 - obj"},
                "zero": {**signs, "point": b"4 0. obj", "point-before": b"4 .0 obj", "raw-ff": b"4 0\xffobj", "raw-80": b"4\x800 obj"},
                "dangling": {"vertical-tab": b"4 0\x0bobj"}}.items():
            first = self.searched[label]
            for kind, head in heads.items():
                cut = b"x\nendstream\nendobj\n%s\n%s\nendobj\n" % (head, FORGED_PAGE)
                self.add(f"{label}-head-{kind}", "bad", self.behind(first, cut))
                self.add(f"{label}-head-{kind}-in-stream", "bad", self.evidence(first, {40: stream(b"\n%s\n%s" % (head, FORGED_PAGE[:FORGED_PAGE.index(b"endstream")]))}))
        # What covers the page is lost to who passes over brackets before the word, or keeps numbers over a dictionary.
        two = {3: PAGE % (b"", b"[4 0 R 5 0 R]"), 4: FORGED_PAGE, 5: stream(b"q 1 1 1 rg 0 0 300 300 re f 0 0.5 0 rg 20 20 100 100 re f Q")}
        missing = pdf(self.sign, objects={**two, 3: two[3].replace(b"<<  >>", b"99 0 R")})
        odd = lambda objects: seal(update(HEADER, {**objects_of(), **objects, 7: signature()}, prev=None).replace(b"xref\n0 1\n", b"xref\n0\t1\n"), self.sign)
        heads = {"paren": b"5 0 ) obj", "brace": b"5 0}obj", "brace-open": b"5 0{obj", "paren-between": b"5 ) 0 obj", "paren-remark": b"5 0 ) %x\nobj"}
        for label, first, heads in [("dangling", missing, heads), ("odd", odd(two), {"dictionary": b"5 0 <<>> obj", "list": b"5 0 [] obj"})]:
            for kind, head in heads.items():
                self.add(f"{label}-head-{kind}", "bad", self.behind(first, b"x\nendstream\nendobj\n%s\n%s\nendobj\n" % (head, stream(b"q Q"))))
                self.add(f"{label}-head-{kind}-in-stream", "bad", self.evidence(first, {40: stream(b"\n%s\n<< >>\nendobj\n" % head)}))
        # Any dictionary between objects is a trailer to MuPDF, and PDFium adds up what stands behind the word: the page is deciphered.
        number, contents, trailer = enciphered(b" 1 0 0 rg 0 0 300 300 re f ", HONEST)
        page = {3: PAGE % (b"", b"%d 0 R" % number), number: stream(contents)}
        self.add("odd-encrypted-by-dictionary", "bad", self.behind(odd(page), b"x\nendstream\nendobj\n" + trailer))
        self.add("good-odd-encrypted-by-nobody", "good", self.evidence(odd(page)))
        cut = b"x\nendstream\nendobj\n" + trailer
        plain = b"<< /Length 41 0 R >>\nstream\n%s\nendstream" % b"x".ljust(len(cut))
        self.add("odd-encrypted-by-overwritten-stream", "bad", update(self.behind(odd(page), cut), {40: plain}))
        extended = odd({**page, 1: objects_of()[1].removesuffix(b">>") + b"/Extensions 50 0 R >>", 50: b"<< >>"})
        self.add("odd-encrypted-by-array", "bad", update(extended, {50: b"[ 1 %s ]" % trailer}))
        self.add("good-odd-extended", "good", update(extended, {50: b"<< /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>"}))
        first = seal(at_zero(update(HEADER, {**objects_of(), **page, 7: signature()}, prev=None, stream_table=True)), self.sign)
        for label, word in {"plain": b"trailer\n", "remark": b"trailer %x\n", "ff": b"trailer\xff", "80": b"trailer\x80", "a0": b"trailer\xa0", "paren": b"trailer )"}.items():
            self.add(f"zero-encrypted-by-trailer-{label}", "bad", self.behind(first, b"x\nendstream\nendobj\n" + word + trailer))
            self.add(f"zero-encrypted-by-trailer-{label}-in-stream", "bad", self.evidence(first, {40: stream(b"\n" + word + trailer)}))
        for label, first in self.searched.items():
            self.add(f"good-{label}-words", "good", self.evidence(first, {40: stream(b"x\n5 0 nothing\nthe trailer of a film\n")}))
        # Read in pieces of 255 bytes, 14 is 4.
        first = self.searched["dangling"]
        catalog = dss(first, b"/Certs [14 0 R] ")
        for label, expected, blanks in [("dangling-head-in-pieces", "bad", b"\0" + b" " * 253), ("good-dangling-head-on-next-line", "good", b"\n")]:
            at = len(first + b"1 0 obj\n%s\nendobj\n%s" % (catalog, blanks))
            self.add(label, expected, update(first, {1: catalog}, size=15, between=blanks + b"14 0 obj\n%s\nendobj\n" % FORGED_PAGE,
                                             entries={14: b"%010d 00000 n \n" % at}))

    def undone(self):
        """A reader that searches goes by what a later table, or an earlier revision, no longer names."""
        for label, done in {"plain": lambda data: data, "zero": at_zero}.items():
            one = update(HEADER, {**objects_of(), 3: PAGE % (b"", b"45 0 R"), 45: FORGED_PAGE}, prev=None, objstm={20: [3]}, stream_table=True)
            first = seal(done(update(one, {3: PAGE % (b"", b"4 0 R"), 7: signature()}, stream_table=True)), self.sign)
            self.add(f"{label}-container-again", "bad", self.evidence(first, {20: body(first, 20)}))
            self.add(f"{label}-container-before", "open", self.evidence(first))
        for label, first in self.searched.items():
            page = body(first, 3)
            forged = page.replace(b"4 0 R", b"40 0 R").replace(b"99 0 R", b"<< >>")
            packed = self.evidence(first, {3: forged, 40: FORGED_PAGE}, objstm={50: [3]}, stream_table=True)
            self.add(f"{label}-undone", "bad", update(self.evidence(first, {3: forged, 40: FORGED_PAGE}), {3: page}))
            self.add(f"{label}-undone-packed", "bad", update(packed, {3: page}, objstm={45: [3]}, stream_table=True))
            # The older table names the stream behind the other one's.
            both = with_table_stream(first, self.kept(first, {
                40: FORGED_PAGE, 51: stream(b"3 0 " + page, b"/Type /ObjStm /N 1 /First 4 "), 50: stream(b"3 0 " + forged, b"/Type /ObjStm /N 1 /First 4 ")}),
                rows=[(3, 2, 50, 0)])
            self.add(f"{label}-undone-by-table", "bad", with_table_stream(both, {}, number=71, size=72, rows=[(3, 2, 51, 0)]))
        # A field that was filled in and signed has another value, and the same again.
        field = EVERYWHERE + b"/Subtype /Widget /T (ten) /FT /Tx /DA (/Helv 30 Tf 0 g) "
        look = lambda value: stream(b"/Tx BMC BT /Helv 30 Tf 0 g 9 150 Td (%s) Tj ET EMC" % value, FORM + b"/Resources << /Font << /Helv %s >> >> " % HELV)
        filled = lambda value, number: {31: b"<< %s/V (%s) /AP << /N %d 0 R >> >>" % (field, value, number), number: look(value)}
        one = pdf(self.sign, objects={31: b"<< %s>>" % field}, fields=b"6 0 R 31 0 R")
        two = self.again(update(one, filled(b"100", 40)), number=33)
        other = update(two, filled(b"900", 91), objstm={199: [31]}, stream_table=True)
        for label, how in {"": {}, "-packed": {"objstm": {198: [31]}, "stream_table": True}}.items():
            self.add(f"filled-otherwise-undone{label}", "bad", self.stamp(update(other, {31: body(two, 31)}, **how), number=210))
        twice = self.evidence(self.searched["odd"])
        self.add("good-odd-evidence-twice", "good", update(twice, {1: dss(twice, b"/Certs [40 0 R 41 0 R] "), 41: stream(b"y")}))

    def drafts(self):
        """Drafts that no table leads to any more when it is signed: to a reader that searches they are the page, or what covers it is
        lost; and what makes it search, which may come later."""
        old, page = (PAGE % (b"", contents) for contents in (b"41 0 R", b"4 0 R"))
        drawn, value = {**objects_of(), 41: FORGED_PAGE, 7: b"null"}, {7: signature()}
        first = update(HEADER, {**drawn, 3: old}, prev=None, objstm={50: [3]}, stream_table=True)
        bundle = lambda kind: stream(b"3 0 " + old, kind + b"/N 1 /First 4 ")
        # What is a table to some reader has the page in 60.
        told = {9: stream(b"\2\0\x3c\0", b"/Type /Foo /XRef 1 /W [1 2 1] /Index [3 1] /Size 70 "), **drawn, 3: page, 60: bundle(b"")}
        for label, draft in {
                "packed": update(first, {3: page}, stream_table=True), "packed-below": update(first, {3: page}, objstm={45: [3]}, stream_table=True),
                "packed-above": update(first, {3: page}, objstm={55: [3]}, stream_table=True),
                "kind-apart": update(HEADER, {**drawn, 3: page, 60: bundle(b"/Type 61 0 R "), 61: b"/ObjStm"}, prev=None, stream_table=True),
                "by-other-table": update(HEADER, told, prev=None, objstm={45: [3]}, stream_table=True), "lost-cover": update(HEADER, {**drawn, **COVERED}, prev=None)}.items():
            # By another table, or where the page's own bundle has a higher number, only pdf.js finds them, and only it loses the cover: where 0 is in use.
            ways = {"in-use": {"entries": {0: b"0000000000 65535 n \n"}}}
            if label in ("packed", "packed-below", "kind-apart"):
                ways |= {"as-before": {"stream_table": True}, "table": {}}
            for kind, made in {
                    "": update(draft, value, stream_table=b"/XRef" in draft), "-zero": at_zero(update(draft, value, stream_table=True)),
                    "-odd": update(draft, value).replace(b"\n7 1\n", b"\n7\t1\n")}.items():
                first = seal(made, self.sign)
                for way, how in ways.items():
                    self.add(f"draft-{label}{kind}-{way}", "bad" if kind or way != "as-before" else "open", self.evidence(first, **how))
                if kind and len(ways) > 1:
                    self.add(f"draft-{label}{kind}", "bad", first)

    def looks(self):
        """The form gets letters and a font, of which readers make a look for who has none; a field is called like another."""
        dressed = lambda data, appearance: body(data, 1).replace(b"/SigFlags 3", b"/SigFlags 3 %s/DR << /Font << /T3 61 0 R >> >>" % appearance)
        shows = {3: PAGE.replace(b"[6 0 R]", b"[6 0 R 9 0 R]") % (b"", b"4 0 R"), 10: stream(b"q Q", FORM + b"/Resources << >> ")}
        look, widget = b"/AP << /N 10 0 R >> ", EVERYWHERE + b"/Subtype /Widget /T (ten) "

        def put(label, expected, field, fonts=DRAWN, appearance=b"/DA (/T3 200 Tf 1 0 0 rg) ", **how):
            first = pdf(self.sign, objects={**shows, 9: b"<< %s >>" % field}, **how)
            self.add(f"{label}-stamped", expected, self.stamp(first, {1: dressed(first, appearance), **fonts}))
        for kind, field in {"Tx": TEXT, "Ch": widget + b"/FT /Ch /Ff 131072 /Opt [(AAAA)] /V (AAAA) ", "Btn": widget + b"/FT /Btn /Ff 65536 /MK << /CA (AAAA) >> ",
                            "FreeText": EVERYWHERE + b"/Subtype /FreeText /Contents (AAAA) "}.items():
            put(f"font-for-{kind}", "bad", field)
            if kind in ("Tx", "FreeText"):
                put(f"font-for-{kind}-named", "bad", field + b"/DA (/T3 20 Tf 0 g) ")
                put(f"font-for-{kind}-with-look", "bad", field + look)
                put(f"good-font-for-{kind}-with-look", "good", field + look, appearance=b"")
        put("font-for-Tx-letters", "bad", TEXT, {61: HELV})
        shows[10] = stream(b"BT /T3 200 Tf (A) Tj ET", FORM)
        put("font-for-look-without-fonts", "bad", TEXT + look)
        form = b"/AcroForm << /Fields [6 0 R 9 0 R] /SigFlags 3 /DA (/T3 12 Tf 0 g) /DR << /Font << /T3 11 0 R >> >> >>"
        catalog = objects_of(catalog=CERTIFIED["catalog"])[1].replace(b"/AcroForm << /Fields [6 0 R] /SigFlags 3 >>", form)
        renewed = lambda data: body(data, 1).replace(b"/T3 12 Tf 0 g", b"/T3 200 Tf 1 0 0 rg").replace(b"/T3 11 0 R", b"/T3 61 0 R")
        for label, expected, field in [("", "bad", b""), ("-named", "bad", b"/DA (/T3 20 Tf 0 g) "), ("-with-look", "open", look)]:
            first = pdf(self.sign, objects={**shows, 1: catalog, 9: b"<< %s/Ff 1 %s>>" % (TEXT, field), 11: HELV}, more=CERTIFIED["more"])
            self.add(f"certified-font-for-read-only{label}", expected, update(first, {1: renewed(first), **DRAWN}))
        helv = form.replace(b"/T3", b"/Helv")
        for label, name, before in [("same-name-first", b"ten", True), ("same-name-last", b"ten", False), ("good-other-name", b"K8", False)]:
            first = pdf(self.sign, objects={**shows, 1: catalog.replace(form, helv).replace(CERTIFIED["catalog"], b""), 9: b"<< %s>>" % TEXT, 11: HELV})
            field = b"<< /FT /Sig /T (%s) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R >>" % name
            fields = body(first, 1).replace(b"/Fields [", b"/Fields [60 0 R ") if before else listed(first, 1, b"Fields", 60)
            page = body(first, 3).replace(b"/Annots [", b"/Annots [60 0 R ") if before else listed(first, 3, b"Annots", 60)
            self.add(f"{label}-stamped", "good" if name == b"K8" else "bad", self.stamp(first, {1: fields, 3: page, 60: field}))


if __name__ == "__main__":
    attacks = RewrittenAttacks()
    for kind in [attacks.decoded, attacks.nulls, attacks.spelled, attacks.packed, attacks.over_the_gap, attacks.heads, attacks.undone, attacks.drafts, attacks.looks]:
        kind()
    report(attacks)
