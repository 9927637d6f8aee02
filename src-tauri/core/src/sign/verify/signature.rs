//! One signature of a file: what it covers, whether it holds, who made it, what came after it.
//!
//! Touches the file by windows and the document of the revision it closes.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, TimeZone};

use super::{
    Coverage, Reason, SignatureKind, SignatureReport, Verdict,
    certificate::Certificate,
    changes::{self, Alteration, Change, History},
    cms::{self, CmsError, SignedData},
    crypto::Digester,
    der,
    document::Document,
    embedded,
    evidence::Kept,
    fields::{self, Found},
    revocation::SKEW,
    source::Source,
    syntax::{Dict, Obj},
    timestamp::{self, Stop},
    trust::{self, Context, When},
    xref::{self, Broken, Entry},
};

/// Largest `/Contents`, bytes.
const MAX_CONTENTS: usize = 8 << 20;

/// A judged signature, and the revision it closes when its bytes are intact.
pub(super) struct Judged {
    pub(super) report: SignatureReport,
    /// End of the signed bytes, when digest and signature hold.
    pub(super) intact_end: Option<u64>,
    /// What was appended behind the revision it closes needs no signature: evidence (DSS), or what a certifying
    /// signature allows to fill in.
    pub(super) complete: bool,
    /// For a document time-stamp that holds: where what it covers ends, and its time.
    pub(super) proof: Option<ProofOfExistence>,
}

/// All that ends here at the latest existed at this time.
pub(super) type ProofOfExistence = (u64, DateTime<FixedOffset>);

/// A time-stamp of the document, not a signature of a person.
pub(super) fn is_stamp(found: &Found) -> bool {
    found.dict.has_name(b"SubFilter", b"ETSI.RFC3161")
}

/// The two ranges of `/ByteRange`: `0..gap_start` and `gap_end..end`.
#[derive(Debug, Clone, Copy)]
struct ByteRange {
    gap_start: u64,
    gap_end: u64,
    end: u64,
}

/// Collects reasons; the worst decides.
struct Tally {
    verdict: Verdict,
    reasons: Vec<Reason>,
}

impl Tally {
    fn say(&mut self, verdict: Verdict, reason: Reason) {
        self.verdict = self.verdict.worse(verdict);
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }
}

/// Judges one signature; `doc` is the newest revision of the file, `history` what was found out of all of them.
pub(super) fn judge(
    source: &mut Source<'_>,
    (doc, history): (&mut Document, &mut History),
    found: &Found,
    known: &Context,
    proofs: &[ProofOfExistence],
) -> Judged {
    let mut tally = Tally { verdict: Verdict::Valid, reasons: Vec::new() };
    let mut report = SignatureReport {
        kind: if is_stamp(found) { SignatureKind::DocumentTimeStamp } else { SignatureKind::Signature },
        signer: String::new(),
        claimed_time: None,
        trusted_time: None,
        coverage: Coverage::Partial,
        after: None,
        alterations: Vec::new(),
        certificate: None,
        verdict: Verdict::Invalid,
        reasons: Vec::new(),
    };
    let claimed_in_file = found.dict.get(b"M").and_then(pdf_date);
    report.claimed_time = claimed_in_file.map(|t| known.told(t));
    let ranges = ranges(source, found);
    if ranges.is_some_and(|r| r.end == source.len) {
        report.coverage = Coverage::Whole;
    }
    let (mut intact_end, mut complete) = (None, false);
    match ranges {
        Some(ranges) => {
            let covering = proofs.iter().filter(|(end, _)| *end > ranges.end).map(|(_, at)| *at).min();
            let times = When { claimed: claimed_in_file, trusted: covering, covered: covering };
            let holds = check_cms(source, found, ranges, known, times, &mut report, &mut tally);
            if holds {
                let later = revisions(source, (doc, history), found, ranges, &mut tally);
                report.after = Some(later.change);
                report.alterations = later.alterations;
                complete = later.complete;
            }
            if holds && !tally.reasons.contains(&Reason::Malformed) {
                intact_end = Some(ranges.end);
            }
        }
        None => tally.say(Verdict::Invalid, Reason::Malformed),
    }
    if tally.verdict == Verdict::Valid {
        tally.reasons = vec![Reason::Intact, Reason::Trusted];
    } else if intact_end.is_some() && tally.verdict == Verdict::Unknown {
        tally.reasons.insert(0, Reason::Intact);
    }
    report.verdict = tally.verdict;
    report.reasons = tally.reasons;
    let stamped =
        report.trusted_time.as_deref().filter(|_| is_stamp(found) && report.verdict == Verdict::Valid);
    let stamped = stamped.and_then(|time| DateTime::parse_from_rfc3339(time).ok());
    let complete = complete && intact_end.is_some();
    Judged { report, intact_end, complete, proof: intact_end.zip(stamped) }
}

/// What a signature brings of certificates and words on revocation, which concern all of the file.
pub(super) fn brought(found: &Found, now: DateTime<FixedOffset>) -> Kept {
    match found.dict.get(b"Contents") {
        Some(Obj::Text(contents)) if contents.bytes.len() <= MAX_CONTENTS => {
            embedded::all(&contents.bytes, now)
        }
        _ => Kept::default(),
    }
}

/// The ranges, when they are what a signature must have: from byte 0, with a gap that is exactly
/// this dictionary's `/Contents <...>` token, and inside the file.
fn ranges(source: &mut Source<'_>, found: &Found) -> Option<ByteRange> {
    // A note's text may stand under `/Contents` too.
    if found.dict.repeats() || found.dict.has_odd_name() || found.dict.get(b"Subtype").is_some() {
        return None;
    }
    let list = found.dict.get(b"ByteRange")?.as_array()?;
    let [zero, first, gap_end, second] = list else { return None };
    let number = |o: &Obj| o.as_int().and_then(|i| u64::try_from(i).ok());
    let (zero, gap_start, gap_end, second) =
        (number(zero)?, number(first)?, number(gap_end)?, number(second)?);
    let end = gap_end.checked_add(second)?;
    if zero != 0 || gap_start >= gap_end || end > source.len || second == 0 {
        return None;
    }
    let Some(Obj::Text(text)) = found.dict.get(b"Contents") else { return None };
    let (object_start, _) = found.span?;
    let fits = text.hex && text.start == gap_start && text.end == gap_end && object_start < gap_start;
    if !fits || text.bytes.len() > MAX_CONTENTS {
        return None;
    }
    // Nothing but hexadecimal digits: no room for objects, comments or a second token.
    let token = source.read(gap_start, gap_end - gap_start).ok()?;
    let (open, rest) = token.split_first()?;
    let (close, digits) = rest.split_last()?;
    let plain =
        *open == b'<' && *close == b'>' && digits.iter().all(u8::is_ascii_hexdigit) && digits.len() % 2 == 0;
    plain.then_some(ByteRange { gap_start, gap_end, end })
}

/// Digest, CMS and certificate; true when the signed bytes are as they were signed.
fn check_cms(
    source: &mut Source<'_>,
    found: &Found,
    ranges: ByteRange,
    known: &Context,
    times: When,
    report: &mut SignatureReport,
    tally: &mut Tally,
) -> bool {
    let Some(Obj::Text(contents)) = found.dict.get(b"Contents") else { return false };
    let container = der::definite(&contents.bytes);
    match intact(source, found, ranges, &container, known, times.claimed, report) {
        Ok((signed, signer, claimed)) => {
            let mut before = None;
            for token in signed.content_stamps() {
                let content = |hash| Digester::new(hash).and_then(|running| digest(source, ranges, running));
                let others = &signed.certificates;
                match timestamp::check_token(token, others, content, known, times.trusted) {
                    Ok(time) => before = before.max(Some(time)),
                    Err((verdict, reason)) => tally.say(verdict, reason),
                }
            }
            let when = When { claimed, ..times };
            check_signer((&signed, &signer), known, (when, before), is_stamp(found), report, tally);
            true
        }
        Err((verdict, reason)) => {
            tally.say(verdict, reason);
            false
        }
    }
}

/// The container, the certificate of its signer and the claimed time, once the signed bytes are found as they were
/// signed.
fn intact<'a>(
    source: &mut Source<'_>,
    found: &Found,
    ranges: ByteRange,
    container: &'a [u8],
    known: &Context,
    claimed_in_file: Option<DateTime<FixedOffset>>,
    report: &mut SignatureReport,
) -> Result<(SignedData<'a>, Certificate, Option<DateTime<FixedOffset>>), Stop> {
    let signed = SignedData::parse(container).map_err(|_| match container.get(1) {
        // Still of indefinite length: BER, where PDF asks for DER. Not attacked, but not read here.
        Some(0x80) => (Verdict::Unknown, Reason::UnsupportedAlgorithm),
        _ => (Verdict::Invalid, Reason::Malformed),
    })?;
    let is_stamp = is_stamp(found);
    let pades = found.dict.has_name(b"SubFilter", b"ETSI.CAdES.detached");
    let signer = signed.signer(known.anchors().chain(known.kept_certificates()), pades);
    report.signer = signer.as_ref().map(Certificate::name).unwrap_or_default();
    report.certificate = signer.as_ref().map(|one| one.summary(known.now.timezone()));
    if !is_stamp && !pades && !found.dict.has_name(b"SubFilter", b"adbe.pkcs7.detached") {
        return Err((Verdict::Unknown, Reason::UnsupportedAlgorithm));
    }
    if is_stamp != signed.content.is_some() {
        return Err((Verdict::Invalid, Reason::Malformed));
    }
    let signer = signer.ok_or(match signed.certificates.is_empty() && !pades {
        // It came without, as it may outside of PAdES.
        true => (Verdict::Unknown, Reason::UntrustedSigner),
        false => (Verdict::Invalid, Reason::CertificateMismatch),
    })?;
    let time = token_time(source, &signed, ranges, is_stamp)?;
    let claimed = time.or(signed.signing_time()).or(claimed_in_file);
    report.claimed_time = claimed.map(|t| known.told(t));
    let hash = signed.digest.ok_or((Verdict::Unknown, Reason::UnsupportedAlgorithm))?;
    let digest = match signed.content {
        Some(token) => hash.of(token),
        None => Digester::new(hash).and_then(|running| digest(source, ranges, running)),
    };
    let digest = digest.ok_or((Verdict::Invalid, Reason::WeakAlgorithm))?;
    signed.check(&signer, &digest, pades).map_err(|wrong| match wrong {
        CmsError::Malformed => (Verdict::Invalid, Reason::Malformed),
        CmsError::Altered => (Verdict::Invalid, Reason::Altered),
        CmsError::BadSignature => (Verdict::Invalid, Reason::BadSignature),
        CmsError::Weak => (Verdict::Invalid, Reason::WeakAlgorithm),
        CmsError::Certificate => (Verdict::Invalid, Reason::CertificateMismatch),
        CmsError::Unsupported => (Verdict::Unknown, Reason::UnsupportedAlgorithm),
    })?;
    Ok((signed, signer, claimed))
}

/// Times and trust of a signature whose signed bytes are as they were signed; `before`: what it signs existed then.
fn check_signer(
    (signed, signer): (&SignedData<'_>, &Certificate),
    known: &Context,
    (mut when, before): (When, Option<DateTime<FixedOffset>>),
    is_stamp: bool,
    report: &mut SignatureReport,
    tally: &mut Tally,
) {
    let mut stamped = when.claimed.filter(|_| is_stamp);
    if !is_stamp {
        match timestamp::signature_timestamp(signed, known, when.trusted) {
            Ok(time) => stamped = time,
            Err((verdict, reason)) => tally.say(verdict, reason),
        }
        when.trusted = [stamped, when.trusted].into_iter().flatten().min();
        report.trusted_time = when.trusted.map(|t| known.told(t));
    }
    // What is inside cannot be younger than what was put around it (EN 319 102-1, 5.5.4).
    let younger = |inside: Option<DateTime<FixedOffset>>, around: Option<DateTime<FixedOffset>>| {
        inside.zip(around).is_some_and(|(inside, around)| inside > around + SKEW)
    };
    if younger(before, stamped) || younger(before, when.covered) || younger(stamped, when.covered) {
        tally.say(Verdict::Unknown, Reason::BadTimestamp);
    }
    if is_stamp && !signed.names_its_signer() {
        tally.say(Verdict::Unknown, Reason::BadTimestamp);
    }
    if signed.names_strangers(known.anchors()).unwrap_or(true) {
        tally.say(Verdict::Unknown, Reason::CertificateMismatch);
    }
    // Clocks differ, and a time without a zone is taken as UTC: a day does not count.
    if when.claimed.is_some_and(|at| at > known.now + Duration::days(1)) {
        tally.say(Verdict::Unknown, Reason::ClaimedLater);
    }
    // Words among the signed attributes are as old as the signature.
    let own = signed.archived(when.trusted.unwrap_or(known.now), when.covered.unwrap_or(known.now));
    let standing = trust::judge(signer, &signed.certificates, &own, known, when, is_stamp);
    for reason in standing.reasons {
        let hard = match reason {
            Reason::WrongKeyUsage | Reason::Revoked => true,
            // Or this machine's clock is behind, or an authority's certificate was renewed.
            Reason::NotYetValid => {
                let used = when.claimed.or(when.trusted).unwrap_or(known.now);
                used <= known.now && trust::outside_at(signer, used)
            }
            // Expired when it was used, as the signer says, or only since.
            Reason::Expired => trust::outside_at(signer, when.claimed.or(when.trusted).unwrap_or(known.now)),
            _ => false,
        };
        tally.say(if hard { Verdict::Invalid } else { Verdict::Unknown }, reason);
    }
    if is_stamp && standing.trusted && tally.verdict == Verdict::Valid {
        report.trusted_time = when.claimed.map(|t| known.told(t));
    }
}

/// For a document time-stamp: the time inside, after the stamp was compared with the document.
fn token_time(
    source: &mut Source<'_>,
    signed: &SignedData<'_>,
    ranges: ByteRange,
    is_stamp: bool,
) -> Result<Option<DateTime<FixedOffset>>, Stop> {
    let (true, Some(token)) = (is_stamp, signed.content) else { return Ok(None) };
    let stamp = cms::tst_info(token).map_err(|_| (Verdict::Invalid, Reason::Malformed))?;
    let hash = stamp.hash.ok_or((Verdict::Unknown, Reason::UnsupportedAlgorithm))?;
    let running = Digester::new(hash).ok_or((Verdict::Invalid, Reason::WeakAlgorithm))?;
    match digest(source, ranges, running) {
        Some(digest) if digest == stamp.digest => Ok(Some(stamp.time + stamp.accuracy)),
        _ => Err((Verdict::Invalid, Reason::Altered)),
    }
}

fn digest(source: &mut Source<'_>, ranges: ByteRange, running: Digester) -> Option<Vec<u8>> {
    source.digest([(0, ranges.gap_start), (ranges.gap_end, ranges.end)], running).ok()
}

/// What later revisions did to the one that was signed.
struct LaterRevisions {
    change: Change,
    alterations: Vec<Alteration>,
    /// It needs no signature of its own.
    complete: bool,
}

impl LaterRevisions {
    fn plain(change: Change) -> Self {
        Self { change, alterations: Vec::new(), complete: false }
    }
}

/// The revision that was signed, and what later ones did to it.
fn revisions(
    source: &mut Source<'_>,
    (doc, history): (&mut Document, &mut History),
    found: &Found,
    ranges: ByteRange,
    tally: &mut Tally,
) -> LaterRevisions {
    if ranges.end == source.len {
        contained(source, doc, found, ranges, tally);
        return LaterRevisions::plain(Change::None);
    }
    let Ok(mut signed) = Document::open(source, ranges.end) else {
        tally.say(Verdict::Unknown, Reason::UnreadableFile);
        return LaterRevisions::plain(Change::Undecided);
    };
    if !contained(source, &mut signed, found, ranges, tally) {
        return LaterRevisions::plain(Change::Other);
    }
    let changes = changes::between(source, history, &mut signed, doc);
    let changes = changes.unwrap_or_else(|_| BTreeSet::from([Change::Undecided]));
    let change = changes.last().copied().unwrap_or(Change::None);
    let allowed = permission(source, &mut signed, found);
    for one in &changes {
        match (one, allowed) {
            (Change::Other, _) | (Change::Signing | Change::FormFilling, Permission::Nothing) => {
                tally.say(Verdict::Invalid, Reason::ChangedAfterSigning);
            }
            (Change::Undecided, _) | (Change::Signing | Change::FormFilling, Permission::Unclear) => {
                tally.say(Verdict::Unknown, Reason::ChangedAfterSigning);
            }
            _ => {}
        }
    }
    let needs_nobody = |one: &Change| match one {
        Change::Evidence => true,
        Change::FormFilling => matches!(allowed, Permission::Filling | Permission::Unsaid),
        _ => false,
    };
    let complete = !changes.is_empty() && changes.iter().all(needs_nobody);
    let alterations = changes::named(source, &mut signed, doc, change);
    LaterRevisions { change, alterations, complete }
}

/// Whether what stands before the gap ends before it, but for the signature: a stream or a string over it would show
/// what nobody signed. `None` where that cannot be told.
fn ends_before(
    source: &mut Source<'_>,
    signed: &mut Document,
    found: &Found,
    ranges: ByteRange,
) -> Option<bool> {
    let mut places = signed.places();
    places.retain(|(offset, _)| *offset < ranges.gap_start);
    let mut clear = Some(true);
    for (_, number) in places {
        let end = signed.load(source, number).and_then(|located| match located.stream {
            // Its length is another one to some readers.
            _ if located.obj.has_odd_name() => Err(Broken),
            Some((start, length)) => xref::closed_at(source, start.saturating_add(length), signed.end),
            None => Ok(located.span.filter(|_| located.span != found.span).map_or(0, |(_, end)| end)),
        });
        match end {
            Ok(end) if end > ranges.gap_start => return Some(false),
            Ok(_) => {}
            Err(_) => clear = None,
        }
    }
    clear
}

/// Whether every object in use lies in the signed bytes, and the revision itself knows this signature.
fn contained(
    source: &mut Source<'_>,
    signed: &mut Document,
    found: &Found,
    ranges: ByteRange,
    tally: &mut Tally,
) -> bool {
    let inside = |offset: u64| offset < ranges.gap_start || offset >= ranges.gap_end && offset < ranges.end;
    let entries = signed.entries.values().all(|e| match e {
        Entry::At(offset, _) => inside(*offset),
        _ => true,
    });
    // A table over the gap would name objects nobody signed.
    let apart =
        |(start, end): (u64, u64)| inside(start) && (end <= ranges.gap_start || start >= ranges.gap_end);
    let tables = signed.sections.iter().all(|s| apart((s.offset, s.end)) && s.hybrid.is_none_or(apart));
    let closed = closes_with_eof(source, ranges.end);
    let known =
        fields::signatures(signed, source).is_ok_and(|list| list.iter().any(|f| f.span == found.span));
    let before = ends_before(source, signed, found, ranges);
    let plain = signed.sections.iter().all(|s| s.plain) && ranges.end == source.len;
    let alike = (plain || changes::agrees(source, signed).unwrap_or(false))
        && changes::begins_alike(source, signed).unwrap_or(false)
        && changes::misses_nothing(source, signed).unwrap_or(false)
        && changes::nothing_overruns(source, signed, ranges.gap_start).unwrap_or(false);
    let contained = entries && tables && closed && known && before != Some(false);
    if !contained && source.is_spent() {
        tally.say(Verdict::Unknown, Reason::UnreadableFile);
    } else if !contained {
        tally.say(Verdict::Invalid, Reason::Malformed);
    } else if before.is_none() || !alike {
        tally.say(Verdict::Unknown, Reason::UnreadableFile);
    }
    contained
}

/// The signed bytes end with `%%EOF` and at most a line end.
fn closes_with_eof(source: &mut Source<'_>, end: u64) -> bool {
    let tail = source.read(end.saturating_sub(8), 8.min(end)).unwrap_or_default();
    let trimmed =
        tail.iter().rposition(|b| !matches!(b, b'\r' | b'\n' | b' ')).and_then(|last| tail.get(..=last));
    trimmed.is_some_and(|t| t.ends_with(b"%%EOF"))
}

/// What a signature says of later changes (DocMDP and FieldMDP; ISO 32000-2, 12.8.2.2 and 12.8.2.4), the strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Permission {
    /// No change (P 1).
    Nothing,
    /// Something that is not understood here, or fields that may not change.
    Unclear,
    /// Filling in and signing, perhaps annotations (P 2, 3).
    Filling,
    /// Nothing: it approves, and does not certify.
    Unsaid,
}

/// What a signature and its field's lock, which holds once it is signed (table 236), say together.
fn permission(source: &mut Source<'_>, signed: &mut Document, found: &Found) -> Permission {
    let locked = match &found.lock {
        Obj::Null => Permission::Unsaid,
        Obj::Dict(lock) => match signed.get(source, lock, b"P") {
            Ok(Obj::Null) => Permission::Unsaid,
            Ok(Obj::Int(1)) => Permission::Nothing,
            Ok(Obj::Int(2 | 3)) if lock.entries.iter().all(|(key, _)| key == b"Type" || key == b"P") => {
                Permission::Filling
            }
            _ => Permission::Unclear,
        },
        _ => Permission::Unclear,
    };
    locked.min(referenced(source, signed, &found.dict))
}

fn referenced(source: &mut Source<'_>, signed: &mut Document, dict: &Dict) -> Permission {
    let references = match signed.get(source, dict, b"Reference") {
        Ok(Obj::Null) => return Permission::Unsaid,
        Ok(Obj::Array(references)) if references.len() == 1 => references,
        _ => return Permission::Unclear,
    };
    let level = references.first().map_or(Err(Broken), |reference| {
        let Obj::Dict(reference) = signed.resolve(source, reference)? else { return Err(Broken) };
        let method = signed.get(source, &reference, b"TransformMethod")?;
        match signed.get(source, &reference, b"TransformParams")? {
            Obj::Dict(parameters) if method.is_name(b"DocMDP") => signed.get(source, &parameters, b"P"),
            _ => Err(Broken),
        }
    });
    match level {
        Ok(Obj::Int(1)) => Permission::Nothing,
        Ok(Obj::Int(2 | 3)) => Permission::Filling,
        _ => Permission::Unclear,
    }
}

/// A PDF date, `D:20260301083000+07'00'`; without offset it is taken as UTC.
fn pdf_date(obj: &Obj) -> Option<DateTime<FixedOffset>> {
    let Obj::Text(text) = obj else { return None };
    let text = std::str::from_utf8(&text.bytes).ok()?.strip_prefix("D:")?;
    let (stamp, zone) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let part = |from: usize, len: usize, default: u32| match stamp.get(from..from + len) {
        Some(digits) => digits.parse().ok(),
        None => Some(default),
    };
    let date = NaiveDate::from_ymd_opt(stamp.get(..4)?.parse().ok()?, part(4, 2, 1)?, part(6, 2, 1)?)?;
    let at = date.and_hms_opt(part(8, 2, 0)?, part(10, 2, 0)?, part(12, 2, 0)?)?;
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let minutes = match digits.len() {
        0 => 0,
        2 => digits.parse::<i32>().ok()?.checked_mul(60)?,
        4 => digits.get(..2)?.parse::<i32>().ok()? * 60 + digits.get(2..)?.parse::<i32>().ok()?,
        _ => return None,
    };
    let sign = if zone.starts_with('-') { -60 } else { 60 };
    FixedOffset::east_opt(minutes * sign)?.from_local_datetime(&at).single()
}
