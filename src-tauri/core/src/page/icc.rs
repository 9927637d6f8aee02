//! Whether an embedded ICC profile may go into a PDF/A as it is. Looks at its header only.

/// True when `profile` is usable for pictures of `components` components (1 or 3) under PDF/A-2
/// (ISO 19005-2, 6.2.4.2): whole, version 2 or 4, a device or colour-space profile of that many
/// components.
#[must_use]
pub(super) fn usable(profile: &[u8], components: u8) -> bool {
    let size = profile.get(..4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_be_bytes);
    let whole = size >= 132 && usize::try_from(size).is_ok_and(|n| n <= profile.len());
    let space: &[u8] = if components == 1 { b"GRAY" } else { b"RGB " };
    whole
        && profile.get(36..40) == Some(b"acsp")
        && profile.get(16..20) == Some(space)
        && matches!(profile.get(12..16), Some(b"scnr" | b"mntr" | b"prtr" | b"spac"))
        && matches!(profile.get(8), Some(2 | 4))
}

/// The profile cut to the size it declares; what follows is not part of it.
pub(super) fn trimmed(profile: &[u8]) -> &[u8] {
    let size = profile.get(..4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map_or(0, u32::from_be_bytes);
    usize::try_from(size).ok().and_then(|n| profile.get(..n)).unwrap_or(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_must_be_whole_and_fit_the_picture() {
        let mut p = vec![0u8; 132];
        p[..4].copy_from_slice(&132u32.to_be_bytes());
        p[8] = 4;
        p[12..20].copy_from_slice(b"mntrRGB ");
        p[36..40].copy_from_slice(b"acsp");
        assert!(usable(&p, 3));
        assert!(!usable(&p, 1), "an RGB profile on a grey picture would colour it");
        assert!(!usable(&p[..131], 3), "a profile cut short is none");
        p[8] = 5;
        assert!(!usable(&p, 3), "PDF/A-2 knows nothing of version 5");
    }
}
