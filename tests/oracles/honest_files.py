"""honest_files.py FOLDER: signed files as programs of the world leave them, and what they append, made by hand but for the
last, into FOLDER, with roots.pem (trusted); prints what pyHanko says of each, and what is expected (by_hand.py): each is
valid."""

import io
import types
import zlib

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper

from attacks import body, dss, root_number, stream, update
from by_hand import (
    HEADER, NULL, Cases, Cert, blank, cms, crl, extension, general, in_ber, integer, link, listed, new_ec, objects_of, oid, pdf, report, seal, seq, signature, utc)
from classic_attacks import RIGHT
from cms_attacks import PLACE_OF_LIST, place
from later_attacks import CERTIFIED
from signatures import DAY, NOW, Identity, new_rsa, page, sign

WIDGET = b"/Type /Annot /Subtype /Widget /Rect [10 10 60 20] /F 4 /P 3 0 R "
DRAWN = stream(b"q Q", b"/Type /XObject /Subtype /Form /BBox [0 0 50 10] ")
METADATA = stream(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", b"/Type /Metadata /Subtype /XML ")
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s >>"
INFO = {71: b"<< /ModDate (D:20260101000000Z) /Producer (x) >>"}


class HonestFiles(Cases):
    def __init__(self):
        super().__init__()
        self.good = pdf(self.sign)

    def put(self, label, data): self.add(label, "good", data)
    def catalog(self, key): return {1: body(self.good, 1)[:-2] + key + b" >>"}

    def seconds(self):
        """Signed again, by programs that bring more than a field."""
        put, again = self.put, lambda *how, **more: self.again(self.good, *how, **more)
        put("again", again())
        put("again-table-stream", again(stream_table=True))
        catalog = body(again(), 1)
        put("again-fonts", again({1: catalog.replace(b"/SigFlags 3", b"/SigFlags 3 /DR << /Font << >> >> /DA (/Helv 0 Tf 0 g)")}))
        put("again-extensions", again({1: catalog[:-2] + b"/Version /1.7 /Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >> >>"}))
        put("again-metadata", again({1: catalog[:-2] + b"/Metadata 70 0 R >>", 70: METADATA, **INFO}, trailer=b"/Info 71 0 R "))
        empty = b"<< /FT /Sig /T (K2) /Subtype /Widget /Rect [0 0 0 0] %s >>"
        for label, more in {"": b"", "-colours": b"/MK << >>", "-font": b"/DA (/Helv 0 Tf) /Q 0", "-flags": b"/Ff 0", "-read-only": b"/Ff 1", "-kind": b"/Type /Annot",
                            "-visible": b"/F 4", "-date": b"/M (D:20260101)"}.items():
            first = pdf(self.sign, objects={31: empty % b""}, fields=b"6 0 R 31 0 R")
            put(f"empty-field-signed{label}", self.again(first, {31: empty % (more + b" /V 62 0 R")}))

    def resources(self):
        """Signed again, visibly, by programs that bring the form looks, fonts and more, as iText 5 does: each field and note has a look
        and an appearance of its own."""
        letters, shown = b"/DA (/Helv 8 Tf 0 g) ", b"/Type /XObject /Subtype /Form /BBox [0 0 50 10] /Resources << %s>> "
        text = b"<< /FT /Tx /T (ten) %s%s/AP << /N 32 0 R >> >>" % (WIDGET, letters)
        note = text.replace(b"/FT /Tx /T (ten)", b"/Contents (x)").replace(b"/Widget", b"/FreeText")
        looks = {63: stream(b"q /FRM Do Q", shown % b"/XObject << /FRM 64 0 R >> "), 64: stream(b"", shown % b""), 65: FONT % b"ZapfDingbats"}
        fonts = b"/DR << /Font << /Helv 33 0 R >> >> "
        dressed, fields = b"/DR << /XObject << /FRM 64 0 R >> /Font << /Helv 33 0 R /ZaDb 65 0 R >> >> " + letters, b"6 0 R 31 0 R"
        more = lambda key: fonts.replace(b"<< ", b"<< %s " % key, 1) + letters
        for label, one, old, new in [
                ("note", note, b"", dressed),
                # Nobody made do without one of the fonts.
                ("text", text.replace(b"/Helv", b"/F7"), b"", dressed), ("text-with-fonts", text, fonts + letters, dressed),
                ("text-encoding", text, fonts + letters, more(b"/Encoding << /PDFDocEncoding << /Type /Encoding /Differences [24 /breve] >> >>")),
                ("text-procedures", text, fonts + letters, more(b"/ProcSet [/PDF /Text]")), ("text-appearance", text, fonts + letters, fonts + letters.replace(b"8 Tf", b"0 Tf"))]:
            form = objects_of(b"6 0 R" if one == note else fields)[1].replace(b"/SigFlags 3 ", b"/SigFlags 3 " + old)
            first = pdf(self.sign, objects={1: form, 3: objects_of(fields)[3], 31: one, 32: stream(b"/Tx BMC EMC", shown % b""), 33: FONT % b"Helvetica"})
            form = listed(first, 1, b"Fields", 34).replace(b"/SigFlags 3 " + old, b"/SigFlags 3 " + new)
            self.put(f"again-beside-{label}", self.again(
                first, {1: form, 3: listed(first, 3, b"Annots", 34), **looks}, number=34,
                field=b"/Type /Annot /Subtype /Widget /Rect [100 10 150 20] /F 132 /P 3 0 R /AP << /N 63 0 R >>"))
        told = pdf(self.sign, objects={1: objects_of()[1].replace(b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances false")})
        self.put("again-looks-not-needed-any-more", self.again(told, {1: listed(told, 1, b"Fields", 31).replace(b"/NeedAppearances false ", b"")}))

    def forms(self):
        """A certified form (P 2), filled in, signed, and made to last."""
        text = b"<< /FT /Tx /T (ten) /DA (/Helv 8 Tf 0 g) %s >>"
        first = pdf(self.sign, objects={31: text % WIDGET}, **CERTIFIED)

        def filled(more, old=b""):
            return update(first, {31: (text % (WIDGET + more + b" /AP << /N 63 0 R >>")).replace(*(old or (b"", b""))), 63: DRAWN})
        self.put("form-filled", filled(b"/V (x)"))
        second = pdf(self.sign, objects={31: text % (WIDGET + b"/AP << /N 63 0 R >>"), 63: DRAWN}, **CERTIFIED)
        self.put("form-filled-look", update(second, {31: text % (WIDGET + b"/V (x) /AP << /N 64 0 R >>"), 64: DRAWN}))
        self.put("form-filled-aligned", filled(b"/V (x) /Q 0"))
        self.put("form-filled-font", filled(b"/V (x)", (b"8 Tf", b"9 Tf")))
        # What holds anyhow, written out.
        self.put("form-filled-flags", filled(b"/V (x) /Ff 0"))
        needs_none = {1: body(first, 1).replace(b"/SigFlags 3", b"/SigFlags 3 /NeedAppearances false")}
        self.put("form-filled-looks-not-needed", update(first, {**needs_none, 31: text % (WIDGET + b"/V (x) /AP << /N 63 0 R >>"), 63: DRAWN}))
        unflagged = pdf(self.sign, objects={1: objects_of()[1].replace(b"/SigFlags 3", b"")})
        self.put("form-flags-evidence", update(unflagged, {1: dss(unflagged).replace(b"[6 0 R]", b"[6 0 R] /SigFlags 3")}))
        signed = self.again(filled(b"/V (x)"), number=33)
        lasting = update(signed, {1: dss(signed)})
        for label, data in {"signed": signed, "evidence": lasting, "stamped": self.stamp(lasting)}.items():
            self.put(f"form-filled-{label}", data)

    def remarks(self):
        """iText tells of itself between the trailer and the pointer."""
        for label, program in {"5": b"iText-5.5.13.3", "8": b"iText-Core-8.0.4", "twice": b"iText-Core-8.0.4\n%iText-pdfHTML-5.0.4"}.items():
            how = {"tail": lambda at: b"%%%s\nstartxref\n%d\n%%%%EOF\n" % (program, at)}
            own = seal(blank().replace(b"startxref", b"%" + program + b"\nstartxref"), self.sign)
            self.put(f"itext-{label}", own)
            for kind, first in {"": own, "-after-another": self.good}.items():
                again, lasting = self.again(first, **how), update(first, {1: dss(first)}, **how)
                again_lasting = update(again, {1: dss(again)}, **how)
                for what, data in {"again": again, "evidence": lasting, "stamped": self.stamp(lasting, **how), "again-evidence-stamped": self.stamp(again_lasting, **how)}.items():
                    self.put(f"itext-{label}{kind}-{what}", data)

    def certified(self):
        """Who certifies, or locks fields, names what he looked at: the catalog."""
        text = b"<< /FT /Tx /T (ten) /DA (/Helv 8 Tf 0 g) %s >>"
        more = CERTIFIED["more"].replace(b"/TransformMethod", b"/Data 1 0 R /TransformMethod")
        first = pdf(self.sign, objects={31: text % WIDGET}, **{**CERTIFIED, "more": more})
        filled = {31: text % (WIDGET + b"/V (x) /AP << /N 63 0 R >>"), 63: DRAWN}
        again = self.again(first, number=33)
        lasting = update(again, {1: dss(again)})
        for label, data in {"": first, "-evidence": update(first, {1: dss(first)}), "-stamped": self.stamp(first), "-filled": update(first, filled),
                            "-filled-again": self.again(update(first, filled), number=33), "-again": again, "-again-evidence": lasting, "-again-evidence-stamped": self.stamp(lasting)}.items():
            self.put(f"certified-data{label}", data)
        locks = b"/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /Data 1 0 R /TransformParams << /Type /TransformParams /Action /Include /Fields [(ten)] /V /1.2 >> >>] "
        locked = pdf(self.sign, objects={31: text % WIDGET}, fields=b"6 0 R 31 0 R", more=locks)
        second = {1: listed(self.good, 1, b"Fields", 31), 31: b"<< /FT /Sig /T (K2) /V 62 0 R >>", 62: signature(more=locks)}
        both = seal(update(self.good, second), self.sign)
        for label, data in {"": locked, "-evidence": update(locked, {1: dss(locked)}), "-second": both, "-second-evidence": update(both, {1: dss(both)})}.items():
            self.put(f"locked-data{label}", data)

    def rights(self):
        """Usage rights, which a software maker signed for its reader (ISO 32000-2, 12.8.2.3)."""
        right = RIGHT % b""
        for label, key, objects in [("", b"/Perms << /UR3 %s >>" % right, {}), ("-older", b"/Perms << /UR %s >>" % right, {}), ("-apart", b"/Perms << /UR3 50 0 R >>", {50: right}),
                                    ("-permissions-apart", b"/Perms 51 0 R", {51: b"<< /UR3 %s >>" % right})]:
            first = pdf(self.sign, catalog=key, objects=objects)
            again = self.again(first)
            for kind, data in {"": first, "-again": again, "-evidence": update(first, {1: dss(first)})}.items():
                self.put(f"rights{label}{kind}", data)

    def lists(self):
        """Lists as authorities of the world issue them, that are kept and that are given."""
        leaf, number = Cert("Lan R", self.rsa, self.ca, extra=[PLACE_OF_LIST]), extension("2.5.29.20", False, integer(5))
        more = {
            "plain": [], "microsoft": [extension("1.3.6.1.4.1.311.21.1", False, integer(0)), extension("1.3.6.1.4.1.311.21.4", False, utc(NOW + 5 * DAY))],
            "expired-kept": [extension("2.5.29.60", False, general(NOW - 900 * DAY))], "issuer-names": [extension("2.5.29.18", False, seq(link(b"http://ca.example/")))],
            "authority": [extension("1.3.6.1.5.5.7.1.1", False, seq(seq(oid("1.3.6.1.5.5.7.48.2"), link(b"http://ca.example/ca.crt"))))],
            "freshest": [extension("2.5.29.46", False, seq(seq(place(b"http://ca.example/d.crl"))))], "unknown": [extension("1.2.3.4", False, NULL)]}
        for label, extensions in more.items():
            ca = Cert(f"CA {label}", new_ec(), self.root, authority=True)
            told = Cert("Lan R", self.rsa, ca, extra=[PLACE_OF_LIST])
            self.given.append(crl(ca, extra=[number, *extensions]))
            self.put(f"list-given-{label}", pdf(lambda covered: cms(covered, told, (ca, self.root))))
            kept = {"CRLs": [crl(self.ca, extra=[number, *extensions])]}
            self.add(f"list-{label}", "good", pdf(lambda covered: cms(covered, leaf, self.chain), kept=kept), kept)
        # Some end their streams with a line.
        kept = {"CRLs": [crl(self.ca) + b"\r\n"]}
        self.add("list-line-behind", "good", pdf(lambda covered: cms(covered, leaf, self.chain), kept=kept), kept)

    def renewed_authorities(self):
        """With the same key, and the older certificate over by now: whichever comes first."""
        for label, turn in {"over-first": 1, "over-last": -1}.items():
            old, root = Cert(f"CA {label}", new_ec(), self.root, authority=True, span=(-90, -2)), Cert(f"Goc {label}", new_rsa(), authority=True, span=(-900, -2))
            new, trusted = Cert(f"CA {label}", old.key, self.root, authority=True), Cert(f"Goc {label}", root.key, authority=True)
            for kind, leaf in {"": Cert("Lan", self.rsa, old), "-placed": Cert("Lan", self.rsa, old, extra=[PLACE_OF_LIST])}.items():
                kept = {"CRLs": [crl(new)]} if kind else {}
                self.add(f"authority-renewed-{label}{kind}", "good", pdf(lambda covered: cms(covered, leaf, (*(old, new)[::turn], self.root)), kept=kept), kept)
            self.roots += [root, trusted][::turn]
            self.put(f"root-renewed-{label}", pdf(lambda covered: cms(covered, Cert("Lan", self.rsa, root), [root, trusted][::turn])))

    def evidence(self):
        good, der = self.good, self.root.der
        packed = zlib.compress(der)
        one, other = stream(der), stream(self.ca.der)
        esic = b"/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >> "

        def put(label, objects):
            self.put(f"evidence-{label}", update(good, {**self.catalog(b"/DSS 43 0 R "), 43: b"<< /Type /DSS /Certs [40 0 R] >>", 40: one, **objects}))
        put("plain", {})
        put("packed", {40: b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)})
        put("list", {43: b"<< /Type /DSS /Certs 44 0 R >>", 44: b"[40 0 R]"})
        put("of-one", {43: b"<< /Certs [40 0 R] /VRI 41 0 R >>", 41: b"<< /%s 42 0 R >>" % (b"A" * 40),
                       42: b"<< /Cert [40 0 R] /TU (D:20260101000000Z) /CRL [] /OCSP [] >>"})
        put("extensions", self.catalog(b"/DSS 43 0 R " + esic))
        put("extensions-list", self.catalog(b"/DSS 43 0 R /Extensions << /ADBE [<< /BaseVersion /1.7 /ExtensionLevel 8 >>] >> "))
        # Written anew: what nothing leads to any more still names what is kept.
        lists = {43: b"<< /Type /DSS /Certs 44 0 R /VRI 41 0 R >>", 44: b"[40 0 R]", 41: b"<< /%s 42 0 R >>" % (b"A" * 40), 42: b"<< /Cert 45 0 R >>", 45: b"[40 0 R]"}
        old = update(good, {**self.catalog(b"/DSS 43 0 R " + esic), 40: one, **lists})
        moved = {1: body(old, 1).replace(b"43 0 R", b"53 0 R"), 53: b"<< /Type /DSS /Certs 54 0 R /VRI 51 0 R >>", 54: b"[40 0 R 46 0 R]", 46: other,
                 51: b"<< /%s 52 0 R >>" % (b"A" * 40), 52: b"<< /Cert 55 0 R >>", 55: b"[40 0 R 46 0 R]"}
        self.put("evidence-grown", update(old, {44: b"[40 0 R 46 0 R]", 46: other}))
        stamped = self.stamp(old)
        self.put("evidence-stamped", stamped)
        self.put("evidence-stamped-renewed-stamped", self.stamp(update(stamped, {**moved, 1: body(stamped, 1).replace(b"43 0 R", b"53 0 R")}), number=90))

    def renewed(self):
        """Document information and metadata in which a program that appends tells of itself, and of the time."""
        told = b"<< /Title %s /Author %s /Producer %s /Creator %s /CreationDate %s /ModDate %s /Keywords %s /AAPL:Keywords %s >>"
        texts = [b"(Hop dong)", b"(Lan)", b"(Mac OS X 10.9.2 Quartz PDFContext)", b"(TextEdit)", b"(D:20260101000000Z)", b"(D:20260101000000Z)", b"()", b"[(a) (b)]"]
        led = [b"%d 0 R" % number for number in range(12, 20)]
        xmp = (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
               b"xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:pdf='http://ns.adobe.com/pdf/1.3/' xmlns:dc='http://purl.org/dc/elements/1.1/'%s"
               b"<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Hop dong</rdf:li></rdf:Alt></dc:title>%s</rdf:Description></rdf:RDF></x:xmpmeta>")
        written = xmp % (b" xmp:CreatorTool='TextEdit' xmp:ModifyDate='2026-01-01' pdf:Producer='Quartz'>", b"<dc:format>application/pdf</dc:format>")
        # The same as elements, not attributes, and the other way round.
        again = xmp % (b" dc:format='application/pdf'>\n ", b"\n <xmp:CreatorTool>TextEdit</xmp:CreatorTool><xmp:ModifyDate>%s</xmp:ModifyDate>"
                       b"<xmp:MetadataDate>2026-11-26</xmp:MetadataDate><pdf:Producer>Quartz; pyHanko</pdf:Producer>")

        def info(values): return {11: told % (*values,)}
        def renewed(values, day): return info((*values[:2], b"(Quartz; pyHanko)", *values[3:5], b"(D:202611%sZ)" % day, *values[6:]))
        def metadata(packet): return {10: stream(packet, b"/Type /Metadata /Subtype /XML ")}
        for label, before, after in [
                ("info", info(texts), lambda day: renewed(texts, day)), ("info-led", info(led), lambda day: renewed(led, day)),
                ("metadata", metadata(written), lambda day: metadata(again % day)),
                ("both", {**info(led), **metadata(written)}, lambda day: {**renewed(led, day), **metadata(again % day)})]:
            objects = {**objects_of(catalog=b"/Metadata 10 0 R" if 10 in before else b""), **dict(zip(range(12, 20), texts)), **before}
            trailer = b"/Info 11 0 R " if 11 in before else b""
            first = seal(update(HEADER, {**objects, 7: signature()}, prev=None, trailer=trailer), self.sign)
            lasting, twice = update(first, {1: dss(first), **after(b"26")}), self.again(first, after(b"26"))
            for kind, data in {"evidence": lasting, "evidence-stamped": self.stamp(lasting), "again": twice,
                               "again-evidence": update(twice, {1: dss(twice), **after(b"27")})}.items():
                self.put(f"renewed-{label}-{kind}", data)

    def containers(self):
        self.put("container-ber", pdf(lambda covered: in_ber(self.sign(covered))))
        self.put("container-ber-deeper", pdf(lambda covered: in_ber(self.sign(covered), deeper=True)))

    def writers(self):
        """Tables, trailers and objects as programs write them."""
        def table(label, old, new):
            made = blank()
            assert made.count(old) == 1
            first = seal(made.replace(old, new), self.sign)
            self.put(f"table-{label}", first)
            self.put(f"table-{label}-evidence", update(first, {1: dss(first)}))
        table("free-65536", b"0000000000 65535 f", b"0000000000 65536 f")
        table("comment-in-trailer", b"trailer\n<< ", b"trailer\n<< \n/ID \n[<00><00>]\n% ReportLab generated PDF document -- digest (http://www.reportlab.com)\n\n")
        table("rows-cr-lf", b"65535 f \n", b"65535 f\r\n")
        first = seal(update(HEADER.replace(b"\n%", b"\n"), {**objects_of(), 7: signature()}, prev=None), self.sign)
        self.put("header-no-remark", first)
        self.put("header-no-remark-evidence", update(first, {1: dss(first)}))
        for label, more, how in [
                ("names", b"/Name (Lan) /Reason (x) /Location (y) /ContactInfo (z) ", {}), ("no-date", b"", {"date": b""}),
                ("date-as-libreoffice", b"", {"date": NOW.strftime("/M (D:%Y%m%d%H%M%SZ') ").encode()}), ("kind", b"/FT /Sig ", {}),
                ("adbe", b"", {"sub": "adbe.pkcs7.detached"}),
                ("program", b"/Prop_Build << /App << /Name /Foxit#20Reader /R [1 0 0] >> /Filter << /Name /Adobe.PPKLite >> >> ", {})]:
            self.put(f"signature-{label}", pdf(self.sign, more=more, **how))
        apart = {3: body(self.good, 3).replace(b"[6 0 R]", b"[8 0 R]"), 6: b"<< /FT /Sig /T (K1) /V 7 0 R /Kids [8 0 R] >>",
                 8: b"<< /Parent 6 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>"}
        first = pdf(self.sign, objects=apart)
        self.put("widget-apart", first)
        self.put("widget-apart-again", self.again(first))
        direct = objects_of()
        direct[6] = direct[6].replace(b"7 0 R", signature())
        self.put("value-in-field", seal(update(HEADER, direct, prev=None), self.sign))
        # The first object tells the length of the file before it was signed.
        told = b"50 0 obj\n<< /Linearized 1 /L %010d /H [500 20] /O 3 /E 3000 /N 1 /T 3500 >>\nendobj\n"
        unsigned = {number: content for number, content in objects_of(b"").items() if number != 6}
        row = {50: b"%010d 00000 n \n" % len(HEADER)}
        length = len(update(HEADER + told % 0, unsigned, prev=None, entries=row))
        base = update(HEADER + told % length, unsigned, prev=None, entries=row)
        first = seal(update(base, {**{number: objects_of()[number] for number in (1, 3, 6)}, 7: signature()}), self.sign)
        lasting = update(first, {1: dss(first)})
        # Names beyond ASCII, as programs of other tongues write them.
        names = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Resources << /XObject << /Hình 31 0 R >> >> /Contents 4 0 R /Annots [6 0 R] /Tên /Nguyễn#20Lan >>".encode()
        named = pdf(self.sign, objects={3: names, 4: stream("/Hình Do".encode()), 31: DRAWN})
        kept = update(named, {1: dss(named)})
        for label, data in {
                "linearized-before": first, "linearized-before-evidence": lasting, "linearized-before-stamped": self.stamp(lasting), "linearized-before-again": self.again(first, number=60),
                "names-utf8": named, "names-utf8-evidence": kept, "names-utf8-written-again": update(named, {1: dss(named), 3: names})}.items():
            self.put(label, data)
        # Measures with noughts behind the point, as TCPDF writes them and pyHanko does not; LibreOffice's checksum, which one left out; the version.
        sized = objects_of()[3].replace(b"[0 0 300 300]", b"[%s %s 300.00 300.00]" % (b"0.000000", b"0.000000"))
        exact = pdf(self.sign, objects={3: sized})
        told = seal(update(HEADER, {**objects_of(), 7: signature()}, prev=None, trailer=b"/DocChecksum /0123456789ABCDEF "), self.sign)
        left_out = self.again(told)
        version = dss(self.good)[:-2] + b"/Version /1.7 >>"
        catalog = lambda number: {1: body(self.good, 1)[:-2] + b"/DSS << /Certs %d 0 R >> >>" % number}
        kept = update(self.good, {**catalog(41), 40: stream(self.ca.der), 41: b"[40 0 R]"})
        self.put("evidence-list-freed", update(kept, {**catalog(42), 42: b"[40 0 R 43 0 R]", 43: stream(self.root.der)}, entries={41: b"0000000000 00001 f \n"}))
        for label, data in {"measures-again": self.again(exact, {3: objects_of()[3].replace(b"[6 0 R]", b"[6 0 R 31 0 R]")}, field=WIDGET.replace(b"10 10 60 20", b"0 0 0 0")), "checksum-back": update(left_out, {1: dss(left_out)}, trailer=b"/DocChecksum /0123456789ABCDEF "),
                            "version-evidence": update(self.good, {1: version})}.items():
            self.put(label, data)
        for label, content in {
                "reals": b"[1. .5 -.5 +1]", "empty-name": b"<< / 1 >>", "odd-hex": b"[<abc> <a b\nc>]", "octal": b"(\\7\\77\\777)", "key-twice": b"<< /A 1 /A 2 >>",
                "tight": b"[true/x false(a)null]", "far": b"[9999 0 R]", "comment": b"<< %c\n/A 1 >>", "null": b"null"}.items():
            self.put(f"object-{label}", pdf(self.sign, objects={30: content}))

    def programs(self):
        """pikepdf's files, signed twice by pyHanko and stamped."""
        root, times = Identity("Goc 2", new_rsa(), ca=True), Identity("Goc thoi gian 2", new_rsa(), ca=True)
        lan, tsa = Identity("Lan", new_rsa(), root).signer(root), Identity("TSA", new_rsa(), times, usage="stamp")
        self.roots += [types.SimpleNamespace(der=one.asn1.dump()) for one in (root, times)]
        stamper = DummyTimeStamper(tsa.asn1, tsa.private, fixed_dt=NOW)
        stamper.certs_to_embed.extend([tsa.asn1, times.asn1])
        base = page()
        for label, how in {"plain": {}, "packed": {"object_stream_mode": pikepdf.ObjectStreamMode.generate}, "linearized": {"linearize": True},
                           "linearized-packed": {"linearize": True, "object_stream_mode": pikepdf.ObjectStreamMode.generate}}.items():
            out = io.BytesIO()
            pikepdf.open(io.BytesIO(base)).save(out, **how)
            one = sign(out.getvalue(), lan, "A1")
            two = sign(one, lan, "A2", stamper=stamper)
            out = io.BytesIO()
            signers.PdfTimeStamper(stamper, field_name="T1").timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(two)), "sha256", validation_context=None, output=out)
            kept = {} if "packed" in label else {"-evidence": update(one, {root_number(one): dss(one)}, root=root_number(one))}
            for kind, data in {"": one, "-twice": two, "-stamped": out.getvalue(), **kept}.items():
                self.put(f"pikepdf-{label}{kind}", data)
        # Linearized as it is signed: of two tables that of the first page is in front.
        room = b"/" + b"x" * 57
        for label, how in {"": {}, "-packed": {"object_stream_mode": pikepdf.ObjectStreamMode.generate}}.items():
            out = io.BytesIO()
            pikepdf.open(io.BytesIO(blank().replace(b" " * 60, room))).save(out, linearize=True, **how)
            one = seal(out.getvalue().replace(b" %s " % room, b" " * 60), self.sign)
            self.put(f"linearized-signed{label}", one)
            self.put(f"linearized-signed{label}-twice", sign(one, lan, "A2"))


if __name__ == "__main__":
    files = HonestFiles()
    for kind in [files.seconds, files.resources, files.forms, files.remarks, files.certified, files.rights, files.lists, files.renewed_authorities, files.evidence, files.renewed,
                 files.containers, files.writers, files.programs]:
        kind()
    report(files)
