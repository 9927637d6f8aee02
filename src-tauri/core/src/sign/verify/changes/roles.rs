//! Which objects of a revision are pages, form fields, or lists of them, and nothing else.
//!
//! An object may be a field to one who comes from the form and a page or a colour to one who comes from elsewhere.

use std::collections::HashSet;

use super::super::{document::Document, fields, source::Source, syntax::Obj, xref::Broken};
use super::references::{Key, Reference, References, TRAILER};

/// Most rounds until it is settled who is what; a field lies as deep as that at most.
const MAX_ROUNDS: usize = 64;
/// Most nodes of the tree of pages.
const MAX_NODES: usize = 100_000;

/// Objects by their only role.
pub(super) struct Roles {
    /// Pages of the tree of pages.
    pub(super) pages: HashSet<u32>,
    /// Form fields and their widgets.
    pub(super) fields: HashSet<u32>,
    /// Arrays: the form's fields, one page's annotations, one field's kids.
    pub(super) lists: HashSet<u32>,
}

impl Roles {
    pub(super) fn of(source: &mut Source<'_>, doc: &mut Document, uses: &References) -> Result<Self, Broken> {
        let root = doc.root().ok_or(Broken)?;
        let forms: HashSet<u32> = uses.led_to_by(|one| one.by == root && one.is(&[Key::AcroForm])).collect();
        let forms: HashSet<u32> = forms
            .into_iter()
            .filter(|n| uses.only(*n, |one| one.by == root && one.is(&[Key::AcroForm])))
            .collect();
        let pages = pages(source, doc, uses)?;
        let mut fields = fields::numbers(doc, source)?;
        let mut structure = HashSet::new();
        for number in &fields {
            for one in uses.to(*number).iter().filter(|one| one.is(&[Key::Object]) && one.by != TRAILER) {
                // A tagged document names its widgets in the structure tree.
                let holder = doc.load(source, one.by)?.obj;
                if holder.as_dict().is_some_and(|d| d.has_name(b"Type", b"OBJR")) {
                    structure.insert(one.by);
                }
            }
        }
        // The reference stands among the form's fields or a page's annotations.
        let holds = |one: &Reference| {
            one.by == root && one.is(&[Key::AcroForm, Key::Fields])
                || one.is(&[Key::Fields]) && forms.contains(&one.by)
                || one.is(&[Key::Annots]) && pages.contains(&one.by)
        };
        let mut lists = HashSet::new();
        for number in uses.led_to_by(|one| !one.listed && (holds(one) || one.is(&[Key::Kids]))) {
            if matches!(doc.load(source, number)?.obj, Obj::Array(_)) {
                lists.insert(number);
            }
        }
        // What leads to a field must be one itself: what falls out takes others along.
        for _ in 0..MAX_ROUNDS {
            let is_field = |number: &u32| {
                uses.to(*number).iter().all(|one| {
                    one.is(&[]) && lists.contains(&one.by)
                        || (one.is(&[Key::Kids]) || one.is(&[Key::Parent])) && fields.contains(&one.by)
                        || one.is(&[Key::Object]) && structure.contains(&one.by)
                        || holds(one)
                })
            };
            let is_list = |number: &u32| {
                uses.only(*number, |one| holds(one) || one.is(&[Key::Kids]) && fields.contains(&one.by))
            };
            let kept_fields: HashSet<u32> = fields.iter().copied().filter(is_field).collect();
            let kept_lists: HashSet<u32> = lists.iter().copied().filter(is_list).collect();
            let settled = kept_fields.len() == fields.len() && kept_lists.len() == lists.len();
            (fields, lists) = (kept_fields, kept_lists);
            if settled {
                return Ok(Self { pages, fields, lists });
            }
        }
        Err(Broken)
    }
}

/// The leaves of the tree of pages that are led to as pages are: by the tree, by what lies on them, by places to
/// go to.
fn pages(source: &mut Source<'_>, doc: &mut Document, uses: &References) -> Result<HashSet<u32>, Broken> {
    let catalog = doc.catalog(source)?;
    let mut todo: Vec<u32> = catalog.get(b"Pages").and_then(Obj::as_ref).into_iter().collect();
    let (mut seen, mut leaves) = (HashSet::new(), HashSet::new());
    while let Some(number) = todo.pop() {
        if !seen.insert(number) {
            continue;
        }
        let located = doc.load(source, number)?;
        let Obj::Dict(node) = &located.obj else { continue };
        if seen.len() > MAX_NODES {
            return Err(Broken);
        }
        match doc.get(source, node, b"Kids")? {
            Obj::Array(kids) => todo.extend(kids.iter().filter_map(Obj::as_ref)),
            _ if located.stream.is_none() && node.has_name(b"Type", b"Page") => {
                leaves.insert(number);
            }
            _ => {}
        }
    }
    leaves.retain(|number| {
        uses.only(*number, |one| one.listed || one.path.iter().flatten().last() == Some(&Key::Page))
    });
    Ok(leaves)
}
