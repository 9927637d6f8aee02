"""pdfa_clauses.py FILE: the clauses of ISO 19005-2 (level B) that can be read from the objects, each broken one on a line.
No validator of the whole standard is in the package archives; this reads the file through qpdf's parser, not ours."""

import re
import sys
from xml.etree import ElementTree

import pikepdf

path = sys.argv[1]
broken = []


def must(clause, holds, what):
    if not holds:
        broken.append(f"{clause}: {what}")


data = open(path, "rb").read()
must("6.1.2", re.match(rb"%PDF-1\.[2-7]\n%[\x80-\xff]{4}", data), "header and binary comment")
must("6.1.3", data.rstrip().endswith(b"%%EOF") and len(data) - len(data.rstrip()) <= 2, "nothing after the last %%EOF")
pdf = pikepdf.open(path)
root, trailer = pdf.Root, pdf.trailer
must("6.1.3", len(trailer.get("/ID", [])) == 2, "two-part file identifier")
must("6.1.3", "/Encrypt" not in trailer, "no encryption")

meta = root.get("/Metadata")
must("6.6.2.1", meta is not None and "/Filter" not in meta, "metadata stream without filter")
xmp = ElementTree.fromstring(meta.read_bytes())
space = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dc": "http://purl.org/dc/elements/1.1/",
         "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "xmp": "http://ns.adobe.com/xap/1.0/", "pdf": "http://ns.adobe.com/pdf/1.3/"}


def value(name):
    prefix, local = name.split(":")
    tag = f"{{{space[prefix]}}}{local}"
    for element in xmp.iter():
        if tag in element.attrib:
            return element.attrib[tag]
        if element.tag == tag:
            inner = element.find(".//rdf:li", space)
            return (inner if inner is not None else element).text
    return None


must("6.6.4", (value("pdfaid:part"), value("pdfaid:conformance")) == ("2", "B"), "identified as 2B")
info = trailer.get("/Info", {})
for key, name in (("/Title", "dc:title"), ("/Author", "dc:creator"), ("/Producer", "pdf:Producer"), ("/Creator", "xmp:CreatorTool")):
    if key in info:
        must("6.6.3", str(info[key]) == value(name), f"{key} {info[key]!s} as in XMP {value(name)!s}")
for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
    if key in info:
        digits = lambda text: re.sub(r"\D", "", text or "")[:14]
        must("6.6.3", digits(str(info[key])) == digits(value(name)), f"{key} as in XMP")

intents = [i for i in root.get("/OutputIntents", []) if i.S == "/GTS_PDFA1"]
must("6.2.3", len(intents) == 1 and "/DestOutputProfile" in intents[0], "one PDF/A output intent with a profile")
profile = intents[0].DestOutputProfile
icc = profile.read_bytes()
must("6.2.3", icc[36:40] == b"acsp" and icc[16:20] == b"RGB " and profile.N == 3 and icc[8] <= 4, "the profile is an RGB ICC profile up to version 4")
must("6.1.13", "/OCProperties" not in root or "/OCGs" in root.OCProperties, "optional content")
must("6.4.1", "/NeedAppearances" not in root.get("/AcroForm", {}), "no NeedAppearances")
must("6.4.2", "/XFA" not in root.get("/AcroForm", {}), "no XFA")
must("6.5.1", "/AA" not in root and "/OpenAction" not in root, "no actions on the document")

ALLOWED_FILTERS = {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/JPXDecode", "/JBIG2Decode"}
BAD_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/JavaScript"}


def device_cmyk(thing):
    return thing in ("/DeviceCMYK",) or (isinstance(thing, pikepdf.Array) and len(thing) > 1 and thing[0] == "/Indexed" and device_cmyk(thing[1]))


for thing in pdf.objects:
    where = f"object {thing.objgen[0]}"
    if isinstance(thing, pikepdf.Stream):
        filters = thing.get("/Filter", [])
        filters = [filters] if isinstance(filters, pikepdf.Name) else list(filters)
        must("6.1.7.2", all(str(f) in ALLOWED_FILTERS for f in filters), f"{where}: filter {filters}")
        must("6.1.7.1", not any(key in thing for key in ("/F", "/FFilter", "/FDecodeParms")), f"{where}: no external stream")
    if not isinstance(thing, (pikepdf.Stream, pikepdf.Dictionary)):
        continue
    kind, sub = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
    if sub == "/Image":
        must("6.2.8", "/Alternates" not in thing and "/OPI" not in thing and not thing.get("/Interpolate", False), f"{where}: image keys")
        must("6.2.4.3", not device_cmyk(thing.get("/ColorSpace")), f"{where}: no DeviceCMYK under an RGB intent")
    if sub == "/Form":
        must("6.2.9", not any(key in thing for key in ("/OPI", "/PS", "/Ref")), f"{where}: form keys")
    if sub == "/PS":
        must("6.2.9", False, f"{where}: PostScript")
    if kind == "/ExtGState":
        must("6.2.5", "/TR" not in thing and thing.get("/TR2", "/Default") == "/Default" and "/HTP" not in thing, f"{where}: graphics state")
    if kind == "/Font" and sub in ("/TrueType", "/Type1", "/CIDFontType0", "/CIDFontType2", "/MMType1"):
        program = thing.get("/FontDescriptor", {})
        must("6.2.11.4.1", any(k in program for k in ("/FontFile", "/FontFile2", "/FontFile3")), f"{where}: font program embedded")
        if sub == "/CIDFontType2":
            must("6.2.11.3.2", "/CIDToGIDMap" in thing, f"{where}: CIDToGIDMap")
    if kind == "/Annot" or sub == "/Widget":
        flags = int(thing.get("/F", 0))
        must("6.3.2", flags & 4 and not flags & 0b100011, f"{where}: annotation prints and is not hidden")
        must("6.4.1", "/A" not in thing and "/AA" not in thing, f"{where}: no action on a field")
        rect = [float(n) for n in thing.get("/Rect", [0, 0, 0, 0])]
        flat = rect[0] == rect[2] and rect[1] == rect[3]
        must("6.3.3", flat or "/N" in thing.get("/AP", {}), f"{where}: appearance")
    if "/S" in thing and str(thing.get("/S")) in BAD_ACTIONS and (kind == "/Action" or "/JS" in thing):
        must("6.5.1", False, f"{where}: action {thing.S}")
for number, page in enumerate(pdf.pages, 1):
    must("6.5.2", "/AA" not in page, f"page {number}: no actions")
    box = [float(n) for n in page.mediabox]
    must("6.1.13", all(3 <= side <= 14400 for side in (box[2] - box[0], box[3] - box[1])), f"page {number}: size {box}")
for line in broken:
    print(line)
sys.exit(1 if broken else 0)
