//! A stack sorts itself: separator sheets in it say which dossier and paper the pages behind them
//! belong to. Sorting tells; importing (`desk`) also lays the pages down.

use std::path::PathBuf;

use serde::Serialize;

use super::App;
use super::error::CoreError;
use super::intake::{chosen_page, every_page};
use super::progress::Watch;
use crate::page::{Finding, Severity};
use crate::separator::{Separator, Stack};

/// A page by its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageOf {
    /// Name of the file, without folder.
    pub file: String,
    /// Place of the file among those given, from 1: names may repeat.
    pub given: u32,
    /// Page in the file, from 1.
    pub page: u32,
}

/// A paper of a dossier and its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SortedPaper {
    /// Its place in the procedure, from 1; 0 = pages behind the cover, before a paper's sheet.
    pub place: u32,
    /// Code of the component; empty when the catalogue does not know it.
    pub component: String,
    /// Its name; empty when the catalogue does not know it.
    pub name: String,
    /// Pages in order.
    pub pages: Vec<PageOf>,
}

/// A dossier of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SortedDossier {
    /// Number in the stack, from 1.
    pub dossier: u32,
    /// Code of the procedure.
    pub procedure: String,
    /// Its name; empty when the catalogue does not know it.
    pub procedure_name: String,
    /// Papers in the order of their first pages.
    pub papers: Vec<SortedPaper>,
}

/// What goes where.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sorted {
    /// Dossiers in order.
    pub dossiers: Vec<SortedDossier>,
    /// Pages before the first separator.
    pub unsorted: Vec<PageOf>,
    /// The separators themselves: they go into no dossier.
    pub separators: Vec<PageOf>,
    /// Pages that look like separators but cannot be understood; sorted as pages.
    pub not_understood: Vec<PageOf>,
    /// Files or pages that cannot be read, and why.
    pub refused: Vec<Finding>,
}

impl App {
    /// Says what goes where. Needs no counter; with one, papers have their names.
    ///
    /// # Errors
    /// Those of the disk, and cancelling.
    pub fn sort(&self, files: &[PathBuf], watch: &Watch<'_>) -> Result<Sorted, CoreError> {
        let sources = self.look_at(files, watch)?;
        let mut sorted = Sorted::default();
        let mut stack = Stack::default();
        for chosen in every_page(&sources) {
            let Some((source, page)) = chosen_page(&sources, &chosen) else { continue };
            let of = PageOf {
                file: source.name.clone(),
                given: u32::try_from(chosen.source + 1).unwrap_or(u32::MAX),
                page: page.index + 1,
            };
            match page.separator.as_deref().map(Separator::parse) {
                Some(Ok(separator)) => {
                    stack.divide(separator);
                    sorted.separators.push(of);
                    self.begin(&mut sorted, &stack);
                    continue;
                }
                Some(Err(_)) => sorted.not_understood.push(of.clone()),
                None => {}
            }
            let now = stack.now();
            let place = sorted
                .dossiers
                .last_mut()
                .and_then(|dossier| dossier.papers.iter_mut().find(|paper| paper.place == now.place));
            match place {
                Some(paper) => paper.pages.push(of),
                None => sorted.unsorted.push(of),
            }
        }
        let found = sources.iter().flat_map(|source| {
            let pages = source.read.pages.iter().flat_map(|page| &page.findings);
            source
                .read
                .findings
                .iter()
                .chain(pages)
                .map(|f| Finding { file: source.name.clone(), ..f.clone() })
        });
        sorted.refused = found.filter(|finding| finding.severity == Severity::Blocking).collect();
        Ok(sorted)
    }

    /// Makes room for the pages behind a separator.
    fn begin(&self, sorted: &mut Sorted, stack: &Stack) {
        let now = stack.now();
        let procedure = self.procedure(&now.procedure).ok();
        if sorted.dossiers.last().is_none_or(|dossier| dossier.dossier != now.dossier) {
            sorted.dossiers.push(SortedDossier {
                dossier: now.dossier,
                procedure: now.procedure.clone(),
                procedure_name: procedure.as_ref().map(|known| known.name.clone()).unwrap_or_default(),
                papers: Vec::new(),
            });
        }
        let Some(dossier) = sorted.dossiers.last_mut() else { return };
        if dossier.papers.iter().any(|paper| paper.place == now.place) {
            return;
        }
        let at = (now.place as usize).checked_sub(1);
        let known = at.and_then(|at| procedure.as_ref()?.papers.get(at));
        dossier.papers.push(SortedPaper {
            place: now.place,
            component: known.map(|paper| paper.code.clone()).unwrap_or_default(),
            name: known.map(|paper| paper.name.clone()).unwrap_or_default(),
            pages: Vec::new(),
        });
    }
}
