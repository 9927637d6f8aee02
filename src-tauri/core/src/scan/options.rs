//! What a device can do, as `scanimage -A` lists it, and how that is asked for. Drivers name feeders and
//! colours in their own words; the words are matched here. Pure.

use super::{Profile, Shade, Sides, Source};

/// A4, mm.
const SHEET: (f64, f64) = (210.0, 297.0);

/// Options of a device that matter.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Options {
    modes: Vec<String>,
    sources: Vec<String>,
    resolution: bool,
    /// Widest and longest scan, mm.
    width: Option<f64>,
    height: Option<f64>,
}

impl Options {
    /// Reads the list.
    pub fn read(text: &str) -> Self {
        let mut options = Self::default();
        for line in text.lines().map(str::trim_start).filter(|line| !line.ends_with("[inactive]")) {
            let Some((name, values)) = line.split_once(' ') else { continue };
            let words = || {
                let values = values.split(" [").next().unwrap_or_default();
                values.split('|').map(|word| word.trim().to_owned()).filter(|w| !w.is_empty()).collect()
            };
            let most = || {
                let range = values.split_once("..")?.1;
                let number = range.trim_start_matches('-');
                number.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.parse().ok()
            };
            match name {
                "--mode" => options.modes = words(),
                "--source" => options.sources = words(),
                "--resolution" => options.resolution = true,
                "-x" => options.width = most(),
                "-y" => options.height = most(),
                _ => {}
            }
        }
        options
    }

    /// The arguments for a profile.
    ///
    /// # Errors
    /// What the device cannot do, as the name of the profile's key.
    pub fn arguments(&self, profile: &Profile) -> Result<Vec<String>, &'static str> {
        let mut all = Vec::new();
        if !self.modes.is_empty() {
            let word = match profile.colour {
                Shade::Colour => "color",
                Shade::Grey => "gr",
            };
            let mode = self.modes.iter().find(|mode| mode.to_lowercase().contains(word)).ok_or("colour")?;
            all.push(format!("--mode={mode}"));
        }
        if let Some(source) = self.source(profile)? {
            all.push(format!("--source={source}"));
        }
        if !self.resolution {
            return Err("dpi");
        }
        all.push(format!("--resolution={}", profile.dpi));
        for (name, most, wanted) in [("-x", self.width, SHEET.0), ("-y", self.height, SHEET.1)] {
            if let Some(most) = most {
                all.extend([name.to_owned(), format!("{}", wanted.min(most))]);
            }
        }
        Ok(all)
    }

    fn source(&self, profile: &Profile) -> Result<Option<&String>, &'static str> {
        let feeder = |name: &str| name.contains("adf") || name.contains("feeder");
        let duplex = |name: &str| name.contains("duplex") || name.contains("both");
        let found = self.sources.iter().find(|source| {
            let name = source.to_lowercase();
            match profile.source {
                Source::Flatbed => !feeder(&name) && !duplex(&name),
                Source::Feeder => {
                    (feeder(&name) || duplex(&name)) && duplex(&name) == (profile.sides == Sides::Both)
                }
            }
        });
        match (found, profile.source) {
            (Some(found), _) => Ok(Some(found)),
            // A device without a choice is glass, or a feeder that needs no asking.
            (None, _) if self.sources.is_empty() && profile.sides != Sides::Both => Ok(None),
            (None, Source::Feeder) if profile.sides == Sides::Both => Err("sides"),
            (None, _) => Err("source"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "
    --mode Lineart|Gray|24bit Color [24bit Color]
    --resolution 75|100|200|300dpi [75]
    --source FlatBed|Automatic Document Feeder|ADF Duplex [FlatBed]
    --three-pass-order RGB|RBG [inactive]
    -l 0..215.9mm [0]
    -x 0..215.9mm (in steps of 0.1) [80]
    -y 0..-290.5mm [100]
";

    fn wish(text: &str) -> Profile {
        toml::from_str(&format!("name = \"a\"\ndevice = \"d\"\n{text}")).unwrap()
    }

    #[test]
    fn the_drivers_own_words_are_found() {
        let options = Options::read(LIST);
        let arguments = |text: &str| options.arguments(&wish(text)).unwrap().join(" ");
        assert_eq!(arguments(""), "--mode=24bit Color --source=FlatBed --resolution=300 -x 210 -y 290.5");
        assert!(
            arguments("source = \"feeder\"\ncolour = \"grey\"").starts_with("--mode=Gray --source=Automatic")
        );
        assert!(arguments("source = \"feeder\"\nsides = \"both\"").contains("--source=ADF Duplex"));
    }

    #[test]
    fn what_the_device_cannot_do_is_named() {
        let plain = Options::read("--mode Gray\n--resolution 300dpi\n--source Flatbed");
        assert_eq!(plain.arguments(&wish("")), Err("colour"));
        assert_eq!(plain.arguments(&wish("colour = \"grey\"\nsource = \"feeder\"")), Err("source"));
        assert_eq!(Options::default().arguments(&wish("")), Err("dpi"));
    }
}
