"""form_attacks.py FOLDER: forms filled in after they were signed, honestly and so that the page looks otherwise than it did:
values replaced, what was shown covered or uncovered; by a signature that approves and by one that certifies (P 2), into
FOLDER, with roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py)."""

import re

from attacks import FORGED, body, stream, update
from by_hand import Cases, pdf, report, seal, signature
from later_attacks import CERTIFIED

HELV = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
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


def named(cases, first, name):
    """Signed again, in a new invisible field of that name, which comes first."""
    objects = {1: body(first, 1).replace(b"/Fields [", b"/Fields [37 0 R "), 37: b"<< /FT /Sig /T %s /V 62 0 R >>" % name, 62: signature()}
    return seal(update(first, objects), cases.sign)


class FormAttacks(Cases):
    """Of a document with a field (31), looks (32, 35, 36), a font (33); later ones have further numbers (60 on)."""

    def put(self, label, expected, before, after, field=TEXT, objects={}, form=b"", later={}, then=None, **how):
        """before, after: further keys of the field; later: objects of the revision that fills it in."""
        fonts = b"/DR << /Font << /Helv 33 0 R >> >> /DA (/Helv 9 Tf 0 g) "
        for kind, certified in {"": {"fields": b"6 0 R 31 0 R"}, "-certified": CERTIFIED}.items():
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
        put("remark-of-program", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later=shown, between=b"% Written by MuPDF 1.28.5\n\n")
        put("chosen", b"/Opt [(a) (b)] ", b"/Opt [(a) (b)] /V (b) /I [1] /AP << /N 60 0 R >> ", field=TEXT.replace(b"/Tx", b"/Ch /Ff 131072"), later={60: look(WRITTEN)})
        states = b"/AP << /N << /Yes 35 0 R >> /D << /Yes 36 0 R >> >> "
        looks = {35: look(MARK), 36: look(b"")}
        put("ticked", states + b"/AS /Off /V /Off ", states + b"/AS /Yes /V /Yes ", field=BOX, objects=looks)
        put("ticked-no-state", states, states + b"/AS /Yes /V /Yes ", field=BOX, objects=looks)
        put("font-of-the-form", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={**shown, 61: HELV}, then=lambda first, objects: update(first, {
            **objects, 1: body(first, 1).replace(b"/Helv 33 0 R", b"/Helv 33 0 R /F7 61 0 R")}))
        kids = {35: b"<< /Parent 31 0 R /Type /Annot /Subtype /Widget /Rect [100 100 200 120] /P 3 0 R /AP << /N 36 0 R >> >>", 36: look(b""), 3: PAGE}
        put("widget-apart", b"/Kids [35 0 R] ", b"/Kids [35 0 R] /V (Lan) ", field=b"/FT /Tx /T (ten) ", objects=kids,
            later={35: kids[35].replace(b"36 0 R", b"60 0 R"), **shown})
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
        bad("cover-colors-of-page", DA, DA + b"/V (Lan) /AP << /N 60 0 R >> ", later={60: look(WRITTEN)}, objects={
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /ColorSpace << /DefaultGray 65 0 R >> >> /Contents 4 0 R /Annots [6 0 R 31 0 R] >>",
            65: b"[/CalGray << /WhitePoint [.95 1 1.09] /Gamma .00001 >>]"})
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
        for label, name in {"little-endian": b"<fffe740065006e00>", "language": b"<feff001b00760069001b00740065006e>", "point": b"(ten.)", "empty": b"()"}.items():
            bad(f"namesake-{label}", b"/V (100) ", b"/V (100) ", then=lambda first, objects, name=name: named(self, first, name))
        bad("asked-of-readers-later", DA, DA + b"/V (Lan) ", then=form(b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances true"))
        bad("appearance-of-the-form", b"", b"/V (Lan) ", then=form(rb"/DA \(/Helv 9 Tf 0 g\)", b"/DA (/Helv 99 Tf 0 g)"))
        for label, remark in {"object": b"% 4 0 obj\n", "percent": b"%%EOF\n", "tail": b"% x", "code": b"%<<\n"}.items():
            bad(f"remark-{label}", DA, DA + b"/V (Lan) ", between=remark)


if __name__ == "__main__":
    attacks = FormAttacks()
    for kind in [attacks.honest, attacks.replaced, attacks.covered, attacks.around]:
        kind()
    report(attacks)
