"""attacks.py FOLDER: signed PDFs that were attacked, as pyHanko's signer and an attacker's editor leave them, into
FOLDER, with roots.pem (trusted; a signer's and a time-stamp authority's); prints what pyHanko says of each. None of
them may be called valid, but for those whose name begins with `good-`.

A file `shadow-*` was prepared before it was signed; the others work on any signed file. `*-stamped` ends with a
document time-stamp, which anybody can have made by a public authority."""

import io
import json
import pathlib
import re
import sys
import zlib

import pikepdf
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper

from signatures import NOW, Identity, judge, new_rsa, page, sign

HONEST = b"q 0 0.5 0 rg 20 20 100 100 re f Q"
FORGED = b"q 1 0 0 rg 0 0 300 300 re f Q"


def stream(data, extra=b""):
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), extra, data)


def document(objects, catalog=b"", root=1, objstm=None, free=(), pack=b"", table=True, size=None):
    """A PDF of these objects (number: bytes); catalog: further keys of object 1; page 3 shows 4 (and 5) unless said."""
    every = {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] >> %s >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents [4 0 R 5 0 R] /Annots [] >>",
        4: stream(HONEST), 5: stream(b"q 0 0 1 rg 150 150 100 100 re f Q")}
    every.update(objects)
    return update(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", every, root=root, prev=None, objstm=objstm, pack=pack, stream_table=objstm is not None)


def update(data, objects, root=1, prev=True, generations=None, entries=None, trailer=b"", tail=None, size=None, between=b"",
           objstm=None, pack=b"", stream_table=False, extra=(), startxref=None):
    """A revision written by hand. generations: number: generation written; entries: number: raw entry of the table;
    between: bytes no table leads to; objstm: number: (pack type extras) numbers put into object stream of that number."""
    out = bytearray(data)
    if out and not out.endswith(b"\n"):
        out += b"\n"
    generations, places = generations or {}, {}
    old_size = max([int(n) for n in re.findall(rb"/Size (\d+)", data)] or [0])
    inside = {}
    if objstm:
        for container, numbers in objstm.items():
            body, head = b"", []
            for index, number in enumerate(numbers):
                head.append(b"%d %d" % (number, len(body)))
                body += objects[number] + b"\n"
                inside[number] = (container, index)
            first = b" ".join(head) + b" "
            plain = first + body
            filters = pack or b"/Type /ObjStm "
            coded = plain.hex().encode() + b">" if b"ASCIIHex" in filters else plain
            objects = {**objects, container: stream(coded, b"%s/N %d /First %d " % (filters, len(numbers), len(first)))}
    for number, body in objects.items():
        if number in inside:
            continue
        places[number] = len(out)
        out += b"%d %d obj\n%s\nendobj\n" % (number, generations.get(number, 0), body)
    out += between
    at = len(out)
    top = max([*objects, *(entries or {}), 0]) + 1
    total = size if size is not None else max(top, old_size)
    prev_part = b""
    if prev is True:
        prev_part = b"/Prev %d " % int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    elif prev is not None:
        prev_part = b"/Prev %d " % prev
    told = re.findall(rb"/Info \d+ 0 R", data)
    if told and b"/Info" not in trailer:
        trailer = told[-1] + b" " + trailer
    if stream_table:
        table_number = max(top, old_size)
        places[table_number] = at
        rows, index = b"", b""
        for number in sorted([*places, *inside]):
            index += b"%d 1 " % number
            if number in inside:
                rows += b"\2" + inside[number][0].to_bytes(4, "big") + inside[number][1].to_bytes(2, "big")
            else:
                rows += b"\1" + places[number].to_bytes(4, "big") + generations.get(number, 0).to_bytes(2, "big")
        if not data.rstrip().endswith(b"%%EOF"):
            index = b"0 1 " + index
            rows = b"\0" * 5 + b"\xff\xff" + rows
        out += b"%d 0 obj\n" % table_number + stream(
            rows, b"/Type /XRef /W [1 4 2] /Index [%s] /Size %d /Root %d 0 R %s%s" % (index, table_number + 1, root, prev_part, trailer))
        out += b"\nendobj\n"
    else:
        out += b"xref\n"
        if prev is None:
            out += b"0 1\n0000000000 65535 f \n"
        rows = {n: b"%010d %05d n \n" % (places[n], generations.get(n, 0)) for n in places}
        rows.update(entries or {})
        for number in sorted(rows):
            out += b"%d 1\n%s" % (number, rows[number])
        for piece in extra:
            out += piece(places) if callable(piece) else piece
        out += b"trailer\n<< /Size %d /Root %d 0 R %s%s>>\n" % (total, root, prev_part, trailer)
    if tail is not None:
        return bytes(out + tail(at))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % (at if startxref is None else startxref))


def body(data, number):
    """An object of the newest revision as written."""
    found = list(re.finditer(rb"(?<!\d)%d 0 obj\s*(.*?)\s*endobj" % number, data, re.S))
    return found[-1].group(1)


def root_number(data):
    return int(re.findall(rb"/Root (\d+) 0 R", data)[-1])


def dss(data, extra=b""):
    """The catalog with evidence added: a DSS of its own, without certificates unless said."""
    old = body(data, root_number(data))
    old = re.sub(rb"/DSS (<<.*?>>|\d+ 0 R)", b"", old, flags=re.S)
    assert old.endswith(b">>")
    return old[:-2] + b" /DSS << /Type /DSS %s%s>> >>" % (b"" if b"/Certs [" in extra else b"/Certs [] ", extra)


def place(data, number):
    """Offset of an object's newest form."""
    return [m.start() for m in re.finditer(rb"(?<![\d])%d 0 obj" % number, data)][-1]


class Attacks:
    def __init__(self):
        self.root = Identity("Goc", new_rsa(), ca=True)
        self.time_root = Identity("Goc thoi gian", new_rsa(), ca=True)
        self.tsa = Identity("TSA", new_rsa(), self.time_root, usage="stamp")
        self.lan = Identity("Lan", new_rsa(), self.root)
        self.stamper = DummyTimeStamper(self.tsa.asn1, self.tsa.private, fixed_dt=NOW)
        self.stamper.certs_to_embed.extend([self.tsa.asn1, self.time_root.asn1])
        self.cases = {}
        self.before = {}

    def sign(self, data, **how):
        return sign(data, self.lan.signer(self.root), **how)

    def stamp(self, data):
        out = io.BytesIO()
        signers.PdfTimeStamper(self.stamper, field_name="T9").timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(data)), "sha256", validation_context=None, output=out)
        return out.getvalue()

    def add(self, name, before, after):
        self.cases[name], self.before[name] = after, before

    # Any signed file, with evidence appended by hand.
    def generations(self):
        signed = self.sign(document({}))
        root = root_number(signed)
        self.add("good-evidence", signed, update(signed, {root: dss(signed)}, root=root))
        self.add("generation-same-place", signed, update(
            signed, {root: dss(signed)}, root=root, entries={5: b"%010d 00001 n \n" % place(signed, 5)}))
        self.add("generation-copied", signed, update(
            signed, {root: dss(signed), 5: body(signed, 5)}, root=root, generations={5: 1}))
        contents = body(signed, 3).replace(b"5 0 R", b"5 1 R")
        self.add("generation-of-reference", signed, update(signed, {root: dss(signed), 3: contents}, root=root))
        self.add("generation-in-table-stream", signed, update(
            signed, {root: dss(signed), 5: body(signed, 5)}, root=root, generations={5: 1}, stream_table=True))
        self.add("size-hides", signed, update(signed, {root: dss(signed)}, root=root, size=5))

    def repairs(self):
        signed = self.sign(document({}))
        root = root_number(signed)
        kept = {root: dss(signed)}
        forged = b"4 0 obj\n" + stream(FORGED) + b"\nendobj\n"
        self.add("unlisted-object", signed, update(signed, kept, root=root, between=forged))
        self.add("repair-startxref-comment", signed, update(
            signed, kept, root=root, between=forged, tail=lambda at: b"startxref\n%%x\n%d\n%%%%EOF\n" % at))
        self.add("repair-behind-the-end", signed, update(
            signed, kept, root=root, tail=lambda at: b"startxref\n%d\n%%%%EOF\n" % at + forged + b"%" * 1500 + b"\n"))
        self.add("repair-behind-startxref", signed, update(
            signed, kept, root=root, tail=lambda at: b"startxref\n%d\n" % at + forged + b"%" * 1500 + b"\n%%EOF\n"))
        self.add("repair-table-comment", signed, update(
            signed, kept, root=root, between=forged, extra=[b"%x\n"]))
        self.add("repair-table-words", signed, update(
            signed, kept, root=root, between=forged, extra=[lambda p: b"4 1 %%\n%d 0\nn\n" % place(signed, 4)]))
        self.add("entry-twice", signed, update(
            signed, kept, root=root, between=forged,
            extra=[b"4 1\n%010d 00000 n \n" % place(signed, 4), lambda p: b"4 1\n%010d 00000 n \n" % (p[root] + len(b"%d 0 obj\n" % root) + len(kept[root]) + len(b"\nendobj\n"))]))

    def info(self):
        signed = self.sign(document({}))
        root = root_number(signed)
        self.add("retitled-with-evidence", signed, update(
            signed, {root: dss(signed), 50: b"<< /Title (Khac) >>"}, root=root, trailer=b"/Info 50 0 R "))

    # Prepared before it was signed; the changed object passes for evidence.
    def shadows(self):
        def add(name, prepared, **more):
            signed = self.sign(prepared)
            root = root_number(signed)
            kept = more.pop("objects", None) or {4: stream(FORGED)}
            kept = kept(signed) if callable(kept) else kept
            self.add(f"shadow-{name}", signed, update(signed, {root: dss(signed), **kept} if not more.pop("bare", False) else kept, root=root, **more))

        add("dss-leads-to-page", document({}, b"/DSS << /Type /DSS /Certs [] /X 3 0 R >>"))
        add("dss-leads-to-page-unsigned-key", document({}, b"/DSS << /Type /DSS /Certs [3 0 R] >>"))
        add("dss-array-is-contents", document(
            {3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 6 0 R /Annots [] >>",
             6: b"[4 0 R]"}, b"/DSS << /Type /DSS /Certs 6 0 R >>"))
        odd = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents %s /X " + b"[" * 60 + b"]" * 60 + b" >>"
        add("page-unreadable", document({3: odd % b"[4 0 R 5 0 R]"}, b"/DSS << /Type /DSS /Certs [4 0 R] >>"))
        add("page-unreadable-dangling", document({3: odd % b"[4 0 R 40 0 R]"}), objects={40: stream(FORGED)})
        # pyHanko writes the page anew when it signs, so what is packed is the array of its contents.
        clean = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents %s /Annots [] >>"
        coded = b"/Type /ObjStm /Filter /ASCIIHexDecode "
        add("contents-in-coded-stream", document({3: clean % b"6 0 R", 6: b"[4 0 R 5 0 R]"}, b"/DSS << /Type /DSS /Certs [4 0 R] >>",
                                                 objstm={9: [6]}, pack=coded), stream_table=True)
        add("contents-in-coded-stream-dangling", document({3: clean % b"6 0 R", 6: b"[4 0 R 40 0 R]"}, objstm={9: [6]}, pack=coded),
            objects={40: stream(FORGED)}, stream_table=True)
        # The object stream itself passes for evidence.
        head = b"6 0 "
        add("object-stream-is-evidence", document(
            {3: clean % b"6 0 R", 6: b"[4 0 R]", 7: stream(FORGED)}, b"/DSS << /Type /DSS /Certs [9 0 R] >>", objstm={9: [6]}),
            objects={9: stream(head + b"[7 0 R]", b"/Type /ObjStm /N 1 /First %d " % len(head))}, stream_table=True)
        # Hidden by the table, there in the stream beside it.
        signed = self.sign(document({3: clean % b"[4 0 R 40 0 R]"}))
        root = root_number(signed)
        start = len(signed) + (0 if signed.endswith(b"\n") else 1)
        forged = b"40 0 obj\n" + stream(FORGED) + b"\nendobj\n"
        hidden = b"41 0 obj\n" + stream(b"\1" + start.to_bytes(4, "big") + b"\0\0", b"/Type /XRef /W [1 4 2] /Index [40 1] /Size 42 ") + b"\nendobj\n"
        base = signed if signed.endswith(b"\n") else signed + b"\n"
        self.add("shadow-hybrid-free", signed, update(
            base + forged + hidden, {root: dss(signed)}, root=root, size=42, entries={40: b"0000000000 65535 f \n"},
            trailer=b"/XRefStm %d " % (start + len(forged))))

    # A time-stamp of the document closes them.
    def stamped(self):
        signed = self.sign(document({}))
        root = root_number(signed)
        look = stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] ")
        form = body(signed, root)
        fields = re.search(rb"/Fields \[(.*?)\]", form)
        annots = re.search(rb"/Annots (\[.*?\]|\d+ 0 R)", body(signed, 3))

        def over(field, name, more=None):
            base = signed
            objects = {60: field, 61: look, **(more or {})}
            objects[root] = form[:fields.end(1)] + b" 60 0 R" + form[fields.end(1):]
            show = b"62 0 R" if 62 in objects else b"60 0 R"
            old = body(base, 3)
            if annots.group(1).startswith(b"["):
                objects[3] = old.replace(annots.group(1), annots.group(1)[:-1] + b" " + show + b"]")
            else:
                number = int(annots.group(1).split()[0])
                objects[number] = body(base, number)[:-1] + b" " + show + b"]"
            self.add(name, signed, self.stamp(update(base, objects, root=root)))

        widget = b"/Type /Annot /Rect [0 0 300 300] /F 4 /P 3 0 R /AP << /N 61 0 R >>"
        over(b"<< /FT /Sig /T (K8) /Subtype /Widget %s >>" % widget, "unsigned-field-covers-stamped")
        over(b"<< /FT /Sig /T (K8) /Subtype /Stamp %s >>" % widget, "stamp-annotation-as-field-stamped")
        over(b"<< /FT /Sig /T (K8) /Kids [62 0 R] >>", "apart-widget-covers-stamped",
             {62: b"<< /Subtype /Widget /Parent 60 0 R %s >>" % widget})
        self.add("good-object-nothing-leads-to-stamped", signed, self.stamp(update(signed, {60: look}, root=root)))
        # A dictionary that is both an empty signature field and the page's list of pictures.
        prepared = document({
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /XObject 6 0 R >> /Contents [4 0 R 5 0 R] /Annots [] >>",
            5: stream(b"q /AP Do Q"),
            6: b"<< /FT /Sig /T (trong) /Rect [0 0 0 0] /AP 7 0 R >>",
            7: stream(b"q 0 0 1 rg 150 150 100 100 re f Q", b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] ")})
        signed2 = self.sign(prepared)
        root2 = root_number(signed2)
        self.add("shadow-field-is-resources-stamped", signed2, self.stamp(update(
            signed2, {6: b"<< /FT /Sig /T (trong) /Rect [0 0 0 0] /AP 61 0 R >>", 61: look}, root=root2)))
        # The same, where the picture itself is written anew.
        self.add("shadow-look-is-resources-stamped", signed2, self.stamp(update(signed2, {7: look}, root=root2)))
        prepared = document({
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents [4 0 R 5 0 R] /Annots [6 0 R] >>",
            6: b"<< /FT /Sig /T (trong) /Type /Annot /Subtype /Widget /Rect [0 0 300 300] /F 4 /P 3 0 R >>"})
        signed3 = self.sign(prepared)
        self.add("empty-field-shows-stamped", signed3, self.stamp(update(
            signed3, {6: body(signed3, 6)[:-2] + b" /AP << /N 61 0 R >> >>", 61: look}, root=root_number(signed3))))

    def write(self, folder):
        (folder / "roots.pem").write_bytes(b"".join(
            one.certificate.public_bytes(serialization.Encoding.PEM) for one in (self.root, self.time_root)))
        (folder / "before").mkdir(exist_ok=True)
        for name, data in self.cases.items():
            (folder / f"{name}.pdf").write_bytes(data)
            (folder / "before" / f"{name}.pdf").write_bytes(self.before[name])
        return sorted(folder / f"{name}.pdf" for name in self.cases)


def make(folder):
    attacks = Attacks()
    for kind in [attacks.generations, attacks.repairs, attacks.info, attacks.shadows, attacks.stamped]:
        kind()
    return attacks.write(folder)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    print(json.dumps([judge(folder, path) for path in make(folder)], ensure_ascii=False))
