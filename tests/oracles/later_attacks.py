"""later_attacks.py FOLDER: later revisions of files signed by hand: objects hidden where only a reader finds them that
searches the file, and what makes it search; tables and trailers read in two ways; fields that lean on an old signature;
what fields without size paint; what comes with filling in; remarks before the pointer; who else leads to the catalog; forms
and scripts that wake; codes nobody signed, into FOLDER,
with roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import re
import zlib

from attacks import FORGED, body, dss, stream, update
from by_hand import HEADER, Cases, Cert, cms, listed, objects_of, pdf, report, seal, signature, token
from signatures import new_rsa

OBJECT = b"4 0 obj\n" + stream(FORGED) + b"\nendobj\n"
FOUND = OBJECT + b"trailer\n<< /Size 50 /Root 1 0 R >>\n"
CUT = b"x\nendstream\nendobj\n" + FOUND
LOOK = stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] ")
EVERYWHERE = b"/Type /Annot /Subtype /Widget /Rect [0 0 300 300] /F 4 /P 3 0 R "
FLAT = b"/Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [150 150 150 150] "
COVER = EVERYWHERE + b"/AP << /N 61 0 R >> "
TREE = {
    90: b"<< /Type /Catalog /Pages 91 0 R >>", 91: b"<< /Type /Pages /Kids [92 0 R] /Count 1 >>", 93: stream(FORGED),
    92: b"<< /Type /Page /Parent 91 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 93 0 R >>"}
ID = b"/ID [<00> <00>] "
# What covers the page (50) stands behind what is a table to some reader that searches.
COVERED = {
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents [4 0 R 50 0 R] /Annots [6 0 R] >>", 4: stream(FORGED),
    45: stream(b"x endobj \nxref\n"), 50: stream(b"1 1 1 rg 0 0 300 300 re f")}
CERTIFIED = {
    "more": b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >>] ",
    "catalog": b"/Perms << /DocMDP 7 0 R >>", "fields": b"6 0 R 31 0 R"}


def with_table_stream(data, objects, number=70, generation=0, listing=True, w=(1, 4, 2), rows=(), index=None, behind=b"", size=71, root=b"1 0 R",
                      head=b"", coded=lambda raw: raw):
    """A revision whose table is a stream. listing: the table names itself; rows: further ones (number, type, field, field),
    of the bytes before the table; behind: follows the rows; head: further keys; coded: what is done to the data."""
    out, places = bytearray(data), {}
    for one, content in objects.items():
        places[one] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (one, content)
    at = len(out)
    rows = rows(bytes(out)) if callable(rows) else rows
    every = sorted([*((one, 1, place, 0) for one, place in places.items()), *([(number, 1, at, 0)] if listing else []), *rows])
    raw = coded(b"".join(value.to_bytes(width, "big") for row in every for value, width in zip(row[1:], w)) + behind)
    before = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    return bytes(out) + b"%d %d obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (number, generation, stream(
        raw, b"/Type /XRef /W [%d %d %d] /Index [%s] /Size %d /Root %s /Prev %d %s" % (
            *w, index or b" ".join(b"%d 1" % row[0] for row in every), size, root, before, head)), at)


def covering(data, field, look=LOOK, shown=60, objects={}):
    """A new field (60) over the page, with a look (61)."""
    return {60: b"<< /T (K8) %s >>" % field, 61: look, 1: listed(data, 1, b"Fields", 60), 3: listed(data, 3, b"Annots", shown), **objects}


PAGE_OF_TWO = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [6 0 R 31 0 R 35 0 R] >>"


class LaterAttacks(Cases):
    def __init__(self):
        super().__init__()
        self.good = pdf(self.sign)
        self.kept = dss(self.good, b"/Certs [40 0 R] ")
        self.add("good-evidence", "good", update(self.good, {1: self.kept, 40: stream(b"x")}))
        self.add("good-evidence-table-stream", "good", with_table_stream(self.good, {1: self.kept, 40: stream(b"x")}))

    def searching(self):
        """The page's contents, hidden in evidence from all but a reader that searches, and what makes it search."""
        hidden = {
            "in-stream": ({1: self.kept, 40: stream(b"\n" + FOUND)}, b""),
            "behind-stream": ({1: self.kept, 40: b"<< /Length 41 0 R >>\nstream\n%s\nendstream" % CUT, 41: b"%d" % len(CUT)}, b""),
            "in-text": ({1: dss(self.good, b"/X (\n%s) " % OBJECT)}, b""),
            "in-trailer": ({1: dss(self.good)}, b"/X (\n%s) " % FOUND)}

        def put(label, where="behind-stream", table=lambda table: table, more={}, trailer=b"", **how):
            """table: what is done to the table and what follows it."""
            objects, told = hidden[where]
            made = update(self.good, {**objects, **more}, trailer=told + trailer, **how)
            at = made.rindex(b"\nxref\n") + 1
            self.add(f"{where}-{label}", "bad", made[:at] + table(made[at:]))

        def replaced(label, old, new, where="behind-stream"):
            def change(table):
                assert old in table, label
                return new.join(table.rsplit(old, 1))
            put(label, where, change)
        for where in hidden:
            put("plain", where)
            put("size-2147483647", where, size=2**31 - 1)
            replaced("root-generation", b"/Root 1 0 R /P", b"/Root 1 1 R /P", where)
            put("startxref-nul", where, tail=lambda at: b"startxref\0%d\n%%%%EOF\n" % at)
            put("blank-tail", where, tail=lambda at: b"startxref\n%d\n%%%%EOF\n" % at + b"\n" * 1900)
        for size in (2**22 + 1, 2**23 + 1, 20_000_000, 2**31, 2**32 + 5, 2**40, 2**63 - 1):
            put(f"size-{size}", size=size)
        for label, tail in {
                "behind-1000": b"startxref\n%d\n%%%%EOF" + b"\n" * 1000, "behind-1100": b"startxref\n%d\n%%%%EOF" + b"\n" * 1100,
                "behind-nul": b"startxref\n%d\n%%%%EOF" + b"\0" * 1900, "before-eof": b"startxref\n%d" + b"\n" * 1900 + b"%%%%EOF\n",
                "between": b"startxref\n" + b" " * 1990 + b"%d\n%%%%EOF\n", "zeros": b"startxref\n%020d\n%%%%EOF\n", "tight": b"startxref\n%d%%%%EOF\n",
                "form-feed": b"startxref\x0c%d\n%%%%EOF\n", "tab": b"startxref\t%d\t%%%%EOF\t", "remark": b"%%iText-5.5.13.3\nstartxref\n%d\n%%%%EOF\n"}.items():
            put(f"tail-{label}", tail=lambda at, tail=tail: tail % at)
        for label, head in {
                "tab": b"xref\n1\t1\n", "lines": b"xref\n1\n1\n", "blank-line": b"xref\n1 1   \n  \n", "same-line": b"xref\n1 1 ", "nul": b"xref\n1 1\0",
                "form-feed": b"xref\n1\x0c1\x0c", "zeros": b"xref\n00001 00001\n", "word-tab": b"xref\t1 1\n", "word-nul": b"xref\0\0\n1 1\n"}.items():
            replaced(f"head-{label}", b"xref\n1 1\n", head)
        put("head-count-zeros", extra=[b"00000000000000000060 1\n0000000000 65535 f \n"])
        put("head-of-nothing", extra=[b"0 0\n8000000 0\n"])
        for label, word in {"tight": b"trailer", "lines": b"trailer" + b"\n" * 2000, "nul": b"trailer\0", "late": b"\n" * 1500 + b"trailer\n"}.items():
            replaced(f"trailer-{label}", b"trailer\n", word)
        for label, key in {
                "root": b"/Root#00 9 0 R ", "prev": b"/Prev#00 1 ", "size": b"/Size#00 1 ", "xrefstm": b"/XRefStm#00 1 ",
                "encrypt": b"/Encrypt#00 << >> "}.items():
            put(f"{label}-nul", trailer=key)
        for label, key in {
                "info-dangling": b"/Info 99 0 R ", "id-odd": b"/ID 7 ", "encrypt-null": b"/Encrypt null ",
                "deep": b"/X " + b"[" * 46 + b"]" * 46 + b" "}.items():
            put(label, trailer=key)
        replaced("root-plus", b"/Root 1 0 R /P", b"/Root +1 0 R /P")
        replaced("prev-plus", b"/Prev ", b"/Prev +")
        put("number-high", more={2**22 + 1: b"null"})
        for number, row in {0: b"0000000015 00000 f", 60: b"0000000000 00000 n", 61: b"9999999999 65535 f"}.items():
            put(f"row-{number}", entries={number: row + b" \n"})

    def containers(self):
        """A stream of objects of which no table names any: to a reader that searches, the page is among them; and a table that
        nobody goes by, which leads to another catalog."""
        page = body(self.good, 3).replace(b"/Contents 4 0 R", b"/Contents 42 0 R")
        hidden = {1: dss(self.good, b"/Certs [42 0 R] "), 42: stream(FORGED), 43: stream(b"3 0 " + page, b"/Type /ObjStm /N 1 /First 4 ")}
        made = update(self.good, hidden)
        at = made.rindex(b"\nxref\n")
        self.add("in-object-stream-plain", "bad", made)
        self.add("in-object-stream-table-stream", "bad", update(self.good, hidden, stream_table=True))
        for label, head in {"blank-line": b"\nxref\n1 1\n\n", "space": b"\nxref\n1 1\n ", "nul": b"\nxref\n1 1\n\0", "blanks": b"\nxref\n1 1" + b" " * 300 + b"\n"}.items():
            self.add(f"in-object-stream-head-{label}", "bad", made[:at] + made[at:].replace(b"\nxref\n1 1\n", head, 1))
        for label, kind in {"table": b"/Type /XRef /W [1 4 2] /Index [0 1] /Size 95 /Root 90 0 R ", "object-stream": b"/Type /ObjStm /N 0 /First 0 /Extends 90 0 R "}.items():
            self.add(f"other-catalog-by-{label}", "bad", update(self.good, {1: dss(self.good), 43: stream(b"", kind), **TREE}))

    def table_streams(self):
        """The same where the later table is a stream, and tables that are an object themselves."""
        objects = {1: self.kept, 40: b"<< /Length 41 0 R >>\nstream\n%s\nendstream" % CUT, 41: b"%d" % len(CUT)}

        def put(label, objects=objects, data=self.good, **how): self.add(f"table-stream-{label}", "bad", with_table_stream(data, objects, **how))
        put("plain")
        for number in (0, 3, 7, 2**22 + 5):
            put(f"number-{number}", number=number, listing=False, size=max(71, number + 1))
        put("generation", generation=1, listing=False)
        for w in ((5, 4, 2), (8, 8, 8), (2, 4, 2), (1, 7, 2), (1, 4, 5), (1, 4, 0)):
            put("w-%d-%d-%d" % w, w=w)
        for size in (2**23, 2**31, 2**40):
            put(f"size-{size}", size=size)
        for label, row in {"type-3": (60, 3, 0, 0), "type-4": (60, 4, 1, 0), "type-255": (60, 255, 9, 0), "in-nothing": (60, 2, 99, 0),
                           "offset-0": (60, 1, 0, 0), "number-0": (0, 1, 15, 0), "number-0-packed": (0, 2, 9, 0)}.items():
            put(label, rows=[row])
        put("more-data", behind=b"\3" * 63)
        put("index-of-nothing", index=b"8388607 0 1 1 40 1 41 1 70 1")
        for label, head in {
                "filter-short": b"/F /FlateDecode ", "parms-short": b"/DP << /Predictor 12 /Columns 5 >> ", "other-file": b"/FFilter /FlateDecode /F (x) "}.items():
            put(label, head=head)
        put("root-generation", root=b"1 5 R")
        put("columns-0", coded=lambda raw: zlib.compress(b"".join(b"\0" + bytes([one]) for one in raw)),
            head=b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 0 >> ")
        # Nothing is hidden: the table itself has the number of the page's contents, and draws behind its rows.
        for label, how in {"": {}, "-size": {"size": 2**31 - 1}, "-type-3": {"rows": [(60, 3, 0, 0)]}, "-root-generation": {"root": b"1 5 R"}}.items():
            put(f"is-contents{label}", {1: dss(self.good)}, number=4, listing=False, behind=b"\n" + FORGED, **how)
        # To pdf.js that is the last table: what covers the page is lost, for only an older one names it.
        older = update(HEADER, {50: COVERED[50]}, prev=None)
        first = seal(update(older, {**objects_of(), 3: COVERED[3], 4: COVERED[4], 7: signature()}), self.sign)
        put("ends-the-row", {1: dss(first)}, first, rows=[(0, 1, 0, 0)])
        twice = self.again(self.good)
        put("signed-twice", {**objects, 1: dss(twice, b"/Certs [40 0 R] ")}, twice, size=2**31)

    def replaced_and_put_back(self):
        """What came with the second signature: to the first all of it is new, and so is what takes its place for a revision."""
        shown, other = (stream(b"%s rg 0 0 50 20 re f" % ink, b"/Type /XObject /Subtype /Form /BBox [0 0 50 20] /Resources << >> ") for ink in (b"0 0 1", b"1 0 0"))
        field = b"/Type /Annot /Subtype /Widget /Rect [60 195 200 225] /F 132 /P 3 0 R /AP << /N 66 0 R >> "
        signed = self.again(self.good, {3: listed(self.good, 3, b"Annots", 40), 66: shown}, field, number=40)
        for label, expected, looks in [("good-second-look", "good", ()), ("second-look-put-back", "bad", (other, shown))]:
            data = signed
            for look in looks:
                data = update(data, {66: look})
            self.add(label, expected, update(data, {1: dss(data)}))

    def other_trees(self):
        """A trailer with a second catalog, under a name that ends for some readers where the first one's does."""
        for label, key in {"nul": b"/Root#00", "nul-more": b"/Root#00x", "nul-itself": b"/Root\0"}.items():
            made = update(self.good, {1: dss(self.good), **TREE}, trailer=key + b" 90 0 R ")
            self.add(f"root-{label}", "bad", made)
            at = made.rindex(b"/Root 1 0 R")
            self.add(f"root-{label}-first", "bad", made[:at] + key + b" 90 0 R " + made[at:])
        # The first trailer is a draft's; what is appended makes readers search, of which some go by that.
        for label, told in {"id-first": b"", "id-both": ID}.items():
            first = seal(update(update(HEADER, TREE, root=90, prev=None, trailer=ID), {**objects_of(), 7: signature()}, trailer=told), self.sign)
            self.add(f"root-of-draft-{label}", "bad", update(first, {1: dss(first)}, trailer=told, entries={0: b"0000000000 65535 n \n"}))
        self.add("dss-nul", "bad", update(self.good, {1: dss(self.good, b"/Certs#00 [60 0 R] ")}))

    def shifted(self):
        """Rows from 1 of which the first is free count from 0 to pdf.js, which searches then, as others do."""
        objects = objects_of()
        objects[20] = objects.pop(1)
        for label, draft in {"root": update(HEADER, TREE, root=90, prev=None, trailer=ID), "lost-cover": update(HEADER, {**objects, **COVERED}, root=20, prev=None)}.items():
            first = seal(update(draft, {**(objects if label == "root" else {}), 7: signature()}, root=20), self.sign)
            made = update(first, {2: objects[2], 3: body(first, 3), 20: dss(first)}, root=20, entries={1: b"0000000000 65535 f \n"})
            self.add(f"shifted-{label}", "bad", re.sub(rb"\n1 1\n(.*\n)2 1\n(.*\n)3 1\n", rb"\n1 3\n\1\2", made))

    def remarks(self):
        """What stands before the pointer as iText's remark does, and is more to some reader."""
        end = b"startxref\n%d\n%%%%EOF\n"
        for label, remark in {
                "obj": b"%4 0 obj\n", "object": b"%4 0 obj << >> endobj\n", "startxref": b"%startxref 12\n", "startxref-line": b"%x\nstartxref\n12\n", "trailer": b"%trailer\n",
                "trailer-whole": b"%trailer << /Root 9 0 R >>\n", "xref": b"%xref\n", "stream": b"%stream\n", "endstream": b"%endstream endobj\n", "text": b"%(x)\n", "text-open": b"%iText (\n",
                "eof": b"%%EOF\n", "header": b"%PDF-1.4\n", "two-signs": b"%%iText\n", "sign-inside": b"%iText %x\n", "sign-behind": b"%iText%\n", "word-before": b"x %iText\n",
                "dictionary": b"%<< >>\n", "nul": b"%iText\0\n", "cr-inside": b"%iText\r4 0 obj\n", "name": b"%/Root\n", "letters": "%iText Việt\n".encode(), "no-end": b"%iText ",
                "then-object": b"%iText\n4 0 obj\n" + stream(FORGED) + b"\nendobj\n", "then-text": b"%iText\n(\n", "number": b"12\n", "second-bad": b"%iText\n%4 0 obj\n"}.items():
            tail = lambda at: remark + end % at
            self.add(f"remark-{label}-again", "bad", self.again(self.good, tail=tail))
            self.add(f"remark-{label}-evidence", "bad", update(self.good, {1: dss(self.good)}, tail=tail))
        for label, tail in {"in-pointer": b"startxref\n%%iText\n%d\n%%%%EOF\n", "behind-word": b"startxref %%iText\n%d\n%%%%EOF\n", "behind-number": b"startxref\n%d %%iText\n%%%%EOF\n"}.items():
            self.add(f"remark-{label}-again", "bad", self.again(self.good, tail=lambda at: tail % at))
        made = update(self.good, {1: self.kept, 40: stream(b"x")})
        for label, remark in {"behind-trailer": b" %iText\n", "tight": b"%iText\n", "cr": b"\n%iText\r", "indented": b"\n  %iText\n"}.items():
            self.add(f"remark-{label}-evidence", "open", (b">>" + remark + b"startxref").join(made.rsplit(b">>\nstartxref", 1)))
        self.add("remark-before-trailer-evidence", "open", b"\n%iText\ntrailer".join(made.rsplit(b"\ntrailer", 1)))

    def catalog_named(self):
        """The catalog is what a signature looked at (/Data), as who certifies says; anything else that leads to it may be more."""
        text = b"<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 10 60 20] /F 4 /P 3 0 R %s>>"
        nothing = b"<< /Reference [<< /Type /SigRef /TransformMethod /DocMDP /Data 1 0 R >>] >>"
        for label, more, objects, catalog in [
                ("by-nobody", b"", {9: nothing}, b"/X 9 0 R"), ("by-the-catalog", b"", {}, b"/X << /Reference [<< /Data 1 0 R >>] >>"), ("by-the-page", b"", {3: b"page"}, b""),
                ("by-text", b"", {31: text % b"/V 9 0 R ", 9: nothing}, b""), ("of-the-signature", b"/Data 1 0 R ", {}, b""), ("of-the-program", b"/Prop_Build << /Data 1 0 R >> ", {}, b""),
                ("deeper", b"/Reference [<< /TransformMethod /DocMDP /TransformParams << /P 2 /Data 1 0 R >> >>] ", {}, b""),
                ("other-key", b"/Reference [<< /TransformMethod /DocMDP /DataX 1 0 R /TransformParams << /P 2 >> >>] ", {}, b""),
                ("in-array", b"/Reference [<< /TransformMethod /DocMDP /Data [<< /Kids [1 0 R] >>] /TransformParams << /P 2 >> >>] ", {}, b"")]:
            page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [6 0 R] /Reference [<< /Data 1 0 R >>] >>"
            first = pdf(self.sign, more=more, catalog=catalog, fields=b"6 0 R 31 0 R" if 31 in objects else b"6 0 R", objects={n: page if o == b"page" else o for n, o in objects.items()})
            self.add(f"data-{label}-again", "bad", self.again(first, number=33))
            self.add(f"data-{label}-evidence", "bad", update(first, {1: dss(first)}))

    def programs(self):
        """What programs append, meaning no harm, and is not decided here."""
        self.add("again-generation-1", "open", self.again(self.good, {60: b"<< /A 1 >>", 61: b"<< /A 1 >>"}, generations={60: 1, 61: 1}))
        more = pdf(self.sign, objects={90: b"null"})
        self.add("evidence-size-smaller", "open", update(more, {1: dss(more)}, size=2))
        text = b"<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 10 60 20] /F 4 /P 3 0 R >>"
        look = b"/Type /XObject /Subtype /Form /BBox [0 0 50 10] "
        shown = stream(b"q /FRM Do Q", look + b"/Resources << /XObject << /FRM 64 0 R >> >> ")
        # Another field's look, or what readers make one of, misses that name.
        drawn, shows = b"/AP << /N 32 0 R >> ", b"/DA (/Helv 9 Tf 0 g /FRM Do) "
        whole, bare = stream(b"/Tx BMC EMC", look + b"/Resources << >> "), stream(b"q /FRM Do Q", look)
        beside = b"<< /Type /Annot /Subtype /Widget /Rect [10 40 60 50] /F 4 /P 3 0 R %s>>"
        drawing = (b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 120 /LastChar 120 /Widths [1] "
                   b"/Encoding << /Differences [120 /x] >> /CharProcs << /x 36 0 R >> >>")
        for label, expected, own, more, fonts in [
                ("", "good", drawn, {32: whole}, b""), ("-missed-by-look", "bad", drawn, {32: bare}, b""), ("-missed-by-appearance", "bad", shows, {}, b""),
                ("-missed-beside", "bad", drawn, {32: whole, 35: beside % (b"/FT /Tx /T (b) /V (x) " + shows)}, b""),
                ("-missed-beside-drawn", "bad", drawn, {32: whole, 35: beside % (b"/FT /Tx /T (b) /V (x) " + drawn + shows)}, b""),
                ("-missed-by-font", "bad", drawn, {32: whole, 36: stream(b"1 0 d0 /FRM Do")}, b"/DR << /Font << /F %s >> >> " % drawing)]:
            more = {3: PAGE_OF_TWO if 35 in more else PAGE_OF_TWO.replace(b" 35 0 R", b""), **more}
            first = pdf(self.sign, objects={31: text.replace(b">>", own + b">>"), **more}, fields=b"6 0 R 31 0 R")
            first_form = body(first, 1)
            if fonts:
                first = pdf(self.sign, objects={1: first_form.replace(b"/SigFlags 3", b"/SigFlags 3 " + fonts), 31: text.replace(b">>", own + b">>"), **more}, fields=b"6 0 R 31 0 R")
            form = listed(first, 1, b"Fields", 33)
            named = b"/XObject << /FRM 64 0 R >> "
            form = form.replace(b"/DR << ", b"/DR << " + named) if fonts else form.replace(b"/SigFlags 3", b"/SigFlags 3 /DR << %s>>" % named)
            self.add(f"again-look-named-by-the-form{label}", expected, self.again(
                first, {1: form, 3: listed(first, 3, b"Annots", 33), 63: shown, 64: stream(FORGED if label else b"", look)}, number=33,
                field=b"/Type /Annot /Subtype /Widget /Rect [100 10 150 20] /F 132 /P 3 0 R /AP << /N 63 0 R >>"))

    def leaning(self):
        """A new field covers the page and says that an old signature is its own."""
        good = self.good
        for label, field in {
                "shares-value": b"/FT /Sig /V 7 0 R ", "parent-signed": b"/FT /Sig /Parent 6 0 R ", "parent-signed-no-kind": b"/Parent 6 0 R ",
                "value-of-nobody": b"/Parent 6 0 R /V << /X 1 >> ", "value-text": b"/FT /Sig /V (x) ",
                "value-empty": b"/FT /Sig /V << >> ", "unsigned": b"/FT /Sig "}.items():
            objects = covering(good, field + COVER)
            self.add(f"{label}-covers-stamped", "bad", self.stamp(good, objects))
            self.add(f"{label}-covers-evidence", "bad", update(good, {**objects, 1: dss(update(good, objects))}))
        kid = {62: b"<< /Parent 6 0 R %s >>" % COVER}
        self.add("kid-of-two-covers-stamped", "bad", self.stamp(good, covering(good, b"/FT /Sig /Kids [62 0 R] ", shown=62, objects=kid)))
        empty = b"<< /FT /Sig /T (K2) %s >>"
        first = pdf(self.sign, objects={31: empty % EVERYWHERE}, fields=b"6 0 R 31 0 R")
        self.add("empty-field-shares-value-stamped", "bad", self.stamp(first, {31: empty % (COVER + b"/V 7 0 R "), 61: LOOK}))
        # The time-stamp's own field.
        for label, field, kid in [
                ("itself", COVER, None), ("kid", b"/Kids [62 0 R] ", b"/Parent 80 0 R "), ("kid-of-signature", b"/Kids [62 0 R] ", b"/Parent 6 0 R "),
                ("kid-of-nobody", b"/Kids [62 0 R] ", b"/FT /Sig "), ("kid-with-value", b"/Kids [62 0 R] ", b"/Parent 80 0 R /V 83 0 R ")]:
            objects = {61: LOOK, 3: listed(good, 3, b"Annots", 62 if kid else 80), **({62: b"<< %s >>" % (kid + COVER), 83: b"<< /SubFilter /x >>"} if kid else {})}
            self.add(f"stamp-covers-{label}", "bad", self.stamp(good, objects, field=field))

    def sizes(self):
        """A field without a size shows nothing, whatever its look; one that does not say its size may."""
        base = b"/FT /Sig /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /AP << /N 61 0 R >> "

        def form(box, matrix=b""): return stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [%s] %s " % (box, matrix))
        for label, rect, expected in [
                ("width-0", b"/Rect [0 0 0 300] ", "open"), ("height-0", b"/Rect [0 0 300 0] ", "open"), ("point", b"/Rect [150 150 150 150] ", "open"),
                ("tiny", b"/Rect [0 0 0.0001 0] ", "open"), ("swapped", b"/Rect [300 300 300 0] ", "open"), ("none", b"", "bad"), ("empty", b"/Rect [] ", "bad")]:
            for kind, look in {"": LOOK, "-box-point": form(b"0 0 0 0"), "-matrix": form(b"0 0 300 300", b"/Matrix [0 0 0 0 0 0]")}.items():
                self.add(f"size-{label}{kind}-stamped", expected, self.stamp(self.good, covering(self.good, base + rect, look)))
        # Points only in numbers that some readers do not have; and two keys that are one to PDFium, to which 80 and ff are white space.
        for label, rect in {
                "beyond-32-bits": b"4294967596 4294967596 4294967596.0 4294967596.0", "beyond-wraps": b"%d %d %d %d" % (2**62, 2**62, 2**62 + 300, 2**62 + 300), "beyond-one-side": b"0 %d 300 %d" % (2**62, 2**62 + 300),
                "twice-raw-80": b"0 0 0 0] /Rect\x80 [0 0 300 300", "twice-raw-ff": b"0 0 0 0] /Rect\xff [0 0 300 300", "twice-raw-tight": b"0 0 0 0] /Rect\xff[0 0 300 300"}.items():
            self.add(f"size-{label}-stamped", "bad", self.stamp(self.good, covering(self.good, base + b"/Rect [%s] " % rect)))
            self.add(f"size-{label}-of-the-stamp", "bad", self.stamp(
                self.good, {61: LOOK, 3: listed(self.good, 3, b"Annots", 80)}, field=base.replace(b"/FT /Sig ", b"") + b"/Rect [%s] " % rect))
        for kind, look in {"none": b"", "null": b"/BBox null", "number": b"/BBox 5", "text": b"/BBox (x)"}.items():
            self.add(f"size-point-box-{kind}-stamped", "bad", self.stamp(self.good, covering(
                self.good, base + b"/Rect [150 150 150 150] ", stream(FORGED, b"/Type /XObject /Subtype /Form %s " % look))))
        border = b"/Rect [150 150 150 150] /MK << /BC [1 0 0] /BG [1 0 0] >> /BS << /W 300 >> /Border [0 0 300] "
        self.add("size-point-border-stamped", "open", self.stamp(self.good, covering(self.good, base + border)))
        self.add("size-point-no-kind-stamped", "open", self.stamp(self.good, covering(self.good, b"/FT /Sig /Type /Annot /F 4 /Rect [0 0 0 0] ")))

    def uncovered(self):
        """An empty field has no size, but a look that some reader shows over the page where it has no box: until a time-stamp fills it."""
        field = b"<< /FT /Sig /T (K9) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [0 0 0 0] %s>>"

        def put(label, expected, look, before=b"/AP << /N 61 0 R >> ", after=b"/AP << /N 61 0 R >> ", later=()):
            page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [6 0 R 31 0 R] >>"
            first = pdf(self.sign, objects={3: page, 31: field % before, 61: look}, fields=b"6 0 R 31 0 R")
            value = signature(sub="ETSI.RFC3161", kind=b"/DocTimeStamp", date=b"")
            self.add(label, expected, seal(update(first, {31: field % (after + b"/V 62 0 R "), **dict(later), 62: value}),
                                           lambda covered: token(covered, self.tsa, (self.time_root,))))
        put("good-stamped-in-empty-field", "good", LOOK, b"", b"")
        for kind, box in {"none": b"", "null": b"/BBox null"}.items():
            shown, nothing = (stream(content, b"/Type /XObject /Subtype /Form /Resources << >> %s " % box) for content in (b"1 0 0 rg 20 100 260 60 re f", b""))
            put(f"uncovered-box-{kind}-look-gone", "bad", shown, after=b"")
            put(f"uncovered-box-{kind}-look-emptied", "bad", shown, later={61: nothing})
            put(f"uncovered-box-{kind}-look-other", "bad", shown, after=b"/AP << /N 63 0 R >> ", later={63: nothing})
        for key in (b"BG", b"BC"):
            colour = b"/MK << /%s [0 0 0] >> " % key
            put(f"uncovered-{key.decode()}-gone", "bad", LOOK, colour, b"")
            put(f"uncovered-{key.decode()}-came", "bad", LOOK, b"", colour)

    def painted(self):
        """What fields without size paint: Ghostscript a dot for a picture or a colour, so that many are a figure, or a line; MuPDF has
        room of its own for who names none."""
        first = pdf(self.sign, objects={4: stream(b"BT /F 20 Tf 60 200 Td (PAY 000 VND) Tj ET"), 3: objects_of()[3].replace(
            b"<< >>", b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>")})
        nine = [" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "]
        dots = [(100 + x, 215 - y) for y in range(14) for x in range(10) if nine[y // 2][x // 2] == "#"]
        black = b"/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceGray 32 <%s>] " % (b"00" * 33)
        kinds = {"image": b"/Subtype /Image " + black, "ps": b"/Subtype /PS ", "other": b"/Subtype /Foo ", "number": b"/Subtype 3 ", "none": b""}

        def put(label, expected, field, places=(None,), look=None):
            fields = {100 + n: b"<< /FT /Sig /T (D%d) %s%s>>" % (n, FLAT if at is None else FLAT.replace(b"150 150 150 150", b"%d %d %d %d" % (at * 2)), field)
                      for n, at in enumerate(places)}
            self.add(label, expected, self.stamp(first, {
                **fields, **({61: look} if look else {}), 1: listed(first, 1, b"Fields", *fields), 3: listed(first, 3, b"Annots", *fields)}, number=5000))
        put("good-flat-stamped", "good", b"")
        put("dots-of-pictures-stamped", "bad", b"/AP << /N 61 0 R >> ", dots, stream(b" ", b"/Type /XObject " + kinds["image"]))
        put("dots-of-colours-stamped", "bad", b"/MK << /BG [0 0 0] >> ", dots)
        for label, kind in kinds.items():
            put(f"dot-of-{label}-stamped", "bad", b"/AP << /N 61 0 R >> ", look=stream(b" ", b"/Type /XObject " + kind))
        line = FLAT.replace(b"150 150 150 150", b"60 207 200 207")
        for label, colours in {"paper": b"/BG [0 0 0]", "border": b"/BC [0 0 0]", "both": b"/BG [0 0 0] /BC [0 0 0]"}.items():
            self.add(f"line-of-{label}-stamped", "bad", self.stamp(first, covering(first, b"/FT /Sig %s/MK << %s >> " % (line, colours))))
        bare = FLAT.replace(b"/Rect [150 150 150 150] ", b"")
        self.add("no-rect-no-look-stamped", "bad", self.stamp(first, covering(first, b"/FT /Sig " + bare)))
        self.add("no-rect-no-look-of-the-stamp", "bad", self.stamp(first, {3: listed(first, 3, b"Annots", 80)}, field=bare))

    def kids(self):
        """A field without a look gets a kid, and is no widget any more to poppler: what it covered shows."""
        field = (b"<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 90 290 170] /F 4 /P 3 0 R /MK << /BG [1 1 1] >> /DA (/Helv 30 Tf 0 g) /V (Lan) "
                 b"/Kids 32 0 R >>")
        first = pdf(self.sign, objects={4: stream(b"1 0 0 rg 20 100 260 60 re f"), 31: field, 32: b"[]"}, fields=b"6 0 R 31 0 R")
        self.add("good-field-beside-kids-stamped", "good", self.stamp(first))
        signatures = pdf(self.sign, objects={4: stream(b"1 0 0 rg 20 100 260 60 re f"), 31: field.replace(b"/FT /Tx", b"/FT /Sig").replace(b"/V (Lan) ", b""), 32: b"[]"}, fields=b"6 0 R 31 0 R")
        for kind, first in {"": first, "-of-signatures": signatures}.items():
            for label, above in {"": b"", "-with-parent": b"/Parent 31 0 R "}.items():
                for how, sub, sign in [("stamped", "ETSI.RFC3161", lambda covered: token(covered, self.tsa, (self.time_root,))), ("signed", "ETSI.CAdES.detached", self.sign)]:
                    value = signature(sub=sub, kind=b"/DocTimeStamp", date=b"") if how == "stamped" else signature()
                    kid = b"<< /FT /Sig /T (K5) %s/Rect [0 0 0 0] /Type /Annot /Subtype /Widget /V 81 0 R >>" % above
                    self.add(f"kid-hides-field{kind}{label}-{how}", "bad", seal(update(first, {32: b"[80 0 R]", 80: kid, 81: value}), sign))

    def wakes(self):
        """Something signed that sleeps: a form of its own (XFA), which is shown instead of the pages where the form has nothing but
        signatures without size; a script that asks who wrote last, or how long the file is."""
        form = b"<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /Fields [6 0 R] %s /XFA 20 0 R >> >>"
        packet = stream(b"<?xml version='1.0'?><xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template xmlns='http://www.xfa.org/schema/xfa-template/3.3/'>"
                        b"<subform name='f' layout='tb' locale='en_US'><pageSet><pageArea name='P' id='P'><contentArea x='9pt' y='9pt' w='280pt' h='280pt'/>"
                        b"<medium stock='custom' short='300pt' long='300pt'/></pageArea></pageSet><subform w='280pt' h='200pt'><draw name='t' x='9pt' y='9pt' "
                        b"w='250pt' h='70pt'><value><text>PAY 900000</text></value><font typeface='Helvetica' size='24pt'/></draw></subform></subform></template>"
                        b"<xfa:datasets xmlns:xfa='http://www.xfa.org/schema/xfa-data/1.0/'><xfa:data/></xfa:datasets></xdp:xdp>")
        for label, before, after in [("wakes", b"", b"/SigFlags 3"), ("wakes-from-0", b"/SigFlags 0", b"/SigFlags 1"), ("sleeps", b"/SigFlags 3", b"/SigFlags 0"),
                                     ("stays", b"/SigFlags 3", b"/SigFlags 3")]:
            first = pdf(self.sign, objects={1: form % before, 20: packet})
            self.add(f"xfa-{label}", "bad", update(first, {1: (form % after)[:-2] + b"/DSS << /Type /DSS /Certs [] >> >>"}))
        self.add("xfa-sleeps-by-field-stamped", "bad", self.stamp(first, field=b"/Rect [5 5 5 5]"))
        self.add("xfa-signed-alone", "open", first)
        helv = b"/DR << /Font << /Helv << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> "
        look = stream(b"/Tx BMC BT /Helv 30 Tf 0 g 5 25 Td (100) Tj ET EMC", b"/Type /XObject /Subtype /Form /BBox [0 0 280 80] /Resources << %s>> " % helv[6:-3])
        field = b"<< /FT /Tx /T (ten) /Ff 1 /Type /Annot /Subtype /Widget /Rect [10 90 290 170] /F 4 /P 3 0 R /V (100) /DA (/Helv 30 Tf 0 g) /AP << /N 32 0 R >> >>"

        def scripted(asked):
            script = b"<< /S /JavaScript /JS (if \\(this.%s\\) this.getField\\('ten'\\).value = '900000';) >>" % asked
            objects = objects_of(b"6 0 R 31 0 R", b"/OpenAction 12 0 R")
            objects[1] = objects[1].replace(b"/SigFlags 3", b"/SigFlags 3 %s/DA (/Helv 12 Tf 0 g)" % helv)
            return seal(update(HEADER, {**objects, 8: b"<< /Producer (honest) >>", 12: script, 31: field, 32: look, 7: signature()}, prev=None, trailer=b"/Info 8 0 R "), self.sign)
        first = scripted(b"info.Producer == 'x'")
        self.add("script-signed-alone", "open", first)
        for label, expected, producer in [("", "bad", b"x"), ("-other", "open", b"y")]:
            self.add(f"script-asks-for-producer{label}", expected, update(first, {1: dss(first), 8: b"<< /Producer (%s) >>" % producer}))
        self.add("script-asks-for-producer-stamped", "bad", self.stamp(first, {8: b"<< /Producer (x) >>"}))
        first = scripted(b"filesize > 30000")
        self.add("script-asks-for-length", "bad", update(first, {1: dss(first, b"/Certs [40 0 R] "), 40: stream(b"x" * 20_000)}))

    def others_sign(self):
        """Who signs over the page answers for it."""
        stranger = Cert("La", new_rsa(), self.stranger)

        def covered(sign):
            return seal(update(self.good, {**covering(self.good, b"/FT /Sig /V 62 0 R " + COVER), 62: signature()}), sign)
        strange = covered(lambda data: cms(data, stranger, (self.stranger,)))
        self.add("second-covers", "open", covered(self.sign))
        self.add("stranger-covers", "bad", strange)
        self.add("stranger-covers-stamped", "bad", self.stamp(strange))

    def filling(self):
        """A certified form (P 2) lets its fields be filled in: nothing else comes with it."""
        text = b"<< /FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [10 10 60 20] /F 4 /P 3 0 R /DA (/Helv 8 Tf 0 g) %s >>"
        first = pdf(self.sign, objects={31: text % b""}, **CERTIFIED)
        filled = {31: text % b"/V (x) /AP << /N 63 0 R >>", 63: stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 50 10] ")}
        self.add("good-filled", "good", update(first, filled))
        for label, field in {"shares-value": b"/FT /Sig /V 7 0 R ", "parent-signed": b"/FT /Sig /Parent 6 0 R "}.items():
            self.add(f"filled-and-{label}", "bad", update(first, {**filled, **covering(first, field + COVER)}))
        xmp = {1: body(first, 1)[:-2] + b"/Metadata 64 0 R >>", 64: stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type /Metadata /Subtype /XML ")}
        self.add("filled-and-metadata", "bad", update(first, {**filled, **xmp}))
        self.add("filled-and-retitled", "bad", update(first, {**filled, 64: b"<< /Title (Khac) >>"}, trailer=b"/Info 64 0 R "))
        self.add("filled-and-empty-field", "bad", update(first, {
            **filled, 60: b"<< /FT /Sig /T (K9) /Rect [0 0 0 0] >>", 1: listed(first, 1, b"Fields", 60)}))
        self.add("filled-not-in-perms", "open", update(pdf(self.sign, objects={31: text % b""}, **{**CERTIFIED, "catalog": b""}), filled))

        def looks(label, expected, field, before=b"", after=b"/AP << /N 61 0 R >>"):
            nothing = stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] ")
            old = pdf(self.sign, objects={31: b"<< /T (ten) %s %s >>" % (field, before), 32: nothing}, **CERTIFIED)
            self.add(f"look-of-{label}", expected, update(old, {31: b"<< /T (ten) %s %s >>" % (field, after), 61: LOOK}))
        looks("text", "bad", b"/FT /Tx " + EVERYWHERE, after=b"/V (x) /AP << /N 61 0 R >>")
        looks("read-only", "bad", b"/FT /Tx /Ff 1 " + EVERYWHERE)
        looks("push-button", "bad", b"/FT /Btn /Ff 65536 " + EVERYWHERE)
        looks("unknown-kind", "bad", b"/FT /Foo " + EVERYWHERE)
        for kind in (b"Stamp", b"FreeText", b"Square", b"Link"):
            looks(kind.decode(), "bad", b"/FT /Tx /Contents (x) /DA (/Helv 30 Tf 0 g) " + EVERYWHERE.replace(b"Widget", kind), b"/AP << /N 32 0 R >>")
        form = b"<< /Type /Catalog /Pages 2 0 R /Perms << /DocMDP 7 0 R >> /AcroForm << /Fields [6 0 R 31 0 R] /NeedAppearances true /DA (/Helv 8 Tf 0 g) >> >>"
        old = pdf(self.sign, objects={1: form, 31: b"<< /FT /Tx /T (ten) /V (100) %s >>" % EVERYWHERE}, **CERTIFIED)
        self.add("look-of-all-fields", "bad", update(old, {1: form.replace(b"8 Tf 0 g", b"80 Tf 1 g")}))

    def codes(self):
        """Metadata with another code, under a time-stamp: the code told is the one a person signed."""
        def xmp(code):
            return stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
                          b"xmlns:dc='http://purl.org/dc/elements/1.1/' dc:identifier='%s'/></rdf:RDF></x:xmpmeta>" % code, b"/Type /Metadata /Subtype /XML ")
        first = pdf(self.sign, objects={9: xmp(b"SIGNED")}, catalog=b"/Metadata 9 0 R")
        self.add("good-code", "good", first)
        self.add("code-changed-stamped", "open", self.stamp(first, {9: xmp(b"FORGED")}))
        self.add("code-new-stamped", "open", self.stamp(self.good, {9: xmp(b"FORGED"), 1: body(self.good, 1)[:-2] + b"/Metadata 9 0 R >>"}))

    def blends(self):
        """What a later revision may bring paints nothing, but blends: Ghostscript and MuPDF then show the whole page in its group's colours."""
        grey = objects_of()[3].replace(b"/Contents", b"/Group << /CS /DeviceGray >> /Contents")
        told = stream(b"0 .57 0 rg 20 100 250 60 re f BT /F 30 Tf 30 120 Td 1 0 0 rg (1000 000) Tj ET")
        first = pdf(self.sign, objects={3: grey.replace(b"/Resources << >>", b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"), 4: told})
        unseen = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >> "
        for label, widget, look in [
                ("state", b"/AP << /N 90 0 R >>", unseen % b"/ExtGState << /G << /BM /Multiply >> >>"), ("form", b"/AP << /N 90 0 R >>", unseen % b"/XObject << /X 91 0 R >>"),
                ("group", b"/AP << /N 90 0 R >>", unseen % b"" + b"/Group << /S /Transparency /CS /DeviceRGB >> "), ("opacity", b"/CA .5 /ca .5", b""),
                ("file", b"/AF [92 0 R]", b"")]:
            objects = {3: listed(first, 3, b"Annots", 80), 90: stream(b"", look), 91: stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Group << /S /Transparency >> "),
                       92: b"<< /Type /Filespec /F (a.txt) /EF << /F 93 0 R >> >>", 93: stream(b"x", b"/Type /EmbeddedFile ")}
            self.add(f"blends-{label}-stamped", "bad", self.stamp(first, objects, field=FLAT + widget))

    def metadata(self):
        """Metadata that say the same to some readers only, behind a signature with evidence."""
        spaces = b"xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:pdf='http://ns.adobe.com/pdf/1.3/' xmlns:o='urn:o'"

        def xmp(inner, spaces=spaces, declared=b""):
            return stream(declared + b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' %s>%s"
                          b"</rdf:Description></rdf:RDF></x:xmpmeta>" % (spaces, inner), b"/Type /Metadata /Subtype /XML ")
        code, title = b"<dc:identifier>A-1</dc:identifier>", b"<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>%s</rdf:li></rdf:Alt></dc:title>"
        said = code + title % b"A"
        elsewhere = b"xmlns:o='http://purl.org/dc/elements/1.1/' xmlns:dc='urn:o'"
        for label, expected, before, after in [
                ("same", "good", xmp(said), xmp(said + b"<pdf:Producer>x</pdf:Producer>")), ("code-beside", "bad", xmp(said), xmp(said + b"<dc:identifier><pdf:Producer>B</pdf:Producer></dc:identifier>")),
                ("code-empty", "bad", xmp(said), xmp(said + b"<dc:identifier/>")), ("code-mixed", "bad", xmp(said), xmp(title % b"A" + b"<dc:identifier>A<pdf:Producer>9</pdf:Producer>-1</dc:identifier>")),
                ("titles-swapped", "bad", xmp(code + title % b"A" + title % b"B"), xmp(code + title % b"B" + title % b"A")),
                ("prefixes", "bad", xmp(said), xmp(said.replace(b"dc:", b"o:"), elsewhere)), ("encoding", "bad", xmp(said), xmp(said, declared=b"<?xml version='1.0' encoding='ISO-8859-1'?>"))]:
            first = pdf(self.sign, objects={9: before}, catalog=b"/Metadata 9 0 R")
            self.add(f"metadata-{label}", expected, update(first, {1: dss(first), 9: after}))

    def catalogs(self):
        for label, expected, key in [("version", "open", b"/Version /2.0"), ("version-older", "open", b"/Version /1.0"),
                                     ("needs-rendering", "bad", b"/NeedsRendering true"), ("collection", "bad", b"/Collection << >>")]:
            self.add(f"catalog-{label}-stamped", expected, self.stamp(self.good, {1: body(self.good, 1)[:-2] + key + b" >>"}))


if __name__ == "__main__":
    attacks = LaterAttacks()
    for kind in [attacks.searching, attacks.containers, attacks.table_streams, attacks.replaced_and_put_back, attacks.other_trees, attacks.shifted, attacks.remarks, attacks.catalog_named,
                 attacks.programs, attacks.leaning, attacks.sizes, attacks.uncovered, attacks.painted,
                 attacks.kids, attacks.wakes, attacks.others_sign, attacks.filling, attacks.codes, attacks.blends, attacks.metadata, attacks.catalogs]:
        kind()
    report(attacks)
