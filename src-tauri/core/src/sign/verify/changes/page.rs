//! A page of a later revision: it may get annotations, and is else what it was.

use super::super::{
    syntax::{Dict, Obj},
    xref::Broken,
};
use super::{Change, Compare, MAX_DEPTH};

impl Compare<'_, '_> {
    /// What another form of a page means.
    pub(super) fn page(&mut self, before: &Dict, after: &Dict) -> Result<Change, Broken> {
        if before.differing(after).iter().any(|key| key != b"Annots") {
            return Ok(Change::Other);
        }
        let old = self.old.get(self.source, before, b"Annots")?;
        let new = self.new.get(self.source, after, b"Annots")?;
        // To pdf.js a page without has those of whatever is above it.
        if before.get(b"Annots").is_none() && self.has_notes_above(after)? {
            return Ok(Change::Undecided);
        }
        self.grown(&old, &new)
    }

    /// Whether something above a page, by its parents or by the tree of pages, has annotations.
    fn has_notes_above(&mut self, page: &Dict) -> Result<bool, Broken> {
        let mut above = page.clone();
        let mut left = MAX_DEPTH;
        while let Obj::Dict(parent) = self.new.get(self.source, &above, b"Parent")? {
            if left == 0 || parent.get(b"Annots").is_some() {
                return Ok(true);
            }
            (above, left) = (parent, left - 1);
        }
        if let Some(known) = self.notes_above {
            return Ok(known);
        }
        let node = |_: &mut Self, node: &Dict| {
            Ok([b"Kids".as_slice(), b"Annots"].iter().all(|key| node.get(key).is_some()))
        };
        let found = self.some_dict(node)?;
        self.notes_above = Some(found);
        Ok(found)
    }
}
