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
    revocation::{RevocationInfo, RevocationInfos},
    revocation_sources, signature,
    source::Source,
    syntax::{Dict, Obj},
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
    pub ocsp_urls: Vec<String>,
    /// Http addresses of lists.
    pub crl_urls: Vec<String>,
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
    keep_all(&mut known, &mut doc, &mut source, &found);
    let mut gathered = Evidence { stamped: true, ..Evidence::default() };
    let last_stamp = found.iter().filter(|one| signature::is_stamp(one)).filter_map(|one| one.span).max();
    for one in &found {
        let Some(Obj::Text(contents)) = one.dict.get(b"Contents") else { return None };
        let container = der::definite(&contents.bytes);
        let signed = SignedData::parse(&container).ok()?;
        gathered.add(&signed, &known);
        for stamp in &signed.stamps {
            gathered.add(&SignedData::parse(&der::definite(stamp)).ok()?, &known);
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
        match revocation_sources::clearing(one, issuer, known) {
            Some(info) => {
                let kind = if info.is_answer() { &mut self.answers } else { &mut self.lists };
                if !kind.contains(&info.raw) {
                    kind.push(info.raw.clone());
                }
            }
            // Nobody tells of it any more; what the file keeps must do.
            None if known.now > one.not_after && revocation_sources::was_cleared(one, issuer, known) => {}
            None if one.revocable => {
                self.incomplete = true;
                let missing = Missing {
                    certificate: one.raw.clone(),
                    issuer: issuer.raw.clone(),
                    ocsp_urls: one.ocsp_urls.clone(),
                    crl_urls: one.crl_urls.clone(),
                };
                if !self.missing.contains(&missing) {
                    self.missing.push(missing);
                }
            }
            None => {}
        }
    }
}

/// What a revision keeps for later (DSS): lists and answers on revocation, certificates.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) infos: RevocationInfos,
    pub(super) certificates: Vec<(Certificate, DateTime<FixedOffset>)>,
}

/// Most revisions since the first signature whose words on revocation are heard.
const MAX_REVISIONS: usize = 64;

/// Adds what the newest revision keeps, and what those before it kept since the first signature: whoever takes a word
/// on revocation out of the file makes it no less true.
pub(super) fn keep_all(
    known: &mut Context,
    doc: &mut Document,
    source: &mut Source<'_>,
    found: &[fields::Found],
) {
    let now = known.now;
    known.keep(kept(doc, source, now));
    let first = found.iter().filter_map(|one| one.span).map(|(start, _)| start).min().unwrap_or(0);
    let later = doc.sections.iter().take_while(|section| section.offset > first).count();
    for one in 1..later.min(MAX_REVISIONS) {
        known.keep(kept(&mut doc.without(one), source, now));
    }
    if later > MAX_REVISIONS {
        let infos = RevocationInfos { unread: true, ..RevocationInfos::default() };
        known.keep(Kept { infos, ..Kept::default() });
    }
}

/// Reads it; `proven`: when the revision is known to have existed.
pub(super) fn kept(doc: &mut Document, source: &mut Source<'_>, proven: DateTime<FixedOffset>) -> Kept {
    let mut kept = Kept::default();
    let Ok(places) = places(doc, source) else {
        kept.infos.unread = true;
        return kept;
    };
    let mut room = MAX_KEPT_BYTES;
    // `None` for each that cannot be had.
    let mut streams = |mut numbers: Vec<u32>| -> Vec<Option<Vec<u8>>> {
        numbers.sort_unstable();
        numbers.dedup();
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
        let more = numbers.len().saturating_sub(MAX_KEPT);
        numbers.into_iter().take(MAX_KEPT).map(&mut one).chain((more > 0).then_some(None)).collect()
    };
    for raw in [streams(places.lists), streams(places.answers)].concat() {
        match raw.as_deref().map(|raw| RevocationInfo::parse(raw, proven)) {
            Some(Ok(info)) => kept.infos.infos.push(info),
            Some(Err(_)) | None => kept.infos.unread = true,
        }
    }
    for raw in streams(places.certificates) {
        match raw.map(|raw| Certificate::parse(&raw)) {
            Some(Ok(certificate)) => kept.certificates.push((certificate, proven)),
            Some(Err(_)) | None => kept.infos.lost = true,
        }
    }
    kept
}

/// Numbers of the streams of a DSS.
#[derive(Default)]
struct Places {
    lists: Vec<u32>,
    answers: Vec<u32>,
    certificates: Vec<u32>,
}

/// Where those of a DSS are, and of the parts of it for single signatures (VRI; ISO 32000-2, 12.8.4.3 and 12.8.4.4).
fn places(doc: &mut Document, source: &mut Source<'_>) -> Result<Places, Broken> {
    let catalog = doc.catalog(source)?;
    let mut places = Places::default();
    let dss = match doc.get(source, &catalog, b"DSS")? {
        Obj::Dict(dss) if !dss.repeats() => dss,
        Obj::Null => return Ok(places),
        _ => return Err(Broken),
    };
    places.add(doc, source, &dss, [b"CRLs", b"OCSPs", b"Certs"])?;
    let single = match doc.get(source, &dss, b"VRI")? {
        Obj::Dict(all) => all,
        Obj::Null => return Ok(places),
        _ => return Err(Broken),
    };
    for (_, one) in &single.entries {
        match doc.resolve(source, one)? {
            Obj::Dict(one) if !one.repeats() => places.add(doc, source, &one, [b"CRL", b"OCSP", b"Cert"])?,
            Obj::Null => {}
            _ => return Err(Broken),
        }
    }
    Ok(places)
}

impl Places {
    fn add(
        &mut self,
        doc: &mut Document,
        source: &mut Source<'_>,
        dict: &Dict,
        [lists, answers, certificates]: [&[u8]; 3],
    ) -> Result<(), Broken> {
        let to =
            [(lists, &mut self.lists), (answers, &mut self.answers), (certificates, &mut self.certificates)];
        for (key, numbers) in to {
            match doc.get(source, dict, key)? {
                Obj::Array(list) => {
                    for one in list.iter().filter(|one| **one != Obj::Null) {
                        numbers.push(one.as_ref().ok_or(Broken)?);
                    }
                }
                Obj::Null => {}
                _ => return Err(Broken),
            }
        }
        Ok(())
    }
}
