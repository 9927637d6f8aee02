"""form_attacks.py FOLDER: forms filled in after they were signed, honestly and so that the page looks otherwise than it did:
values replaced, what was shown covered or uncovered, fonts that are pictures, looks that readers make from the form or from
the text, or do not draw; what the signer locked;
by a signature that approves and by one that certifies (P 2), into FOLDER, with roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import re
import zlib

from attacks import FORGED, body, stream, update
from by_hand import Cases, pdf, report, seal, signature
from later_attacks import CERTIFIED

HELV = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
# As Acrobat writes it into a form.
PDFDOC = (b"<< /Type /Encoding /Differences [24 /breve /caron /circumflex /dotaccent /hungarumlaut /ogonek /ring /tilde 39 /quotesingle 96 /grave 128 /bullet "
          b"/dagger /daggerdbl /ellipsis /emdash /endash /florin /fraction /guilsinglleft /guilsinglright /minus /perthousand /quotedblbase /quotedblleft "
          b"/quotedblright /quoteleft /quoteright /quotesinglbase /trademark /fi /fl /Lslash /OE /Scaron /Ydieresis /Zcaron /dotlessi /lslash /oe /scaron "
          b"/zcaron 160 /Euro 164 /currency 166 /brokenbar 168 /dieresis /copyright /ordfeminine 172 /logicalnot /.notdef /registered /macron /degree "
          b"/plusminus /twosuperior /threesuperior /acute /mu 183 /periodcentered /cedilla /onesuperior /ordmasculine 188 /onequarter /onehalf "
          b"/threequarters 192 /Agrave /Aacute /Acircumflex /Atilde /Adieresis /Aring /AE /Ccedilla] >>")
DESCRIPTOR = (b"<< /Type /FontDescriptor /FontName /ArialMT /Flags 32 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 "
              b"/StemV 80 %s>>")
DINGBATS = b"<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>"
DRAWN = (b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 120 /LastChar 120 /Widths [1] "
         b"/Encoding << /Differences [120 /x] >> /CharProcs << /x 64 0 R >> >>")
TEXT = b"/FT /Tx /T (ten) /Type /Annot /Subtype /Widget /Rect [100 100 200 120] /F 4 /P 3 0 R "
BOX = b"/FT /Btn /T (chon) /Type /Annot /Subtype /Widget /Rect [100 100 112 112] /F 4 /P 3 0 R "
DA = b"/DA (/Helv 9 Tf 0 g) "
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [6 0 R 35 0 R] >>"
WHITE = b"1 g 0 0 100 20 re f "
WRITTEN = b"/Tx BMC q 1 1 98 18 re W n BT /Helv 9 Tf 0 g 2 6 Td (Lan) Tj ET Q EMC"
MARK = b"q BT /ZaDb 10 Tf 0 g 1 2 Td (4) Tj ET Q"


def look(content, fonts=b"/Helv 33 0 R /ZaDb 33 0 R", more=b"", box=b"0 0 100 20"):
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [%s] /Resources << /Font << %s >> >> %s " % (box, fonts, more))


def packed(rows, columns, predictor=15):
    """A look of rows that a predictor undoes."""
    return look(zlib.compress(rows), more=b"/Filter /FlateDecode /DecodeParms << /Predictor %d /Columns %d >> " % (predictor, columns))


def font(base=b"Helvetica", kind=b"Type1", encoding=b"/Encoding /WinAnsiEncoding ", more=b""):
    return b"<< /Type /Font /Subtype /%s /BaseFont /%s %s%s>>" % (kind, base, encoding, more)


def named(cases, first, name):
    """Signed again, in a new invisible field of that name, which comes first."""
    objects = {1: body(first, 1).replace(b"/Fields [", b"/Fields [37 0 R "), 37: b"<< /FT /Sig /T %s /V 62 0 R >>" % name, 62: signature()}
    return seal(update(first, objects), cases.sign)


class FormAttacks(Cases):
    """Of a document with a field (31), looks (32, 35, 36), a font (33); later ones have further numbers (60 on)."""

    def put(self, label, expected, before, after, field=TEXT, objects={}, form=b"", later={}, then=None, **how):
        """before, after: further keys of the field; later: objects of the revision that fills it in."""
        for kind in ("", "-certified"):
            self.once(label, expected, before, after, field, objects, form, later, then, kind, **how)

    def once(self, label, expected, before, after, field=TEXT, objects={}, form=b"", later={}, then=None, kind="", by=CERTIFIED, **how):
        """The same, by a signature that approves alone, or by one that certifies."""
        fonts = b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) "
        certified = by if kind else {"fields": b"6 0 R 31 0 R"}
        first = pdf(self.sign, objects={
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 31 0 R] /SigFlags 3 %s >> %s >>" % (form or fonts, certified.get("catalog", b"")),
            4: stream(b"q 0 0 9 9 re f Q"), 31: b"<< %s%s >>" % (field, before), 33: HELV, **objects}, **certified)
        self.add(label + kind, expected, (then or update)(first, {31: b"<< %s%s >>" % (field, after), **later}, **how))

    def honest(self):
        put = lambda label, *what, **how: self.put(label, "good", *what, **how)
        shown = {60: look(WRITTEN)}
        put("value-utf16", DA, DA + b"/V <feff004c0061006e> /AP << /N 60 0 R >> ", later=shown)
        put("value-and-look", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown)
        put("value-was-empty", DA + b"/V () ", DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown)
        put("look-was-empty", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(b"/Tx BMC EMC")}, later=shown)
        put("look-rewritten", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 32 0 R >> ", objects={32: look(b"/Tx BMC EMC")}, later={32: look(WRITTEN)})
        put("look-keeps-paper", b"/MK << /BG [1] >> /AP << /N 32 0 R >> ", b"/MK << /BG [1] >> /V (Lan) /AP << /N 60 0 R >> ",
            objects={32: look(WHITE)}, later={60: look(WHITE + WRITTEN)})
        put("look-with-border", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(b"q 0 0 0 RG 1 w .5 .5 99 19 re S Q " + WRITTEN)})
        put("blue-ink", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN.replace(b"0 g", b"0 0 .6 rg"))})
        padded = WRITTEN.ljust(-(-len(WRITTEN) // 16) * 16)
        rows = [bytes(16), *(padded[at:at + 16] for at in range(0, len(padded), 16))]
        put("look-in-whole-rows", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: packed(b"".join(
            b"\2" + bytes((new - old) % 256 for old, new in zip(*pair)) for pair in zip(rows, rows[1:])), 16)})
        put("two-lines", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(
            b"/Tx BMC q 1 1 98 18 re W n BT /Helv 8 Tf 0 g 2 11 Td (Nguyen Thi Lan, 12 Hang Bac,) Tj 0 -9 Td (Hoan Kiem, Ha Noi) Tj ET Q EMC")})
        put("remark-of-program", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown, between=b"% Written by MuPDF 1.28.5\n\n")
        put("chosen", b"/Opt [(a) (b)] ", b"/Opt [(a) (b)] /V (b) /I [1] /AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072"), later={60: look(WRITTEN)})
        states = b"/AP << /N << /Yes 35 0 R >> /D << /Yes 36 0 R >> >> "
        looks = {35: look(MARK), 36: look(b"")}
        put("ticked", states + b"/AS /Off /V /Off ", states + b"/AS /Yes /V /Yes ", field=BOX, objects=looks)
        two = b"/AP << /N << /Yes 35 0 R /Off 36 0 R >> >> "
        put("ticked-no-state", two, two + b"/AS /Yes /V /Yes ", field=BOX, objects=looks)
        put("font-of-the-form", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={**shown, 61: HELV}, then=lambda first, objects: update(first, {
            **objects, 1: body(first, 1).replace(b"/Helv 33 0 R", b"/Helv 33 0 R /F7 61 0 R")}))
        for label, letters in {
                "winansi": {63: font()}, "as-acrobat": {63: font(encoding=b"/Encoding 64 0 R ", more=b"/Name /Helv "), 64: PDFDOC}, "courier": {63: font(b"Courier")},
                "times-bold": {63: font(b"Times-Bold", encoding=b"")},
                "arial": {63: font(b"ArialMT", b"TrueType", more=b"/FirstChar 76 /LastChar 76 /Widths [556] /FontDescriptor 65 0 R "), 65: DESCRIPTOR % b""}}.items():
            put(f"font-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN, b"/Helv 63 0 R"), **letters})
        put("font-as-acrobat-in-form", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects={33: font(encoding=b"/Encoding 34 0 R ", more=b"/Name /Helv "), 34: PDFDOC}, later=shown)
        ticks = {34: DINGBATS, 35: look(MARK, b"/ZaDb 34 0 R", box=b"0 0 12 12"), 36: look(b"q Q", b"", box=b"0 0 12 12"), 38: b"<< /Yes 35 0 R /Off 36 0 R >>"}
        form = b"/DR << /Font << /Helv 33 0 R /ZaDb 34 0 R >> >> /DA (/Helv 9 Tf 0 g) "
        for label, states in {"": b"<< /Yes 35 0 R /Off 36 0 R >>", "-apart": b"38 0 R"}.items():
            box = b"/MK << /CA (4) >> /DA (/ZaDb 0 Tf 0 g) /AP << /N %s >> " % states
            put(f"ticked-dingbats{label}", box + b"/AS /Off /V /Off ", box + b"/AS /Yes /V /Yes ", field=BOX, objects=ticks, form=form)
            beside = {**ticks, 3: PAGE.replace(b"35 0 R", b"31 0 R 39 0 R"), 39: b"<< %s%s/AS /Yes /V /Yes >>" % (BOX.replace(b"[100 100 112 112]", b"[100 200 112 212]"), box)}
            put(f"beside-a-box{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects=beside, form=form + b"/X 39 0 R ", later=shown)
        put("many-pieces", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN.replace(b"/Helv 9 Tf", b"/Helv 4 Tf").replace(b"(Lan) Tj", b"[%s] TJ" % (b"(L) -20 " * 200)))})
        kids = {35: b"<< /Parent 31 0 R /Type /Annot /Subtype /Widget /Rect [100 100 200 120] /P 3 0 R /AP << /N 36 0 R >> >>", 36: look(b""), 3: PAGE}
        put("widget-apart", b"/Kids [35 0 R] ", b"/Kids [35 0 R] /V (Lan) ", field=b"/FT /Tx /T (ten) ", objects=kids,
            later={35: kids[35].replace(b"36 0 R", b"60 0 R"), **shown})
        # As pdf.js tells when, and others write out that no flag is set.
        put("dated", DA, DA + b"/M (D:20261126120000Z) /V (Lan) /AP << /N 60 0 R >> ", later=shown)
        put("flags-none", DA, DA + b"/Ff 0 /V (Lan) /AP << /N 60 0 R >> ", later=shown)
        put("flags-same", DA + b"/Ff 4096 ", DA + b"/V (Lan) /Ff 4096 /AP << /N 60 0 R >> ", later=shown)
        put("looks-not-needed", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown, then=lambda first, objects: update(first, {
            **objects, 1: body(first, 1).replace(b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances false")}))
        put("then-signed", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown, then=lambda first, objects: self.again(update(first, objects), number=37))

    def replaced(self):
        """What was written when it was signed is another value now: the shadow attack with a field."""
        bad = lambda label, *what, **how: self.put(label, "bad", *what, **how)
        old, new = {32: look(WRITTEN.replace(b"Lan", b"100"))}, {60: look(WRITTEN.replace(b"Lan", b"900"))}
        bad("value-replaced", b"/V (100) /AP << /N 32 0 R >> ", b"/V (900) /AP << /N 60 0 R >> ", objects=old, later=new)
        bad("look-replaced", b"/V (900) /AP << /N 32 0 R >> ", b"/V (900) /AP << /N 60 0 R >> ", objects=old, later=new)
        bad("look-replaced-no-value", b"/AP << /N 32 0 R >> ", b"/V (900) /AP << /N 60 0 R >> ", objects=old, later=new)
        bad("look-rewritten-replaced", b"/AP << /N 32 0 R >> ", b"/AP << /N 32 0 R >> ", objects=old, later={32: new[60]})
        bad("look-added-to", b"/AP << /N 32 0 R >> ", b"/V (1000) /AP << /N 60 0 R >> ", objects=old,
            later={60: look(old[32].split(b"stream\n")[1].split(b"\nendstream")[0] + b" BT /Helv 9 Tf (0) Tj ET")})
        bad("look-taken", b"/V (900) /AP << /N 32 0 R >> ", b"/V (900) ", objects=old)
        bad("value-taken", DA + b"/V (100) ", DA)
        bad("unticked", b"/AP << /N << /Yes 35 0 R >> >> /AS /Yes ", b"/AP << /N << /Yes 35 0 R >> >> /AS /Off ", field=BOX, objects={35: look(MARK)})
        bad("chosen-again", b"/Opt [(a) (b)] /V (a) ", b"/Opt [(a) (b)] /V (b) ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072"))

    def told_otherwise(self):
        """The flags of a field change, or readers are asked to draw looks of their own."""
        value = DA + b"/V (Lan) /AP << /N 60 0 R >> "
        for label, old, new in [
                ("read-only", b"", b"/Ff 1 "), ("required", b"", b"/Ff 2 "), ("lines", b"", b"/Ff 4096 "), ("password", b"", b"/Ff 8192 "),
                ("one-line", b"/Ff 4096 ", b"/Ff 0 "), ("gone", b"/Ff 4096 ", b""), ("null", b"/Ff 4096 ", b"/Ff null "), ("other", b"/Ff 4096 ", b"/Ff 8192 "),
                ("real", b"", b"/Ff 8192.0 "), ("text", b"", b"/Ff (8192) "), ("array", b"", b"/Ff [8192] "), ("apart", b"", b"/Ff 61 0 R "),
                ("twice", b"", b"/Ff 0 /Ff 8192 "), ("beyond", b"", b"/Ff 4294975488 "), ("negative", b"", b"/Ff -1 "), ("plus", b"", b"/Ff +0 ")]:
            self.put(f"flags-{label}", "bad", DA + old, value + new, later={60: look(WRITTEN), 61: b"8192"})
        widget = b"<< /Parent 31 0 R /Type /Annot /Subtype /Widget /Rect [100 100 200 120] /P 3 0 R /AP << /N %d 0 R >> %s>>"
        kids = b"/Ff 4096 /Kids [35 0 R] "
        self.put("flags-of-the-widget", "bad", kids, kids + b"/V (Lan) ", field=b"/FT /Tx /T (ten) ", objects={35: widget % (36, b""), 36: look(b""), 3: PAGE},
                 later={35: widget % (60, b"/Ff 0 "), 60: look(WRITTEN)})
        fonts = b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) "
        for label, old, new in [("", b"", b" true"), ("-instead", b" false", b" true"), ("-no-more", b" true", b" false"), ("-text", b"", b" (true)"),
                                ("-apart", b"", b" 61 0 R"), ("-twice", b"", b" false /NeedAppearances true")]:
            def needing(first, objects):
                return update(first, {**objects, 1: body(first, 1).replace(fonts + (b"/NeedAppearances" + old if old else b""), fonts + b"/NeedAppearances" + new)})
            self.put(f"looks-needed{label}", "bad", DA, value, form=fonts + (b"/NeedAppearances" + old if old else b""), later={60: look(WRITTEN), 61: b"true"}, then=needing)

    def covered(self):
        """The page is covered where the field is, or uncovered."""
        bad = lambda label, *what, **how: self.put(label, "bad", *what, **how)
        image = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\n\xff\nendstream"
        dressed = b"/Resources << /Font << /Helv 33 0 R >> /XObject << /X 62 0 R >> /ExtGState << /G << /BM /Difference >> >> >>"
        for label, content in {
                "paper": WHITE + WRITTEN, "bar": b"0 g 0 0 100 20 re f", "forged": FORGED, "white-letters": WRITTEN.replace(b"0 g", b"1 g"),
                "white-by-cmyk": WRITTEN.replace(b"0 g", b"0 0 0 0 k"), "white-after-restore": WRITTEN.replace(b"/Tx BMC q", b"/Tx BMC 1 g q").replace(b"Q EMC", b"Q BT /Helv 99 Tf (x) Tj ET EMC"),
                "outlined": WRITTEN.replace(b"0 g", b"1 G 1 Tr"), "thick-line": b"1 G 40 w 0 10 m 100 10 l S", "thick-by-matrix": b"100 0 0 100 0 0 cm 0 0 m 1 1 l S",
                "bright-line": b"1 G 0 10 m 100 10 l S", "comment": b"% x\r1 g 0 0 100 20 re f", "nonsense": b"] 1 g 0 0 100 20 re f"}.items():
            bad(f"cover-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(content)})
        for label, content in {"picture": b"q 100 0 0 20 0 0 cm /X Do Q", "inline": b"BI /W 1 /H 1 /BPC 8 /CS /G ID \xff EI", "blended": b"/G gs " + WRITTEN,
                               "layer": b"/OC /L BDC " + WRITTEN + b" EMC", "pattern": b"/Pattern cs /P scn " + WRITTEN, "shading": b"/S sh"}.items():
            bad(f"cover-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={
                60: stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 100 20] " + dressed), 62: image})
        bad("cover-drawn-letters", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={
            60: look(WRITTEN.replace(b"(Lan)", b"(x)").replace(b"9 Tf", b"300 Tf"), b"/Helv 63 0 R"), 63: DRAWN, 64: stream(b"1 0 d0 1 g 0 0 1 1 re f")})
        for label, more in {"gray": b"/ColorSpace << /DefaultGray 65 0 R >>", "none-used": b"/ColorSpace << /X 65 0 R >>"}.items():
            bad(f"cover-space-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={
                60: stream(WRITTEN, b"/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /Helv 33 0 R >> %s >>" % more),
                65: b"[/Indexed /DeviceGray 1 <ff00>]"})
        for label, ink in {"gray-of-three": b"0 0 1 g", "red-of-two": b"0 rg", "cmyk-of-three": b"0 0 0 k", "gray-of-four": b"1 0 0 g", "long": b"0." + b"0" * 55 + b"9 g"}.items():
            bad(f"cover-ink-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN.replace(b"0 g", ink))})
        two = b"q BT /ZaDb 30 Tf .9 0 0 rg (nnnn) Tj ET BT 0 g /Helv 9 Tf (900) Tj ET Q"
        bad("cover-two-inks", DA, DA + b"/V (900) /AP << /N 60 0 R >> ", later={60: look(two)})
        bad("value-without-look", DA, DA + b"/V (Lan) ")
        for label, content in {"lines": b"0 .66 1 RG 2 w " + b"".join(b"0 %d m 100 %d l S " % (y, y) for y in range(1, 20, 2)) + WRITTEN, "letters": WRITTEN.replace(b"0 g", b"0 .66 1 rg"),
                               "two": b"1 0 0 RG 0 1 m 100 1 l S " + WRITTEN, "grown": b"1 1 -1 1 0 0 cm " * 12 + b"0 0 m 1 1 l S"}.items():
            bad(f"cover-ink-of-{label}", DA, DA + b"/V (900) /AP << /N 60 0 R >> ", later={60: look(content)})
        bad("cover-font-not-used", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={
            60: look(WRITTEN, b"/Helv 33 0 R /F 63 0 R"), 63: DRAWN, 64: stream(b"1 0 d0 1 g 0 0 1 1 re f")})
        twice = b"/AP << /N 32 0 R >> /AP << /N 36 0 R >> "
        bad("cover-look-twice", twice, twice, objects={32: look(b""), 36: look(b"")}, later={36: look(FORGED)})
        bad("cover-many-states", b"/AP << /N << /Off 36 0 R >> >> /AS /Off ", b"/AP << /N << /Off 36 0 R %s >> >> /AS /S1 /V /S1 " % b" ".join(b"/S%d 60 0 R" % n for n in range(3000)),
            field=BOX, objects={36: look(b"")}, later={60: look(MARK * 9)})
        bad("cover-by-output-intent", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects={65: stream(b"", b"/N 1 ")}, form=b"/DA (/Helv 9 Tf 0 g) >> "
            b"/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (x) /DestOutputProfile 65 0 R >>] /X << ", later={60: look(WRITTEN)})
        kid = {35: b"<< /Parent 31 0 R /T (b) /FT /Tx /Type /Annot /Subtype /Widget /Rect [100 150 200 170] /P 3 0 R /DA (/ZaDb 72 Tf 1 g) >>", 3: PAGE}
        bad("cover-by-other-widget", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", objects=kid, later={60: look(WRITTEN)})
        bad("cover-many-lines", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={60: look(b"2 w " + b"".join(b"0 %d m 100 %d l S " % (y, y) for y in range(20)))})
        lines = b"2 w " + b"".join(b"0 %d m 100 %d l " % (y, y) for y in range(1, 20, 2))
        for label, end in {"given-up": b" n", "open": b"", "clipping": b" W n"}.items():
            bad(f"cover-by-path-{label}", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(lines + end)}, later={60: look(lines + b" S " + WRITTEN)})
        bad("cover-deep", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={60: look(b"q " * 5000 + WRITTEN + b" Q" * 5000)})
        bad("cover-font-twice", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={
            60: look(WRITTEN.replace(b"(Lan)", b"(x)"), b"/Helv 63 0 R"), 63: DRAWN.replace(b"/Subtype /Type3", b"/Subtype /Type1 /Subtype /Type3"), 64: stream(b"1 0 d0 1 g 0 0 1 1 re f")})
        for label, box in {"none": b"", "null": b"/BBox null", "number": b"/BBox 5", "huge": b"/BBox [-1000000000 -1000000000 1000000000 1000000000]", "empty": b"/BBox [0 0 0 0]"}.items():
            bad(f"cover-box-{label}", DA, DA + b"/V (x) /AP << /N 60 0 R >> ", later={
                60: stream(WRITTEN, b"/Type /XObject /Subtype /Form %s /Resources << /Font << /Helv 33 0 R >> >> " % box)})
        for label, ink in {"first": b"1 g 0 g", "three": b"0 0 1 g", "comment": b"0 g % 1 g", "saved": b"0 g q 1 g Q", "large": b"0 g /ZaDb 200 Tf"}.items():
            bad(f"cover-reader-{label}", b"/DA (/Helv 9 Tf %s) " % ink, b"/DA (/Helv 9 Tf %s) /V (x) " % ink)
        choices = b"/Opt [(a) (b)] " + DA
        bad("cover-bar-of-list", choices, choices + b"/V (b) ", field=TEXT.replace(b"/Tx", b"/Ch"))
        states = b"/AP << /N << /Yes 35 0 R /Off 36 0 R >> >> "
        for label, state in {"missing": b"/AS /Foo ", "nameless": b"/AS / "}.items():
            bad(f"cover-state-{label}", states + b"/AS /Yes ", states + state + b"/V /Yes ", field=BOX, objects={35: look(b""), 36: look(FORGED)})
        bad("cover-other-state", states + b"/AS /Off ", states + b"/AS /Yes /V /Yes ", field=BOX, objects={35: look(MARK), 36: look(b"")}, later={36: look(FORGED)})
        bad("cover-look-of-button", DA, DA + b"/V /Yes /AS /Yes /AP << /N 60 0 R >> ", field=BOX, later={60: look(WRITTEN)})
        turned = b"[/Separation /X /DeviceRGB << /FunctionType 2 /Domain [0 1] /C0 [1 1 1] /C1 [0 0 0] /N 1 >>]"
        for label, first, space in [("", b"", b"[/CalGray << /WhitePoint [.95 1 1.09] /Gamma .00001 >>]"), ("-null-first", b"/DefaultGray null ", turned)]:
            bad(f"cover-colors-of-page{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN)}, objects={
                3: PAGE.replace(b"35 0 R", b"31 0 R").replace(b"<< >>", b"<< /ColorSpace << %s/DefaultGray 65 0 R >> >>" % first), 65: space})
        # The last row is cut: some reader has what stood above in the rest of it, but for the byte that begins a comment.
        row = b"% " + WHITE + b"0 g BT /Helv 14 Tf 4 5 Td (900) Tj ET \n" + WRITTEN + b"\n"
        for label, predictor, rest in [("15", 15, b"\0 "), ("12", 12, b"\0 "), ("up", 15, b"\2\xfb")]:
            bad(f"cover-row-cut-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: packed(b"\0" + row + rest, len(row), predictor)})
        kids = {35: b"<< /Parent 31 0 R /Type /Annot /Subtype /Widget /Rect [100 150 200 170] /P 3 0 R >>"}
        bad("cover-above-its-kid", b"/Kids [35 0 R] ", b"/Kids [35 0 R] /V (x) /AP << /N 60 0 R >> ", objects=kids, later={60: look(FORGED)})
        kids = {35: b"<< /Parent 31 0 R /T (a) /V (100) /Type /Annot /Subtype /Widget /Rect [100 150 200 170] /P 3 0 R >>", 3: PAGE}
        bad("value-of-kid-looks-otherwise", b"/Kids [35 0 R] " + DA, b"/Kids [35 0 R] /DA (/ZaDb 18 Tf 0 g) ", field=b"/FT /Tx /T (ten) ", objects=kids)
        bad("cover-small-box", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(b"0 .5 m 1 .5 l S", box=b"0 0 1 1")})
        bad("cover-border-by-reader", b"/MK << /BC [1] >> /BS << /W 50 >> " + DA, b"/MK << /BC [1] >> /BS << /W 50 >> /V (Lan) " + DA)
        bad("cover-group", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN, more=b"/Group << /S /Transparency /CS /DeviceRGB >>")})
        bad("cover-under-pointer", DA, DA + b"/V (Lan) /AP << /N 60 0 R /R 61 0 R >> ", later={60: look(WRITTEN), 61: look(FORGED)})
        bad("cover-other-box", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(b"1 g 0 0 1 1 re f")},
            later={60: look(b"1 g 0 0 1 1 re f " + WRITTEN, box=b"0 0 1 1")})
        bad("cover-drawn-by-reader", b"/MK << /BG [1] >> " + DA, b"/MK << /BG [1] >> /V (Lan) " + DA)
        bad("cover-reader-white", b"/DA (/Helv 300 Tf 1 g) ", b"/DA (/Helv 300 Tf 1 g) /V (x) ")
        bad("cover-reader-white-later", DA, b"/DA (/Helv 300 Tf 1 g) /V (x) ")
        bad("cover-reader-drawn-letters", DA, b"/DA (/T3 300 Tf 0 g) /V (x) ", objects={63: DRAWN, 64: stream(b"1 0 d0 1 g 0 0 1 1 re f")},
            form=b"/DR << /Font << /Helv 33 0 R /T3 63 0 R >> >> ")
        bad("cover-asked-of-readers", b"/MK << /BG [1] >> /AP << /N 32 0 R >> ", b"/MK << /BG [1] >> /V (Lan) /AP << /N 60 0 R >> ", objects={32: look(b"")},
            later={60: look(WRITTEN)}, form=b"/NeedAppearances true /DA (/Helv 9 Tf 0 g) ")
        states = b"/AP << /N << /Yes 35 0 R >> >> "
        bad("cover-prepared-state", states + b"/AS /Off ", states + b"/AS /Yes /V /Yes ", field=BOX, objects={35: look(FORGED)})
        bad("uncovered", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(WHITE)}, later={60: look(WRITTEN)})
        bad("uncovered-no-look", b"/AP << /N 32 0 R >> ", b"/V (Lan) ", objects={32: look(WHITE)})
        bad("uncovered-picture", b"/AP << /N 32 0 R >> ", b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(b"/X Do")}, later={60: look(b"/X Do " + WRITTEN)})
        bad("moved", TEXT.split(b"/Rect")[0][:0], b"/V (Lan) ", later={3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << >> /Contents 4 0 R /Annots [31 0 R 6 0 R] >>"})
        bad("rect", b"", b"/V (Lan) ", then=lambda first, objects: update(first, {31: objects[31].replace(b"[100 100 200 120]", b"[0 0 300 300]")}))
        bad("read-only", b"/Ff 1 ", b"/Ff 1 /V (Lan) ")
        kids = {35: b"<< /Parent 31 0 R /Type /Annot /Subtype /Widget /Rect [0 0 300 300] /P 3 0 R /MK << /BG [1] >> >>", 3: PAGE}
        bad("cover-widget-apart", b"/Kids [35 0 R] ", b"/Kids [35 0 R] /V (Lan) ", field=b"/FT /Tx /T (ten) ", objects=kids)

    def around(self):
        """What comes with filling in."""
        bad = lambda label, *what, **how: self.put(label, "bad", *what, **how)
        form = lambda old, new: lambda first, objects: update(first, {**objects, 1: re.sub(old, new, body(first, 1), count=1)})
        shown = {60: look(WRITTEN), 61: HELV}
        bad("font-of-the-form-replaced", DA, DA + b"/V (Lan) ", later=shown, then=form(b"/Helv 33 0 R", b"/Helv 61 0 R"))
        bad("font-that-was-missing", b"/V (100) /DA (/Odd 9 Tf 0 g) ", b"/V (100) /DA (/Odd 9 Tf 0 g) ", later=shown, then=form(b"/Helv 33 0 R", b"/Helv 33 0 R /Odd 61 0 R"))
        # To some readers a field has no appearance of its own by these, and takes the form's.
        dressed = lambda first, objects: self.stamp(first, {1: body(first, 1).replace(b"/Helv 9 Tf 0 g", b"/Helv 99 Tf 1 g")})
        for label, own in {"empty": b"()", "number": b"5", "colour-alone": b"(0 g)", "whole": b"(/Helv 9 Tf 0 g)"}.items():
            keys = b"/V (100) /AP << /N 32 0 R >> /DA %s " % own
            self.put(f"own-appearance-{label}", "good" if label == "whole" else "bad", keys, keys, objects={32: look(WRITTEN)}, then=dressed)
        for label, name in {"little-endian": b"<fffe740065006e00>", "language": b"<feff001b00760069001b00740065006e>", "point": b"(ten.)", "empty": b"()"}.items():
            bad(f"namesake-{label}", b"/V (100) ", b"/V (100) ", then=lambda first, objects, name=name: named(self, first, name))
        bad("asked-of-readers-later", DA, DA + b"/V (Lan) ", then=form(b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances true"))
        bad("appearance-of-the-form", b"", b"/V (Lan) ", then=form(rb"/DA \(/Helv 9 Tf 0 g\)", b"/DA (/Helv 99 Tf 0 g)"))
        for label, remark in {"object": b"% 4 0 obj\n", "percent": b"%%EOF\n", "tail": b"% x", "code": b"%<<\n"}.items():
            bad(f"remark-{label}", DA, DA + b"/V (Lan) ", between=remark)

    def undrawn(self):
        """What comes is no look to some reader, which does not draw it: what the old one covered shows."""
        def put(label, expected, kind, resources, later={}, content=WRITTEN):
            self.put(label, expected, b"/AP << /N 32 0 R >> " + DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects={32: look(WHITE)}, later={
                60: stream(WHITE + content, b"/Type /XObject %s /BBox [0 0 100 20] /Resources %s " % (kind, resources)), **later})
        fonts = b"<< /Font << /Helv 33 0 R >> >>"
        put("look-is-form", "good", b"/Subtype /Form", fonts)
        put("look-resources-none-needed", "good", b"/Subtype /Form", b"<< >>", content=b"0 g BT ET")
        put("look-resources-apart", "good", b"/Subtype /Form", b"61 0 R", {61: fonts})
        for label, kind in {"image": b"/Subtype /Image", "ps": b"/Subtype /PS", "other": b"/Subtype /Foo", "number": b"/Subtype 3", "none": b"", "twice": b"/Subtype /Form /Subtype /Image"}.items():
            put(f"look-is-{label}", "bad", kind, fonts)
        for label, resources in {"text": b"(x)", "number": b"5", "list": b"[]", "stream": b"61 0 R", "fonts-list": b"<< /Font [33 0 R] >>"}.items():
            put(f"look-resources-{label}", "open" if label == "fonts-list" else "bad", b"/Subtype /Form", resources, {61: stream(b"x")} if b"61" in resources else {}, b"0 g BT ET")

    def wills(self):
        """A field of the signature's locks the document (/Lock with /P; ISO 32000-2, table 236), or says how it is to be signed (/SV)."""
        field = b"<< /FT /Sig /T (K1) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R /V 7 0 R %s >>"
        for label, expected, lock in [
                ("p1", "bad", b"/Action /All /P 1"), ("include-p1", "bad", b"/Action /Include /Fields [(zz)] /P 1"), ("exclude-p1", "bad", b"/Action /Exclude /Fields [(ten)] /P 1"),
                ("all", "open", b"/Action /All"), ("include", "open", b"/Action /Include /Fields [(ten)]"), ("include-p2", "open", b"/Action /Include /Fields [(zz)] /P 2")]:
            self.once(f"lock-{label}-filled", expected, DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects={6: field % (b"/Lock << /Type /SigFieldLock %s >>" % lock)}, later={60: look(WRITTEN)})
        # A lock allows no more than the signature does.
        strict = {**CERTIFIED, "more": CERTIFIED["more"].replace(b"/P 2", b"/P 1")}
        for label, lock in {"none": b"", "p2": b"/Lock << /Type /SigFieldLock /P 2 >>", "p3": b"/Lock << /P 3 >>", "fields": b"/Lock << /P 2 /Fields [(ten)] >>"}.items():
            self.once(f"lock-{label}-of-what-may-not-change", "bad", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", objects={6: field % lock}, later={60: look(WRITTEN)}, kind="-certified", by=strict)
        for label, expected, seed in [
                ("subfilter-broken", "open", b"/Ff 2 /SubFilter [/adbe.pkcs7.detached]"), ("digest-broken", "open", b"/Ff 64 /DigestMethod [/SHA512]"),
                ("mdp-broken", "open", b"/Ff 0 /MDP << /P 1 >>"), ("reasons-broken", "open", b"/Ff 8 /Reasons [(Agree)]"), ("filter-broken", "open", b"/Ff 1 /Filter /Foo.Bar"),
                ("kept", "good", b"/Ff 2 /SubFilter [/ETSI.CAdES.detached]")]:
            self.add(f"seed-{label}", expected, pdf(self.sign, objects={6: field % (b"/SV << /Type /SV %s >>" % seed)}))

    def stamped(self):
        """A time-stamp whose field has no size, but a look: some reader draws it as large as it likes where it has no box, or where
        numbers beyond 32 bits give the field a size."""
        def put(label, rect, box, old=False):
            shown = stream(FORGED, b"/Type /XObject /Subtype /Form /Resources << >> %s " % box)
            look = b"/Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [%s] /AP << /N 60 0 R >> " % rect
            before = b"/FT /Sig /T (K9) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [%s] " % rect
            if old:
                self.once(f"stamped-{label}", "bad", b"", b"/AP << /N 60 0 R >> ", field=before, then=lambda first, objects: self.stamp(first, {**objects, 60: shown}))
            else:
                self.once(f"stamped-{label}", "bad", b"", b"", then=lambda first, objects: self.stamp(
                    first, {60: shown, 3: body(first, 3).replace(b"31 0 R]", b"31 0 R 80 0 R]")}, field=look))
        for label, rect in {"point": b"0 0 0 0", "line": b"100 0 100 300"}.items():
            for kind, box in {"none": b"", "null": b"/BBox null", "number": b"/BBox 5"}.items():
                put(f"{label}-box-{kind}", rect, box)
        put("old-field-box-none", b"0 0 0 0", b"", old=True)
        for number in (b"4294967396", b"9999999999999"):
            for kind, box in {"-box-none": b"", "": b"/BBox [0 0 %s.0 %s.0]" % (number, number)}.items():
                put(f"beyond-{number.decode()}{kind}", b"%s %s %s.0 %s.0" % ((number,) * 4), box)

    def by_text(self):
        """Some readers show the text of a field, in a box of their own: by its default appearance and border, not by its look."""
        bad = lambda label, *what, **how: self.once(label, "bad", *what, **how)
        blocks, empty = b"/V <feff%s> /AP << /N 60 0 R >> " % (b"2588" * 12), b"/AP << /N 36 0 R >> "
        for label, shown in {"empty": look(b"/Tx BMC EMC"), "written": look(WRITTEN)}.items():
            for kind, ink in {"white": b"1 g", "bright": b".9 .9 1 rg", "large": b"0 g /Helv 200 Tf"}.items():
                new = b"/DA (/Helv 18 Tf %s) " % ink
                bad(f"text-{kind}-{label}", DA + empty, new + blocks, objects={36: look(b"")}, later={60: shown})
                bad(f"text-{kind}-{label}-signed-so", new + empty, new + blocks, objects={36: look(b"")}, later={60: shown})
        bad("text-white-by-the-form", empty, blocks, objects={36: look(b"")}, later={60: look(WRITTEN)}, form=b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 18 Tf 1 g) ")
        border, wide = b"/MK << /BC [1 1 1] >> " + DA, b"/BS << /W 10 >> "
        bad("text-border", border + empty, border + wide + b"/V (x) /AP << /N 60 0 R >> ", objects={36: look(b"")}, later={60: look(b"/Tx BMC EMC")})
        bad("text-border-of-choice", border + empty, border + wide + b"/V (a) /AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072 /Opt [(a) (b)]"),
            objects={36: look(b"")}, later={60: look(b"/Tx BMC EMC")})
        states = b"/AP << /N 38 0 R >> "
        bad("text-border-of-box", border + b"/AS /Off " + states, border + wide + b"/AS /Yes /V /Yes " + states, field=BOX,
            objects={36: look(b""), 38: b"<< /Yes 36 0 R /Off 36 0 R >>"})
        emoji = b"/V <feff%s> /AP << /N 60 0 R >> " % (b"2b1c" * 6)
        self.once("text-emoji", "open", DA + empty, DA + emoji, objects={36: look(b"")}, later={60: look(b"/Tx BMC EMC")})
        # Value and look say different things.
        choice = TEXT.replace(b"/Tx", b"/Ch /Ff 131072 /Opt [(100) (900)]")
        self.once("text-other-than-look", "open", DA + empty, DA + b"/V (900) /AP << /N 60 0 R >> ", field=choice, objects={36: look(b"")},
                 later={60: look(WRITTEN.replace(b"Lan", b"100"))})
        self.once("beside-what-is-printed", "open", DA, DA + b"/V (000) /AP << /N 60 0 R >> ", later={60: look(WRITTEN.replace(b"Lan", b"000"))})

    def fonts(self):
        """Letters that are pictures, in colours perhaps, in some reader; and letters that fill the place."""
        def bad(label, content=WRITTEN, box=b"0 0 100 20", later={}):
            self.once(f"font-{label}", "bad", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={
                60: look(content, b"/Helv 63 0 R /ZaDb 64 0 R", box=box), 63: font(), 64: DINGBATS, **later})
        described, program = b"/FontDescriptor 65 0 R ", {66: stream(b"\0\1\0\0\0\2COLR", b"/Length1 10 ")}
        for key in (b"FontFile", b"FontFile2", b"FontFile3"):
            for kind in (b"Type1", b"TrueType"):
                bad(f"{key.decode()}-{kind.decode()}", later={63: font(kind=kind, more=described), 65: DESCRIPTOR % (b"/%s 66 0 R " % key), **program})
        below = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Helvetica /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor 65 0 R >>"
        for label, encoding in {"identity": b"/Encoding /Identity-H ", "winansi": b"/Encoding /WinAnsiEncoding ", "nothing": b""}.items():
            bad(f"composite-{label}", WRITTEN.replace(b"(Lan)", b"<00010001>"), later={
                63: font(kind=b"Type0", encoding=encoding, more=b"/DescendantFonts [67 0 R] "), 67: below, 65: DESCRIPTOR % b"/FontFile2 66 0 R ", **program})
        for label, base in {"emoji": b"NotoColorEmoji", "unknown": b"X", "symbol": b"Symbol", "subset": b"AAAAAA+Helvetica", "like-helvetica": b"HelveticaX"}.items():
            bad(f"named-{label}", later={63: font(base, b"TrueType", more=described), 65: DESCRIPTOR % b""})
        for label, glyph in {
                "code": b"uni2B1C", "block": b"block", "dingbat": b"a73", "filled": b"filledbox", "shade": b"shade", "dark": b"dkshade", "inverse": b"invcircle",
                "negative": b"ninecircleinversesansserif", "names-twice": b"L] /Differences [76 /block"}.items():
            bad(f"glyph-{label}", later={63: font(encoding=b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [76 /%s] >> " % glyph)})
        bad("dingbats", WRITTEN.replace(b"/Helv", b"/ZaDb").replace(b"(Lan)", b"(nnnn)"))
        states = b"/MK << /CA (4) >> /DA (/ZaDb 0 Tf 0 g) /AP << /N << /Yes %s /Off 36 0 R >> >> "
        for label, content in {"negative": b"(\\276\\311\\311) Tj", "negative-one": b"(\\276) Tj", "twice": b"(n) Tj 9 0 Td (n) Tj", "two": b"(nn) Tj", "array": b"[(n) -9 (n)] TJ"}.items():
            self.once(f"signs-{label}", "bad", states % b"35 0 R" + b"/AS /Off /V /Off ", states % b"60 0 R" + b"/AS /Yes /V /Yes ", objects={
                34: DINGBATS, 35: look(b""), 36: look(b"")}, field=BOX.replace(b"112 112", b"200 120"), form=b"/DR << /Font << /Helv 33 0 R /ZaDb 34 0 R >> >> ",
                later={60: look(b"BT /ZaDb 24 Tf 0 g 20 3 Td %s ET" % content, b"/ZaDb 34 0 R")})
        bad("dingbats-in-negative", b"BT /ZaDb 22 Tf 0 g 0 3 Td (\\276\\311\\311) Tj ET")
        for label, content in {
                "shows": b"(n) Tj " * 301, "array": b"[%s] TJ" % (b"(n) -20 " * 301), "lines": b"(n) ' " * 301, "placed": b"".join(b"1 0 0 1 %d 9 Tm (n) Tj " % n for n in range(400))}.items():
            bad(f"pieces-{label}", b"/Tx BMC q BT /Helv 1.3 Tf 0 g %s ET Q EMC" % content)
        # Some keep the text matrix, and begin no text within another.
        matrix = b"BT /Helv 1 Tf 0 g 900 0 0 900 -27 -200 Tm q %s Q (-) Tj ET"
        for label, inside in {"saved": b"1 0 0 1 5 5 Tm", "text-in-text": b"BT ET"}.items():
            bad(f"huge-by-matrix-{label}", matrix % inside)
        # Some bring it back with the graphics state.
        for label, inside in {"restored": b"ET q BT ET Q (l) Tj", "replaced": b"ET q BT 1 0 0 1 5 5 Tm ET Q (l) Tj", "outside": b"ET (l) Tj BT ET"}.items():
            bad(f"huge-by-matrix-{label}", b"BT /Helv 1 Tf 0 g 5000 0 0 5000 -500 -1500 Tm " + inside)
        bad("huge-by-control", b"BT /Helv 36 Tf 0 g 0 -4 Td (\\001\\001\\001) Tj ET", later={63: font(encoding=b"/Encoding << /Type /Encoding /Differences [1 /emdash] >> ")})
        for label, content, box in [
                ("size", WRITTEN.replace(b"9 Tf", b"200 Tf"), b"0 0 100 20"), ("matrix", WRITTEN.replace(b"2 6 Td", b"30 0 0 30 0 0 Tm"), b"0 0 100 20"),
                ("wide", WRITTEN.replace(b"2 6 Td", b"3000 Tz"), b"0 0 100 20"), ("box", WRITTEN, b"0 0 1 .2"), ("box-width", WRITTEN, b"0 0 1 20")]:
            bad(f"huge-by-{label}", content, box=box)
        # Black, of hyphens in rows: around letters that are left out.
        rows = b"".join(b"1 0 0 1 -.4 %.1f Tm (%s) Tj " % (16.1 - y, b"-" * 100) for y in range(20))
        for label, how in {"": b"33.2 Tz -1.15 Tc -.69 Tw ", "-narrow": b"33 Tz ", "-tight": b"-1 Tc ", "-wide": b""}.items():
            bad(f"hyphens{label}", b"BT /Helv 12.5 Tf 0 g %s%s ET" % (how, rows))
        for label, content in {"narrow": b"33 Tz (Lan)", "tight": b"-1 Tc (Lan)", "crowded": b"(%s)" % (b"-" * 100)}.items():
            bad(f"letters-{label}", WRITTEN.replace(b"(Lan)", content))
        # To PDFium the bytes 80 and ff are white space.
        drawn = {63: DRAWN.replace(b"/Subtype /Type3", b"/Subtype /Type1 /BaseFont /Helvetica /Subtype%s /Type3"), 66: stream(b"1 0 d0 1 g 0 0 1 1 re f")}
        for label, byte in {"80": b"\x80", "ff": b"\xff"}.items():
            bad(f"drawn-raw-{label}", WRITTEN.replace(b"9 Tf", b"60 Tf").replace(b"(Lan)", b"(x)"), later={63: drawn[63].replace(b"64 0 R", b"66 0 R") % byte, 66: drawn[66]})
            bad(f"marked-raw-{label}", WRITTEN.replace(b"/Tx", b"/Tx 1 g 0 0 100 20 re f ".replace(b" ", byte)))
        # Around letters that are left out: black, by a clip of many boxes.
        holes = b" ".join(b"%d 3 2 14 re" % x for x in range(2, 98, 8))
        bad("clipped", b"q 0 0 100 20 re %s W* n BT /ZaDb 200 Tf 0 g -20 -60 Td (nnn) Tj ET Q" % holes)

    def scripts(self):
        """A script that was signed shows another value in a signed field, once some other is filled in."""
        script = b"<< /S /JavaScript %s/JS (if \\(this.getField\\('ten'\\).value=='1'\\) this.getField\\('tien'\\).value='900';) >>"
        other = {35: b"<< %s/V (100) /AP << /N 36 0 R >> %%s>>" % TEXT.replace(b"(ten)", b"(tien)").replace(b"[100 100 200 120]", b"[100 150 200 170]"),
                 36: look(WRITTEN.replace(b"Lan", b"100")), 3: PAGE.replace(b"35 0 R", b"31 0 R 35 0 R")}
        form = b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) "
        again, script = script % b"/JS null ", script % b""
        for label, form_key, key, own in [
                ("opening", b"", b"/OpenAction " + script, b""), ("names", b"", b"/Names << /JavaScript << /Names [(a) %s] >> >>" % script, b""),
                ("opening-null-first", b"", b"/OpenAction " + again, b""),
                ("names-null-first", b"", b"/Names << /JavaScript null /JavaScript << /Names [(a) %s] >> >>" % again, b""),
                ("additional", b"", b"/AA << /WC %s >>" % script, b""), ("calculating", b"/CO [35 0 R] ", b"", b"/AA << /C %s >> " % script)]:
            self.once(f"script-{label}", "bad", DA, DA + b"/V (1) /AP << /N 60 0 R >> ", objects={**other, 35: other[35] % own},
                     form=form + form_key + b">> %s /X << /Y 35 0 R " % key, later={60: look(WRITTEN.replace(b"Lan", b"1"))})

    def of_the_form(self):
        """The form's fonts or ink change, of which readers make the looks of those widgets whose own is none, whether the form names
        them or not."""
        nine = font(encoding=b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [49 /nine] >> ")
        text, odd = b"/V (100) /DA (/Odd 12 Tf 0 g) ", {36: look(b"", b"")}
        kinds = {"text": TEXT.replace(b"(ten)", b"(so)") + text, "choice": TEXT.replace(b"(ten)", b"(so)").replace(b"/Tx", b"/Ch /Ff 131072 /Opt [(100)]") + text,
                 "note": b"/Type /Annot /Subtype /FreeText /Rect [100 100 200 120] /F 4 /Contents (100) /DA (/Odd 12 Tf 0 g) "}
        looks = {"dictionary": b"/AP << /N << /BBox [0 0 100 20] /Resources << >> >> >> ", "state": b"/AP << /N << /Off 36 0 R >> >> /AS /Foo "}
        catalog = (b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R%s] /SigFlags 3 /DR << /Font << /Helv 33 0 R /Odd 33 0 R >> >> "
                   b"/DA (/Helv 9 Tf 0 g) >> %s >>")
        hows = {"signed": lambda first, objects: self.again(update(first, objects), number=41), "stamped": lambda first, objects: self.stamp(update(first, objects))}

        def put(label, widget, old, new, more=b"", fields=b""):
            first = pdf(self.sign, objects={1: catalog % (fields, more), 77: b"/Widget", 3: PAGE, 33: HELV, 35: b"<< %s>>" % widget, **odd, 38: look(WRITTEN.replace(b"Lan", b"100"))})
            for how, then in hows.items():
                self.add(f"form-{label}-{how}", "bad", then(first, {1: body(first, 1).replace(old, new), 61: nine}))
        for kind, widget in kinds.items():
            for label, shown in looks.items():
                put(f"font-{kind}-look-{label}", widget + shown, b"/Odd 33 0 R", b"/Odd 61 0 R")
                self.once(f"form-font-more-{kind}-look-{label}", "bad", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", field=TEXT.replace(b"[100 100", b"[100 110"), objects={
                    3: PAGE.replace(b"35 0 R", b"35 0 R 31 0 R"), 35: b"<< %s%s>>" % (widget, shown), **odd}, later={60: look(WRITTEN)}, then=lambda first, objects: update(
                        first, {**objects, 1: body(first, 1).replace(b"/Helv 33 0 R", b"/Helv 33 0 R /Odd 61 0 R"), 61: nine}))
        for label, kind, fields in [("reference", b"77 0 R", b""), ("null-first", b"null /Subtype /Widget", b" 35 0 R"), ("link-first", b"/Link /Subtype /Widget", b"")]:
            put(f"font-kind-by-{label}", kinds["text"].replace(b"/Widget", kind), b"/Odd 33 0 R", b"/Odd 61 0 R", fields=fields)
        shown = TEXT.replace(b"(ten)", b"(so)") + b"/V (100) /AP << /N %d 0 R >> "
        for label, widget, more in [("look-empty", shown % 36, b""), ("look-written", shown % 38, b""), ("referred-to", shown % 38, b"/X 35 0 R "),
                                    ("look-dictionary", kinds["text"].replace(b"/DA (/Odd 12 Tf 0 g) ", b"") + looks["dictionary"], b"")]:
            put(f"ink-{label}", widget, b"(/Helv 9 Tf 0 g)", b"(/Helv 9 Tf 1 g)", more)

    def empty_to_some(self):
        """Fields that were empty to one reader and not to another; widgets that are one field's by its list and another's by their parent."""
        bad = lambda label, *what, **how: self.once(f"empty-{label}", "bad", *what, **how)
        shown, none = {60: look(WRITTEN)}, {36: look(b"")}
        value, empty = b"/V (Lan) /AP << /N 60 0 R >> ", b"/AP << /N 36 0 R >> "
        yes, both = b"/AP << /N << /Yes 35 0 R >> >> ", b"/AP << /N << /Yes 35 0 R /Off 36 0 R >> >> "
        looks = {35: look(MARK), **none}
        for label, key in {"state": b"", "default": b"/DV /Yes "}.items():
            for kind, flags in {"box": b"", "radio": b"/Ff 32768 "}.items():
                bad(f"no-{label}-{kind}", flags + key + yes, flags + key + yes + b"/AS /Off ", field=BOX, objects=looks)
        bad("default-of-two", b"/DV /Yes " + both, b"/DV /Yes " + both + b"/AS /Off ", field=BOX, objects=looks)
        choice = TEXT.replace(b"/Tx", b"/Ch /Ff 131072 /Opt [(000) (5)]")
        for label, field, key in [("default-of-text", TEXT, b"/DV (000) "), ("default-of-choice", choice, b"/DV (000) "), ("number-of-choice", choice, b"/I [0] ")]:
            bad(label, DA + key + empty, DA + key + value, field=field, objects=none, later=shown)
            bad(f"{label}-no-look", DA + key, DA + key + value, field=field, later=shown)
        for kind in (b"D", b"R"):
            bad(f"look-{kind.decode()}-alone", DA + b"/AP << /%s 32 0 R >> " % kind, DA + b"/V (Lan) /AP << /%s 32 0 R /N 60 0 R >> " % kind, objects={32: look(WRITTEN)}, later=shown)
        widget = TEXT.replace(b"/FT /Tx /T (ten) ", b"") + DA
        above, listing = b"/FT /Tx /T (ten) " + DA, b"/Kids [35 0 R] /V (000) "
        for label, own in {"empty": b"/V () ", "none": b"/V [] "}.items():
            bad(f"below-a-value-{label}", listing, listing, field=above, objects={3: PAGE, 35: b"<< %s/Parent 31 0 R %s>>" % (widget, own)},
                later={35: b"<< %s/Parent 31 0 R %s>>" % (widget, value), **shown})
        for label, own in {"": b"/FT /Tx ", "-named": b"/FT /Tx /T (x) ", "-looking": b"/FT /Tx " + empty, "-of-another": b"/FT /Tx /Parent 37 0 R "}.items():
            bad(f"listed-only{label}", listing, listing, field=above, objects={3: PAGE, 35: b"<< %s%s>>" % (widget, own), 37: b"<< /FT /Tx /T (khac) >>", **none},
                later={35: b"<< %s%s%s>>" % (widget, own.replace(empty, b""), value), **shown})
        # Widgets of one name are one to readers: of radio buttons the first that is set counts.
        round_ = BOX.replace(b"/FT /Btn /T (chon) ", b"")
        radio, one, two = b"/FT /Btn /Ff 32768 /T (chon) /Kids [35 0 R 38 0 R] ", b"/Parent 31 0 R /AP << /N << /A 39 0 R /Off 36 0 R >> >> ", b"/Parent 31 0 R /AP << /N << /B 39 0 R /Off 36 0 R >> >> "
        both_kids = {3: PAGE.replace(b"35 0 R", b"35 0 R 38 0 R"), 35: b"<< %s%s/AS /Off >>" % (round_, one), 39: look(MARK, box=b"0 0 12 12"), **none}
        ticked = {35: b"<< %s%s/AS /A >>" % (round_, one)}
        for label, expected, other in [("set", "bad", b"/AS /B /V /B "), ("none-set", "open", b"/AS /Off ")]:
            kids = {**both_kids, 38: b"<< %s%s%s>>" % (round_.replace(b"[100 100 112 112]", b"[100 150 112 162]"), two, other)}
            self.once(f"radio-{label}", expected, b"", b"/V /A ", field=radio, objects=kids, later=ticked)
        namesake = {3: PAGE.replace(b"35 0 R", b"31 0 R 35 0 R"), 35: b"<< %s/V (000) /AP << /N 32 0 R >> >>" % (TEXT.replace(b"[100 100 200 120]", b"[100 150 200 170]") + DA), 32: look(WRITTEN), **none}
        bad("namesake", DA + empty, DA + value, objects=namesake, form=b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) /X 35 0 R ", later=shown)
        # What a choice may show, and by which number; a list has a bar.
        block = b"<feff%s>" % (b"2588" * 18)
        for label, options, chosen in [("shown", b"[[(a) %s] (b)]" % block, b"/V (a) "), ("other-shown", b"[(b) %s]" % block, b"/V (b) "), ("numbered", b"[(a) (b)]", b"/V (b) /I [0] "), ("numbers", b"[(a) (b)]", b"/V (b) /I [1 0] ")]:
            bad(f"choice-{label}", DA + empty, DA + chosen + b"/AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072 /Opt %s" % options), objects=none, later=shown)
        for label, chosen in {"name": b"/V /#fe#ff#25#88 ", "apart": b"/V [63 0 R] "}.items():
            bad(f"choice-by-{label}", DA + empty, DA + chosen + b"/AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072 /Opt [(a) (b)]"), objects=none, later={**shown, 63: block})
        bad("choice-of-list", DA + empty, DA + b"/V (b) /I [1] /AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Opt [(a) (b)]"), objects=none, later=shown)
        # Dark, and no longer to be read.
        for label, content in {
                "nested": b"2 w " + b"".join(b"%d %d %d %d re " % (n, n, 100 - 2 * n, 20 - 2 * n) for n in (1, 3, 5, 7, 9)) + b"S", "zigzag": b"2 w 0 0 m " + b"".join(b"%d %d l " % (4 * n, 20 * (n % 2)) for n in range(1, 24)) + b"S",
                "spikes": b"2 w 100000 M 0 2 m 50 2.001 l 0 2.002 l S", "bars": b"2 w " + b"".join(b"0 %d m 100 %d l " % (y, y) for y in (4, 6, 8)) + b"S",
                "twice": b"/Tx BMC BT /Helv 10 Tf 0 g 1 2 Td (%s) Tj 2.8 0 Td (%s) Tj -2.8 9 Td (%s) Tj 2.8 0 Td (%s) Tj ET EMC" % ((b"M" * 12,) * 4)}.items():
            bad(f"dark-{label}", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(content)})
        bad("dark-other-letter", DA, DA + b"/V (i) /AP << /N 60 0 R >> ", later={
            60: look(b"/Tx BMC BT /Helv 10 Tf 0 g 1 2 Td (%s) Tj 2.8 0 Td (%s) Tj ET EMC" % ((b"i" * 25,) * 2), b"/Helv 63 0 R"),
            63: font(encoding=b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [105 /M] >> ")})
        large = BOX.replace(b"[100 100 112 112]", b"[100 100 160 150]")
        for sign in (b"n", b"l"):
            states = b"/MK << /CA (%s) >> /DA (/ZaDb 0 Tf 0 g) /AP << /N << /Yes 35 0 R /Off 36 0 R >> >> " % sign
            bad(f"dark-sign-{sign.decode()}", states + b"/AS /Off /V /Off ", states + b"/AS /Yes /V /Yes ", field=large, objects={
                34: DINGBATS, 35: look(b"BT /ZaDb 60 Tf 0 g 4 4 Td (%s) Tj ET" % sign, b"/ZaDb 34 0 R", box=b"0 0 60 50"), 36: look(b"", box=b"0 0 60 50")}, form=b"/DR << /Font << /Helv 33 0 R /ZaDb 34 0 R >> >> /DA (/Helv 9 Tf 0 g) ")
        bad("colours-of-a-stream", DA + b"/MK 38 0 R " + empty, DA + b"/MK << /BG [1] /Length 0 >> " + value, objects={38: stream(b"", b"/BG [1] "), **none}, later=shown)
        bad("font-by-family", DA, DA + value, later={60: look(WRITTEN, b"/Helv 63 0 R"), 63: font(b"ArialMT", b"TrueType", more=b"/FontDescriptor 65 0 R "), 65: DESCRIPTOR % b"/FontFamily (ZapfDingbats) "})
        # Colours written again, rounded as pdf.js does, and others.
        colours = b"/MK << /BC [0.2] /BG [.8 .843 1] >> "
        for label, expected, again in [("rounded", "good", b"/MK << /BC [0.2] /BG [0.8 0.8431372549019608 1] >> "), ("other", "bad", b"/MK << /BC [0.2] /BG [.8 .85 1] >> "),
                                       ("more", "bad", b"/MK << /BC [0.2] /BG [.8 .843 1] /CA (x) >> ")]:
            self.once(f"colours-{label}", expected, DA + colours + empty, DA + again + value, objects=none, later=shown)
        # The form's fonts change, of which a reader makes the look of a widget that is a signature's to another.
        nine = font(encoding=b"/Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [49 /nine] >> ")
        form = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 31 0 R] /SigFlags 3 /DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) >> >>"
        bare = TEXT.replace(b"/FT /Tx /T (ten) ", b"")
        for label, own in {"own-kind": b"/FT /Sig /V 39 0 R ", "own-kind-below": b"/FT /Sig /Parent 31 0 R /V 39 0 R ", "kind-of-another": b"/Parent 37 0 R "}.items():
            first = pdf(self.sign, objects={1: form, 3: PAGE, 31: b"<< /FT /Tx /T (ten) /V (1000) /Kids [35 0 R] >>", 33: HELV, 35: b"<< %s%s>>" % (bare, own), 37: b"<< /FT /Sig /T (q) >>", 39: b"null"})
            for change, objects in {"font": {1: form.replace(b"/Helv 33 0 R", b"/Helv 61 0 R"), 61: nine}, "ink": {1: form.replace(b"0 g", b"1 g")}}.items():
                self.add(f"two-kinds-{label}-{change}", "bad", self.stamp(first, objects))
        # To pdf.js a page has the notes of the nodes above it, until it has its own.
        note = {24: b"<< /Type /Annot /Subtype /Stamp /Rect [50 190 250 230] /F 4 /AP << /N 32 0 R >> >>", 32: look(FORGED)}
        plain = PAGE.replace(b"/Annots [6 0 R 35 0 R] ", b"")
        for label, node, parent in [("above", b"/Annots [24 0 R] ", b"2 0 R"), ("none-above", b"", b"2 0 R"), ("above-beside-the-tree", b"", b"25 0 R"), ("above-within", b"", b"<< /Annots [24 0 R] /Parent 2 0 R >>"),
                                    ("above-twice", b"", b"<< /Parent 25 0 R >>"), ("above-far", b"", b"<< /Parent " * 12 + b"25 0 R " + b">> " * 12)]:
            page = plain.replace(b"/Parent 2 0 R", b"/Parent " + parent)
            first = pdf(self.sign, objects={2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s>>" % node, 3: page, 25: b"<< /Annots [24 0 R] /Parent 2 0 R >>", **note})
            own = page.replace(b"/Resources << >>", b"/Resources << >> /Annots [80 0 R] ", 1)
            self.add(f"notes-{label}", "good" if label == "none-above" else "bad", self.stamp(first, {3: own}, field=b"/Type /Annot /Subtype /Widget /F 132 /P 3 0 R /Rect [0 0 0 0]"))


if __name__ == "__main__":
    attacks = FormAttacks()
    for kind in [attacks.honest, attacks.replaced, attacks.told_otherwise, attacks.covered, attacks.around, attacks.undrawn, attacks.wills,
                 attacks.stamped, attacks.by_text, attacks.fonts, attacks.scripts,
                 attacks.of_the_form, attacks.empty_to_some]:
        kind()
    report(attacks)
