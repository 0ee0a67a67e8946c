//! An ICC profile of sRGB (ICC.1:2001-04), written here: colours in archival files must not depend on
//! a device, and readers agree better about profiles than about the calibrated spaces of PDF.

/// The profile: a matrix and one curve for its three colours.
pub(super) fn srgb() -> Vec<u8> {
    let mut description = b"desc\0\0\0\0\0\0\0\x05sRGB\0".to_vec();
    // No Unicode, no Macintosh text: two numbers of four octets, three octets and 67 of room.
    description.resize(description.len() + 4 + 4 + 3 + 67, 0);
    let xyz = |values: [u32; 3]| {
        let mut octets = b"XYZ \0\0\0\0".to_vec();
        octets.extend(values.iter().flat_map(|value| value.to_be_bytes()));
        octets
    };
    let parts: [(&[&[u8; 4]], Vec<u8>); 7] = [
        (&[b"desc"], description),
        (&[b"cprt"], b"text\0\0\0\0No copyright\0".to_vec()),
        // The white of the profile connection space, D50; the colours are adapted to it.
        (&[b"wtpt"], xyz(WHITE)),
        (&[b"rXYZ"], xyz([0x6fa2, 0x38f6, 0x0391])),
        (&[b"gXYZ"], xyz([0x6293, 0xb785, 0x18dc])),
        (&[b"bXYZ"], xyz([0x24a1, 0x0f84, 0xb6d4])),
        // A gamma of 2.2 in eight bits before the point and eight behind it.
        (
            &[b"rTRC", b"gTRC", b"bTRC"],
            b"curv\0\0\0\0\0\0\0\x01\x02\x33".to_vec(),
        ),
    ];
    let count = parts.iter().map(|(names, _)| names.len()).sum::<usize>();
    let mut table = Vec::new();
    let mut data = Vec::new();
    let start = HEADER + 4 + count * 12;
    for (names, octets) in &parts {
        for name in *names {
            table.extend_from_slice(*name);
            table.extend_from_slice(&size(start + data.len()));
            table.extend_from_slice(&size(octets.len()));
        }
        data.extend_from_slice(octets);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = size(start + data.len()).to_vec();
    profile.extend_from_slice(b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ ");
    // 2026-01-01T00:00:00Z
    profile.extend_from_slice(&[0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    profile.extend_from_slice(b"acsp");
    profile.resize(ILLUMINANT, 0);
    profile.extend(WHITE.iter().flat_map(|value| value.to_be_bytes()));
    profile.resize(HEADER, 0);
    profile.extend_from_slice(&size(count));
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

fn size(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes()
}

const HEADER: usize = 128;
const ILLUMINANT: usize = 68;
/// D50 in sixteen bits before the point and sixteen behind it.
const WHITE: [u32; 3] = [0xf6d6, 0x1_0000, 0xd32d];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_as_long_as_it_says() {
        let profile = srgb();
        assert_eq!(profile[..4], size(profile.len()));
        assert!(profile.len() < 600);
        assert_eq!(&profile[36..40], b"acsp");
    }
}
