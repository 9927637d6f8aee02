//! Four printing inks to RGB, by the embedded profile when it can be used. Arithmetic only.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Converts inks (255 = full) to RGB, row by row of `width` pixels.
pub(super) fn to_rgb(inks: &[[u8; 4]], width: usize, icc: &[u8]) -> Vec<u8> {
    by_profile(inks, width, icc).unwrap_or_else(|| inks.iter().flat_map(plain).collect())
}

fn by_profile(inks: &[[u8; 4]], width: usize, icc: &[u8]) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(icc).ok().filter(|p| p.color_space == DataColorSpace::Cmyk)?;
    let srgb = ColorProfile::new_srgb();
    let make =
        profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let mut out = vec![255; inks.len() * 3];
    let rows = inks.chunks(width.max(1)).zip(out.chunks_mut(width.max(1) * 3));
    for (from, to) in rows {
        make.transform(from.as_flattened(), to).ok()?;
    }
    Some(out)
}

fn plain([c, m, y, k]: &[u8; 4]) -> [u8; 3] {
    let bare = u32::from(255 - k);
    [c, m, y].map(|ink| ((u32::from(255 - ink) * bare + 127) / 255) as u8)
}
