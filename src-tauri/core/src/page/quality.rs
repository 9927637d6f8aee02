//! What is too dark, too pale, too soft or too slanted: thresholds as data, and the findings they
//! make of a page's measures. Pure; the day that chooses the thresholds comes from outside.

use serde::{Deserialize, Serialize};

use super::findings::warn;
use super::judge::Measures;
use super::{Finding, FindingKind};

/// The shipped thresholds.
const SHIPPED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/rules/quality.toml"));

/// The file cannot be used; what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadRules(pub String);

/// All thresholds with their days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Where the figures come from.
    pub source: String,
    /// Versions, each in force until the next begins.
    pub thresholds: Vec<Thresholds>,
}

/// From which measure on a page is not good enough. Units as in [`Measures`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// First day they hold, yyyy-mm-dd.
    pub effective_from: String,
    /// Paper darker than this is dark, steps of lightness.
    pub dark_paper: u8,
    /// The same for coloured paper, which is darker by nature.
    pub dark_coloured_paper: u8,
    /// Paper is coloured from this tint on, steps.
    pub coloured_paper: u8,
    /// Writing that stands out less is pale, steps.
    pub pale_contrast: u8,
    /// Edges wider than this are blurred, micrometres.
    pub blurred_edge_um: u32,
    /// A larger angle is askew, thousandths of a degree.
    pub skew_mdeg: u32,
    /// So sure must it be that a page stands on its head, thousandths of a standard error.
    pub upside_down: u32,
    /// Letters touching the top or bottom edge that make a cut page.
    pub cut_letters: u32,
    /// Lines touching the left or right edge that make one.
    pub cut_lines: u32,
    /// What stands out less is the other side shining through: the page is blank, steps.
    pub show_through: u8,
    /// Such a shimmer is this wide at its edges; what is sharper is written here, micrometres.
    pub show_through_edge_um: u32,
    /// What stands out less is never seen, steps.
    pub unseen: u8,
    /// Colour this far from the paper's is content, however pale, steps of Cb or Cr.
    pub colour: u8,
}

impl Rules {
    /// The shipped ones.
    ///
    /// # Errors
    /// Never, but for a broken build: a test reads them.
    pub fn shipped() -> Result<Self, BadRules> {
        Self::parse(SHIPPED)
    }

    /// Reads a file of rules.
    ///
    /// # Errors
    /// [`BadRules`] naming line or field.
    pub fn parse(text: &str) -> Result<Self, BadRules> {
        let mut rules: Self = toml::from_str(text).map_err(|e| BadRules(e.to_string()))?;
        if rules.thresholds.is_empty() {
            return Err(BadRules("thresholds".into()));
        }
        rules.thresholds.sort_by(|a, b| a.effective_from.cmp(&b.effective_from));
        Ok(rules)
    }

    /// The thresholds in force on a day (yyyy-mm-dd); before the first day, the first.
    #[must_use]
    pub fn on(&self, day: &str) -> Option<&Thresholds> {
        let in_force = self.thresholds.iter().rev().find(|t| t.effective_from.as_str() <= day);
        in_force.or(self.thresholds.first())
    }
}

/// What the clerk has done to a page, as far as it mends what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mended {
    /// Clockwise quarter turns.
    pub turns: u8,
}

/// What is to be said of page `index` (from 0) with these measures.
#[must_use]
pub fn findings(index: u32, m: &Measures, limits: &Thresholds, mended: Mended) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |kind, detail: String| found.push(warn(index, kind, detail));
    let soft = m.edge_um == 0 || m.edge_um >= limits.show_through_edge_um;
    let shimmer = m.strength < limits.unseen || (m.strength < limits.show_through && soft);
    if shimmer && m.colour < limits.colour {
        say(FindingKind::Blank, m.strength.to_string());
        // Nothing is written, so nothing else can be said of it but how it is lit.
        if is_dark(m, limits) {
            say(FindingKind::Dark, m.paper.to_string());
        }
        return found;
    }
    if is_dark(m, limits) {
        say(FindingKind::Dark, m.paper.to_string());
    }
    if m.contrast > 0 && m.contrast < limits.pale_contrast {
        say(FindingKind::Pale, m.contrast.to_string());
    }
    if m.edge_um > limits.blurred_edge_um {
        say(FindingKind::Blurred, format!("{:.2} mm", f64::from(m.edge_um) / 1000.0));
    }
    if let Some(skew) = m.skew_mdeg.filter(|skew| skew.unsigned_abs() > limits.skew_mdeg) {
        say(FindingKind::Skewed, format!("{:.1}", f64::from(skew) / 1000.0));
    }
    let [top, right, bottom, left] = m.cut;
    let sides = [
        ("↑", top, limits.cut_letters),
        ("→", right, limits.cut_lines),
        ("↓", bottom, limits.cut_letters),
        ("←", left, limits.cut_lines),
    ];
    let cut: Vec<&str> =
        sides.iter().filter(|(_, pieces, most)| pieces >= most).map(|(name, ..)| *name).collect();
    if !cut.is_empty() {
        say(FindingKind::CutEdge, cut.join(" "));
    }
    let sure = i32::try_from(limits.upside_down).unwrap_or(i32::MAX);
    let on_its_head = match mended.turns % 4 {
        0 => m.upright.is_some_and(|up| up < -sure),
        2 => m.upright.is_some_and(|up| up > sure),
        _ => false,
    };
    if on_its_head {
        say(FindingKind::UpsideDown, String::new());
    }
    found
}

fn is_dark(m: &Measures, limits: &Thresholds) -> bool {
    let coloured = m.tint >= limits.coloured_paper;
    m.paper < if coloured { limits.dark_coloured_paper } else { limits.dark_paper }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Measures {
        Measures {
            dpi: 150,
            paper: 240,
            contrast: 170,
            edges: 9_000,
            edge_um: 250,
            skew_mdeg: Some(200),
            upright: Some(9_000),
            strength: 200,
            ..Measures::default()
        }
    }

    fn kinds(m: &Measures, turns: u8) -> Vec<FindingKind> {
        let rules = Rules::shipped().unwrap();
        let found = findings(0, m, rules.on("2026-11-25").unwrap(), Mended { turns });
        found.into_iter().map(|f| f.kind).collect()
    }

    #[test]
    fn a_good_page_has_nothing_to_say() {
        assert_eq!(kinds(&good(), 0), []);
    }

    #[test]
    fn the_day_chooses_the_thresholds() {
        let shipped = Rules::shipped().unwrap();
        let first = shipped.thresholds[0].clone();
        let later = Thresholds { effective_from: "2030-01-01".into(), dark_paper: 1, ..first.clone() };
        let rules = Rules { thresholds: vec![first.clone(), later.clone()], ..shipped };
        assert_eq!(rules.on("2029-12-31"), Some(&first));
        assert_eq!(rules.on("2030-01-01"), Some(&later));
        assert_eq!(
            rules.on("1990-01-01"),
            Some(&first),
            "before the first day the first is better than none"
        );
        assert!(Rules::parse("source = \"x\"\nthresholds = []").is_err());
        assert!(Rules::parse("source = \"x\"").is_err());
    }

    #[test]
    fn turning_a_page_mends_what_stands_on_its_head() {
        let on_its_head = Measures { upright: Some(-9_000), ..good() };
        assert_eq!(kinds(&on_its_head, 0), [FindingKind::UpsideDown]);
        assert_eq!(kinds(&on_its_head, 2), []);
        assert_eq!(kinds(&good(), 2), [FindingKind::UpsideDown], "and turning a good one spoils it");
        assert_eq!(kinds(&Measures { upright: Some(-900), ..good() }, 0), [], "unsure is silent");
    }

    #[test]
    fn the_other_side_shining_through_is_no_content_but_pale_writing_is() {
        let shimmer = Measures { strength: 34, contrast: 26, edge_um: 700, ..good() };
        assert_eq!(kinds(&shimmer, 0), [FindingKind::Blank]);
        let pale = Measures { strength: 44, contrast: 34, edge_um: 250, ..good() };
        assert_eq!(kinds(&pale, 0), [FindingKind::Pale]);
        let seal = Measures { strength: 20, contrast: 0, colour: 25, edge_um: 0, ..good() };
        assert_eq!(kinds(&seal, 0), [], "a pale seal is content by its colour alone");
    }
}
