//! Versions of texts: short hashes that are the same for the same content.

use sha2::{Digest, Sha256};

/// The version of texts: the first 8 bytes of their hash, in hexadecimal.
pub fn version<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(text);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
