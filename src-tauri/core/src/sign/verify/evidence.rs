//! What the signatures of a file lean on, for a time when nobody can be asked any more (ETSI EN 319 142-1, 5.4):
//! the certificates up to the trusted ones, and lists that clear them.
//!
//! Touches the file by windows.

use std::io::{Read, Seek};

use super::{
    MAX_SIGNATURES, VerifyOptions,
    certificate::Certificate,
    cms::Signed,
    crl::RevocationList,
    document::Document,
    fields, signature,
    source::Source,
    syntax::Obj,
    trust::{self, Known},
    xref::Broken,
};

/// What was gathered, DER each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Certificates of all signers and time-stamp authorities, and of those above them.
    pub certificates: Vec<Vec<u8>>,
    /// Lists that clear them.
    pub lists: Vec<Vec<u8>>,
    /// Http addresses of lists that are missing.
    pub places: Vec<String>,
    /// Somebody stands alone: nobody trusted above them, or no list clears them where one should.
    pub incomplete: bool,
    /// Every signature of a person has a time-stamp, its own or one of the document.
    pub stamped: bool,
}

/// Most lists kept in a file that are looked at.
const MAX_KEPT: usize = 64;

/// Gathers it. `None` when the file cannot be read, or nobody signed it.
pub fn evidence(file: &mut (impl Read + Seek), options: &VerifyOptions) -> Option<Evidence> {
    let mut source = Source::new(file).ok()?;
    let end = source.len;
    let mut doc = Document::open(&mut source, end).ok()?;
    let found = fields::signatures(&mut doc, &mut source).ok()?;
    if found.is_empty() || found.len() > MAX_SIGNATURES {
        return None;
    }
    let known = Known::of(options);
    let mut gathered = Evidence { stamped: true, ..Evidence::default() };
    let of_document = found.iter().any(signature::is_stamp);
    for one in &found {
        let Some(Obj::Text(contents)) = one.dict.get(b"Contents") else { return None };
        let signed = Signed::parse(&contents.bytes).ok()?;
        gathered.add(&signed, &known);
        for stamp in &signed.stamps {
            gathered.add(&Signed::parse(stamp).ok()?, &known);
        }
        gathered.stamped &= signature::is_stamp(one) || of_document || !signed.stamps.is_empty();
    }
    Some(gathered)
}

impl Evidence {
    fn add(&mut self, signed: &Signed<'_>, known: &Known) {
        let signer = signed.signer(&known.anchors, false);
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

    fn clear(&mut self, one: &Certificate, issuer: &Certificate, known: &Known) {
        match trust::clearing(one, issuer, known) {
            Some(list) if self.lists.contains(&list.raw) => {}
            Some(list) => self.lists.push(list.raw.clone()),
            None if one.revocable => {
                self.incomplete = true;
                self.places.extend(
                    one.places.iter().filter(|p| !self.places.contains(p)).cloned().collect::<Vec<_>>(),
                );
            }
            None => {}
        }
    }
}

/// The lists kept in the newest revision (`/DSS /CRLs`); those that cannot be read are none.
pub(super) fn kept(doc: &mut Document, source: &mut Source<'_>) -> Vec<RevocationList> {
    let refs = kept_refs(doc, source).unwrap_or_default();
    let mut one = |number: u32| {
        let located = doc.load(source, number).ok()?;
        RevocationList::parse(&doc.stream(source, &located).ok()?).ok()
    };
    refs.iter().take(MAX_KEPT).filter_map(|obj| one(obj.as_ref()?)).collect()
}

fn kept_refs(doc: &mut Document, source: &mut Source<'_>) -> Result<Vec<Obj>, Broken> {
    let catalog = doc.catalog(source)?;
    let Obj::Dict(dss) = doc.get(source, &catalog, b"DSS")? else { return Ok(Vec::new()) };
    match doc.get(source, &dss, b"CRLs")? {
        Obj::Array(list) => Ok(list),
        _ => Ok(Vec::new()),
    }
}
