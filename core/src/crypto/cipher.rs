//! The ciphers of encrypted PDF files (ISO 32000-2 §7.6): RC4 and AES in CBC mode.
//!
//! For reading what others wrote, and for writing into a file that is encrypted already. RC4 and a
//! CBC without authentication protect nothing worth the name; nothing else in this library uses
//! them, and no verdict rests on them.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use aes::{Aes128, Aes256};

/// RC4: the same for both directions. An empty key, which no cipher has, gives the octets back.
pub(crate) fn rc4(key: &[u8], data: &[u8]) -> Vec<u8> {
    if key.is_empty() {
        return data.to_vec();
    }
    let mut state: [u8; 256] = std::array::from_fn(|index| index.to_le_bytes()[0]);
    let at = |state: &[u8; 256], index: u8| state.get(usize::from(index)).copied().unwrap_or(0);
    let swap = |state: &mut [u8; 256], a: u8, b: u8| state.swap(usize::from(a), usize::from(b));
    let mut j = 0_u8;
    for (i, octet) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(at(&state, i)).wrapping_add(*octet);
        swap(&mut state, i, j);
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    data.iter()
        .map(|octet| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(at(&state, i));
            swap(&mut state, i, j);
            octet ^ at(&state, at(&state, i).wrapping_add(at(&state, j)))
        })
        .collect()
}

/// AES-CBC decryption of whole blocks; a key of 16 or 32 octets. Octets after the last whole block
/// are left out. `None` for a key of another length.
pub(crate) fn aes_cbc_decrypt(key: &[u8], iv: &[u8; BLOCK], data: &[u8]) -> Option<Vec<u8>> {
    let whole = data.len() - data.len() % BLOCK;
    let mut octets = data.get(..whole)?.to_vec();
    let done = match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv)
            .ok()?
            .decrypt_padded::<NoPadding>(&mut octets)
            .is_ok(),
        32 => cbc::Decryptor::<Aes256>::new_from_slices(key, iv)
            .ok()?
            .decrypt_padded::<NoPadding>(&mut octets)
            .is_ok(),
        _ => false,
    };
    done.then_some(octets)
}

/// AES-CBC encryption of whole blocks; a key of 16 or 32 octets. `None` for a key or data of
/// another length.
pub(crate) fn aes_cbc_encrypt(key: &[u8], iv: &[u8; BLOCK], data: &[u8]) -> Option<Vec<u8>> {
    if !data.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut octets = data.to_vec();
    let length = octets.len();
    let done = match key.len() {
        16 => cbc::Encryptor::<Aes128>::new_from_slices(key, iv)
            .ok()?
            .encrypt_padded::<NoPadding>(&mut octets, length)
            .is_ok(),
        32 => cbc::Encryptor::<Aes256>::new_from_slices(key, iv)
            .ok()?
            .encrypt_padded::<NoPadding>(&mut octets, length)
            .is_ok(),
        _ => false,
    };
    done.then_some(octets)
}

/// Octets of a block of AES.
pub(crate) const BLOCK: usize = 16;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::crypto::hex;

    #[test]
    fn rc4_gives_the_octets_of_the_published_vectors() {
        // Wikipedia's three, and RFC 6229 §2 (40 bits).
        assert_eq!(hex(&rc4(b"Key", b"Plaintext")), "bbf316e8d940af0ad3");
        assert_eq!(hex(&rc4(b"Wiki", b"pedia")), "1021bf0420");
        assert_eq!(
            hex(&rc4(b"Secret", b"Attack at dawn")),
            "45a01f645fc35b383552544b9bf5"
        );
        assert_eq!(hex(&rc4(&[1, 2, 3, 4, 5], &[0; 8])), "b2396305f03dc027");
        assert_eq!(rc4(b"", b"abc"), b"abc");
    }

    #[test]
    fn aes_cbc_gives_the_octets_of_sp_800_38a() {
        let iv: [u8; 16] = std::array::from_fn(|index| index.to_le_bytes()[0]);
        let plain = [
            0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93,
            0x17, 0x2a,
        ];
        let key = [
            0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf,
            0x4f, 0x3c,
        ];
        let sealed = aes_cbc_encrypt(&key, &iv, &plain).unwrap();
        assert_eq!(hex(&sealed), "7649abac8119b246cee98e9b12e9197d");
        assert_eq!(aes_cbc_decrypt(&key, &iv, &sealed).unwrap(), plain);
        let key = [
            0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae, 0xf0, 0x85, 0x7d,
            0x77, 0x81, 0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61, 0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3,
            0x09, 0x14, 0xdf, 0xf4,
        ];
        let sealed = aes_cbc_encrypt(&key, &iv, &plain).unwrap();
        assert_eq!(hex(&sealed), "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
        assert_eq!(aes_cbc_decrypt(&key, &iv, &sealed).unwrap(), plain);
        assert!(aes_cbc_encrypt(&key, &iv, b"short").is_none());
        assert!(aes_cbc_decrypt(b"key", &iv, &sealed).is_none());
    }
}
