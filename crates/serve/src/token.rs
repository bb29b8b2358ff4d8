//! The token that callers send.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A secret that every request but `/health` must send. Only its hash is kept.
#[derive(Clone)]
pub struct BearerToken([u8; 32]);

impl std::fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

impl BearerToken {
    /// A token; `None` if the text is blank.
    pub fn new(text: &str) -> Option<BearerToken> {
        let text = text.trim();
        (!text.is_empty()).then(|| BearerToken(Sha256::digest(text.as_bytes()).into()))
    }

    /// Whether the value of an `Authorization` header holds the token. Tokens are compared in constant time.
    pub(crate) fn matches_header(&self, header: &[u8]) -> bool {
        let Some((scheme, shown)) = header.split_first_chunk::<7>() else { return false };
        if !scheme.eq_ignore_ascii_case(b"bearer ") {
            return false;
        }
        let shown: [u8; 32] = Sha256::digest(shown.trim_ascii()).into();
        bool::from(self.0.ct_eq(&shown))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_opens() {
        let token = BearerToken::new("correct horse\n").unwrap();
        let check =
            |header: &str, expected: bool| assert_eq!(token.matches_header(header.as_bytes()), expected, "{header}");
        check("Bearer correct horse", true);
        check("bearer correct horse", true);
        check("Bearer correct hors", false);
        check("Bearer ", false);
        check("Basic correct horse", false);
        check("correct horse", false);
        assert!(BearerToken::new(" \n").is_none());
        assert_eq!(format!("{token:?}"), "Token(..)");
    }
}
