//! The trailer and the catalog of a later revision: where the document begins.

use std::collections::BTreeSet;

use super::super::{
    document::{Document, IndirectObject},
    syntax::Obj,
    xref::Broken,
};
use super::{Change, Compare, metadata};

impl Compare<'_, '_> {
    /// Another document information dictionary; some programs forget the old one.
    pub(super) fn trailer(&mut self) -> Result<Change, Broken> {
        const KEYS: [&[u8]; 11] = [
            b"Size",
            b"Root",
            b"Info",
            b"ID",
            b"Prev",
            b"Type",
            b"W",
            b"Index",
            b"Filter",
            b"DecodeParms",
            b"Length",
        ];
        let later = self.new.sections.len() - self.old.sections.len();
        // One that says what it said before may have left it out in between.
        let before = |key: &[u8]| self.old.sections.iter().find_map(|section| section.trailer.get(key));
        let known = |key: &[u8], value: &Obj| {
            KEYS.contains(&key)
                || self.old.trailer().is_some_and(|old| old.get(key) == Some(value))
                || value.is_closed() && before(key) == Some(value)
        };
        let all = self.new.sections.iter().take(later).flat_map(|section| &section.trailer.entries);
        if !all.into_iter().all(|(key, value)| known(key, value)) {
            // Somebody may know what it means.
            return Ok(Change::Undecided);
        }
        let info = |doc: &Document| doc.trailer().and_then(|t| t.get(b"Info")).cloned();
        let (before, after) = (info(self.old), info(self.new));
        if before == after {
            return Ok(Change::None);
        }
        let Some(after) = after else { return Ok(Change::None) };
        let Some(number) = after.as_ref() else { return Ok(Change::Other) };
        let located = self.new.load(self.source, number)?;
        let before = match before.and_then(|before| before.as_ref()) {
            Some(before) => self.old.load(self.source, before)?.obj,
            None => Obj::Null,
        };
        let fits = self.added.contains(&number) && metadata::is_info(&before, &located);
        Ok(if fits { metadata::info(&before, &located.obj) } else { Change::Other })
    }

    /// What another catalog means, key by key; into `all`.
    pub(super) fn catalog(
        &mut self,
        root: u32,
        before: &Obj,
        after: &Obj,
        all: &mut BTreeSet<Change>,
    ) -> Result<(), Broken> {
        let (Obj::Dict(before), Obj::Dict(after)) = (before, after) else {
            all.insert(Change::Other);
            return Ok(());
        };
        for key in before.differing(after) {
            let now = after.get(&key);
            let change = match key.as_slice() {
                b"AcroForm" => {
                    let old = self.old.get(self.source, before, &key)?;
                    let new = self.new.get(self.source, after, &key)?;
                    self.form(&old, &new)?
                }
                b"DSS" if now.is_some() && self.all_evidence(root) => Change::Evidence,
                // How what is tagged is read aloud.
                b"MarkInfo" if now.is_none_or(Obj::is_closed) => Change::Undecided,
                // It says what the evidence needs.
                b"Version" if now.is_some_and(is_version) && after.get(b"DSS") != before.get(b"DSS") => {
                    Change::Evidence
                }
                b"Version" if now.is_some_and(is_version) => Change::LongTerm,
                b"Extensions" => match self.new.get(self.source, after, &key)? {
                    // Says what the evidence is; nothing is shown by it.
                    Obj::Dict(extensions) if extensions.entries.iter().all(|(_, v)| v.is_closed()) => {
                        Change::Evidence
                    }
                    _ => Change::Other,
                },
                b"Metadata" => match now.and_then(Obj::as_ref) {
                    Some(n) if self.added.contains(&n) => {
                        let after = self.new.load(self.source, n)?;
                        match before.get(&key).and_then(Obj::as_ref) {
                            _ if !metadata::is_stream(&after) => Change::Other,
                            Some(before) => {
                                let before = self.old.load(self.source, before)?;
                                self.packet(&before, &after)?
                            }
                            None => Change::LongTerm,
                        }
                    }
                    _ => Change::Other,
                },
                _ => Change::Other,
            };
            all.insert(change);
        }
        Ok(())
    }

    /// What later metadata mean.
    pub(super) fn packet(
        &mut self,
        before: &IndirectObject,
        after: &IndirectObject,
    ) -> Result<Change, Broken> {
        let (Ok(before), Ok(after)) =
            (self.old.stream(self.source, before), self.new.stream(self.source, after))
        else {
            return Ok(Change::LongTerm);
        };
        Ok(metadata::packet(&before, &after))
    }

    /// Whether there is a form beside the pages that some readers show instead (XFA; ISO 32000-2, 12.7.8).
    pub(super) fn has_own_form(&mut self) -> Result<bool, Broken> {
        let catalog = self.new.catalog(self.source)?;
        let form = self.new.get(self.source, &catalog, b"AcroForm")?;
        Ok(form.as_dict().is_some_and(|form| form.get(b"XFA").is_some()))
    }
}

/// The name of a version of PDF (ISO 32000-2, 7.5.2).
fn is_version(value: &Obj) -> bool {
    matches!(value, Obj::Name(name) if matches!(name.as_slice(), [b'1', b'.', b'0'..=b'7'] | b"2.0"))
}
