//! Writing a document as a PDF/A-2b file, in one pass, page by page.
//!
//! A signed file is laid down with its signature dictionary last, so that everything before the
//! hole is hashed while it is written and nothing is read twice.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::assemble::{Assembled, Content, Page};
use super::geometry::image_matrix;
use super::hashing::{Around, HashingSink, SignedDigest};
use super::mark::{Mark, Marked};
use super::parts::{PartPage, PdfParts, Piece};
use super::write::{Numbers, PdfWriter, Ref, date_string, number, text_string};
use super::xmp::{self, About, PRODUCER};
use crate::page::{Filter, PageImage};
use crate::time::Timestamp;

const SRGB: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/icc/srgb.icc"));

/// What the signature dictionary says beside the signature itself.
#[derive(Debug, Clone)]
pub struct SignatureField {
    /// Name of the signer.
    pub name: String,
    /// Why the file is signed.
    pub reason: String,
    /// Claimed time of signing.
    pub at: Timestamp,
    /// Bytes kept free for the CMS container.
    pub room: usize,
    /// Digest of the signed ranges.
    pub digest: SignedDigest,
}

/// Writes the document without a signature; for previews and for proofs.
///
/// # Errors
/// When a page's bytes cannot be read or the sink fails.
pub fn plain<W: Write>(document: &Assembled, mark: Option<&Mark>, sink: W) -> io::Result<W> {
    let mut emitter = Emitter::new(sink)?;
    emitter.body(document, mark, None)?;
    let (root, info) = (emitter.root, emitter.info);
    let start = emitter.out.position();
    let id = emitter.document_id(&document.about);
    let tail = emitter.out.tail(start, root, info, [id, id]);
    emitter.out.raw(tail.as_bytes())?;
    Ok(emitter.out.into_inner())
}

/// A marked file that is written whole, but for the signature it has room for. From here on its bytes
/// stand: what is shown of it is what is signed.
#[derive(Debug)]
pub struct Unsigned {
    around: Around,
    hole_at: u64,
    room: usize,
    after: Vec<u8>,
}

impl Unsigned {
    /// Digest of the bytes the signature covers: all but its own.
    #[must_use]
    pub fn digest(&self) -> &[u8] {
        &self.around.signed
    }

    /// Where the signature goes: every other byte is as it will be.
    #[must_use]
    pub fn hole(&self) -> std::ops::Range<u64> {
        self.hole_at..self.hole_at + hole_length(self.room) as u64
    }

    /// Puts a CMS container into the file it is for; returns the SHA-256 of the whole.
    ///
    /// # Errors
    /// When the container is larger than the room kept for it, or the file cannot be written.
    pub fn fill<W: Write + Seek>(self, file: &mut W, container: &[u8]) -> io::Result<[u8; 32]> {
        if container.len() > self.room {
            return Err(io::Error::other("signature larger than the room kept for it"));
        }
        let hole = hole(container, self.room);
        file.seek(SeekFrom::Start(self.hole_at))?;
        file.write_all(&hole)?;
        file.flush()?;
        Ok(self.around.whole(&hole, &self.after))
    }
}

fn hole_length(room: usize) -> usize {
    room * 2 + 2
}

fn hole(container: &[u8], room: usize) -> Vec<u8> {
    format!("<{:0<1$}>", crate::hex::encode(container), room * 2).into_bytes()
}

/// Writes the marked document with room for one signature over the whole file.
///
/// # Errors
/// When a page's bytes cannot be read or the sink fails.
pub fn unsigned<W: Write>(marked: &Marked, field: &SignatureField, sink: W) -> io::Result<(W, Unsigned)> {
    let mut emitter = Emitter::new(HashingSink::new(sink, field.digest)?)?;
    let signature = emitter.numbers.allot();
    emitter.body(&marked.document, Some(&marked.mark), Some(signature))?;
    let out = &mut emitter.out;
    let start = out.position();
    out.note(signature, start);

    let head = format!(
        "{} 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name {} /Reason {} /M {}\n/ByteRange [",
        signature.0,
        text_string(&field.name),
        text_string(&field.reason),
        date_string(&field.at),
    );
    // ByteRange has a fixed width, so every position is known before it is written.
    const RANGE: usize = 36;
    let between = "]\n/Contents ";
    let hole_at = start + (head.len() + RANGE + between.len()) as u64;
    let behind = hole_at + hole_length(field.room) as u64;
    let closing = ">>\nendobj\n";
    let id = emitter.document_id(&marked.document.about);
    let out = &mut emitter.out;
    let table = out.tail(behind + closing.len() as u64, emitter.root, emitter.info, [id, id]);
    let after = format!("{closing}{table}").into_bytes();
    let range = format!("0 {hole_at} {behind} {}", after.len());
    out.raw(format!("{head}{range:<RANGE$}{between}").as_bytes())?;

    let (sink, around) = emitter.out.into_inner().close_around(&hole(&[], field.room), &after)?;
    Ok((sink, Unsigned { around, hole_at, room: field.room, after }))
}

struct Emitter<W> {
    out: PdfWriter<W>,
    numbers: Numbers,
    root: Ref,
    info: Ref,
    profiles: HashMap<[u8; 32], Ref>,
    imported: HashMap<*const PdfParts, u32>,
    content_hash: Sha256,
}

impl<W: Write> Emitter<W> {
    fn new(sink: W) -> io::Result<Self> {
        let mut numbers = Numbers::default();
        let (root, info) = (numbers.allot(), numbers.allot());
        Ok(Self {
            out: PdfWriter::new(sink)?,
            numbers,
            root,
            info,
            profiles: HashMap::new(),
            imported: HashMap::new(),
            content_hash: Sha256::new(),
        })
    }

    /// Everything but the signature dictionary and the tail.
    fn body(&mut self, document: &Assembled, mark: Option<&Mark>, signature: Option<Ref>) -> io::Result<()> {
        let about = &document.about;
        let tree = self.numbers.allot();
        let metadata = self.numbers.allot();
        let profile = self.numbers.allot();
        let field = signature.map(|_| self.numbers.allot());
        let pages: Vec<Ref> = document.pages.iter().map(|_| self.numbers.allot()).collect();

        let form = match field {
            Some(field) => format!(
                " /AcroForm <</Fields [{field}] /SigFlags 3>> /Extensions <</ISO_ [<</BaseVersion /2.0 \
/ExtensionLevel 32002 /ExtensionRevision (:2022)>>]>>"
            ),
            None => String::new(),
        };
        self.out.object(
            self.root,
            &format!(
                "<</Type /Catalog /Pages {tree} /Metadata {metadata} /Lang (vi-VN) \
/ViewerPreferences <</DisplayDocTitle true>> /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 \
/OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile {profile}>>]{form}>>"
            ),
        )?;
        let date = date_string(&about.at);
        self.out.object(
            self.info,
            &format!(
                "<</Title {} /Author {} /Creator ({PRODUCER}) /Producer ({PRODUCER}) /CreationDate {date} /ModDate {date}>>",
                text_string(&about.title),
                text_string(&about.author),
            ),
        )?;
        self.out.stream(metadata, "/Type /Metadata /Subtype /XML", xmp::packet(about).as_bytes())?;
        self.out.stream(profile, "/N 3", SRGB)?;

        let kids: Vec<String> = pages.iter().map(ToString::to_string).collect();
        self.out
            .object(tree, &format!("<</Type /Pages /Count {} /Kids [{}]>>", pages.len(), kids.join(" ")))?;
        if let (Some(signature), Some(field), Some(first)) = (signature, field, pages.first()) {
            // Without extent: the visible mark is part of the page itself.
            self.out.object(
                field,
                &format!(
                    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /P {first} /V {signature}>>"
                ),
            )?;
        }
        let drawn = mark.map(|mark| self.mark(mark)).transpose()?;
        for (place, (id, page)) in pages.iter().zip(&document.pages).enumerate() {
            let first = place == 0;
            let mark = drawn.as_ref().map(|drawn| Drawn { here: first, ..*drawn });
            let annots = match field {
                Some(field) if first => format!(" /Annots [{field}]"),
                _ => String::new(),
            };
            self.page(*id, tree, page, mark.as_ref(), &annots)?;
        }
        Ok(())
    }

    fn page(
        &mut self,
        id: Ref,
        tree: Ref,
        page: &Page,
        mark: Option<&Drawn<'_>>,
        annots: &str,
    ) -> io::Result<()> {
        match &page.content {
            Content::Picture { orientation, px, image, original, side } => {
                let xobject = self.picture(image, *px, original, side)?;
                let here = mark.filter(|drawn| drawn.here);
                let band = here.map_or(0, |drawn| drawn.mark.band);
                let width = page.width.max(here.map_or(0, |drawn| drawn.mark.min_width));
                let height = page.height + band;
                let [a, b, c, d, e, f] = image_matrix(*orientation, page.width, page.height).map(number);
                let mut content = format!("q {a} {b} {c} {d} {e} {f} cm /Im Do Q\n");
                let mut xobjects = format!("/Im {xobject}");
                if let Some(drawn) = here {
                    content.push_str(&format!("q 1 0 0 1 0 {} cm /Mark Do Q\n", number(height)));
                    xobjects.push_str(&format!(" /Mark {}", drawn.form));
                }
                if let Some((drawn, form)) = mark.and_then(|drawn| Some((drawn, drawn.watermark?))) {
                    let [a, b, c, d, e, f] = drawn.mark.watermark_matrix(width, height).map(number);
                    content.push_str(&format!("q {a} {b} {c} {d} {e} {f} cm /Watermark Do Q\n"));
                    xobjects.push_str(&format!(" /Watermark {form}"));
                }
                let stream = self.numbers.allot();
                self.out.stream(stream, "", content.as_bytes())?;
                self.out.object(
                    id,
                    &format!(
                        "<</Type /Page /Parent {tree} /MediaBox [0 0 {} {}] /Resources <</XObject <<{xobjects}>>>> \
/Contents {stream}{annots}>>",
                        number(width),
                        number(height)
                    ),
                )
            }
            Content::Imported { parts, streams, page: place, rotate } => {
                let base = self.imported_objects(parts, streams)?;
                let part = parts.pages.get(*place).ok_or(io::ErrorKind::InvalidData)?;
                self.imported_page(id, tree, part, base, *rotate, mark, annots)
            }
        }
    }

    /// A picture's stream; returns the XObject.
    fn picture(
        &mut self,
        image: &PageImage,
        px: (u32, u32),
        original: &Path,
        side: &Path,
    ) -> io::Result<Ref> {
        let (components, bits, filter, icc, skip, file) = match image {
            PageImage::Jpeg { components, skip, plain_rgb, icc } => {
                let parms = if *plain_rgb { " /DecodeParms <</ColorTransform 0>>" } else { "" };
                let filter = format!("/Filter /DCTDecode{parms}");
                (*components, 8, filter, icc, skip.as_slice(), original.to_path_buf())
            }
            PageImage::Stream { file, filter, components, bits, icc } => {
                let filter = match filter {
                    Filter::FlatePng => format!(
                        "/Filter /FlateDecode /DecodeParms <</Predictor 15 /Colors {components} /BitsPerComponent {bits} /Columns {}>>",
                        px.0
                    ),
                    Filter::CcittG4 => format!(
                        "/Filter /CCITTFaxDecode /DecodeParms <</K -1 /Columns {} /Rows {} /BlackIs1 false>>",
                        px.0, px.1
                    ),
                    Filter::Dct => "/Filter /DCTDecode".into(),
                };
                (*components, *bits, filter, icc, [].as_slice(), side.join(file))
            }
            PageImage::Pdf { .. } => return Err(io::ErrorKind::InvalidData.into()),
        };
        let colour = match icc {
            Some(name) => {
                format!("[/ICCBased {}]", self.profile(&std::fs::read(side.join(name))?, components)?)
            }
            None if components == 1 => "/DeviceGray".into(),
            None => "/DeviceRGB".into(),
        };
        let dict = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent {bits} /ColorSpace {colour} {filter}",
            px.0, px.1
        );
        let id = self.numbers.allot();
        let file = File::open(file)?;
        let whole = file.metadata()?.len();
        let left_out: u64 = skip.iter().map(|(_, length)| length).sum();
        let mut bytes = Without { file, skip, at: 0 };
        self.out.stream_from(id, &dict, whole.saturating_sub(left_out), &mut bytes)?;
        Ok(id)
    }

    /// An embedded colour profile, each once.
    fn profile(&mut self, bytes: &[u8], components: u8) -> io::Result<Ref> {
        let hash: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(known) = self.profiles.get(&hash) {
            return Ok(*known);
        }
        let id = self.numbers.allot();
        self.out.stream(id, &format!("/N {components}"), bytes)?;
        self.profiles.insert(hash, id);
        Ok(id)
    }

    /// All objects of an imported PDF, once; returns the number its object 0 became.
    fn imported_objects(&mut self, parts: &std::sync::Arc<PdfParts>, streams: &Path) -> io::Result<u32> {
        let key = std::sync::Arc::as_ptr(parts);
        if let Some(base) = self.imported.get(&key) {
            return Ok(*base);
        }
        let ids: Vec<Ref> = parts.objects.iter().map(|_| self.numbers.allot()).collect();
        let base = ids.first().map_or(0, |id| id.0);
        let mut file = if parts.objects.iter().any(|o| o.stream.is_some()) {
            Some(BufReader::new(File::open(streams)?))
        } else {
            None
        };
        for (id, object) in ids.iter().zip(&parts.objects) {
            let body = text_of(&object.body, base);
            match (object.stream, &mut file) {
                (Some((offset, length)), Some(file)) => {
                    file.seek(SeekFrom::Start(offset))?;
                    let inside =
                        body.trim().strip_prefix("<<").and_then(|b| b.strip_suffix(">>")).unwrap_or("");
                    self.out.stream_from(*id, inside, length, file)?;
                }
                _ => self.out.object(*id, &body)?,
            }
        }
        self.imported.insert(key, base);
        Ok(base)
    }

    #[expect(clippy::too_many_arguments, reason = "all of them describe one page")]
    fn imported_page(
        &mut self,
        id: Ref,
        tree: Ref,
        part: &PartPage,
        base: u32,
        rotate: u16,
        mark: Option<&Drawn<'_>>,
        annots: &str,
    ) -> io::Result<()> {
        let unit = i64::from(part.user_unit_milli.max(1));
        let scale = |mpt: i64| mpt * 1000 / unit;
        let [mut left, mut bottom, mut right, mut top] = part.box_mpt;
        let mut contents = Vec::new();
        let mut xobjects = text_of(&part.xobjects, base);
        if let Some(Drawn { mark, form, .. }) = mark.filter(|drawn| drawn.here) {
            let (w, h) = (right - left, top - bottom);
            let visible = if rotate.is_multiple_of(180) { w } else { h };
            let (band, more) = (scale(mark.band), (scale(mark.min_width) - visible).max(0));
            // The band grows out of the side that is shown on top, the extra width to the right of it.
            let one = scale(1000);
            let frame = match rotate {
                90 => {
                    (left, top) = (left - band, top + more);
                    [0, one, -one, 0, left, bottom]
                }
                180 => {
                    (bottom, left) = (bottom - band, left - more);
                    [-one, 0, 0, -one, right, bottom]
                }
                270 => {
                    (right, bottom) = (right + band, bottom - more);
                    [0, -one, one, 0, right, top]
                }
                _ => {
                    (top, right) = (top + band, right + more);
                    [one, 0, 0, one, left, top]
                }
            };
            let [a, b, c, d, e, f] = frame.map(number);
            let name = free_name(&xobjects, "SaoYMark");
            let stream = self.numbers.allot();
            // First, in an untouched graphics state: what the page does later cannot displace it.
            self.out.stream(stream, "", format!("q {a} {b} {c} {d} {e} {f} cm /{name} Do Q\n").as_bytes())?;
            contents.push(stream.to_string());
            xobjects.push_str(&format!(" /{name} {form}"));
        }
        if let Some((drawn, form)) = mark.and_then(|drawn| Some((drawn, drawn.watermark?))) {
            let mut matrix = drawn.mark.watermark_matrix(right - left, top - bottom);
            matrix.iter_mut().skip(4).zip([left, bottom]).for_each(|(shift, edge)| *shift += edge);
            let [a, b, c, d, e, f] = matrix.map(number);
            let stream = self.numbers.allot();
            // Beneath what the page paints, for the same reason.
            let name = free_name(&xobjects, "SaoYWatermark");
            let draw = format!("q {a} {b} {c} {d} {e} {f} cm /{name} Do Q\n");
            self.out.stream(stream, "", draw.as_bytes())?;
            contents.push(stream.to_string());
            xobjects.push_str(&format!(" /{name} {form}"));
        }
        contents.extend(part.contents.iter().map(|place| Ref(base + place).to_string()));
        let group = part.group.as_ref().map(|g| format!(" /Group {}", text_of(g, base))).unwrap_or_default();
        let unit = if unit == 1000 { String::new() } else { format!(" /UserUnit {}", number(unit)) };
        let [left, bottom, right, top] = [left, bottom, right, top].map(number);
        self.out.object(
            id,
            &format!(
                "<</Type /Page /Parent {tree} /MediaBox [{left} {bottom} {right} {top}] /Rotate {rotate}{unit}{group} \
/Resources <<{} /XObject <<{xobjects}>>>> /Contents [{}]{annots}>>",
                text_of(&part.resources, base),
                contents.join(" "),
            ),
        )
    }

    /// The mark, and its watermark, as forms with their own font, so that they meet no resource of a
    /// page.
    fn mark<'m>(&mut self, mark: &'m Mark) -> io::Result<Drawn<'m>> {
        let face = mark.font.embed().ok_or_else(|| io::Error::other("the mark's font cannot be embedded"))?;
        let [program, descriptor, descendant, unicode, font, form] = [(); 6].map(|()| self.numbers.allot());
        let name = &face.name;
        self.out.stream(program, &format!("/Length1 {}", face.program.len()), &face.program)?;
        self.out.object(
            descriptor,
            &format!("<</Type /FontDescriptor /FontName /{name} {} /FontFile2 {program}>>", face.descriptor),
        )?;
        self.out.object(
            descendant,
            &format!(
                "<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo <</Registry (Adobe) \
/Ordering (Identity) /Supplement 0>> /FontDescriptor {descriptor} /DW 1000 /W {} /CIDToGIDMap /Identity>>",
                face.widths
            ),
        )?;
        self.out.stream(unicode, "", face.to_unicode.as_bytes())?;
        self.out.object(
            font,
            &format!(
                "<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{descendant}] /ToUnicode {unicode}>>"
            ),
        )?;
        let operators = mark.operators("F", &|line| face.show(&mark.font, line));
        self.out.stream(
            form,
            &format!(
                "/Type /XObject /Subtype /Form /BBox [-1000 -15000 15000 1000] /Resources <</Font <</F {font}>>>>"
            ),
            operators.as_bytes(),
        )?;
        let watermark = match mark.watermark_operators("F", &|line| face.show(&mark.font, line)) {
            Some(operators) => {
                let form = self.numbers.allot();
                self.out.stream(
                    form,
                    &format!(
                        "/Type /XObject /Subtype /Form /BBox [-5000 -200 5000 200] /Resources <</Font <</F {font}>>>>"
                    ),
                    operators.as_bytes(),
                )?;
                Some(form)
            }
            None => None,
        };
        Ok(Drawn { mark, form, watermark, here: true })
    }

    /// The file identifier: from what the document says of itself, never from a clock or dice.
    fn document_id(&mut self, about: &About) -> [u8; 16] {
        self.content_hash.update(xmp::packet(about));
        self.content_hash.update(self.out.position().to_be_bytes());
        let hash: [u8; 32] = self.content_hash.clone().finalize().into();
        let mut id = [0; 16];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        id
    }
}

/// A name the page's own forms and pictures do not have: a copy of a copy keeps the mark it came with.
fn free_name(xobjects: &str, wanted: &str) -> String {
    let taken = |name: &String| xobjects.contains(&format!("/{name}"));
    let numbered = (2..).map(|n| format!("{wanted}{n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

/// A mark whose forms are written; `here` on the page that carries it.
struct Drawn<'m> {
    mark: &'m Mark,
    form: Ref,
    watermark: Option<Ref>,
    here: bool,
}

fn text_of(pieces: &[Piece], base: u32) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Ref(place) => text.push_str(&Ref(base + place).to_string()),
            Piece::Text(part) => text.push_str(part),
        }
    }
    text
}

/// A file read from its start, without some ranges.
struct Without<'a> {
    file: File,
    skip: &'a [(u64, u64)],
    at: u64,
}

impl Read for Without<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(((from, length), rest)) = self.skip.split_first()
            && self.at >= *from
        {
            self.at = self.file.seek(SeekFrom::Start(from + length))?;
            self.skip = rest;
        }
        let most = self.skip.first().map_or(u64::MAX, |(from, _)| from - self.at);
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.at += read as u64;
        Ok(read)
    }
}
