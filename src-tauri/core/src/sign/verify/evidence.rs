//! What the signatures of a file lean on, for a time when nobody can be asked any more (ETSI EN 319 142-1, 5.4):
//! the certificates up to the trusted ones, and what clears them of revocation.
//!
//! Touches the file by windows.

use std::io::{Read, Seek};

use chrono::{DateTime, FixedOffset};

use super::{
    MAX_SIGNATURES, VerifyOptions,
    certificate::Certificate,
    cms::SignedData,
    der::{self, Der},
    document::Document,
    fields,
    revocation::RevocationInfo,
    signature,
    source::Source,
    syntax::Obj,
    trust::{self, Context},
    xref::Broken,
};

/// What was gathered, DER each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates of all signers and time-stamp authorities, and of those above them.
    pub certificates: Vec<Vec<u8>>,
    /// Lists that clear them.
    pub lists: Vec<Vec<u8>>,
    /// Answers (OCSP) that clear them.
    pub answers: Vec<Vec<u8>>,
    /// Certificates that nothing known clears, and where to ask.
    pub missing: Vec<Missing>,
    /// Somebody stands alone: nobody trusted above them, or nothing clears them where something should.
    pub incomplete: bool,
    /// Every signature of a person has a time-stamp, its own or a later one of the document.
    pub stamped: bool,
}

/// A certificate to ask about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// It, DER.
    pub certificate: Vec<u8>,
    /// Its issuer, DER.
    pub issuer: Vec<u8>,
    /// Http addresses of OCSP responders.
    pub responders: Vec<String>,
    /// Http addresses of lists.
    pub places: Vec<String>,
}

/// Most certificates, lists and answers kept in a file that are looked at, of each.
const MAX_KEPT: usize = 128;

/// Most bytes of them, decoded, in all.
const MAX_KEPT_BYTES: usize = 64 << 20;

/// Gathers it. `None` when the file cannot be read, or nobody signed it.
pub fn evidence(file: &mut (impl Read + Seek), options: &VerifyOptions) -> Option<Evidence> {
    let mut source = Source::new(file).ok()?;
    let end = source.len;
    let mut doc = Document::open(&mut source, end).ok()?;
    let found = fields::signatures(&mut doc, &mut source).ok()?;
    if found.is_empty() || found.len() > MAX_SIGNATURES {
        return None;
    }
    let mut known = Context::of(options);
    known.keep(kept(&mut doc, &mut source, options.now));
    let mut gathered = Evidence { stamped: true, ..Evidence::default() };
    let last_stamp = found.iter().filter(|one| signature::is_stamp(one)).filter_map(|one| one.span).max();
    for one in &found {
        let Some(Obj::Text(contents)) = one.dict.get(b"Contents") else { return None };
        let container = der::definite(&contents.bytes);
        let signed = SignedData::parse(&container).ok()?;
        gathered.add(&signed, &known);
        for stamp in &signed.stamps {
            gathered.add(&SignedData::parse(stamp).ok()?, &known);
        }
        // One of the document stamps what stands before it.
        gathered.stamped &= signature::is_stamp(one) || one.span < last_stamp || !signed.stamps.is_empty();
    }
    Some(gathered)
}

impl Evidence {
    fn add(&mut self, signed: &SignedData<'_>, known: &Context) {
        let signer = signed.signer(known.anchors(), false);
        let chain = signer.as_ref().and_then(|signer| trust::chain(signer, &signed.certificates, known));
        let Some(chain) = chain else {
            self.incomplete = true;
            return;
        };
        for pair in chain.windows(2) {
            let [one, issuer] = pair else { continue };
            self.clear(one, issuer, known);
        }
        for one in chain {
            if !self.certificates.contains(&one.raw) {
                self.certificates.push(one.raw.clone());
            }
        }
    }

    fn clear(&mut self, one: &Certificate, issuer: &Certificate, known: &Context) {
        match trust::clearing(one, issuer, known) {
            Some(info) => {
                let kind = if info.is_answer() { &mut self.answers } else { &mut self.lists };
                if !kind.contains(&info.raw) {
                    kind.push(info.raw.clone());
                }
            }
            // Nobody tells of it any more; what the file keeps must do.
            None if known.now > one.not_after && trust::was_cleared(one, issuer, known) => {}
            None if one.revocable => {
                self.incomplete = true;
                let missing = Missing {
                    certificate: one.raw.clone(),
                    issuer: issuer.raw.clone(),
                    responders: one.responders.clone(),
                    places: one.places.clone(),
                };
                if !self.missing.contains(&missing) {
                    self.missing.push(missing);
                }
            }
            None => {}
        }
    }
}

/// What a revision keeps for later (DSS): lists and answers on revocation, certificates. What cannot be read
/// is none.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) infos: Vec<RevocationInfo>,
    pub(super) certificates: Vec<(Certificate, DateTime<FixedOffset>)>,
    /// Of lists and answers some cannot be read, or there are too many.
    pub(super) unread: bool,
}

/// Reads it; `proven`: when the revision is known to have existed.
pub(super) fn kept(doc: &mut Document, source: &mut Source<'_>, proven: DateTime<FixedOffset>) -> Kept {
    let mut room = MAX_KEPT_BYTES;
    // `None` for each that cannot be had.
    let mut streams = |key: &[u8]| -> Vec<Option<Vec<u8>>> {
        let mut refs: Vec<u32> =
            kept_refs(doc, source, key).unwrap_or_default().iter().filter_map(Obj::as_ref).collect();
        refs.sort_unstable();
        refs.dedup();
        let mut one = |number: u32| {
            let located = doc.load(source, number).ok()?;
            let mut data = doc.stream(source, &located).ok()?;
            room = room.checked_sub(data.len())?;
            // Some end their streams with a line.
            let whole = Der::new(&data).next().map_or(data.len(), |value| value.raw.len());
            if data.get(whole..).is_some_and(|rest| rest.iter().all(u8::is_ascii_whitespace)) {
                data.truncate(whole);
            }
            Some(data)
        };
        let more = refs.len().saturating_sub(MAX_KEPT);
        refs.into_iter().take(MAX_KEPT).map(&mut one).chain((more > 0).then_some(None)).collect()
    };
    let raw = [streams(b"CRLs"), streams(b"OCSPs")].concat();
    let certificates = streams(b"Certs").into_iter().flatten().collect::<Vec<_>>();
    let (mut infos, mut unread) = (Vec::new(), false);
    for raw in raw {
        match raw.as_deref().map(|raw| RevocationInfo::parse(raw, proven)) {
            Some(Ok(info)) => infos.push(info),
            // What is no SEQUENCE nobody takes for a list.
            Some(Err(_)) => unread |= raw.is_some_and(|raw| raw.first() == Some(&der::SEQUENCE)),
            None => unread = true,
        }
    }
    Kept {
        infos,
        unread,
        certificates: certificates
            .iter()
            .filter_map(|raw| Some((Certificate::parse(raw).ok()?, proven)))
            .collect(),
    }
}

fn kept_refs(doc: &mut Document, source: &mut Source<'_>, key: &[u8]) -> Result<Vec<Obj>, Broken> {
    let catalog = doc.catalog(source)?;
    let Obj::Dict(dss) = doc.get(source, &catalog, b"DSS")? else { return Ok(Vec::new()) };
    match doc.get(source, &dss, key)? {
        Obj::Array(list) => Ok(list),
        _ => Ok(Vec::new()),
    }
}
